"""Run import-linter over the contracts of ``.importlinter``, after making sure that they name every module they should.

import-linter refuses a name that does not exist, so what begins to exist must be written there: an app as a
container of layers, and each of its inner modules as protected.
"""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
INNER = ("urls", "views", "forms", "filters", "handlers", "tasks", "wagtail_hooks")
# What they hold is mounted, read or started by name only: nobody above could import it by mistake.
UNPROTECTED = {"portal.documents", "portal.outbox", "portal.keeping"}


def apps() -> list[str]:
    """Return our apps, by the files that make them one; the composition root above them is none of them."""
    places = [
        place
        for place in [*ROOT.glob("*/apps.py"), *ROOT.glob("portal/*/apps.py")]
        if place.parent.name != "portal"
    ]
    return sorted(".".join(place.parent.relative_to(ROOT).parts) for place in places)


def inner_modules(app: str) -> list[str]:
    """Return the modules of an app that are its own affair."""
    folder = ROOT.joinpath(*app.split("."))
    there = [
        name for name in INNER if folder.joinpath(f"{name}.py").exists() or folder.joinpath(name).is_dir()
    ]
    return [f"{app}.{name}" for name in there]


def left_out() -> list[str]:
    """Return what exists and no contract names."""
    config = configparser.ConfigParser(interpolation=None)
    config.read(ROOT / ".importlinter", encoding="utf-8")
    containers = config["importlinter:contract:inside"]["containers"].split()
    protected = [name for section in config.values() for name in section.get("protected_modules", "").split()]
    wanted = [name for app in apps() if app not in UNPROTECTED for name in inner_modules(app)]
    return [app for app in apps() if app not in containers] + [
        name for name in wanted if name not in protected
    ]


def main() -> int:
    """Run the check and import-linter; return the exit code."""
    for name in left_out():
        print(f".importlinter does not name {name}")
    linter = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([linter, "--no-cache"], cwd=ROOT, check=False).returncode or bool(left_out())


if __name__ == "__main__":
    sys.exit(main())
