"""What an empty portal needs before anybody can work in it: home pages, catalogues, and a site that is theirs."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db import transaction
from wagtail.models import Locale, Page, Site

from courses.models import CataloguePage
from portal.conf import conf
from portal.content.models import Branding, HomePage

LANGUAGES = ("lt", "en")  # the first is the source of the other
OPENING = {"lt": "Mokykitės savo tempu.", "en": "Learn at your own pace."}
CATALOGUE = {"lt": ("Kursai", "kursai"), "en": ("Courses", "courses")}


@transaction.atomic
def found(*, name: str, name_en: str = "") -> list[Page]:
    """Make a home page and a catalogue in each language where there is none, and point the site at them.

    ``name`` is the portal's, ``name_en`` its name in English where that is another; the pages made bear them until
    editors change them. What is there stays as it is, but for the site's address, which follows ``KELRODIS_SITE_URL``.
    Return the pages made, published.
    """
    made: list[Page] = []
    homes: dict[str, HomePage] = {}
    catalogues: dict[str, CataloguePage] = {}
    names = {"lt": name, "en": name_en or name}
    root = Page.objects.get(depth=1)
    for language in LANGUAGES:
        locale, _new = Locale.objects.get_or_create(language_code=language)
        home = HomePage.objects.child_of(root).filter(locale=locale).first()
        if home is None:
            home = HomePage(
                title=names[language], slug=f"home-{language}", opening=OPENING[language], locale=locale
            )
            made.append(_add(root, home, homes.get(LANGUAGES[0])))
        homes[language] = home
        catalogue = CataloguePage.objects.child_of(home).first()
        if catalogue is None:
            title, slug = CATALOGUE[language]
            catalogue = CataloguePage(title=title, slug=slug, show_in_menus=True, locale=locale)
            made.append(_add(home, catalogue, catalogues.get(LANGUAGES[0])))
        catalogues[language] = catalogue
    Page.objects.filter(depth=1, title="Root").update(
        title=name, draft_title=name
    )  # what editors see above all
    site = point(home=homes[LANGUAGES[0]], name=name)
    branding = Branding.for_site(site)
    if name_en and not (branding.name or branding.name_en):
        branding.name_en = name_en
        branding.save()
    return made


def _add(parent: Page, page: Page, source: Page | None) -> Page:
    """Put ``page`` below ``parent``, as the translation of ``source`` where there is one, and publish it."""
    if source is not None:
        page.translation_key = source.translation_key
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def point(*, home: HomePage, name: str) -> Site:
    """Let the one site begin at ``home`` unless it begins at one of ours; Wagtail's page of welcome goes."""
    address = urlsplit(conf.SITE_URL)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    site.hostname = address.hostname or "localhost"
    site.port = address.port or {"https": 443}.get(address.scheme, 80)
    site.site_name = site.site_name or name
    if site.root_page_id is None or not isinstance(site.root_page.specific, HomePage):
        site.root_page = home
    site.save()
    for page in Page.objects.filter(depth=2, slug="home", numchild=0):
        if page.specific_class is Page:
            page.delete()
    return site
