"""How a visitor wants pages to be shown: kept in a cookie of one's own, so it works without an account and a script."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from django.http import HttpRequest, HttpResponse

from portal.middleware import partition

COOKIE = "kelrodis_display"
AGE = 60 * 60 * 24 * 365
CHOICES = {
    "size": ("100", "120", "140", "160"),
    "spacing": ("normal", "wide"),  # wide: at least the distances of WCAG 2.2, clause 1.4.12
    "theme": ("device", "light", "dark"),
    "contrast": ("normal", "high"),
    "links": ("normal", "underlined"),
    "motion": ("device", "still"),
}


@dataclass(frozen=True)
class Display:
    """One choice of each kind; the first of ``CHOICES`` is what nobody has to choose."""

    size: str = "100"
    spacing: str = "normal"
    theme: str = "device"
    contrast: str = "normal"
    links: str = "normal"
    motion: str = "device"

    @property
    def classes(self) -> str:
        """The classes of the page's root that make it so; empty for a visitor who chose nothing."""
        chosen = asdict(self)
        return " ".join(f"{name}-{chosen[name]}" for name in CHOICES if chosen[name] != CHOICES[name][0])

    @property
    def word(self) -> str:
        """The choices as they are kept: values in the order of the fields."""
        return ".".join(asdict(self).values())


def read(word: str) -> Display:
    """Return the choices kept as ``word``; whatever is not known to us counts as not chosen."""
    parts = dict(zip((field.name for field in fields(Display)), word[:100].split("."), strict=False))
    return Display(**{name: part for name, part in parts.items() if part in CHOICES[name]})


def of(request: HttpRequest) -> Display:
    """Return what this visitor has chosen."""
    return read(request.COOKIES.get(COOKIE, ""))


def keep(response: HttpResponse, display: Display, *, secure: bool, framed: bool = False) -> None:
    """Keep the choices with the visitor for a year, or forget them when all are as usual.

    In a platform's frame (``framed``) the cookie is one that lives there.
    """
    if display == Display():
        response.delete_cookie(COOKIE, samesite="Lax")
    else:
        response.set_cookie(COOKIE, display.word, max_age=AGE, httponly=True, samesite="Lax", secure=secure)
    if framed:
        partition(response, COOKIE)
