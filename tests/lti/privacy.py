"""Data-privacy launches, for the tests."""

from __future__ import annotations

from datetime import date

from lti_tool.models import LtiUser

from portal.directory.flows import roles
from portal.directory.models import Affiliation, Role, User
from portal.outbox.delivering import run_due
from tests.factories.lti import LTI, Platform
from tests.factories.people import LibraryFactory

PRIVACY = "LtiDataPrivacyLaunchRequest"
ADMINISTRATOR = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"
PAGE, WISH = "/lt/platform-data/", "/lt/platform-data/erase/"
NONE_OF_IT = ("context", "resource_link", "custom", "ags")  # what no such message has


def ask(launcher, *, about=None, sub="2001", roles=(), remove=(), **changes):
    """Go through a data-privacy launch of ``sub``, about somebody else where told so."""
    told = {"message_type": PRIVACY, "roles": list(roles), "sub": sub, **changes}
    if about is not None:
        told[LTI + "for_user"] = {"user_id": about}
    return launcher.launch(remove=(*NONE_OF_IT, *remove), **told)


def asks_as_administrator(launcher, about, **changes):
    """Let the platform's administrator (9001) ask about somebody."""
    return ask(launcher, about=about, sub="9001", roles=[ADMINISTRATOR], **changes)


def shown(launcher, response):
    """Return the page a launch led to."""
    assert response.status_code == 302 and response["Location"] == PAGE, response.content
    page = launcher.client.get(PAGE, headers=launcher.headers)
    assert page.status_code == 200
    return page.content.decode()


def main_of(page):
    """Return the main part of a page, without menus and messages."""
    text = page if isinstance(page, str) else page.content.decode()
    return text.partition("<main")[2].partition("</main>")[0]


def settle():
    while run_due():
        pass


def otherwise(user, how, network):
    """Let the account be used otherwise than by launches of this platform, too."""
    if how == "password":
        user.set_password("labas-rytas-2026")
        user.save()
    elif how == "role":
        roles.grant(user=user, role=Role.EDITOR, by=None)
    elif how == "work":
        Affiliation.objects.create(user=user, library=LibraryFactory(), date_from=date(2026, 1, 1))
    elif how == "address":
        User.objects.filter(pk=user.pk).update(email_verified_at="2026-01-01T00:00Z")
    elif how == "platform":
        kitas = Platform("https://kitas.example", network, client_id="k")
        LtiUser.objects.create(registration=kitas.registration, sub="1", auth_user=user)
    else:
        User.objects.filter(pk=user.pk).update(is_active=False)
