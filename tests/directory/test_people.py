"""People: e-mail addresses that may be missing or repeat, names that may be missing."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.timezone import now

from portal.directory.flows.founding import make_administrator
from portal.directory.flows.roles import grant
from portal.directory.models import Role, User
from tests.factories.people import LibraryFactory, UserFactory
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
MAIL = "rasa@kelrodis.example"


def test_people_without_an_e_mail_address_have_none_and_there_may_be_many():
    people = [User.objects.create_user("", email=email) for email in (None, "", None)]
    assert [User.objects.get(pk=person.pk).email for person in people] == [None, None, None]
    assert len({person.username for person in people}) == 3


def test_emptied_e_mail_address_becomes_a_missing_one(austeja):
    austeja.email = ""
    austeja.clean()
    austeja.save()
    austeja.refresh_from_db()
    assert austeja.email is None


def test_unverified_address_may_repeat():
    UserFactory(email=MAIL, proved=False)
    UserFactory(email=MAIL, proved=False)
    assert User.objects.filter(email=MAIL).count() == 2


def test_address_somebody_proved_theirs_may_also_be_claimed_but_not_proved_again():
    UserFactory(email=MAIL)
    claimed = UserFactory(email=MAIL, proved=False)
    claimed.email_verified_at = now()
    with pytest.raises(IntegrityError), transaction.atomic():
        claimed.save()


def test_address_that_differs_in_its_case_alone_is_not_proved_twice():
    UserFactory(email=MAIL)
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email=MAIL.upper())


def test_verified_people_without_an_address_do_not_collide():
    UserFactory(email=None, email_verified_at=now())
    assert UserFactory(email=None, email_verified_at=now()).pk


def test_somebody_whose_address_is_only_claimed_is_asked_to_prove_it_before_signing_in(client):
    UserFactory(email=MAIL, password="pirmas-slaptazodis-1", proved=False)
    UserFactory(email=MAIL, password="antras-slaptazodis-2", proved=False)
    for password in ("antras-slaptazodis-2", "pirmas-slaptazodis-1"):
        response = client.post("/lt/sign-in/", {"login": MAIL, "password": password})
        assert response.url == "/lt/sign-up/letter/"
        assert "_auth_user_id" not in client.session


def test_somebody_who_came_by_launch_alone_cannot_sign_in_with_any_password(client):
    launched = User.objects.create_user("lti-1", email=MAIL)
    assert not launched.has_usable_password()
    for password in ("", "!", launched.password):
        client.post("/lt/sign-in/", {"login": MAIL, "password": password})
        assert "_auth_user_id" not in client.session


def test_closed_account_is_refused_and_its_session_ends(client, austeja):
    client.post("/lt/sign-in/", {"login": austeja.email, "password": "labas-rytas-2026"})
    assert client.get("/lt/learn/").status_code == 200
    User.objects.filter(pk=austeja.pk).update(is_active=False)
    assert client.get("/lt/learn/").status_code == 302
    fresh = Client()
    refused = fresh.post(
        "/lt/sign-in/", {"login": austeja.email, "password": "labas-rytas-2026"}, follow=True
    )
    assert "_auth_user_id" not in fresh.session
    assert "Ši paskyra uždaryta" in refused.text


@pytest.mark.parametrize(
    ("first", "last", "shown", "complete"),
    [
        ("Ona", "Žukienė", "Ona Žukienė", True),
        ("Ona", "", "Ona", False),
        ("", "", "Dalyvis", False),
        (" ", " ", "Dalyvis", False),
    ],
)
def test_person_without_a_name_has_a_neutral_one(first, last, shown, complete):
    person = UserFactory(first_name=first, last_name=last)
    assert person.display_name == shown
    assert person.has_name is complete


def test_list_of_people_has_names_addresses_and_the_roles_of_today(client):
    sign_in(client, make_administrator(email="asta@kelrodis.example"))
    library = LibraryFactory(name_lt="Zarasų biblioteka")
    person = UserFactory(first_name="Eglė", last_name="Įmantė")
    grant(user=person, role=Role.LIBRARY_COORDINATOR, by=None, library=library)
    page = client.get("/admin/users/").text
    assert "Vardas ir pavardė" in page
    assert "bibliotekos koordinatorius, Zarasų biblioteka" in page
    form = client.get(f"/admin/users/edit/{person.pk}/").text
    assert "Neaktyvus žmogus negali prisijungti" in form
    assert 'value="IN"' not in form  # an instructor has nothing to open yet
