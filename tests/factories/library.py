"""A small library: resources, a guide with its librarian, a list of two weeks; in both languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wagtail.models import Page, Site

from portal.catalogue.models import (
    LibraryAccess,
    ResourceIndexPage,
    ResourceListPage,
    ResourcePage,
    SubjectGuidePage,
    SubjectLibrarian,
)
from portal.content.models import Topic
from portal.directory.flows.roles import grant
from portal.directory.models import Role, User
from tests.factories.courses import add, make_site
from tests.factories.people import UserFactory

READING = "aaaaaaaa-0000-4000-8000-000000000001"
FOUND = "aaaaaaaa-0000-4000-8000-000000000002"
PROXY = "https://ezproxy.kelrodis.example/login?url="


def topic(slug: str, lt: str, en: str) -> Topic:
    return Topic.objects.get_or_create(slug=slug, defaults={"name_lt": lt, "name_en": en})[0]


def resource(
    index: Page, title: str, source: Page | None = None, topics: Any = (), **fields: Any
) -> ResourcePage:
    slug = fields.pop("slug", f"r{ResourcePage.objects.count()}")
    fields = {"address": "https://saltinis.example/"} | fields
    page = ResourcePage(title=title, slug=slug, locale=index.locale, **fields)
    page.topics = list(topics)
    return add(index, page, source)


def reading(identifier: str, title: str, **more: Any) -> dict[str, Any]:
    value = {"authors": "Ona Šarkaitė", "published": "Vilnius, 2020", "url": "", "call_number": "316 Ša-1"}
    value |= {"language": "", "importance": "required", "note": "Pirmas skyrius."}
    return {"type": "reading", "id": identifier, "value": value | {"title": title} | more}


def found(identifier: str, page: Page, **more: Any) -> dict[str, Any]:
    value = {"page": page.pk, "importance": "recommended", "note": ""}
    return {"type": "resource", "id": identifier, "value": value | more}


def section(title: str, *items: dict[str, Any], text: str = "") -> dict[str, Any]:
    return {"type": "section", "value": {"title": title, "text": text, "items": list(items)}}


@dataclass
class Shelves:
    """The library of one language; the English one stands in ``others["en"]``."""

    home: Page
    index: ResourceIndexPage
    database: ResourcePage
    guide: SubjectGuidePage
    list: ResourceListPage
    librarian: SubjectLibrarian
    others: dict[str, Shelves] = field(default_factory=dict)


def subject_librarian(**fields: Any) -> User:
    """Somebody with the role, and what goes with it."""
    person = UserFactory(**{"first_name": "Ąžuolas", "last_name": "Bružas"} | fields)
    grant(user=person, role=Role.SUBJECT_LIBRARIAN, by=None)
    return User.objects.get(pk=person.pk)


def make_library() -> Shelves:
    """Return a published library; its questions go to Ąžuolas."""
    card = SubjectLibrarian.objects.create(
        user=subject_librarian(), name="Ąžuolas Bružas", hours_lt="Antradieniais", hours_en="On Tuesdays"
    )
    homes = make_site()
    lt = _shelves(homes[0], "lt", card, None)
    en = _shelves(homes[1], "en", card, lt)
    lt.others["en"] = en
    return lt


def _shelves(home: Page, language: str, card: SubjectLibrarian, source: Shelves | None) -> Shelves:
    slug, title = {"lt": ("istekliai", "Ištekliai"), "en": ("resources", "Resources")}[language]
    index = add(
        home, ResourceIndexPage(title=title, slug=slug, locale=home.locale), source.index if source else None
    )
    about = topic("zemes-mokslai", "Žemės mokslai", "Earth sciences")
    title = {"lt": "Žemėlapių bazė", "en": "Map database"}[language]
    database = resource(
        index, title, source.database if source else None, [about], summary="Visi žemėlapiai."
    )
    sections = [section("Pradžia", found("aaaaaaaa-0000-4000-8000-000000000009", database))]
    guide = SubjectGuidePage(
        title={"lt": "Geografija", "en": "Geography"}[language],
        slug="geografija",
        locale=home.locale,
        librarian=card,
        sections=sections,
    )
    add(index, guide, source.guide if source else None)
    weeks = [
        section("1 savaitė", reading(READING, "Kraštotyra")),
        section("2 savaitė", found(FOUND, database, note="Raskite savo miestą.")),
    ]
    listed = ResourceListPage(
        title={"lt": "Geografijos įvadas", "en": "Introduction to geography"}[language],
        slug="geografijos-ivadas",
        module="GEO1001",
        locale=home.locale,
        sections=weeks,
        guide=guide,
    )
    add(index, listed, source.list if source else None)
    return Shelves(home=home, index=index, database=database, guide=guide, list=listed, librarian=card)


def access(**fields: Any) -> LibraryAccess:
    """Set how the site's library lets its readers in."""
    site = Site.objects.get(is_default_site=True)
    return LibraryAccess.objects.update_or_create(site=site, defaults=fields)[0]
