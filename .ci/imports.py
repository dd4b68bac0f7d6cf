"""Run import-linter over the contracts of ``.importlinter``, less what does not exist yet.

The contracts already name the apps to come; import-linter refuses a name it cannot find. A module counts as
absent only when there is neither a file nor a package of that name.
"""

from __future__ import annotations

import configparser
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LISTS = ("root_packages", "source_modules", "containers", "protected_modules", "allowed_importers")


def exists(module: str) -> bool:
    """Tell whether one of our modules is there, as a file or as a package."""
    path = ROOT.joinpath(*module.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def present_contracts() -> configparser.ConfigParser:
    """Return the contracts without absent modules, and without contracts that then say nothing."""
    config = configparser.ConfigParser(interpolation=None)
    config.read(ROOT / ".importlinter", encoding="utf-8")
    for name in config.sections():
        section = config[name]
        for key in LISTS:
            if key in section:
                present = [module for module in section[key].split() if exists(module)]
                section[key] = "\n" + "\n".join(present)
        if any(key in section and not section[key].split() for key in LISTS):
            config.remove_section(name)
    return config


def main() -> int:
    """Run import-linter and return its exit code."""
    with tempfile.NamedTemporaryFile("w", suffix=".ini", encoding="utf-8") as file:
        present_contracts().write(file)
        file.flush()
        linter = Path(sys.executable).with_name("lint-imports")
        return subprocess.run([linter, "--no-cache", "--config", file.name], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
