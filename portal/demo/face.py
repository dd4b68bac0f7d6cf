"""What stands around the demo's pages: contact, navigation, foot, and the doors of the home pages."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page, Site

from portal.content.models import Branding, HomePage, Navigation
from portal.demo.reading import Data, read, stable_id


def load(*, site: Site, homes: dict[str, HomePage], pages: dict[str, dict[str, Page]]) -> None:
    """Arrange it, unless somebody has arranged the navigation already; ``pages`` by language and name."""
    if Navigation.objects.filter(site=site).exists():
        return
    texts = read("face.yaml")
    face: dict[str, Any] = {"email": "biblioteka@kelrodis.example", "phone": "+370 600 00000"}
    links: dict[str, Any] = {}
    for language, said in texts.items():
        face |= {f"{name}_{language}": said[name] for name in ("about", "contact", "note")}
        for place in ("main", "foot"):
            links[f"{place}_{language}"] = _blocks("link", language, said[place], pages)
        home = homes[language].get_latest_revision_as_object()
        home.doors = _blocks("door", language, said["doors"], pages)
        home.save_revision().publish()
    Branding.objects.create(site=site, **face)
    source = pages["lt"]
    Navigation.objects.create(
        site=site, statement=source["accessibility"], privacy=source["privacy"], **links
    )


def _blocks(
    kind: str, language: str, rows: list[Data], pages: dict[str, dict[str, Page]]
) -> list[dict[str, Any]]:
    """Return raw StreamField data; a row names a page of the demo, or an address."""
    made = []
    for number, row in enumerate(rows):
        page = pages[language][row["page"]].pk if row.get("page") else None
        value = {"title": "", "address": "", **row, "page": page}
        made.append({"type": kind, "id": stable_id("face", kind, language, str(number)), "value": value})
    return made
