"""The demo's site: home and catalogue in both languages."""

from __future__ import annotations

from django.db import transaction
from wagtail.models import Locale, Page, Site

from certificates.models import CertificateSettings
from courses.models import CataloguePage
from portal.content.models import HomePage
from portal.demo import course, face, library, pages, people, words
from portal.demo.reading import read
from portal.founding import point

HOME = {
    "lt": (
        "Kelrodis",
        "Rasti, patikrinti, suprasti.",
        "Informacinio ir skaitmeninio raštingumo kursai, kuriuos parengė bibliotekininkai. "
        "Mokykitės savo tempu, pasitikrinkite ir gaukite pažymėjimą.",
    ),
    "en": (
        "Kelrodis",
        "Find, check, understand.",
        "Information and digital literacy courses made by librarians. "
        "Learn at your own pace, test yourself, earn a certificate.",
    ),
}
CATALOGUE = {
    "lt": ("Kursai", "kursai", "Trumpos pamokos, kurias galima baigti per pietų pertrauką."),
    "en": ("Courses", "courses", "Short lessons that fit into a lunch break."),
}

SIGNATORY = {
    "signatory_name": "Vaiva Krantauskienė",  # of nobody who exists
    "signatory_position_lt": "Direktorė",
    "signatory_position_en": "Director",
}


def load() -> None:
    """Make what the demo shows, and nothing twice."""
    with transaction.atomic():
        people.load()
        words.load()
        homes = _homes()
        catalogues = _catalogues(homes)
        course.load(catalogues=catalogues)
        named = pages.load(homes=homes)
        for language, catalogue in catalogues.items():
            named[language]["catalogue"] = catalogue
        site = point(home=homes["lt"], name="Kelrodis")
        for language, index in library.load(homes=homes, site=site).items():
            named[language]["resources"] = index
        face.load(site=site, homes=homes, pages=named)


def _homes() -> dict[str, HomePage]:
    root = Page.objects.get(depth=1)
    homes: dict[str, HomePage] = {}
    for language, (title, opening, summary) in HOME.items():
        locale, _new = Locale.objects.get_or_create(language_code=language)
        home = HomePage.objects.child_of(root).filter(locale=locale).first()
        if home is None:
            home = HomePage(
                title=title, slug=f"home-{language}", opening=opening, summary=summary, locale=locale
            )
            if language != "lt":
                home.translation_key = homes["lt"].translation_key
            root.add_child(instance=home)
            home.save_revision().publish()
        homes[language] = home
    _certificates(point(home=homes["lt"], name="Kelrodis"))
    return homes


def _certificates(site: Site) -> None:
    """The county's library issues certificates and its director signs them, unless staff have said who."""
    if CertificateSettings.objects.filter(site=site).exists():
        return
    library = next(row for row in read("people.yaml")["libraries"] if row["key"] == "county")
    CertificateSettings.objects.create(
        site=site, issuer_lt=library["lt"], issuer_en=library["en"], city_lt=library["city"], **SIGNATORY
    )


def _catalogues(homes: dict[str, HomePage]) -> dict[str, CataloguePage]:
    pages: dict[str, CataloguePage] = {}
    for language, (title, slug, summary) in CATALOGUE.items():
        page = CataloguePage.objects.child_of(homes[language]).first()
        if page is None:
            page = CataloguePage(
                title=title, slug=slug, summary=summary, show_in_menus=True, locale=homes[language].locale
            )
            if language != "lt":
                page.translation_key = pages["lt"].translation_key
            homes[language].add_child(instance=page)
            page.save_revision().publish()
        pages[language] = page
    return pages
