"""An account goes with one person of each platform, for ever: one person's work never counts for several."""

from __future__ import annotations

import pytest
from django.test import Client
from lti_tool.models import LtiUser

from lti.keeping import erase
from lti.models import AccountLink
from tests.factories.lti import Launcher, Platform
from tests.lti.joining import MINE, at_home, joined, shown_code, typed


def come(platform, activity, subject, given):
    """Return the browser of another student of the platform."""
    launcher = Launcher(platform, Client(), activity)
    launcher.launch(sub=subject, given_name=given, family_name="Petraitis")
    return launcher


def parted(browser):
    """Part what is joined with the account of this browser."""
    link = AccountLink.objects.all().joined().get()
    assert browser.post(f"{MINE}{link.uuid}/part/").status_code == 302


def accounts():
    return dict(LtiUser.objects.values_list("sub", "auth_user_id"))


@pytest.mark.parametrize("first_part", [False, True])
def test_a_second_person_of_the_platform_is_not_joined_with_the_account(launched, quiz, austeja, first_part):
    home, other = at_home(austeja), come(launched.platform, quiz, "2002", "Jonas")
    joined(home, shown_code(launched))
    if first_part:
        parted(home)
    before, code = accounts(), shown_code(other)

    answers = [typed(home, code), joined(home, code)]

    assert [one.status_code for one in answers] == [400, 400]
    assert "Sujungti negalima" in answers[0].content.decode()
    assert accounts() == before


def test_a_person_parted_from_one_account_is_not_joined_with_another(launched, austeja, benas):
    home = at_home(austeja)
    joined(home, shown_code(launched))
    parted(home)
    launched.launch()

    answer = joined(at_home(benas), shown_code(launched))

    assert answer.status_code == 400 and "Sujungti negalima" in answer.content.decode()
    assert benas.pk not in accounts().values()


def test_a_person_of_another_platform_is_joined_with_the_same_account(launched, quiz, network, austeja):
    home, kolegija = at_home(austeja), Platform("https://kolegija.example", network)
    joined(home, shown_code(launched))

    assert joined(home, shown_code(come(kolegija, quiz, "2001", "Ona"))).status_code == 302

    assert set(LtiUser.objects.values_list("auth_user", flat=True)) == {austeja.pk}
    assert AccountLink.objects.all().joined().count() == 2


def test_erased_the_account_leaves_no_trace_of_what_it_was_joined_with(launched, austeja):
    home = at_home(austeja)
    joined(home, shown_code(launched))
    parted(home)

    erase(austeja)

    assert not AccountLink.objects.exists() and LtiUser.objects.exists()


def test_the_page_that_joins_says_what_teachers_will_see(launched, austeja):
    page = typed(at_home(austeja), shown_code(launched)).content.decode()

    assert "matys ir tai, ką jų kursuose darote čia" in page and "Jei testas pradėtas" in page


def test_a_launched_session_of_a_joined_account_is_not_asked_for_its_password(launched, austeja):
    joined(at_home(austeja), shown_code(launched))
    launched.launch()

    assert launched.client.get("/lt/sign-in/again/").status_code == 403
