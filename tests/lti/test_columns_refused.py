"""Columns that cannot be had: refused, removed, hidden, elsewhere, or lost on the way."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import now

from lti.flows import columns, http
from lti.models import GradeColumn, GradeLine
from portal.outbox import delivering
from portal.outbox.models import Delivery
from tests.factories.lti import AGS_SCOPE, answer
from tests.lti.books import ALL, CONTAINER, OURS, SCORES, Book, again, item, launch
from tests.lti.grading import TOKEN, deliver, graded

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(network):
    return Book(network)


@pytest.mark.parametrize(
    "listed",
    [
        [item("https://moodle.example/a"), item("https://moodle.example/b")],
        [item("https://moodle.example/a", resourceId="another")],
    ],
)
def test_no_second_column_is_hung_on_a_link(ona, book, listed):
    book.items = listed
    launch(ona)
    delivery = deliver()
    assert (delivery.state, GradeColumn.objects.get().problem) == ("superseded", "others")
    assert not book.calls("POST")


def test_a_column_coupled_before_is_kept_when_a_second_one_hides_it(ona, book):
    ona.launch()
    coupled = GradeLine.objects.get().lineitem_url
    book.items = [item("https://moodle.example/other"), item(coupled)]
    launch(ona)
    assert GradeLine.objects.get().lineitem_url == coupled  # meanwhile, too
    deliver()
    assert GradeLine.objects.get().lineitem_url == coupled and not book.calls("POST")


def test_A06_a_column_that_was_removed_is_not_made_again(ona, book):
    launch(ona)
    deliver()
    book.items.clear()
    book.network.answers[SCORES] = answer(404)
    graded()
    deliver()
    assert GradeColumn.objects.get().problem == "gone"

    GradeColumn.objects.update(asked_at=now() - timedelta(days=2))
    launch(ona)
    deliver()

    assert len(book.calls("POST")) == 1 and GradeLine.objects.get().lineitem_url == ""
    for fault in (http.CallFailed("no answer in time"), book):
        book.network.answers[CONTAINER] = fault
        GradeColumn.objects.update(asked_at=now() - timedelta(days=2))
        launch(ona)
        again()
    assert len(book.calls("POST")) == 1 and GradeColumn.objects.get().problem == "gone"


def test_A06_a_link_whose_grading_was_switched_off_gets_no_column_of_ours(ona, book):
    ona.launch()
    launch(ona)
    deliver()
    assert not book.calls("POST") and GradeColumn.objects.get().problem == "gone"
    graded()
    assert deliver().handler == "lti.column"  # no score is planned


def test_A06_a_removed_column_that_comes_back_is_used_again_and_gets_the_result(ona, book):
    launch(ona)
    deliver()
    kept, book.items = book.items, []
    GradeColumn.objects.update(problem="gone", asked_at=None)
    launch(ona)
    deliver()
    graded("2")
    book.items = kept
    GradeColumn.objects.update(asked_at=None)
    launch(ona)
    deliver()
    deliver()
    assert [json.loads(call["body"])["scoreGiven"] for call in book.network.to(SCORES)] == [50]


def test_A05_where_the_scope_is_not_granted_nothing_is_asked_and_nothing_fails(ona, book):
    launch(ona, AGS_SCOPE + "score")
    assert GradeColumn.objects.get().problem == "not_granted"
    assert deliver() is None and not book.network.to(CONTAINER)
    graded()
    assert deliver() is None

    launch(ona)
    deliver()
    deliver()
    assert len(book.network.to(SCORES)) == 1  # granted since: the result is not lost


def test_A05_with_leave_to_read_only_a_column_is_found_but_none_is_made(ona, book):
    launch(ona, AGS_SCOPE + "lineitem.readonly", AGS_SCOPE + "score")
    assert deliver().state == "superseded" and not book.calls("POST")
    assert GradeColumn.objects.get().problem == "not_granted"
    book.items = [item()]
    GradeColumn.objects.update(asked_at=None)
    launch(ona, AGS_SCOPE + "lineitem.readonly", AGS_SCOPE + "score")
    deliver()
    assert GradeLine.objects.get().lineitem_url == f"{OURS}?type_id=1"


def test_A05_a_platform_that_promised_too_much_is_believed_by_its_token(ona, book, network):
    network.answers[TOKEN] = answer(400, {"error": "invalid_scope"})
    launch(ona)
    delivery = deliver()
    assert (delivery.state, GradeColumn.objects.get().problem) == ("superseded", "not_granted")
    launch(ona)
    assert deliver().pk == delivery.pk  # not at every launch


def test_without_a_place_for_columns_the_reason_is_kept(ona, book):
    ona.launch(ags={"scope": ALL})
    assert GradeColumn.objects.get().problem == "no_container" and deliver() is None


@pytest.mark.parametrize("status", [pytest.param(403, id="A05"), 400, 404])
def test_A05_A07_a_platform_that_refuses_is_asked_after_an_hour_and_a_day(ona, book, status):
    book.network.answers[CONTAINER] = answer(status)
    launch(ona)
    waits = []
    for _time in range(2):
        delivery = again()
        waits.append((delivery.next_at - now()).total_seconds() / 3600)
    assert 0.7 < waits[0] < 1.3 and 19 < waits[1] < 29
    assert again().state == "dead" and GradeColumn.objects.get().problem == f"http {status}"


@pytest.mark.parametrize("lost", [http.CallFailed("answer cut short"), answer(500), answer(201, b"<html>")])
def test_A12_A14_a_column_whose_making_was_not_confirmed_is_found_not_made_twice(ona, book, lost):
    def loses(**call):
        made = book(**call)
        if call["method"] == "GET":
            return made
        if isinstance(lost, Exception):
            raise lost
        return lost

    book.network.answers[CONTAINER] = loses
    launch(ona)
    assert deliver().state == "pending"
    assert (again().state, again().last_status) == ("sent", "found")
    assert len(book.calls("POST")) == 1


def test_a_worker_killed_between_the_answer_and_its_keeping_makes_no_second_column(ona, book, monkeypatch):
    launch(ona)
    pk = Delivery.objects.get().pk
    with monkeypatch.context() as patch:
        patch.setattr(columns, "_keep", lambda *_row, **_more: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            delivering.run(pk)
    assert delivering.run(pk) is False  # still under its lease
    Delivery.objects.update(lease_until=now())
    assert delivering.run(pk) and GradeColumn.objects.get().lineitem_url
    assert len(book.calls("POST")) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_column(ona, book):
    launch(ona)
    pk, start = Delivery.objects.get().pk, threading.Barrier(4)

    def work():
        start.wait()
        try:
            delivering.run(pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(book.calls("POST")) == 1 and GradeColumn.objects.get().lineitem_url


@pytest.mark.parametrize(
    "url", ["https://evil.example/lineitem/1", "http://moodle.example/x", "file:///x", "/lineitem", 5, None]
)
def test_A11_A25_a_column_elsewhere_never_gets_our_token(ona, book, url):
    book.items = [item(url)]
    book.network.answers[CONTAINER] = lambda *, method, **_call: (
        answer(body=book.items) if method == "GET" else answer(201, {"id": url})
    )
    launch(ona)
    graded()
    assert deliver().state == "pending"
    assert GradeLine.objects.get().lineitem_url == ""
    assert {call["url"].split("/")[2] for call in book.network.calls} == {"moodle.example"}


@pytest.mark.parametrize(
    "link",
    [
        pytest.param('<https://evil.example/?page=2>; rel="next"', id="A17"),
        pytest.param(f'<{CONTAINER}?type_id=1>; rel="next"', id="A18"),
        pytest.param(f'<{CONTAINER}?Cursor=AbC>; rel="next"', id="A19"),
        pytest.param(f"<{CONTAINER}?type_id=1&amp;limit=1&amp;from=1>; rel=“next”", id="A20"),
    ],
)
def test_A17_A18_A19_A20_pages_of_columns_are_never_followed(ona, book, link):
    """Moodle's cannot be read. Ours may be on the next page, so that none is made either."""
    book.network.answers[CONTAINER] = answer(body=[item(link="99")], link=link)
    launch(ona)
    assert deliver().state == "superseded" and GradeColumn.objects.get().problem == "others"
    assert len(book.network.to(CONTAINER)) == 1
    assert {call["url"].split("/")[2] for call in book.network.calls} == {"moodle.example"}


def test_A15_ten_thousand_columns_are_read_once_and_ours_is_found(ona, book, quiz):
    book.items = [item(f"https://moodle.example/{n}", str(n + 1000)) for n in range(10_000)] + [item()]
    launch(ona)
    assert deliver().last_status == "found"


def test_A30_a_platform_switched_off_is_not_asked_until_it_is_on_again(ona, book):
    launch(ona)
    registration = ona.platform.registration
    registration.is_active = False
    registration.save()
    assert deliver().state == "pending" and not book.network.to(CONTAINER)
    registration.is_active = True
    registration.save()
    assert again().state == "sent"


def test_A30_without_the_platform_a_waiting_column_is_given_up(ona, book):
    launch(ona)
    ona.platform.registration.delete()
    assert deliver().state == "superseded" and not book.network.to(CONTAINER)
