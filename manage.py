#!/usr/bin/env python3
"""Django's command line, under the development settings unless the environment names others."""

import importlib.util
import os
import sys
from pathlib import Path


def go_on_in_own_python() -> None:
    """Begin again with the Python of ``.venv`` beside this file where this one has no Django."""
    if importlib.util.find_spec("django") is not None:
        return
    own = Path(__file__).resolve().parent / ".venv" / "bin" / "python"
    if not own.exists() or sys.executable == str(own):
        sys.exit("The packages are not installed yet: .ci/setup.sh install does it, and so does make run.")
    os.execv(own, [str(own), *sys.argv])  # noqa: S606 (no shell is wanted)


def main() -> None:
    """Run one management command."""
    go_on_in_own_python()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
