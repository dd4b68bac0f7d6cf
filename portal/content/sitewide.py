"""What stands around every page of a site in a language: its face, its navigation, its foot.

It is read from settings and pages once for each edition (``content.edition``) and then comes from the cache; what a
reader may not see is left out each time, with one query at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Locale, Page, Site
from wagtail.rich_text import expand_db_html

from portal.content import edition, palette
from portal.content.models import Branding, Navigation
from portal.content.models.navigation import MOST_MAIN
from portal.content.reports import listed_for, page_in

if TYPE_CHECKING:
    from portal.directory.models import User

SINGLE = ("sign_language", "easy_language", "statement", "privacy")  # pages that have a place of their own
KEPT = 300  # seconds; by then even what nobody told of (the site's own name) is read anew


@dataclass(frozen=True)
class Picture:
    """A picture ready to be shown: address, points, and what it says to who cannot see it."""

    url: str
    width: int
    height: int
    alt: str = ""


@dataclass(frozen=True)
class Link:
    """A link; ``page`` is its key where it leads to a page of ours, ``language`` is set where it is another."""

    title: str
    url: str
    page: int | None = None
    language: str = ""
    current: str = ""  # the value of aria-current


@dataclass(frozen=True)
class Sitewide:
    """All of it, in one language, in plain values."""

    name: str = settings.WAGTAIL_SITE_NAME
    logo: Picture | None = None
    logo_dark: Picture | None = None
    sheet: str = ""
    digest: str = ""
    card: Picture | None = None
    about: str = ""
    contact: str = ""
    email: str = ""
    phone: str = ""
    note: str = ""
    sponsors: Picture | None = None
    main: list[Link] = field(default_factory=list)
    foot: list[Link] = field(default_factory=list)
    sign_language: Link | None = None
    easy_language: Link | None = None
    statement: Link | None = None
    privacy: Link | None = None

    def pages(self) -> set[int]:
        """Return the keys of all pages that are linked."""
        alone = [link for link in (getattr(self, name) for name in SINGLE) if link]
        return {link.page for link in [*self.main, *self.foot, *alone] if link.page}


def read(site_id: int | None, language: str) -> Sitewide:
    """Return what stands around the pages of a site in ``language``, from the cache where it is current."""
    place = f"content:sitewide:{site_id}:{language}"
    found = cache.get_many([edition.KEY, place])
    kept = found.get(place)
    if kept and kept[0] == found.get(edition.KEY):
        known: Sitewide = kept[1]
        return known
    number = edition.begin()  # before the reading, so that what changes meanwhile is read again
    made = _make(site_id, language)
    cache.set(place, (number, made), KEPT)
    return made


def default_site() -> int | None:
    """Return the site that speaks where there is no request: in letters."""
    roots = Site.get_site_root_paths()
    if len({root.site_id for root in roots}) == 1:
        return int(roots[0].site_id)
    return Site.objects.filter(is_default_site=True).values_list("pk", flat=True).first()


def site_of(request: HttpRequest) -> int | None:
    """Return the site of a request; asks the database only where there are several."""
    sites = {root.site_id for root in Site.get_site_root_paths()}
    if len(sites) == 1:
        return int(sites.pop())
    site = Site.find_for_request(request)
    return site.pk if site is not None else None


def _make(site_id: int | None, language: str) -> Sitewide:
    site = Site.objects.filter(pk=site_id).first()
    if site is None:
        return Sitewide()
    branding = Branding.objects.select_related("logo", "logo_dark", "social", "sponsors").filter(site=site)
    navigation = Navigation.objects.filter(site=site).first() or Navigation(site=site)
    face = _face(branding.first() or Branding(site=site), language)
    return replace(face, **_links(navigation, site, language))


def _face(branding: Branding, language: str) -> Sitewide:
    sheet = palette.sheet(branding.face)
    name = branding.portal_name(language)
    return Sitewide(
        name=name,
        logo=_picture(branding.logo, "height-88", name),
        logo_dark=_picture(branding.logo_dark, "height-88", name),
        sheet=sheet,
        digest=palette.digest(sheet),
        card=_picture(branding.social, "fill-1200x630"),
        about=branding.in_language("about", language),
        contact=branding.in_language("contact", language).strip(),
        email=branding.email,
        phone=branding.phone,
        note=expand_db_html(branding.in_language("note", language)),
        sponsors=_picture(branding.sponsors, "max-900x160", branding.sponsors_named),
    )


def _picture(image: Any, rule: str, alt: str = "") -> Picture | None:
    """Return an image as it is to be shown; an SVG as it is."""
    if image is None:
        return None
    if image.is_svg():
        return Picture(image.file.url, round(image.width), round(image.height), alt)
    try:
        made = image.get_rendition(rule)
    except OSError:  # the file is gone: better a name than an error on every page
        return None
    return Picture(made.url, made.width, made.height, alt)


def _links(navigation: Navigation, site: Site, language: str) -> dict[str, Any]:
    codes = _codes()
    single = {name: getattr(navigation, name) for name in SINGLE}
    found: dict[str, Any] = {
        name: _to_page(page_in(page.translation_key, language), language, codes) if page else None
        for name, page in single.items()
    }
    chosen = {
        place: links_of(getattr(navigation, f"{place}_{language}", ()), language)
        for place in ("main", "foot")
    }
    return found | chosen | {"main": chosen["main"] or _in_menus(site, language)}


def links_of(stream: Iterable[Any], language: str) -> list[Link]:
    """Return the links of a StreamField of link blocks that lead somewhere."""
    return [link for _value, link in aims_of(stream, language)]


def aims_of(stream: Iterable[Any], language: str) -> list[tuple[Any, Link]]:
    """Return each link block's value with where it leads, of those that lead somewhere.

    Two queries, and two more for each page that is in another language than asked for.
    """
    values = [block.value for block in stream]
    codes = _codes() if any(value["page"] for value in values) else {}
    found = []
    for value in values:
        if value["address"]:
            found.append((value, Link(title=value["title"], url=value["address"])))
        elif link := _to_page(value["page"], language, codes, value["title"]):
            found.append((value, link))
    return found


def _codes() -> dict[int, str]:
    return dict(Locale.objects.values_list("pk", "language_code"))


def _to_page(page: Page | None, language: str, codes: dict[int, str], title: str = "") -> Link | None:
    """Return a link to a live page; of a page in another language its translation, where there is one."""
    if page is None:
        return None
    if codes[page.locale_id] != language:
        page = page_in(page.translation_key, language) or page
    url = page.get_url() if page.live else None
    if not url:
        return None
    other = codes[page.locale_id]
    return Link(title or page.title, url, page=page.pk, language=other if other != language else "")


def _in_menus(site: Site, language: str) -> list[Link]:
    """Return the pages below the home page that are shown in menus."""
    homes = site.root_page.get_translations(inclusive=True).filter(locale__language_code=language)
    home = homes.first()
    pages = home.get_children().live().in_menu() if home else []
    codes = _codes()
    return [link for page in pages if (link := _to_page(page, language, codes))][:MOST_MAIN]


class Around:
    """What stands around one page for one reader: reads nothing until it is asked for."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def all(self) -> Sitewide:
        """Everything, whoever reads."""
        return read(site_of(self.request), get_language() or settings.LANGUAGE_CODE)

    @cached_property
    def _shown(self) -> set[int]:
        """The keys of the linked pages this reader may be told of (one query, if any page is linked)."""
        keys = self.all.pages()
        reader: User | AnonymousUser = getattr(self.request, "user", None) or AnonymousUser()
        pages = Page.objects.live().filter(pk__in=keys)
        return set(listed_for(pages, reader).values_list("pk", flat=True)) if keys else set()

    def _known(self, link: Link) -> bool:
        return link.page is None or link.page in self._shown

    @cached_property
    def main(self) -> list[Link]:
        """The main navigation, with the place one is at."""
        here = self.request.path
        return [
            replace(link, current=_current(link.url, here)) for link in self.all.main if self._known(link)
        ]

    @cached_property
    def foot(self) -> list[Link]:
        """The links at the foot."""
        return [link for link in self.all.foot if self._known(link)]

    def _one(self, name: str) -> Link | None:
        link: Link | None = getattr(self.all, name)
        return link if link is not None and self._known(link) else None

    @property
    def sign_language(self) -> Link | None:
        """The page in sign language."""
        return self._one("sign_language")

    @property
    def easy_language(self) -> Link | None:
        """The page in easy language."""
        return self._one("easy_language")

    @property
    def statement(self) -> Link | None:
        """The accessibility statement."""
        return self._one("statement")

    @property
    def privacy(self) -> Link | None:
        """What is said of people's data."""
        return self._one("privacy")

    def __getattr__(self, name: str) -> Any:
        """Return what does not depend on the reader: the name, the pictures, the texts."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.all, name)


def _current(url: str, here: str) -> str:
    """Return the value of aria-current (WAI-ARIA 1.2): the very page, or something below it."""
    if url == here:
        return "page"
    return "true" if url.startswith("/") and len(url) > len("/lt/") and here.startswith(url) else ""
