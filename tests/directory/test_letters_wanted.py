"""Letters that people may do without: chosen in the profile, or stopped by one press in the letter."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from portal.directory.flows import profile
from portal.directory.models import Role, User
from portal.outbox import delivering, kinds
from portal.outbox.letters import send_letter
from portal.outbox.models import Delivery
from tests.directory.mail import letters
from tests.directory.staff import browser_of, coordinator, holder, waiting
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
CERTIFICATES, WAITING = "certificates.issued", "directory.waiting"
CONTEXT = {
    "name": "Austėja",
    "title": "Paieška",
    "number": "K-1",
    "verify_url": "https://x/",
    "pdf_url": "https://x/",
}


def tell(person, kind=CERTIFICATES, key="a"):
    with transaction.atomic():
        send_letter(template="certificate_issued", to=person, context=CONTEXT, key=key, kind=kind)
    return letters()


def stop_path(letter):
    return letter.message()["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")


def test_letter_one_may_do_without_says_how_to_stop_it(austeja):
    (letter,) = tell(austeja)
    message = letter.message()
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = message["List-Unsubscribe"].strip("<>")
    assert link in letter.body and link in letter.alternatives[0][0]
    assert "nes įgijote pažymėjimą" in letter.body


def test_needed_letter_offers_no_stopping(austeja):
    (letter,) = tell(austeja, kind="")
    assert letter.message()["List-Unsubscribe"] is None
    assert "letters/stop" not in letter.body + letter.alternatives[0][0]


def test_mail_program_stops_them_by_one_press_without_a_session(austeja):
    path = stop_path(tell(austeja)[0])
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert "sessionid" not in browser.cookies
    austeja.refresh_from_db()
    assert austeja.declined_letters == [CERTIFICATES]
    assert tell(austeja, key="b") == []
    row = Delivery.objects.latest("pk")
    assert (row.state, row.last_status) == ("superseded", "not wanted")
    assert len(tell(austeja, kind="", key="c")) == 1


def test_visit_alone_changes_nothing_and_shows_the_button(austeja):
    path = stop_path(tell(austeja)[0])
    browser = Client()
    for method in (browser.get, browser.head):
        assert method(path).status_code == 200
    assert 'method="post"' in browser.get(path).text
    austeja.refresh_from_db()
    assert austeja.declined_letters == []
    assert "Tokių laiškų nebegausite" in browser.post(path).text


def test_stopping_twice_is_stopping_once(austeja):
    path = stop_path(tell(austeja)[0])
    for _time in range(2):
        assert Client().post(path).status_code == 200
    austeja.refresh_from_db()
    assert austeja.declined_letters == [CERTIFICATES]


@pytest.mark.parametrize("change", ["token", "kind", "closed", "salt"])
def test_link_that_was_not_made_here_stops_nothing(austeja, change):
    path = stop_path(tell(austeja)[0])
    if change == "token":
        path = path[:-3] + ("A" if path[-3] != "A" else "B") + path[-2:]
    elif change == "kind":
        path = kinds.stop_url(austeja, "no.such").removeprefix("http://localhost:8000")
    elif change == "closed":
        User.objects.filter(pk=austeja.pk).update(is_active=False)
    else:
        from django.core import signing

        path = f"/lt/letters/stop/{signing.dumps([austeja.uuid.hex, CERTIFICATES], salt='x')}/"
    assert Client().post(path).status_code == 404
    austeja.refresh_from_db()
    assert austeja.declined_letters == []


def test_letter_recorded_before_is_not_sent_after(austeja):
    with transaction.atomic():
        send_letter(template="certificate_issued", to=austeja, context=CONTEXT, key="a", kind=CERTIFICATES)
    profile.stop_letters(user=austeja, kind=CERTIFICATES)
    delivering.run_due()
    assert Delivery.objects.get().state == "superseded"


def test_choices_are_made_in_the_profile_and_taken_back(as_austeja, austeja):
    page = as_austeja.get("/lt/profile/letters/").text
    assert CERTIFICATES in page and WAITING not in page
    as_austeja.post("/lt/profile/letters/", {})
    assert tell(austeja) == []
    as_austeja.post("/lt/profile/letters/", {"wanted": CERTIFICATES})
    assert len(tell(austeja, key="b")) == 1


def test_kind_that_is_not_offered_is_refused(as_austeja, austeja):
    assert as_austeja.post("/lt/profile/letters/", {"wanted": [WAITING]}).status_code == 400
    austeja.refresh_from_db()
    assert austeja.declined_letters == []


def test_coordinator_may_do_without_letters_of_those_who_wait_and_a_director_is_offered_none(places):
    rasa = coordinator(places.alytus)
    assert WAITING in browser_of(rasa).get("/lt/profile/letters/").text
    browser_of(rasa).post("/lt/profile/letters/", {"wanted": [CERTIFICATES]})
    waiting(UserFactory(), places.alytus)
    assert letters() == []
    director = holder(Role.DIRECTOR, library=places.alytus)
    assert WAITING not in browser_of(director).get("/lt/profile/letters/").text


def test_choice_about_what_is_offered_no_more_is_kept(places):
    rasa = coordinator(places.alytus)
    profile.stop_letters(user=rasa, kind=WAITING)
    rasa.role_assignments.all().delete()
    profile.choose_letters(user=rasa, wanted=[CERTIFICATES])
    rasa.refresh_from_db()
    assert rasa.declined_letters == [WAITING]


def test_kind_is_declared_once_and_before_it_is_used(austeja):
    with pytest.raises(ValueError, match="already declared"):
        kinds.declare(kinds.kinds[CERTIFICATES])
    with pytest.raises(KeyError), transaction.atomic():
        send_letter(template="certificate_issued", to=austeja, context=CONTEXT, key="a", kind="no.such")
