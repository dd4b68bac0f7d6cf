"""Where the pages are, and who the demo's people are."""

from __future__ import annotations

from portal.demo import reading

SHORT = "safety"  # the demo's course with a single quiz, at its end and with a clock: journeys finish it


SLUGS = {
    "about": {"lt": "apie-portala", "en": "about"},
    "accessibility": {"lt": "prieinamumas", "en": "accessibility-statement"},
    "privacy": {"lt": "privatumas", "en": "privacy"},
}


def addresses(stack, language):
    """Return the addresses of the public pages by what they are."""
    written = {name: f"{stack.url}/{language}/{slugs[language]}/" for name, slugs in SLUGS.items()}
    first = {kind: stack.activities(kind, language)[0]["url"] for kind in ("course", "lesson", "quiz")}
    return (
        first
        | written
        | {
            "home": f"{stack.url}/{language}/",
            "catalogue": first["course"].rsplit("/", 2)[0] + "/",
            "catalogue-filtered": first["course"].rsplit("/", 2)[0] + "/?language=en&sort=title",
            **library(stack, language),
            "search": f"{stack.url}/{language}/search/?q={ {'lt': 'šaltiniai', 'en': 'sources'}[language] }",
            "search-nothing": f"{stack.url}/{language}/search/?q=xyzzy",
            "site-map": f"{stack.url}/{language}/site-map/",
            "accessibility-options": f"{stack.url}/{language}/accessibility/",
            "sign-in": f"{stack.url}/{language}/sign-in/",
            "sign-up": f"{stack.url}/{language}/sign-up/",
            "sign-up-letter": f"{stack.url}/{language}/sign-up/letter/",
            "sign-up-link-unknown": f"{stack.url}/{language}/sign-up/confirm/x/",
            "password-forgotten": f"{stack.url}/{language}/password/forgotten/",
            "password-letter": f"{stack.url}/{language}/password/forgotten/letter/",
            "password-link-dead": f"{stack.url}/{language}/password/new/1-x/",
            "letters-link-unknown": f"{stack.url}/{language}/letters/stop/x/",
            "check-certificate": f"{stack.url}/{language}/verify/",
            "unknown-certificate": f"{stack.url}/{language}/verify/AAAAAAAAAAAAAAAAAAAAAAAAAA/",
            "not-found": f"{stack.url}/{language}/{ {'lt': 'saltiniai', 'en': 'sources'}[language] }/",
        }
    )


def library(stack, language):
    """Return the addresses of the demo's library pages."""
    shelves = reading.read("library/shelves.yaml")
    index = f"{stack.url}/{language}/{shelves['index'][language]['slug']}/"
    return {
        "resources": index,
        "resources-filtered": f"{index}?access=open&q=openalex",
        "resources-nothing": f"{index}?q=xyzzy",
        "resource": f"{index}openalex/",
        "reading-list": f"{index}{shelves['list'][language]['slug']}/",
        "subject-guide": f"{index}{shelves['guide'][language]['slug']}/",
    }


def people():
    """Return the demo people's e-mail addresses by their keys."""
    return {row["key"]: row["email"] for row in reading.read("people.yaml")["people"]}


def short(stack, kind, language="lt"):
    """Return the activity of the short course, or of its quiz."""
    data = reading.course(SHORT, language) if kind == "course" else reading.quiz(SHORT, "final", language)
    return next(row for row in stack.activities(kind, language) if row["title"] == data["title"])
