"""Copies of public pages: for people of whom we know nothing, never older than the last change."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from portal.content.freshness import STAMP
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def kept(settings):
    """Pages are kept, as in production."""
    settings.PAGE_CACHE = True


def queries(path, client=None, **options):
    """Return the answer, and how many queries it took."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = (client or Client()).get(path, **options)
    return answer, len(captured)


@pytest.fixture
def lesson(course):
    """A public lesson, as a stranger sees it."""
    return course.lessons[0]


def test_second_visitor_is_answered_from_the_copy_without_a_query(lesson):
    first, asked = queries(lesson.url)
    second, again = queries(lesson.url)
    assert asked > 0 and again == 0
    assert (second.status_code, second.content) == (200, first.content)
    for header in (
        "Content-Security-Policy",
        "Content-Type",
        "Content-Language",
        "ETag",
        "X-Frame-Options",
        "Content-Length",
    ):
        assert second[header] == first[header]


def test_browser_that_has_the_page_is_told_so(lesson):
    etag = queries(lesson.url)[0]["ETag"]
    answer, asked = queries(lesson.url, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content, asked) == (304, b"", 0)


def test_head_has_no_body_and_the_same_headers(lesson):
    whole = queries(lesson.url)[0]
    head = Client().head(lesson.url)
    assert head.content == b"" and head["ETag"] == whole["ETag"]


def test_what_is_published_is_seen_at_once(lesson):
    queries(lesson.url)
    lesson.title = "Visai naujas pavadinimas"
    lesson.save_revision().publish()
    assert "Visai naujas pavadinimas" in queries(lesson.url)[0].text


def test_what_is_taken_down_is_gone_at_once(lesson):
    assert queries(lesson.url)[0].status_code == 200
    lesson.unpublish()
    assert queries(lesson.url)[0].status_code == 404


def test_page_made_while_something_changes_is_not_kept_for_others(lesson, monkeypatch):
    """Its making began before the change; whoever comes after it must not get it."""
    from portal.content import views

    find = views.find

    def slow(request, path):
        found = find(request, path)
        lesson.title = "Jau kitoks"
        lesson.save_revision().publish()
        return found

    monkeypatch.setattr(views, "find", slow)
    queries(lesson.url)
    monkeypatch.undo()
    assert "Jau kitoks" in queries(lesson.url)[0].text


def test_change_that_was_rolled_back_leaves_the_copies(lesson):
    from django.db import transaction

    queries(lesson.url)
    stamp = cache.get(STAMP)
    with pytest.raises(RuntimeError), transaction.atomic():
        lesson.save_revision().publish()
        raise RuntimeError
    assert cache.get(STAMP) == stamp


def test_signed_in_people_neither_get_copies_nor_leave_any(lesson):
    ona = Client()
    ona.force_login(
        UserFactory(first_name="Ona", last_name="Kazlauskienė"),
        backend="portal.directory.backends.EmailBackend",
    )
    answer, asked = queries(lesson.url, ona)
    assert asked > 0 and "ETag" not in answer
    assert queries(lesson.url)[1] > 0, "her page must not have been kept"
    assert queries(lesson.url, ona)[1] > 0, "nor may she get a stranger's"


@pytest.mark.parametrize("cookie", ["sessionid", "django_language", "kelrodis_frame"])
def test_whoever_has_a_cookie_of_ours_gets_a_page_of_their_own(lesson, cookie):
    queries(lesson.url)
    client = Client()
    client.cookies[cookie] = "x"
    assert queries(lesson.url, client)[1] > 0


def test_cookies_of_others_do_not_matter(lesson):
    queries(lesson.url)
    client = Client()
    client.cookies["_ga"] = "GA1.2.3"
    assert queries(lesson.url, client)[1] == 0


def test_page_that_becomes_private_is_not_given_from_a_copy(lesson):
    queries(lesson.url)
    PageViewRestriction.objects.create(page=lesson, restriction_type=PageViewRestriction.LOGIN).save(
        user=UserFactory()
    )
    assert queries(lesson.url)[0].status_code == 302


def test_page_behind_a_shared_password_is_never_kept(lesson):
    rule = PageViewRestriction(page=lesson, restriction_type=PageViewRestriction.PASSWORD, password="nida")
    rule.save(user=UserFactory())
    for _visitor in range(2):
        answer, asked = queries(lesson.url)
        assert asked > 0 and "ETag" not in answer


@pytest.mark.parametrize("path", ["/lt/nera-tokio/", "/lt/search/", "/lt/sign-in/", "/"])
def test_only_pages_are_kept(course, path):
    queries(path)
    assert "ETag" not in queries(path)[0]


def test_address_with_a_query_is_made_each_time(course):
    assert queries("/lt/kursai/?page=1")[1] > 0
    assert queries("/lt/kursai/?page=1")[1] > 0


def test_foreign_host_is_refused_and_fills_no_cache(lesson, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    assert queries(lesson.url, headers={"Host": "pikta.example"})[0].status_code == 400


@pytest.mark.parametrize("spelling", ["portalas.example:80", "PORTALAS.example", "portalas.example."])
def test_other_spellings_of_the_host_share_the_copy(lesson, settings, spelling):
    settings.ALLOWED_HOSTS = ["portalas.example"]
    queries(lesson.url, headers={"Host": "portalas.example"})
    answer, asked = queries(lesson.url, headers={"Host": spelling})
    assert (answer.status_code, asked) == (200, 0)


@pytest.mark.parametrize("host", ["portalas.example:01", "portalas.example:81", "x.portalas.example"])
def test_no_copy_is_made_for_a_host_that_is_not_quite_ours(lesson, settings, host):
    settings.ALLOWED_HOSTS = ["portalas.example", ".portalas.example"]
    for _time in range(2):
        answer, asked = queries(lesson.url, headers={"Host": host})
        assert answer.status_code == 200 and asked > 0 and "ETag" not in answer


def test_port_of_the_portals_own_address_is_kept(lesson, settings):
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["127.0.0.1"], "http://localhost:8000"
    queries(lesson.url, headers={"Host": "127.0.0.1:8000"})
    assert queries(lesson.url, headers={"Host": "127.0.0.1:8000"})[1] == 0
    assert queries(lesson.url, headers={"Host": "127.0.0.1:8001"})[1] > 0
