"""Addresses that are only claimed: what a stranger's account and many claims of one address may do, and cost."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from portal.directory.flows.claims import written_to_if_forgotten as forgetting
from portal.directory.flows.roles import grant
from portal.directory.models import Role, User
from tests.directory.mail import letters, path_sent
from tests.directory.signing_up import MAIL, PASSWORD, SENT, is_in, sign_in, sign_up
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


class TestSomebodyElsesAccount:
    """A stranger signs up with an address; its owner finds the letter."""

    @pytest.fixture
    def link(self):
        self.stranger = Client()
        sign_up(self.stranger, first_name="Petras", last_name="Petraitis")
        return path_sent(MAIL)

    def test_owner_of_the_mailbox_never_opens_it_with_the_strangers_password(self, client, link):
        assert client.post(link).status_code == 200
        assert not EmailAddress.objects.get().verified
        client.post(link, {"password1": "visai-kitas-zodis"})
        assert is_in(client)
        assert not is_in(Client()) and sign_in(Client()).status_code == 200
        assert sign_in(Client(), "visai-kitas-zodis").url == "/lt/learn/"
        assert self.stranger.get("/lt/learn/").status_code == 302

    @pytest.mark.parametrize("password", ["", "trumpas", "123456789012", "petraspetraitis"])
    def test_weak_password_is_refused_and_nothing_confirmed(self, client, link, password):
        page = client.post(link, {"password1": password})
        assert page.status_code == 200 and page.context["opening"].errors
        assert not EmailAddress.objects.get().verified and not is_in(client)

    def test_it_is_dropped_at_a_word(self, client, link):
        page = client.post(link, {"drop": "1"})
        assert page.status_code == 200 and "Pamiršta" in page.text
        assert not User.objects.exists() and not EmailAddress.objects.exists()
        assert client.get(link).status_code == 404
        assert client.post(SENT, {"email": MAIL}).url == SENT
        assert letters() == []

    def test_of_a_dropped_account_that_holds_something_only_the_address_is_forgotten(self, client, link):
        petras = User.objects.get()
        grant(user=petras, role=Role.AUTHOR, by=None)
        client.post(link, {"drop": "1"})
        petras.refresh_from_db()
        assert petras.email is None and not EmailAddress.objects.exists()

    def test_somebody_signed_in_here_is_signed_out_only_when_it_is_confirmed(self, as_austeja, link):
        as_austeja.post(link, {"password1": "x"})
        assert User.objects.get(pk=as_austeja.session["_auth_user_id"]).first_name == "Austėja"
        as_austeja.post(link, {"password1": "visai-kitas-zodis"})
        assert User.objects.get(pk=as_austeja.session["_auth_user_id"]).first_name == "Petras"

    def test_trying_passwords_on_the_page_is_soon_stopped(self, client, link):
        for _time in range(20):
            client.post(link, {"password1": "x"})
        assert client.post(link, {"password1": "visai-kitas-zodis"}).status_code == 429


def test_key_fits_no_other_row_of_the_same_number(client):
    sign_up(client)
    link = path_sent(MAIL)
    number = EmailAddress.objects.get().pk
    User.objects.all().delete()
    other = UserFactory(email=MAIL, proved=False)
    EmailAddress.objects.create(pk=number, user=other, email=MAIL)
    assert client.get(link).status_code == client.post(link).status_code == 404
    EmailAddress.objects.update(email="kita@kelrodis.example")
    assert client.post(link, {"drop": "1"}).status_code == 404
    assert EmailAddress.objects.filter(verified=False).count() == 1


class TestManyClaims:
    """One address, claimed again and again."""

    @pytest.fixture
    def claims(self):
        """Thirty accounts with one address, made past the limit on sign-ups."""
        return [_claim(number) for number in range(30)]

    @pytest.fixture
    def hashes(self, monkeypatch):
        counted = []
        encode = MD5PasswordHasher.encode
        monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: counted.append(1) or encode(*given))
        return counted

    def test_signing_in_costs_few_hashes(self, client, claims, hashes):
        assert sign_in(client, "neteisingas-zodis").status_code == 200
        assert 1 <= len(hashes) <= 2

    def test_unknown_address_costs_as_much_as_one_that_has_an_owner(self, client, hashes):
        sign_in(client)
        unknown = len(hashes)
        UserFactory(email=MAIL)
        hashes.clear()
        sign_in(client)
        assert len(hashes) == unknown == 1

    def test_owner_alone_is_tried_once_there_is_one(self, client, claims, hashes):
        UserFactory(email=MAIL)
        hashes.clear()
        assert sign_in(client, "labas-rytas-2026").url == "/lt/learn/"
        assert len(hashes) == 1
        assert not is_in(Client()) and sign_in(Client(), PASSWORD).status_code == 200

    @pytest.mark.parametrize("path", [SENT, "/lt/password/forgotten/"])
    def test_one_letter_is_sent(self, client, claims, path):
        client.post(path, {"email": MAIL})
        assert [letter.to for letter in letters()] == [[MAIL]]

    def test_forgotten_password_is_that_of_the_newest_or_of_the_owner(self, client, claims):
        assert forgetting(email=MAIL) == claims[-1]
        owner = UserFactory(email=MAIL)
        assert forgetting(email=MAIL.upper()) == owner
        client.post(SENT, {"email": MAIL})
        assert letters() == []

    def test_few_are_kept_and_the_newest_signs_up(self, claims):
        holding = claims[0]
        grant(user=holding, role=Role.AUTHOR, by=None)
        sign_up(Client(), first_name="Paskutinė")
        left = [person.first_name for person in User.objects.order_by("pk")]
        assert left == ["Ugnė0", "Ugnė28", "Ugnė29", "Paskutinė"]


def _claim(number):
    person = UserFactory(first_name=f"Ugnė{number}", email=MAIL, proved=False, password=PASSWORD)
    EmailAddress.objects.create(user=person, email=MAIL, primary=True)
    return person
