"""The colours of the style sheet as they are now, with what was measured."""

from __future__ import annotations

from dataclasses import dataclass

from portal.content import colours


@dataclass(frozen=True)
class Shade:
    """A colour in one scheme: its value, and its contrast with the paper of that scheme."""

    scheme: str
    value: str
    ratio: float

    @property
    def use(self) -> str:
        """What it may be used for on paper: text, part (of the interface) or ground (behind something)."""
        if self.ratio >= colours.TEXT:
            return "text"
        return "part" if self.ratio >= colours.PART else "ground"


def measured(sheet: str) -> dict[str, list[Shade]]:
    """Return each token's shades, those of the institution's own ``sheet`` in place of ours."""
    values = {name: dict(shades) for name, shades in colours.tokens().items()}
    for name, *shades in colours.TOKEN.findall(sheet):
        values[name] = dict(zip(colours.SCHEMES, shades, strict=True))
    paper = values["paper"]
    return {
        name: [
            Shade(scheme, value, colours.contrast(value, paper[scheme])) for scheme, value in shades.items()
        ]
        for name, shades in values.items()
    }
