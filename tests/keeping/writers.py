"""Processes that write beside a backup, and what must be true of what was restored."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

from tests.stack import ROOT, Stack

# Of a restored portal: pairs that are whole, pairs that are torn, files that are named and missing.
WHOLE = """
from django.core.files.storage import storages
from portal.directory.models import Municipality, Territory
keys = list(Territory.objects.filter(name_lt__startswith="w").values_list("name_lt", flat=True))
torn = set(keys) ^ set(Municipality.objects.filter(name_lt__startswith="w").values_list("name_lt", flat=True))
lost = [k for k in keys if storages["private"].open(f"load/{k}.txt").read() != k.encode() * 50]
print(len(keys), len(torn), len(lost))
"""


@contextlib.contextmanager
def writing(stack: Stack, folder: Path, names: tuple[str, ...] = ("w1", "w2")):
    """Let processes write for as long, beginning once each has written."""
    command = [sys.executable, "-m", "tests.keeping.load"]
    running = [
        subprocess.Popen([*command, name, str(folder)], cwd=ROOT, env=stack.env, stderr=subprocess.DEVNULL)
        for name in names
    ]
    try:
        stack.wait_for(lambda: all((folder / name).exists() for name in names), "the writers", seconds=60)
        yield lambda: sum(int((folder / name).read_text() or 0) for name in names)
    finally:
        for process in running:
            process.kill()
            process.wait()


def whole(stack: Stack) -> tuple[int, int, int]:
    """Return how many pairs were restored, how many are torn, how many files are lost."""
    numbers = stack.manage("shell", "--no-imports", "-c", WHOLE).split()
    return tuple(int(number) for number in numbers[-3:])
