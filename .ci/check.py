"""`make check`: every check at once, as many side by side as there are processors.

Prints one line a check; what a failed one said follows at the end. Checks run with a throw-away ``var``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("portal", "courses", "lti", "certificates", "surveys", "events", "benchmarks")
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
SHOWN = 100  # lines of a failed check

# A production that exists only here: complete settings, nothing real behind them.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "KELRODIS_SECRET_KEY": "for-make-check-and-nothing-else-0123456789-abcdefghijklmnopqrstuvwxyz",
    "KELRODIS_HOSTS": "kelrodis.example",
    "KELRODIS_SITE_URL": "https://kelrodis.example",
    "KELRODIS_DATABASE_URL": "sqlite://:memory:",
}
TESTING = {"DJANGO_SETTINGS_MODULE": "portal.settings.test"}


@dataclass(frozen=True)
class Check:
    """One command that must exit with 0, and what it adds to the environment."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """How a check ended: its exit code, everything it printed, its seconds."""

    check: Check
    code: int
    output: str
    seconds: float


def tool(name: str, *arguments: str) -> list[str]:
    """Return the command line of a program of .venv."""
    return [str(BIN / name), *arguments]


def checks() -> list[Check]:
    """Return all checks, the slow ones first."""
    templates = [str(path) for path in sorted(ROOT.glob("*/templates")) if path.parent.name != "tests"]
    templates.append("templates")
    packages = [name for name in PACKAGES if (ROOT / name / "__init__.py").exists()]
    manage = [PYTHON, "manage.py"]
    return [
        Check("types", tool("mypy", *packages), TESTING),
        Check("catalogues", [PYTHON, ".ci/catalogues.py", "check"], TESTING),
        Check("templates", tool("djlint", "--lint", "--quiet", *templates)),
        Check("spelling", [PYTHON, ".ci/spelling.py"]),
        Check("migrations", [*manage, "makemigrations", "--check", "--dry-run"], TESTING),
        Check("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
        Check("imports", [PYTHON, ".ci/imports.py"]),
        Check("style", tool("ruff", "check", ".")),
        Check("format", tool("ruff", "format", "--check", "--output-format", "concise", ".")),
        Check("lengths", [PYTHON, ".ci/lengths.py"]),
        Check("lock files", [PYTHON, ".ci/locks.py"]),
    ]


def run(check: Check, var: str) -> Result:
    """Run one check and say how it went."""
    began = time.monotonic()
    environment = os.environ | {"KELRODIS_VAR": var} | check.environment
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    result = Result(check, done.returncode, done.stdout, time.monotonic() - began)
    print(f"{'ok  ' if result.code == 0 else 'FAIL'}  {check.name:<12} {result.seconds:5.1f} s", flush=True)
    return result


def main() -> int:
    """Run all checks, or those named on the command line; return 1 when one failed."""
    wanted = [check for check in checks() if not sys.argv[1:] or check.name in sys.argv[1:]]
    began = time.monotonic()
    pool = ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2))
    with tempfile.TemporaryDirectory(prefix="kelrodis-check-") as var, pool:
        results = list(pool.map(lambda check: run(check, var), wanted))
    failed = [result for result in results if result.code]
    for result in failed:
        lines = result.output.rstrip().splitlines()
        more = [f"… and {len(lines) - SHOWN} lines more"] if len(lines) > SHOWN else []
        print("\n".join(["", f"--- {result.check.name} ---", *lines[:SHOWN], *more]))
    print(
        f"\n{len(results) - len(failed)} of {len(results)} checks passed in {time.monotonic() - began:.0f} s"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
