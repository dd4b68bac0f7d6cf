"""Error pages: the right status, the reader's language, our design, a support code; whatever has failed."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError, connection
from django.test import Client
from django.utils.translation import gettext, override

from tests.factories.courses import make_site
from tests.security.world import BACKEND

pytestmark = pytest.mark.django_db
CODE = re.compile(r"<b>([2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4})</b>")
TITLES = {
    400: "This request could not be read",
    403: "You cannot open this page",
    404: "There is no such page",
    500: "Something went wrong on our side",
}
RAISED = {400: BadRequest("x"), 403: PermissionDenied("x"), 500: ValueError("a secret of ours")}
LANGUAGES = ["lt", "en"]


@pytest.fixture
def visitor(db):
    """A browser that gets error pages as people do."""
    return Client(raise_request_exception=False)


@pytest.fixture
def home_raises(monkeypatch, course):
    """Let the home page fail in a way of the test's choice."""

    def let(error):
        def fail(*args, **kwargs):
            raise error

        monkeypatch.setattr("portal.dashboard.catalogue", fail)

    return let


def check(response, status, language, caplog):
    """Assert what holds of every error page."""
    page = response.text
    assert response.status_code == status
    with override(language):
        assert f"<h1>{gettext(TITLES[status])}</h1>" in page
    assert f'<html lang="{language}"' in page
    assert response["Content-Language"] == language
    assert "/static/kelrodis/kelrodis.css" in page
    assert f'href="/{language}/"' in page
    assert "style=" not in page and "<script" not in page and "secret" not in page
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    code = CODE.search(page)[1]
    assert any(
        code in record.getMessage() and str(status) in record.getMessage() for record in caplog.records
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", [400, 403, 500])
def test_error_page_is_ours_in_the_readers_language(visitor, home_raises, caplog, status, language):
    home_raises(RAISED[status])
    check(visitor.get(f"/{language}/"), status, language, caplog)


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_that_is_not_there_is_404(visitor, course, caplog, language):
    check(visitor.get(f"/{language}/nera/"), 404, language, caplog)


@pytest.mark.parametrize(
    ("language", "title"), [("lt", "Formos priimti nepavyko"), ("en", "The form could not be accepted")]
)
def test_form_without_its_token_is_403(course, language, title):
    browser = Client(enforce_csrf_checks=True)
    response = browser.post(f"/{language}/sign-in/", {"login": "a@b.lt", "password": "x"})
    assert response.status_code == 403
    assert f"<h1>{title}</h1>" in response.text
    assert CODE.search(response.text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("host", ["evil.example", "a b", "localhost:99999x", "[::1"])
def test_request_for_a_host_that_is_not_ours_is_400(visitor, course, caplog, host, language):
    check(visitor.get(f"/{language}/", headers={"Host": host}), 400, language, caplog)


def test_host_that_is_not_ours_is_400_before_the_way_to_https(visitor, course, settings):
    settings.SECURE_SSL_REDIRECT = True
    response = visitor.get("/en/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert f"<h1>{TITLES[400]}</h1>" in response.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_500_page_comes_without_a_database(visitor, course, austeja, caplog, language):
    visitor.force_login(austeja, backend=BACKEND)

    def down(*args):
        raise OperationalError("the database is a secret")

    with connection.execute_wrapper(down):
        for url in (f"/{language}/", f"/{language}/kursai/kursas/", f"/{language}/learn/"):
            check(visitor.get(url), 500, language, caplog)


@pytest.mark.parametrize("language", LANGUAGES)
def test_500_page_comes_without_sessions(visitor, course, austeja, caplog, monkeypatch, language):
    visitor.force_login(austeja, backend=BACKEND)

    def down(self):
        raise OperationalError("the session is a secret")

    monkeypatch.setattr(SessionStore, "load", down)
    check(visitor.get(f"/{language}/learn/"), 500, language, caplog)


def test_500_page_comes_when_what_every_page_knows_fails(visitor, course, caplog, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("a secret")

    monkeypatch.setattr("portal.content.sitewide.listed_for", fail)
    check(visitor.get("/lt/nera/"), 500, "lt", caplog)


@pytest.mark.parametrize("failing", [ValueError("no manifest entry"), FileNotFoundError("no manifest")])
def test_500_page_comes_without_the_list_of_collected_files(
    visitor, home_raises, caplog, monkeypatch, failing
):
    def fail(name):
        raise failing

    monkeypatch.setattr("portal.errors.static", fail)
    home_raises(ValueError("a secret of ours"))
    check(visitor.get("/lt/"), 500, "lt", caplog)


def test_500_page_speaks_both_languages(visitor, home_raises):
    home_raises(ValueError())
    page = visitor.get("/lt/").text
    assert '<p class="facts" lang="en"><b>Something went wrong on our side.</b>' in page


def test_language_of_the_page_before_does_not_linger(visitor, home_raises, monkeypatch):
    visitor.get("/en/")
    home_raises(ValueError())
    assert '<html lang="lt"' in visitor.get("/lt/").text


def test_each_error_has_its_own_code(visitor, db):
    make_site()
    codes = {CODE.search(visitor.get("/lt/nera/").text)[1] for _time in range(5)}
    assert len(codes) == 5


def test_closed_account_is_told_so(visitor, course):
    response = visitor.get("/lt/inactive/")
    assert response.status_code == 403
    assert "Ši paskyra uždaryta" in response.text
