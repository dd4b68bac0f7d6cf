"""Staff change how somebody signs in: only after proving who they are, not for themselves, and the person is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from freezegun import freeze_time

from portal.directory.models import Role, User
from portal.keeping.flows import erasing
from portal.keeping.models import Erasure
from tests.directory.mail import letters
from tests.directory.staff import holder
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
NEW = "nauja@kelrodis.example"
PASSWORD = "rytas-prie-nemuno"


@pytest.fixture
def povilas(db):
    return holder(Role.ADMINISTRATOR, "Povilas Šerkšnys")


@pytest.fixture
def his(povilas):
    """A browser in which Povilas has just signed in, with both steps."""
    return sign_in(Client(), povilas)


def edit(person):
    return reverse("wagtailusers_users:edit", args=[person.pk])


def form_of(person, **changes):
    fields = {"first_name": person.first_name, "last_name": person.last_name, "email": person.email}
    return fields | {"preferred_language": "lt", "is_active": "on"} | changes


def test_person_is_told_at_the_former_address_when_staff_give_another(his, austeja):
    former = austeja.email
    his.post(edit(austeja), form_of(austeja, email=NEW))
    austeja.refresh_from_db()
    assert austeja.email == NEW
    (letter,) = letters()
    assert letter.to == [former] and letter.subject == "Pasikeitė jūsų paskyros adresas"


def test_person_is_told_when_staff_set_a_password_and_is_signed_out(his, austeja):
    hers = sign_in(Client(), austeja)
    his.post(edit(austeja), form_of(austeja, password=PASSWORD))
    austeja.refresh_from_db()
    assert austeja.check_password(PASSWORD)
    assert [letter.subject for letter in letters()] == ["Jūsų slaptažodis pakeistas"]
    assert hers.get("/lt/learn/").status_code == 302


def test_other_changes_and_new_people_bring_no_such_letters(his, austeja):
    his.post(edit(austeja), form_of(austeja, last_name="Kitokia"))
    new = {"first_name": "Rasa", "last_name": "Žiedaitė", "email": NEW, "preferred_language": "lt"}
    his.post(reverse("wagtailusers_users:add"), new | {"password": PASSWORD})
    assert User.objects.get(email=NEW).check_password(PASSWORD)
    assert letters() == []


def test_own_address_and_password_are_changed_on_own_pages(his, povilas):
    page = his.get(edit(povilas)).text
    assert 'name="email"' not in page and 'name="password"' not in page
    assert reverse("address") in page and reverse("account_change_password") in page
    his.post(edit(povilas), form_of(povilas, email=NEW, password=PASSWORD))
    povilas.refresh_from_db()
    assert povilas.email != NEW and not povilas.check_password(PASSWORD)


def test_session_left_open_is_asked_for_a_code_first(his, povilas, austeja):
    erasing.ask(user=holder(Role.EDITOR, "Ona Ąžuolaitė"), by=povilas, reason="x")
    screens = [
        edit(austeja),
        reverse("people:lost_device", args=[austeja.pk]),
        reverse("erasures:new", args=[austeja.pk]),
        reverse("erasures:hasten", args=[Erasure.objects.get().pk]),
    ]
    assert {his.get(screen).status_code for screen in screens} <= {200, 302}
    with freeze_time(now() + timedelta(minutes=6)):
        for screen in screens:
            assert his.get(screen).url.startswith("/lt/sign-in/again/code/?next=%2Fadmin%2F")
        for screen in screens[1:]:
            assert his.post(screen, {"reason": "x"}).url.startswith("/lt/sign-in/again/code/")
        assert Erasure.objects.count() == 1
        assert his.get(edit(povilas)).status_code == 200


def test_form_left_open_changes_no_doors_and_its_password_is_kept_nowhere(his, austeja):
    with freeze_time(now() + timedelta(minutes=6)):
        for change in ({"email": NEW}, {"password": PASSWORD}):
            assert his.post(edit(austeja), form_of(austeja, **change)).url == edit(austeja)
        assert PASSWORD not in str(dict(his.session))
        his.post(edit(austeja), form_of(austeja, last_name="Kitokia"))
    austeja.refresh_from_db()
    assert austeja.email != NEW and not austeja.check_password(PASSWORD)
    assert austeja.last_name == "Kitokia"
    assert letters() == []


def test_nobody_erases_themselves_on_the_staffs_screen(his, povilas):
    holder(Role.ADMINISTRATOR, "Lina Ėringytė")
    own = reverse("erasures:new", args=[povilas.pk])
    assert his.get(own).status_code == his.post(own, {"reason": "x", "at_once": "on"}).status_code == 404
    assert not Erasure.objects.exists()
