"""Processor time: what the portal's processes take, and the unit that a launch cannot do without."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jwt.api_jws import PyJWS

TICKS = os.sysconf("SC_CLK_TCK")  # of Linux's account of a process, a second
SESSION, USER, SYSTEM = 3, 11, 12  # fields of /proc/…/stat after the name, see proc(5)
CHECKS = 500

Used = Callable[[], float]


def unknown() -> float:
    """Return no time: nobody asks."""
    return 0.0


def of_session(leader: int) -> Used:
    """Return a clock of the seconds that a process and those it started have worked."""

    def used() -> float:
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text().rpartition(")")[2].split()
            except OSError:  # it has just ended
                continue
            if int(fields[SESSION]) == leader:
                ticks += int(fields[USER]) + int(fields[SYSTEM])
        return ticks / TICKS

    return used


def signature_check_ms(token: str, key: Any) -> float:
    """Return what checking one RS256 signature takes here, in milliseconds, with the library that the portal uses."""
    PyJWS().decode(token, key, algorithms=["RS256"])
    began = time.process_time()
    for _time in range(CHECKS):
        PyJWS().decode(token, key, algorithms=["RS256"])
    return 1000 * (time.process_time() - began) / CHECKS
