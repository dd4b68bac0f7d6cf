"""Where the pages are, and who the demo's people are."""

from __future__ import annotations

from portal.demo.reading import read


def addresses(stack, language):
    """Return the addresses of the public pages by what they are."""
    first = {kind: stack.activities(kind, language)[0]["url"] for kind in ("course", "lesson", "quiz")}
    return first | {
        "home": f"{stack.url}/{language}/",
        "catalogue": first["course"].rsplit("/", 2)[0] + "/",
        "catalogue-filtered": first["course"].rsplit("/", 2)[0] + "/?language=en&sort=title",
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
        "check-certificate": f"{stack.url}/{language}/verify/",
        "unknown-certificate": f"{stack.url}/{language}/verify/AAAAAAAAAAAAAAAAAAAAAAAAAA/",
        "not-found": f"{stack.url}/{language}/{ {'lt': 'saltiniai', 'en': 'sources'}[language] }/",
    }


def people():
    """Return the demo people's e-mail addresses by their keys."""
    return {row["key"]: row["email"] for row in read("people.yaml")["people"]}
