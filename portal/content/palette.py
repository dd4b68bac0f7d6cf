"""An institution's two colours turned into the tokens of the style sheet, and measured before they are taken.

The primary colour carries text: links, actions, labels. The accent is a part of the interface only; where it has
to carry text, a shade of it is derived that can be read.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from portal.content.colours import PART, SCHEMES, TEXT, contrast, mix, nearest, token

WASH = {"primary": 0.10, "accent": 0.14}  # how much of the colour is in a tinted panel
TOKEN_OF = {"primary": "pine", "accent": "amber"}
ON_PRIMARY = ("#ffffff", "#10201b")  # what may be written on a button


@dataclass(frozen=True)
class Fault:
    """A colour that cannot be told apart: from what, by what ratio, what was needed, and what would do."""

    ground: str  # page, panel, tint or label
    ratio: float
    least: float
    clause: str
    shade: str


def wash(colour: str, role: str, scheme: str) -> str:
    """Return the tint of ``colour`` that panels have."""
    return mix(colour, token("paper", scheme), WASH[role])


def label_on(colour: str) -> str:
    """Return what is written on a button of this colour: white or near black, whichever reads better."""
    return max(ON_PRIMARY, key=lambda label: contrast(label, colour))


def _measures(colour: str, role: str, scheme: str) -> dict[str, float]:
    """Return the contrast of the colour with everything it stands on or beside."""
    found = {
        "page": contrast(colour, token("paper", scheme)),
        "panel": contrast(colour, token("linen", scheme)),
    }
    if role == "primary":
        found["tint"] = contrast(colour, wash(colour, role, scheme))
        found["label"] = contrast(colour, label_on(colour))
    return found


def fault(colour: str, role: str, scheme: str) -> Fault | None:
    """Measure a ``primary`` or ``accent`` colour in a scheme; return what is wrong with it, or None.

    Text needs 4.5:1 (WCAG 2.2, clause 1.4.3), parts of the interface 3:1 (clause 1.4.11).
    """
    least, clause = (TEXT, "1.4.3") if role == "primary" else (PART, "1.4.11")
    ground, ratio = min(_measures(colour, role, scheme).items(), key=lambda found: found[1])
    if ratio >= least:
        return None
    shade = nearest(colour, lambda shade: min(_measures(shade, role, scheme).values()) >= least, scheme)
    return Fault(ground=ground, ratio=ratio, least=least, clause=clause, shade=shade)


def counterpart(colour: str, role: str, scheme: str) -> str:
    """Return what stands for ``colour`` in ``scheme`` where nobody chose a shade: the nearest that can be read."""
    found = fault(colour, role, scheme)
    return found.shade if found is not None else colour


def _derived(colour: str, role: str, scheme: str) -> dict[str, str]:
    """Return the tokens that follow from one colour in one scheme."""
    name, tint = TOKEN_OF[role], wash(colour, role, scheme)
    found = {name: colour, f"{name}-wash": tint}
    if role == "primary":
        return found | {"on-pine": label_on(colour)}
    grounds = (token("paper", scheme), token("linen", scheme), tint)
    readable = nearest(
        colour, lambda shade: min(contrast(shade, ground) for ground in grounds) >= TEXT, scheme
    )
    return found | {"amber-ink": readable}


def sheet(colours: dict[tuple[str, str], str]) -> str:
    """Return the style sheet that puts ``colours`` (by role and scheme) in place of ours; empty without any."""
    chosen: dict[str, dict[str, str]] = {}
    for (role, scheme), colour in colours.items():
        for name, shade in _derived(colour, role, scheme).items():
            chosen.setdefault(name, {})[scheme] = shade
    if not chosen:
        return ""
    lines = []
    for name, shades in sorted(chosen.items()):
        light, dark = (shades.get(scheme) or token(name, scheme) for scheme in SCHEMES)
        lines.append(f"--{name}: light-dark({light}, {dark});")
    return f"@layer tokens {{ :root {{ {' '.join(lines)} }} }}\n"


def digest(sheet: str) -> str:
    """Return what names a style sheet in its address: the first 12 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(sheet.encode()).hexdigest()[:12] if sheet else ""
