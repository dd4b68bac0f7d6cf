"""Colours: how well two are told apart, and the nearest shade that is told apart well enough.

Ratios are those of WCAG 2.2 (definitions of relative luminance and contrast ratio): 1 to 21.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

SHEET = Path(__file__).parent / "static" / "kelrodis" / "kelrodis.css"
SCHEMES = ("light", "dark")
TEXT, PART = 4.5, 3.0  # WCAG 2.2, clauses 1.4.3 (text, level AA) and 1.4.11 (parts of the interface)
STEPS = 256
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")


@cache
def tokens() -> dict[str, dict[str, str]]:
    """Return the colours of the style sheet by name, each by scheme (``light``, ``dark``)."""
    declared = SHEET.read_text(encoding="utf-8").partition("@layer base {")[0]
    found: dict[str, dict[str, str]] = {}
    for name, *shades in TOKEN.findall(declared):
        found.setdefault(name, dict(zip(SCHEMES, shades, strict=True)))
    return found


def token(name: str, scheme: str) -> str:
    """Return one colour of the style sheet."""
    return tokens()[name][scheme]


def _channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb``, 0 (black) to 1 (white)."""
    parts = [value / 255 for value in _channels(colour)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # WCAG 2.2; sRGB, IEC 61966-2-1
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, ground: str, share: float) -> str:
    """Return ``colour`` laid over ``ground`` with this share (0 to 1) of itself."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def worst(colour: str, grounds: Iterable[str]) -> tuple[float, str]:
    """Return the lowest contrast of ``colour`` with any of ``grounds``, and that ground."""
    return min((contrast(colour, ground), ground) for ground in grounds)


def nearest(colour: str, passes: Callable[[str], bool], scheme: str) -> str:
    """Return the shade closest to ``colour`` for which ``passes``, darker on light paper, lighter on dark.

    The last resort is black or white itself.
    """
    pole = {"light": "#000000", "dark": "#ffffff"}[scheme]
    shades = (mix(pole, colour, step / STEPS) for step in range(STEPS))
    return next((shade for shade in shades if passes(shade)), pole)
