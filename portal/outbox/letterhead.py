"""The name and the colours letters are written under; whoever keeps them provides them here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Letterhead:
    """The sender's name in the reader's language, and the colour of links and buttons with what stands on it."""

    name: str
    light: str = "#14574a"
    on_light: str = "#ffffff"
    dark: str = "#6cc3ad"
    on_dark: str = "#10201b"


def _plain(language: str) -> Letterhead:
    return Letterhead(name=settings.WAGTAIL_SITE_NAME)


_source: list[Callable[[str], Letterhead]] = [_plain]


def provides(source: Callable[[str], Letterhead]) -> Callable[[str], Letterhead]:
    """Let ``source`` say, given a language, how letters are headed from now on."""
    _source[:] = [source]
    return source


def letterhead(language: str) -> Letterhead:
    """Return how a letter in ``language`` is headed."""
    return _source[0](language)
