"""Signing up: an account by oneself, which opens once its address is proved; of two claims the first proved wins."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils.timezone import now
from freezegun import freeze_time

from portal.directory.flows import accounts
from portal.directory.models import User
from portal.outbox.models import Delivery
from tests.directory.mail import letters, path_in, path_sent
from tests.directory.signing_up import MAIL, PASSWORD, SENT, is_in, sign_in, sign_up
from tests.factories.people import UserFactory
from tests.security.test_redirects import EVIL

pytestmark = pytest.mark.django_db


def errors(response):
    return set(response.context["form"].errors)


def test_newcomer_signs_up_confirms_and_is_in(client):
    assert sign_up(client).url == SENT
    assert MAIL in client.get(SENT).text
    assert not is_in(client)
    link = path_sent(MAIL)
    assert MAIL in client.get(link).text
    assert client.post(link).url == "/lt/learn/"
    ugne = User.objects.get(email=MAIL)
    assert is_in(client) and ugne.email_verified_at
    assert (ugne.first_name, ugne.last_name, ugne.preferred_language) == ("Ugnė", "Šilaitė", "lt")
    assert "Ugn" not in ugne.username
    assert [(row.email, row.verified, row.primary) for row in EmailAddress.objects.all()] == [
        (MAIL, True, True)
    ]


def test_course_one_came_from_is_where_one_is_led_in_the_end(client, course):
    door = client.get("/lt/sign-in/", {"next": course.page.url})
    assert f"/lt/sign-up/?next={course.page.url.replace('/', '%2F')}" in door.text
    sign_up(client, next=course.page.url)
    assert client.post(path_sent(MAIL)).url == course.page.url


@pytest.mark.parametrize("target", EVIL)
def test_M02_sign_up_and_confirmation_never_lead_to_another_site(client, target):
    sign_up(client, next=target)
    link = path_sent(MAIL)
    assert client.post(link, {"next": target}).url == "/lt/learn/"
    assert client.get("/lt/sign-up/", {"next": target}).url == "/lt/learn/"


def test_unconfirmed_account_opens_nothing_and_asking_to_get_in_sends_the_link_again(client):
    sign_up(Client())
    path_sent(MAIL)
    assert sign_in(client).url == SENT
    assert not is_in(client)
    assert client.get("/lt/learn/").status_code == 302
    assert path_sent(MAIL).startswith("/lt/sign-up/confirm/")


def test_link_opened_on_another_device_asks_for_the_password_and_lets_in(client):
    sign_up(Client())
    link = path_sent(MAIL)
    page = client.get(link).text
    assert "Ugnė Šilaitė" in page and 'name="password1"' in page
    assert client.post(link, {"password1": PASSWORD}).url == "/lt/learn/"
    assert is_in(client)
    assert "Jūsų adresas patvirtintas" in client.get("/lt/learn/").text
    assert sign_in(Client()).url == "/lt/learn/"


def test_looking_at_the_link_confirms_nothing_and_signs_nobody_out(as_austeja):
    sign_up(Client())
    assert as_austeja.get(path_sent(MAIL)).status_code == 200
    assert not EmailAddress.objects.get(email=MAIL).verified
    assert is_in(as_austeja)


def test_link_works_once(client):
    sign_up(client)
    link = path_sent(MAIL)
    client.post(link)
    other = Client()
    for response in (other.get(link), other.post(link)):
        assert response.status_code == 410
        assert "jau patvirtintas" in response.text
    assert not is_in(other)


def test_link_that_is_too_old_offers_a_new_one(client):
    sign_up(client)
    link = path_sent(MAIL)
    with freeze_time(now() + timedelta(days=3, minutes=1)):
        for response in (client.get(link), client.post(link)):
            assert response.status_code == 410
            assert "per sena" in response.text and f'value="{MAIL}"' in response.text
        assert not EmailAddress.objects.get(email=MAIL).verified
        assert client.post(SENT, {"email": MAIL}).url == SENT
        client.post(path_sent(MAIL), {"password1": PASSWORD})
    assert EmailAddress.objects.get(email=MAIL).verified


@pytest.mark.parametrize(
    "change", [lambda key: key[:-1], lambda key: "Mg" + key[2:], lambda key: "x", str.upper]
)
def test_link_that_is_not_whole_or_not_ours_confirms_nothing(client, change):
    sign_up(client)
    key = path_sent(MAIL).split("/")[-2]
    link = f"/lt/sign-up/confirm/{change(key)}/"
    assert client.get(link).status_code == client.post(link).status_code == 404
    assert 'label for="id_email"' in client.get(link).text
    assert not EmailAddress.objects.get(email=MAIL).verified


class TestOneAddress:
    """Two people and one address."""

    def test_first_who_confirms_gets_it_and_the_other_is_refused_kindly(self):
        first, second = Client(), Client()
        sign_up(first)
        sign_up(second, first_name="Kita", password1="visai-kitas-zodis")
        one, two = (path_in(letter) for letter in letters())
        assert second.post(two).url == "/lt/learn/"
        refused = first.post(one)
        assert refused.status_code == first.get(one).status_code == 409
        assert "jau turi paskyrą" in refused.text
        assert not is_in(first)
        owner = User.objects.get(email_verified_at__isnull=False)
        assert owner.first_name == "Kita"
        assert sign_in(Client(), "visai-kitas-zodis").url == "/lt/learn/"
        assert sign_in(Client()).status_code == 200

    def test_confirming_in_the_same_moment_is_refused_too(self, monkeypatch):
        UserFactory(email=MAIL)
        ugne = UserFactory(email=MAIL, proved=False)
        address = EmailAddress.objects.create(user=ugne, email=MAIL)
        monkeypatch.setattr(accounts, "is_taken", lambda **asked: False)
        with pytest.raises(accounts.AddressTaken):
            accounts.prove_address(address=address)
        ugne.refresh_from_db()
        assert ugne.email_verified_at is None
        assert not EmailAddress.objects.get(user=ugne).verified

    def test_taken_address_gets_the_same_answer_and_its_owner_a_letter(self):
        UserFactory(email=MAIL, preferred_language="en")
        known, unknown = Client(), Client()
        answers = [sign_up(known, email=MAIL.upper()), sign_up(unknown, email="nauja@kelrodis.example")]
        assert [(answer.status_code, answer.url) for answer in answers] == [(302, SENT)] * 2
        pages = [browser.get(SENT).text.lower() for browser in (known, unknown)]
        assert (
            pages[0].replace(MAIL, "").split("<main")[1].split("value=")[0]
            == (pages[1].replace("nauja@kelrodis.example", "").split("<main")[1].split("value=")[0])
        )
        assert known.cookies.keys() == unknown.cookies.keys()
        assert User.objects.filter(email__iexact=MAIL).count() == 1
        told = {letter.to[0]: letter for letter in letters()}
        assert told[MAIL].subject == "You have an account here already"
        assert "/en/sign-in/" in told[MAIL].body and "/en/password/forgotten/" in told[MAIL].body

    def test_address_a_platform_only_claimed_keeps_its_owner_from_nothing(self, client):
        launched = User.objects.create_user("lti-1", email=MAIL)
        sign_up(client)
        client.post(path_sent(MAIL))
        assert client.session["_auth_user_id"] != str(launched.pk)
        launched.refresh_from_db()
        assert launched.email == MAIL and launched.email_verified_at is None


class TestSendingAgain:
    """The link is sent again to whoever waits for it, and nobody learns who does."""

    def test_it_is_sent_to_whoever_waits(self, client):
        sign_up(Client())
        path_sent(MAIL)
        assert client.post(SENT, {"email": MAIL.upper()}).url == SENT
        assert path_sent(MAIL).startswith("/lt/sign-up/confirm/")

    @pytest.mark.parametrize("email", [MAIL, "nera@kelrodis.example"])
    def test_nobody_else_is_written_to_and_the_answer_is_the_same(self, client, email):
        UserFactory(email=MAIL)
        User.objects.create_user("lti-1", email="nera@kelrodis.example")
        response = client.post(SENT, {"email": email})
        assert (response.status_code, response.url) == (302, SENT)
        assert letters() == []

    def test_asking_too_often_sends_no_more_and_says_the_same(self, client):
        sign_up(client)
        for _time in range(6):
            assert client.post(SENT, {"email": MAIL}).url == SENT
        assert len(letters()) == 3

    def test_address_just_typed_is_shown_once(self, client):
        sign_up(client)
        assert MAIL in client.get(SENT).text
        assert MAIL not in client.get(SENT).text


class TestBadInput:
    """What is refused, and why."""

    @pytest.mark.parametrize(
        "password",
        ["", "trumpas", "123456789012", "password1234", MAIL, "ugnė-šilaitė", "a" * 11, "\x00" * 14],
    )
    def test_weak_password_is_refused(self, client, password):
        response = sign_up(client, password1=password)
        assert errors(response) == {"password1"}
        assert not User.objects.exists()

    @pytest.mark.parametrize(
        "name",
        ["", "   ", "12345", "A" * 61, "Ugnė\x00", "Ug\nnė", "Ug\u202enė", "Ug\u200bnė", "\ud83d\ude00"],
    )
    @pytest.mark.parametrize("field", ["first_name", "last_name"])
    def test_name_that_cannot_be_printed_is_refused(self, client, field, name):
        name = name.encode("utf-16", "surrogatepass").decode("utf-16")
        assert errors(sign_up(client, **{field: name})) == {field}
        assert not User.objects.exists()

    @pytest.mark.parametrize(
        "email",
        [
            "",
            "ugne",
            "ugne@",
            "a@b.lt\r\nBcc: x@y.lt",
            "a@b.lt\x00",
            f"{'a' * 60}@{'b.' * 100}lt",
            "a b@c.lt",
        ],
    )
    def test_address_that_is_none_is_refused(self, client, email):
        assert errors(sign_up(client, email=email)) == {"email"}
        assert not User.objects.exists()

    def test_spaces_around_and_inside_names_are_tidied(self, client):
        sign_up(client, first_name="  Ugnė \u00a0 Ona ", last_name=" Šilaitė")
        assert User.objects.get().get_full_name() == "Ugnė Ona Šilaitė"

    def test_nothing_but_the_form_is_taken_from_the_form(self, client):
        sign_up(client, is_staff="1", is_superuser="1", username="admin", email_verified_at="2026-01-01")
        ugne = User.objects.get()
        assert not ugne.is_staff and not ugne.is_superuser
        assert ugne.username != "admin" and ugne.email_verified_at is None

    def test_too_many_from_one_network_are_told_to_wait(self, client):
        for number in range(30):
            sign_up(client, email=f"a{number}@b.lt", password1="x")
        refused = sign_up(client)
        assert refused.status_code == 429
        assert "Per daug bandymų" in refused.text
        assert not User.objects.exists()


@pytest.mark.parametrize(
    ("language", "subject"), [("lt", "Patvirtinkite savo adresą"), ("en", "Confirm your address")]
)
def test_letter_is_in_the_language_one_signed_up_in(client, language, subject):
    sign_up(client, language=language)
    (letter,) = letters()
    assert letter.subject == subject
    html = letter.alternatives[0][0]
    assert f'<html lang="{language}">' in html and path_in(letter) in html
    assert "Ugnė Šilaitė" in letter.body and "Ugnė Šilaitė" in html


@pytest.mark.parametrize("name", ["kelrodis.example", "Skambink 860012345", "a/b", "x@y", "<b>Ugnė"])
def test_name_that_could_lead_somewhere_is_not_written_into_a_strangers_mail(client, name):
    sign_up(client, first_name=name)
    (letter,) = letters()
    assert "Šilaitė" not in letter.body + letter.alternatives[0][0]


def test_letter_waits_for_a_worker_and_its_link_is_in_no_row(client):
    sign_up(client)
    (row,) = Delivery.objects.all()
    key = path_sent(MAIL).split("/")[-2]
    row.refresh_from_db()
    assert row.state == "sent"
    assert key not in str(row.payload) + row.key + row.last_error
    assert MAIL not in str(row.payload)


def test_letter_nobody_needs_any_more_is_not_sent(client):
    sign_up(client)
    accounts.prove_address(address=EmailAddress.objects.get())
    assert letters() == []
    assert Delivery.objects.get().state == "superseded"


@pytest.mark.parametrize(
    ("language", "text"), [("lt", "Registracija uždaryta"), ("en", "Signing up is closed")]
)
def test_closed_sign_up_says_so_and_takes_nobody(client, settings, language, text):
    settings.SIGN_UP_OPEN = False
    assert text in client.get(f"/{language}/sign-up/").text
    assert text in sign_up(client, language=language).text
    assert not User.objects.exists()
    door = client.get(f"/{language}/sign-in/").text
    assert f'href="/{language}/sign-up/' not in door
    assert {"lt": "Paskyras sukuria biblioteka", "en": "Accounts are opened by the library"}[language] in door


def test_closed_sign_up_leaves_those_who_signed_up_before_to_confirm(client, settings):
    sign_up(client)
    settings.SIGN_UP_OPEN = False
    assert client.post(path_sent(MAIL)).url == "/lt/learn/"
