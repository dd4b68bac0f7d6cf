"""What a wheel holds: our packages, with `templates/` as those of the app `portal`. The rest is in pyproject.toml."""

from setuptools import find_packages, setup

APPS = ("portal", "courses", "lti", "certificates", "surveys", "events")
DATA = ["static/**/*", "locale*/**/*.mo", "content/**/*", "fonts/*", "*.yaml", "*.json", "*.txt", "*.csv"]

setup(
    packages=[
        *find_packages(include=[f"{app}{end}" for app in APPS for end in ("", ".*")]),
        "portal.templates",
    ],
    package_dir={"portal.templates": "templates"},  # found by APP_DIRS, also where the folder is not named
    include_package_data=False,
    package_data={"": DATA, "portal.templates": ["**/*"]},
)
