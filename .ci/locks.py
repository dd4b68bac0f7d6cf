"""Lock files pin with hashes, and leave the place packages come from to each machine's own settings."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = re.compile(
    r"^\s*(-i|-f|--index-url|--extra-index-url|--find-links|--trusted-host)\b|://", re.MULTILINE
)
PIN = re.compile(r"^[\w.\-\[\]]+==", re.MULTILINE)


def requirement_problems(path: Path) -> list[str]:
    """Return what is wrong with a requirements file: a place, or a line without pin or hash."""
    text = path.read_text(encoding="utf-8")
    problems = [f"{path.name} names a place: {hit.group(0).strip()}" for hit in PLACE.finditer(text)]
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if entry.strip() and not entry.startswith("#")]
    return problems + [
        f"{path.name}: not pinned with hashes: {entry.splitlines()[0]}"
        for entry in entries
        if not PIN.match(entry) or "--hash=sha256:" not in entry
    ]


def package_problems(path: Path) -> list[str]:
    """Return what is wrong with package-lock.json: a place, or a package without its hash."""
    packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
    named = {name: package for name, package in packages.items() if name}
    return [
        f"{path.name}: {name} names a place" for name, package in named.items() if "resolved" in package
    ] + [f"{path.name}: {name} has no hash" for name, package in named.items() if "integrity" not in package]


def main() -> int:
    """Look at the lock files; return 1 when something is wrong."""
    problems = [
        problem for path in sorted(ROOT.glob("requirements*.txt")) for problem in requirement_problems(path)
    ]
    problems += package_problems(ROOT / "package-lock.json")
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
