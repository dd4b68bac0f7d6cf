"""A PostgreSQL of the test's own: a fresh cluster over a socket in a temporary folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest


def binaries() -> Path:
    """Return the folder of the server's programs, or skip."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("missing: PostgreSQL's server programs (postgresql)")
    return found[-1].parent


@contextlib.contextmanager
def cluster() -> Iterator[Path]:
    """Give the folder of a running cluster's socket; nobody needs a password there.

    The server refuses to run as root, so then it runs as ``nobody``.
    """
    programs = binaries()
    folder = Path(tempfile.mkdtemp(prefix="kelrodis-pg-"))
    who = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
    if who:
        shutil.chown(folder, **who)
    data = folder / "data"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True, "cwd": "/", **who}
    try:
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "kelrodis", "-A", "trust", "-E", "UTF8"], **quiet
        )
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        start = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"]
        subprocess.run(start, **quiet)
        try:
            yield folder
        finally:
            subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_database(folder: Path, name: str) -> str:
    """Make a database and return its address."""
    subprocess.run([binaries() / "createdb", "-h", folder, "-U", "kelrodis", name], check=True)
    return f"postgres://kelrodis@{quote(str(folder), safe='')}/{name}"
