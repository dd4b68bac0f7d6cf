"""P13: after an erasure nothing leads to the person: not in the database, not in files, not in logs."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from certificates.models import Credential, CredentialFile
from courses.models import Attempt, Enrolment
from portal.custody import custody
from portal.directory.flows import affiliations
from portal.directory.flows.roles import LastAdministrator, grant
from portal.directory.models import Role, User
from portal.keeping.backup.files import walk
from portal.keeping.flows import erasing, exporting, receipts, retention, traces
from portal.keeping.models import Erasure
from portal.outbox.delivering import run_due
from portal.outbox.models import Delivery
from tests.factories.people import LibraryFactory, UserFactory
from tests.keeping.conftest import BACKEND, PASSWORD


@pytest.fixture
def administrator(db):
    lina = UserFactory(first_name="Lina", last_name="Ėringytė")
    grant(user=lina, role=Role.ADMINISTRATOR, by=None)
    return User.objects.get(pk=lina.pk)


def identifiers(person):
    """Return twelve texts that lead to Rasa."""
    session = Client()
    session.force_login(person, backend=BACKEND)
    return [
        "Šiaulytė-Žukė",
        "Rasa Šiaulytė",
        "Rasa",
        "rasa.siaulyte@kelrodis.example",
        "r.siaulyte@moodle.example",
        "sub-rasa-4711",
        "Rasos mintis apie ąžuolą",
        "Metodininkė-šaltinių",
        person.username,
        str(person.uuid),
        person.password.rpartition("$")[2],
        session.cookies["sessionid"].value,
    ]


def found_in_database(words):
    """Return table and word wherever one of the words stands in a text of any table."""
    hits = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            content = "\n".join(str(cell) for row in cursor.fetchall() for cell in row).casefold()
            for word in words:
                spellings = {word, json.dumps(word)[1:-1], word.replace("-", "")}
                pattern = "|".join(re.escape(spelling.casefold()) for spelling in spellings)
                if re.search(rf"(?<!\w)({pattern})(?!\w)", content):  # not by chance inside a signature
                    hits.add((table, word))
    return hits


def found_in_files(words):
    """Return the files in whose name or content one of the words stands."""
    hits = set()
    for alias in ("default", "private", "tombstones"):
        for name in walk(storages[alias]):
            with storages[alias].open(name) as stream:
                content = stream.read()
            hits |= {name for word in words if word.encode() in content or word in name}
    return hits


def erase(person, by=None):
    erasing.ask(user=person, by=by or person, at_once=True)
    while run_due():
        pass
    return Erasure.objects.get(user=person)


def test_P13_nothing_leads_to_the_person_after_the_erasure(full_life, caplog, mailoutbox, settings):
    caplog.set_level("INFO")
    words = identifiers(full_life)
    exporting.ask(user=full_life)
    run_due()
    before = found_in_database(words)
    assert {word for _table, word in before} == set(words), "the test must know where each stands before"
    pdf = CredentialFile.objects.get().path
    erasure = erase(full_life)
    assert erasure.state == "done"
    assert found_in_database(words) == set()
    assert found_in_files(words) == set()
    assert not storages["private"].exists(pdf) and not list(walk(storages["private"]))
    assert not [word for word in words if word in caplog.text]


def test_P13_a_legal_term_keeps_the_name_in_the_register_alone(full_life, settings):
    settings.RETENTION = settings.RETENTION | {"register_names": 3650}
    settings.REGISTER_NAMES_BASIS = "Dokumentų saugojimo tvarka"
    words = identifiers(full_life)
    erase(full_life)
    assert {table for table, _word in found_in_database(words)} == {"certificates_credential"}
    credential = Credential.objects.get()
    assert (credential.holder, credential.completion) == (None, None)
    Credential.objects.update(issued_at="2001-01-01T00:00:00Z")
    retention.run()
    assert found_in_database(words) == set()


@pytest.mark.parametrize("years", [0, 10])
def test_C04_the_certificate_of_an_erased_holder_is_valid_and_names_nobody(
    full_life, client, settings, years
):
    settings.RETENTION = settings.RETENTION | {"register_names": years * 365}
    credential = Credential.objects.get()
    erase(full_life)
    page = client.get(reverse("certificates:verify", args=[credential.token]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "galioja" in text and credential.number in text and "Vardas ir pavardė nebesaugomi" in text
    assert "Šiaulytė" not in text and "R. Š." not in text
    asked = client.post(reverse("certificates:verify", args=[credential.token]), {"surname": "Šiaulytė-Žukė"})
    assert "Šiaulytė" not in asked.content.decode().replace('value="Šiaulytė-Žukė"', "")


def test_results_stay_without_a_name_so_that_figures_stay_right(full_life):
    points = list(Attempt.objects.values_list("points", "state"))
    erase(full_life)
    assert list(Attempt.objects.values_list("points", "state")) == points
    assert {str(row.user) for row in Enrolment.objects.all()} == {"Asmuo ištrintas"}


def test_the_receipt_leaves_before_the_address_is_forgotten_and_names_what_stays(
    full_life, mailoutbox, client
):
    erasure = erase(full_life)
    letter = mailoutbox[-1]
    assert letter.to == ["rasa.siaulyte@kelrodis.example"]
    assert "Lieka" in letter.body and "pažymėj" in letter.body.lower()
    address = reverse("keeping:receipt", args=[erasure.uuid])
    assert address in letter.body
    page = client.get(address)
    assert page.status_code == 200 and "Lieka" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer" and "noindex" in page["X-Robots-Tag"]


def test_nobody_comes_in_as_the_erased_person_any_more(full_life, as_rasa):
    erase(full_life)
    assert as_rasa.get(reverse("keeping:mine")).status_code == 302
    signed = Client().post(
        reverse("account_login"), {"login": "rasa.siaulyte@kelrodis.example", "password": PASSWORD}
    )
    assert signed.status_code == 200 and "_auth_user_id" not in signed.client.session


def test_letters_and_grades_that_wait_for_the_person_do_not_leave(full_life, mailoutbox, network):
    erase(full_life)
    mailoutbox.clear()
    assert not Delivery.objects.pending().exists()
    Delivery.objects.update(next_at="2001-01-01T00:00:00Z")
    assert run_due() == 0 and mailoutbox == []


def test_letters_to_others_that_name_the_person_are_emptied_and_do_not_leave(full_life, mailoutbox):
    told = UserFactory(first_name="Ieva", last_name="Ūsaitė")

    def tells_ieva(person):
        library = LibraryFactory()
        grant(user=told, role=Role.LIBRARY_COORDINATOR, by=None, library=library)
        affiliations.declare(user=person, library=library, date_from=localdate())

    tells_ieva(full_life)
    run_due()
    tells_ieva(full_life)
    tells_ieva(UserFactory(first_name="Jonas", last_name="Ąžuolas"))
    letters = Delivery.objects.filter(payload__template="affiliation_waiting")
    letters.pending().update(next_at=now() + timedelta(days=1))
    assert sorted(letters.values_list("state", flat=True)) == ["pending", "pending", "sent"]
    words = ["Šiaulytė", "Rasa"]
    assert ("outbox_delivery", "Rasa") in found_in_database(words)
    erase(full_life)
    assert found_in_database(words) == set()
    mailoutbox.clear()
    Delivery.objects.update(next_at="2001-01-01T00:00:00Z")
    run_due()
    (letter,) = mailoutbox
    assert letter.to == [told.email] and "Jonas Ąžuolas" in letter.subject


def test_a_certificate_that_waits_to_be_printed_is_not_printed_without_a_name(full_life):
    erase(full_life)
    Delivery.objects.filter(handler="certificates.render").update(
        state="pending", payload={"credential_id": Credential.objects.get().pk}
    )
    while run_due():
        pass
    assert not CredentialFile.objects.exists() and not list(walk(storages["private"]))


STEPS = ["account", "certificates", "editing", "learning", "letters", "platforms", "requests"]


@pytest.mark.parametrize("step", [*STEPS, "traces", "receipt", "finish"])
def test_killed_in_the_middle_it_is_finished_by_whoever_takes_it_up(full_life, monkeypatch, step, mailoutbox):
    """A worker's death is an exception nobody catches; its lease then runs out."""

    class Killed(BaseException):
        pass

    def die(*args, **kwargs):
        raise Killed

    words = identifiers(full_life)
    erasure = erasing.ask(user=full_life, by=full_life, at_once=True)
    with monkeypatch.context() as patch:
        if step in STEPS:
            patch.setitem(custody.holdings, step, replace(custody.holdings[step], erase=die))
        else:
            target = {
                "traces": (traces, "clear"),
                "receipt": (receipts, "post"),
                "finish": (erasing, "_finish"),
            }
            patch.setattr(*target[step], die)
        with pytest.raises(Killed):
            erasing.carry_out(erasure=Erasure.objects.get(pk=erasure.pk), last_try=False)
    assert erasing.carry_out(erasure=Erasure.objects.get(pk=erasure.pk), last_try=False)
    assert found_in_database(words) == set()
    assert Erasure.objects.get().state == "done"
    assert len([letter for letter in mailoutbox if "trinam" in letter.subject.lower()]) == 1
    assert not erasing.carry_out(erasure=Erasure.objects.get(pk=erasure.pk), last_try=False)


def test_a_mail_server_that_is_down_puts_the_erasure_off_and_does_not_stop_it(full_life, monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("portal.keeping.flows.receipts.post", refuse)
    erasure = erasing.ask(user=full_life, by=full_life, at_once=True)
    with pytest.raises(ConnectionRefusedError):
        erasing.carry_out(erasure=Erasure.objects.get(pk=erasure.pk), last_try=False)
    assert User.objects.get(pk=full_life.pk).first_name == "Rasa"
    erasing.carry_out(erasure=Erasure.objects.get(pk=erasure.pk), last_try=True)
    assert Erasure.objects.get().letter == "not sent"


def test_a_namesakes_entries_in_the_log_stay(full_life):
    other = UserFactory(first_name="Rasa", last_name="Šiaulytė-Žukė", email="kita.rasa@kelrodis.example")
    log(other, "directory.role_granted", data={"role": "ED"})
    erase(full_life)
    assert ModelLogEntry.objects.get(object_id=str(other.pk)).label == "Rasa Šiaulytė-Žukė"


def test_the_last_administrator_cannot_be_erased(administrator):
    with pytest.raises(LastAdministrator):
        erasing.ask(user=administrator, by=administrator)


def test_of_two_last_administrators_who_ask_only_one_goes(administrator):
    second = UserFactory(first_name="Jonas", last_name="Ąžuolas")
    grant(user=second, role=Role.ADMINISTRATOR, by=None)
    for person in (administrator, second):
        erasing.ask(user=person, by=person, at_once=True)
    while run_due():
        pass
    assert sorted(Erasure.objects.values_list("state", flat=True)) == ["done", "refused"]
    assert User.objects.filter(is_active=True, is_superuser=True).count() == 1


def test_whoever_was_erased_after_a_backup_is_erased_again_after_its_restore(full_life, mailoutbox):
    """The restored database is played by giving the person back what they were known by."""
    known = {
        name: getattr(full_life, name) for name in ("uuid", "username", "first_name", "last_name", "email")
    }
    words = identifiers(full_life)
    erase(full_life)
    User.objects.filter(pk=full_life.pk).update(**known, is_active=True, erased_at=None)
    mailoutbox.clear()
    assert erasing.replay() == 1
    assert found_in_database(words) == set() and mailoutbox == []
    assert erasing.replay() == 0
