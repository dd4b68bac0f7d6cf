"""Players of other sites: which we know, which are allowed here, and where a player is loaded from.

Nothing is asked of those sites: an address is understood by its form alone. ``EMBED_HOSTS`` names the hosts whose
players may be shown; only pages that have such a player let them into a frame (``serving.let_players_in``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from portal.conf import conf

YOUTUBE_ID = re.compile(r"[\w-]{11}")
VIMEO_PATH = re.compile(r"/(?:video/)?(\d{6,12})(?:/([0-9a-f]{8,12}))?/?")


@dataclass(frozen=True)
class Player:
    """A player: the site's name, the host that would serve it, its address."""

    name: str
    host: str
    src: str


def _youtube(url: SplitResult) -> str | None:
    """Return the player's address (without cookies until it plays) for a page of YouTube."""
    parts = [part for part in url.path.split("/") if part]
    if url.hostname == "youtu.be":
        key = parts[0] if parts else ""
    elif parts[:1] in (["embed"], ["shorts"], ["live"]):
        key = parts[1] if len(parts) > 1 else ""
    else:
        key = parse_qs(url.query).get("v", [""])[0] if parts == ["watch"] else ""
    return f"https://www.youtube-nocookie.com/embed/{key}" if YOUTUBE_ID.fullmatch(key) else None


def _vimeo(url: SplitResult) -> str | None:
    """Return the player's address (asked not to follow the reader) for a page of Vimeo."""
    found = VIMEO_PATH.fullmatch(url.path)
    if found is None:
        return None
    secret = f"&h={found[2]}" if found[2] else ""
    return f"https://player.vimeo.com/video/{found[1]}?dnt=1{secret}"


@dataclass(frozen=True)
class Provider:
    """A site we know: its name, its player's host, the hosts of its pages, and how an address becomes a player's."""

    name: str
    host: str
    pages: frozenset[str]
    source: Callable[[SplitResult], str | None]


PROVIDERS = (
    Provider(
        "YouTube",
        "www.youtube-nocookie.com",
        frozenset(
            ("www.youtube.com", "youtube.com", "m.youtube.com", "youtu.be", "www.youtube-nocookie.com")
        ),
        _youtube,
    ),
    Provider(
        "Vimeo", "player.vimeo.com", frozenset(("vimeo.com", "www.vimeo.com", "player.vimeo.com")), _vimeo
    ),
)


def allowed() -> list[Provider]:
    """Return the providers this portal shows."""
    return [provider for provider in PROVIDERS if provider.host in conf.EMBED_HOSTS]


def allowed_names() -> str:
    """Return their names, for a sentence."""
    return ", ".join(provider.name for provider in allowed()) or "–"


def player_of(address: str) -> Player | None:
    """Return the player for the page at ``address``, None where the site is not allowed or it is no video's page."""
    try:
        url = urlsplit(address)
        host = url.hostname or ""
    except ValueError:
        return None
    if url.scheme != "https":
        return None
    for provider in allowed():
        if host in provider.pages and (src := provider.source(url)) is not None:
            return Player(name=provider.name, host=provider.host, src=src)
    return None


def hosts_in(body: Any) -> list[str]:
    """Return the hosts whose players the blocks of a page may load."""
    addresses = [child.value["url"] for child in body if child.block_type == "embed"]
    return sorted({player.host for address in addresses if (player := player_of(address or ""))})
