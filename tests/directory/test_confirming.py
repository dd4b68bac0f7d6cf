"""A library's coordinator confirms who works there, or refuses with a reason; nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from wagtail.models import ModelLogEntry

from courses.flows import enrolment
from portal.directory.flows import affiliations
from portal.directory.models import Affiliation, Role, User
from tests.directory.mail import letters, path_in
from tests.directory.staff import browser_of, coordinator, holder, waiting, works
from tests.factories.people import UserFactory
from tests.queries import counted

pytestmark = pytest.mark.django_db
LIST = "/lt/people/waiting/"


def page_of(affiliation):
    return f"{LIST}{affiliation.uuid}/"


@pytest.fixture
def rasa(places):
    """Rasa, who coordinates Alytus."""
    return coordinator(places.alytus)


@pytest.fixture
def declared(austeja, places, rasa):
    affiliation = waiting(austeja, places.alytus, job_title="Bibliotekininkė")
    letters()
    return affiliation


def test_confirmed_person_belongs_to_the_library_from_then_on(austeja, places, rasa, declared, course):
    assert austeja not in User.objects.visible_to(rasa)
    response = browser_of(rasa).post(page_of(declared), {"decision": "confirm"}, follow=True)
    assert "Patvirtinta: Austėja Žvirblytė dirba jūsų bibliotekoje" in response.text
    declared.refresh_from_db()
    assert (declared.state, declared.decided_by) == ("confirmed", rasa)
    assert austeja in User.objects.visible_to(rasa)
    assert enrolment.ensure(user=austeja, course=course.activity, source="self").library == places.alytus


def test_person_is_told_in_their_language(austeja, rasa, declared):
    User.objects.filter(pk=austeja.pk).update(preferred_language="en")
    browser_of(rasa).post(page_of(declared), {"decision": "confirm"})
    (letter,) = letters()
    assert letter.to == [austeja.email]
    assert letter.subject == "Confirmed: Alytaus biblioteka"
    assert path_in(letter) == "/en/profile/"
    assert "List-Unsubscribe" not in letter.message()


def test_refusal_needs_a_reason_and_the_person_reads_it(austeja, rasa, declared):
    browser = browser_of(rasa)
    for reason in ("", "   ", "a" * 301, "a\x00"):
        assert browser.post(page_of(declared), {"decision": "refuse", "reason": reason}).status_code == 400
    browser.post(page_of(declared), {"decision": "refuse", "reason": "Dirbate <b>kitur</b>"})
    declared.refresh_from_db()
    assert (declared.state, declared.confirmed) == ("refused", False)
    (letter,) = letters()
    assert letter.to == [austeja.email] and "Dirbate <b>kitur</b>" in letter.body
    assert "Dirbate &lt;b&gt;kitur" in letter.alternatives[0][0]
    assert austeja not in User.objects.visible_to(rasa)


def test_decision_is_in_the_log_with_who_and_where(rasa, declared):
    browser_of(rasa).post(page_of(declared), {"decision": "refuse", "reason": "Nepažįstu"})
    entry = ModelLogEntry.objects.get(action="directory.affiliation_refused")
    assert entry.user == rasa
    assert entry.data == {"library": declared.library.code, "reason": "Nepažįstu"}
    assert "Nepatvirtinta" in entry.message and entry.comment == "Nepažįstu"


def deciders(places):
    return {
        "coordinator": coordinator(places.alytus),
        "territory": holder(Role.TERRITORY_COORDINATOR, territory=places.county),
        "administrator": holder(Role.ADMINISTRATOR),
    }


@pytest.mark.parametrize("who", ["coordinator", "territory", "administrator"])
def test_M01_library_territory_and_administrator_confirm(places, declared, who):
    person = deciders(places)[who]
    assert "Austėja" in browser_of(person).get(LIST).text
    assert browser_of(person).post(page_of(declared), {"decision": "confirm"}).status_code == 302
    declared.refresh_from_db()
    assert declared.confirmed


@pytest.mark.parametrize("who", ["beside", "other county", "director", "expired", "coming", "editor", "self"])
def test_M01_nobody_else_does_and_to_them_it_is_not_there(places, declared, austeja, who):
    today = localdate()
    person = {
        "beside": lambda: coordinator(places.varena),
        "other county": lambda: holder(
            Role.TERRITORY_COORDINATOR, territory=places.utena.municipality.territory
        ),
        "director": lambda: holder(Role.DIRECTOR, library=places.alytus),
        "expired": lambda: holder(
            Role.LIBRARY_COORDINATOR,
            library=places.alytus,
            date_from=today - timedelta(days=9),
            date_to=today - timedelta(days=1),
        ),
        "coming": lambda: holder(
            Role.LIBRARY_COORDINATOR, library=places.alytus, date_from=today + timedelta(days=1)
        ),
        "editor": lambda: holder(Role.EDITOR),
        "self": lambda: austeja,
    }[who]()
    browser = browser_of(person)
    assert browser.get(page_of(declared)).status_code == 404
    assert browser.post(page_of(declared), {"decision": "confirm"}).status_code == 404
    assert "Žvirblytė" not in browser.get(LIST).text.split("<main")[1]
    declared.refresh_from_db()
    assert declared.state == "pending"


@pytest.mark.parametrize("role", ["coordinator", "territory"])
def test_M05_coordinators_do_not_confirm_themselves(places, role):
    person = deciders(places)[role]
    own = waiting(person, places.alytus)
    browser = browser_of(person)
    assert browser.post(page_of(own), {"decision": "confirm"}).status_code == 404
    assert browser_of(deciders(places)["coordinator"]).get(page_of(own)).status_code == 200


@pytest.mark.parametrize("then", ["confirm", "refuse", "withdraw"])
def test_what_is_decided_or_taken_back_is_decided_no_more(places, rasa, declared, then):
    browser = browser_of(rasa)
    {
        "confirm": lambda: affiliations.confirm(affiliation=declared, by=rasa),
        "refuse": lambda: affiliations.refuse(affiliation=declared, by=rasa, reason="Ne"),
        "withdraw": lambda: affiliations.withdraw(affiliation=declared),
    }[then]()
    assert browser.post(page_of(declared), {"decision": "confirm"}).status_code == 404
    for decide in (affiliations.confirm, lambda **kw: affiliations.refuse(reason="Ne", **kw)):
        with pytest.raises(affiliations.AlreadyDecided):
            decide(affiliation=declared, by=rasa)


def test_closed_account_waits_no_more(declared, rasa, austeja):
    User.objects.filter(pk=austeja.pk).update(is_active=False)
    browser = browser_of(rasa)
    assert browser.get(page_of(declared)).status_code == 404
    assert "Niekas nelaukia" in browser.get(LIST).text


def test_list_is_by_library_with_the_longest_waiting_first(places, austeja, benas):
    person = holder(Role.TERRITORY_COORDINATOR, territory=places.county)
    waiting(austeja, places.varena), waiting(benas, places.alytus), waiting(UserFactory(), places.utena)
    browser = browser_of(person)
    rows = browser.get(LIST).context["shown"].object_list
    assert [row.user for row in rows] == [austeja, benas]
    rows = browser.get(LIST, {"library": places.alytus.uuid}).context["shown"].object_list
    assert [row.user for row in rows] == [benas]
    rows = browser.get(LIST, {"library": places.utena.uuid}).context["shown"].object_list
    assert [row.user for row in rows] == [austeja, benas]  # not in scope: as if nothing were chosen


def test_list_takes_the_same_queries_however_many_wait(places, rasa):
    browser, counts = browser_of(rasa), []
    browser.get(LIST)
    for _time in range(2):
        for _person in range(9):
            Affiliation.objects.create(user=UserFactory(), library=places.alytus, date_from=localdate())
        with counted() as statements:
            browser.get(LIST)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_link_to_people_is_shown_to_those_with_scope_only(places, rasa, as_austeja, austeja):
    works(austeja, places.alytus)
    assert 'href="/lt/people/"' in browser_of(rasa).get("/lt/learn/").text
    for person in (holder(Role.EDITOR), austeja):
        assert 'href="/lt/people/"' not in browser_of(person).get("/lt/learn/").text
