"""A connected platform, a browser, and what must hold of every refusal."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from lti_tool.models import LtiContext, LtiUser
from wagtail.models import Locale, Page, Site

from courses.flows.publishing import activity_for
from courses.models import CoursePage, Enrolment, QuizPage
from lti.flows.platforms import PlatformDetails, connect
from portal.content.models import HomePage
from portal.directory.flows import roles
from portal.directory.models import Role, User
from portal.keeping.models import Erasure
from tests.factories.courses import quiz_items
from tests.factories.lti import Launcher, Network, Platform
from tests.factories.people import UserFactory
from tests.lti.grading import OK, SCORES
from tests.lti.privacy import WISH, asks_as_administrator, settle
from tests.platform.client import PlatformProcess
from tests.signing_in import prove, sign_in
from tests.stack import Stack

SUPPORT_CODE = re.compile(r"<b>[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}</b>")


@pytest.fixture
def network(monkeypatch):
    """No call leaves the machine; what is not set up is refused."""
    network = Network()
    monkeypatch.setattr("lti.flows.http.call", network.call)
    return network


@pytest.fixture
def moodle(db, network):
    """The university's Moodle."""
    return Platform("https://moodle.example", network)


@pytest.fixture
def quiz(db):
    """A published quiz of a course, in Lithuanian; without the machinery of publishing, which takes long."""
    locale = Locale.objects.get_or_create(language_code="lt")[0]
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=locale)
    home = root.add_child(
        instance=HomePage(title="Kelrodis", slug="home-lt", opening="Rasti.", locale=locale)
    )
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", port=80, root_page=home, is_default_site=True)
    page = home.add_child(instance=CoursePage(title="Kursas", slug="kursas", locale=locale))
    part = page.add_child(
        instance=QuizPage(
            title="Testas", slug="testas", locale=locale, items=quiz_items()[:1], attempts_allowed=3
        )
    )
    course = activity_for(page=page, course=None)
    return activity_for(page=part, course=course)


@pytest.fixture
def ona(moodle, quiz):
    """Ona's browser, in a tab of its own, on the way to the quiz."""
    return Launcher(moodle, Client(), quiz)


def records():
    """Return how many people, contexts, enrolments and sessions there are."""
    return [model.objects.count() for model in (User, LtiUser, LtiContext, Enrolment, Session)]


@pytest.fixture
def refused(caplog):
    """Check a refusal: a page with a support code, the reason in the log, nothing kept."""
    before = []

    def check(response, reason, *, status=400):
        page = response.content.decode()
        assert response.status_code == status, page
        assert SUPPORT_CODE.search(page)
        told = [record.getMessage() for record in caplog.records if record.name == "kelrodis.lti"]
        assert told and f"launch refused: {reason}," in told[-1], told
        assert "eyJ" not in caplog.text
        assert records() == before[0]
        assert not [name for name in response.cookies if name == "sessionid"]

    def start():
        before[:] = [records()]

    check.start = start
    return check


@pytest.fixture
def refuses(ona, refused):
    """Launch as ``Launcher.launch`` does and check that it is refused for ``reason``."""

    def check(reason, *, status=400, launcher=ona, **launch):
        refused.start()
        response = launcher.launch(**launch)
        refused(response, reason, status=status)
        return response

    return check


@pytest.fixture
def launched(ona, network):
    """Ona has come to the quiz; the platform takes scores."""
    ona.launch()
    network.answers[SCORES] = OK
    return ona


@pytest.fixture
def administrator(client, db):
    """The browser of Rasa, an administrator here, signed in with her second factor."""
    person = UserFactory(first_name="Rasa", last_name="Gintautė", preferred_language="lt")
    roles.grant(user=person, role=Role.ADMINISTRATOR, by=None)
    person.refresh_from_db()
    sign_in(client, person)
    client.person = person
    return client


@pytest.fixture
def trial(live_server, settings, tmp_path):
    """The trial platform, connected to us as we really answer."""
    settings.SITE_URL = live_server.url
    with PlatformProcess(tool=live_server.url, state=tmp_path) as platform:
        told = platform.get("/api/state")["registration"]
        names = ("issuer", "client_id", "auth_url", "token_url", "keyset_url", "deployment_id")
        connect(
            details=PlatformDetails(
                name="Trial", allow_private_network=True, **{name: str(told[name]) for name in names}
            )
        )
        yield platform


@pytest.fixture(scope="session")
def portal(tmp_path_factory, empty_var):
    """A portal with one published course, as its own processes."""
    with Stack(tmp_path_factory.mktemp("portal"), like=empty_var) as stack:
        stack.manage("shell", "-c", "from tests.factories.courses import make_course; make_course()")
        stack.start("web")
        yield stack


@pytest.fixture(scope="session")
def platform(portal, tmp_path_factory):
    """The trial platform, connected."""
    with PlatformProcess(tool=portal.url, state=tmp_path_factory.mktemp("platform")) as process:
        portal.connect(process)
        yield process


@pytest.fixture
def came(ona):
    """Ona has been to the quiz."""
    assert ona.launch().status_code == 302
    return User.objects.get()


@pytest.fixture
def asking(moodle):
    """Another browser, on the way to the page."""
    return Launcher(moodle, Client())


@pytest.fixture
def lina():
    """Lina, who administers the portal, signed in."""
    lina = UserFactory(first_name="Lina", last_name="Ėringytė")
    roles.grant(user=lina, role=Role.ADMINISTRATOR, by=None)
    browser = Client()
    browser.force_login(User.objects.get(pk=lina.pk), backend="portal.directory.backends.EmailBackend")
    prove(browser, lina, "password")
    browser.person = lina
    return browser


@pytest.fixture
def wished(came, asking, lina):
    """The platform's administrator has asked that Ona be erased."""
    asks_as_administrator(asking, "2001")
    asking.client.post(WISH)
    settle()
    return Erasure.objects.get()
