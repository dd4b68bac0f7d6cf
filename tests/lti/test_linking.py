"""A local account and a platform's person become one only by somebody signed in to both, and part again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils.timezone import now
from freezegun import freeze_time
from lti_tool.models import LtiUser
from wagtail.models import ModelLogEntry

from courses.models import Enrolment
from lti.models import AccountLink, GradeLine
from lti.tasks import sweep_launches
from portal.directory.models import RoleAssignment, User
from portal.outbox import delivering
from tests.factories.lti import Launcher, Platform
from tests.factories.people import LibraryFactory, UserFactory
from tests.lti.joining import ENTER, MINE, OFFER, at_home, joined, shown_code, typed


@pytest.fixture
def home(launched, austeja):
    """Austėja's browser; on Moodle she is called Ona Kazlauskaitė, and has come to the quiz."""
    return at_home(austeja)


def person_on_moodle():
    return LtiUser.objects.get().auth_user


def standing():
    """Return what must not change when nothing is joined."""
    return (
        list(LtiUser.objects.values("pk", "auth_user_id")),
        list(Enrolment.objects.values("pk", "user_id")),
        list(GradeLine.objects.values("pk", "user_id")),
        list(User.objects.order_by("pk").values("pk", "is_active", "first_name", "email")),
        AccountLink.objects.filter(joined_at__isnull=False).count(),
    )


def test_the_launched_persons_account_becomes_the_local_one(launched, home, austeja):
    before = person_on_moodle()

    response = joined(home, shown_code(launched))

    assert response.status_code == 302 and response["Location"] == MINE
    assert person_on_moodle() == austeja
    assert Enrolment.objects.get().user == GradeLine.objects.get().user == austeja
    before.refresh_from_db()
    assert not before.is_active and (before.first_name, before.email) == ("", None)
    launched.launch()
    assert launched.client.session["_auth_user_id"] == str(austeja.pk)


def test_both_are_named_before_anything_is_joined(launched, home, austeja):
    before = standing()

    page = typed(home, shown_code(launched)).content.decode()

    for word in ("Moodle", "Ona Kazlauskaitė", "ona2001@universitetas.example", "Austėja", austeja.email):
        assert word in page
    assert "Kas gali prisijungti prie „Moodle“ jūsų vardu" in page
    assert standing() == before


def test_the_platform_is_told_nothing_and_the_owner_gets_a_letter_and_the_log_an_entry(
    launched, home, austeja
):
    joined(home, shown_code(launched))
    delivering.run_due()

    letter = next(one for one in mail.outbox if one.to == [austeja.email])
    assert "Moodle" in letter.subject and MINE in letter.body and "Ona Kazlauskaitė" in letter.body
    entry = ModelLogEntry.objects.get(action="lti.account_joined")
    assert entry.user == austeja and entry.object_id == str(austeja.pk)


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_a_code_is_read_as_people_type_it(launched, home, change):
    assert joined(home, change(shown_code(launched))).status_code == 302


@pytest.mark.parametrize("code", ["", "ABCD-EFGH", "x" * 5000, "ž\x00", "22222222222222222222"])
def test_a_code_that_is_none_is_refused_kindly(launched, home, code):
    shown_code(launched)
    before = standing()

    response = joined(home, code)

    assert response.status_code == 400 and "Tokio kodo nėra" in response.content.decode()
    assert standing() == before


def test_a_code_works_once(launched, home, benas):
    code = shown_code(launched)
    joined(home, code)
    before = standing()

    assert joined(at_home(benas), code).status_code == joined(home, code).status_code == 400
    assert standing() == before


def test_a_code_lives_ten_minutes(launched, home, austeja):
    code = shown_code(launched)
    with freeze_time(now() + timedelta(minutes=11)):
        assert joined(at_home(austeja), code).status_code == 400
        assert sweep_launches() and not AccountLink.objects.exists()


def test_only_the_latest_code_works(launched, home):
    first, second = shown_code(launched), shown_code(launched)

    assert joined(home, first).status_code == 400
    assert joined(home, second).status_code == 302


def test_a_code_is_kept_as_its_hash_alone(launched):
    code = shown_code(launched)

    assert code.replace("-", "") not in str(AccountLink.objects.values())


def test_codes_are_not_guessed_for_long(launched, home):
    answers = [typed(home, f"2222-22{n:02}").status_code for n in range(25)]

    assert answers[-1] == 429
    assert joined(home, shown_code(launched)).status_code == 429


def test_without_being_signed_in_nothing_is_joined(launched):
    code = shown_code(launched)

    response = joined(Client(), code)

    assert response.status_code == 302 and "/sign-in/" in response["Location"]
    assert not AccountLink.objects.filter(joined_at__isnull=False).exists()


def test_whoever_signed_in_long_ago_proves_it_anew(launched, austeja):
    browser = Client()
    browser.force_login(austeja, backend="portal.directory.backends.EmailBackend")

    response = joined(browser, shown_code(launched))

    assert response.status_code == 302 and "/sign-in/again/" in response["Location"]
    assert person_on_moodle() != austeja


def test_a_form_of_another_site_joins_nothing(launched, austeja):
    code = shown_code(launched)
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = at_home(austeja).cookies

    assert joined(browser, code).status_code == 403
    assert person_on_moodle() != austeja


def test_a_launched_session_cannot_type_the_code_but_changes_over_to_the_account(launched, home):
    code = shown_code(launched)

    refused = launched.client.post(ENTER, {"code": code, "confirmed": "yes"})
    left = launched.client.post("/lt/join/sign-in/")

    assert refused.status_code == 403 and "join/sign-in/" in refused.content.decode()
    assert left["Location"] == "/lt/sign-in/?next=%2Flt%2Fjoin%2Fcode%2F"
    assert "_auth_user_id" not in launched.client.session
    assert joined(home, code).status_code == 302


def test_the_account_signs_in_on_the_way_and_comes_back_to_the_code(launched, austeja):
    browser = Client()
    form = {"login": austeja.email, "password": "labas-rytas-2026", "next": ENTER}

    assert browser.post("/lt/sign-in/", form)["Location"] == ENTER
    assert joined(browser, shown_code(launched)).status_code == 302


# Who is never joined ----------------------------------------------------------------------------


def give_role(person):
    RoleAssignment.objects.create(
        user=person, role="LC", library=LibraryFactory(), date_from=date(2026, 1, 1), date_to=date(2026, 2, 1)
    )


def give_admin_group(person):
    group = Group.objects.create(name="Redaktoriai")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    person.groups.add(group)


def give_group_with_a_permission(person):
    group = Group.objects.create(name="Platformų prižiūrėtojai")
    group.permissions.add(Permission.objects.get(codename="view_ltiregistration"))
    person.groups.add(group)


def give_permission(person):
    person.user_permissions.add(Permission.objects.first())


def mark(**marks):
    return lambda person: User.objects.filter(pk=person.pk).update(**marks)


STAFF = [
    pytest.param(give_role, id="a role, even a past one"),
    pytest.param(give_admin_group, id="a group that opens the admin"),
    pytest.param(give_group_with_a_permission, id="a group that permits anything"),
    pytest.param(give_permission, id="a permission"),
    pytest.param(mark(is_superuser=True), id="a superuser"),
    pytest.param(mark(is_staff=True), id="marked as staff"),
]


@pytest.mark.parametrize("give", STAFF)
def test_an_account_of_staff_is_not_joined(launched, austeja, give):
    code = shown_code(launched)
    give(austeja)
    browser = at_home(User.objects.get(pk=austeja.pk))
    before = standing()

    response = joined(browser, code)

    assert response.status_code == 400 and "Darbuotojų paskyros" in response.content.decode()
    assert standing() == before
    assert browser.get(ENTER).status_code == 400  # said before anybody types anything


@pytest.mark.parametrize("give", STAFF)
def test_somebody_launched_who_is_staff_is_not_joined(launched, home, give):
    code = shown_code(launched)
    give(person_on_moodle())
    before = standing()

    assert joined(home, code).status_code == 400
    assert "<form" not in launched.client.get(OFFER).content.decode().partition("<main")[2]
    assert standing() == before


def test_an_account_without_a_proved_address_is_not_joined(launched):
    nobody = UserFactory(proved=False)

    response = joined(at_home(nobody), shown_code(launched))

    assert response.status_code == 400 and "patvirtinkite" in response.content.decode()


def test_the_same_address_joins_nobody(ona, austeja):
    ona.launch(email=austeja.email)

    assert person_on_moodle() != austeja


def test_two_accounts_of_the_portal_are_never_joined(launched, home, benas):
    """Who is joined is an account's own already, and has no code to show."""
    joined(home, shown_code(launched))
    launched.launch()

    page = launched.client.post(OFFER).content.decode()

    assert "codes secret" not in page and "atveria jūsų šio portalo paskyrą" in page


def test_a_platform_that_is_switched_off_joins_nobody(launched, home):
    code = shown_code(launched)
    launched.platform.registration.is_active = False
    launched.platform.registration.save()

    assert joined(home, code).status_code == 400


def test_while_an_account_waits_to_be_erased_nothing_is_joined(launched, home):
    code = shown_code(launched)
    launched.client.post("/lt/my-data/erase/", {"understood": "on"})
    assert person_on_moodle().erasures.exists()
    before = standing()

    response = joined(home, code)

    assert response.status_code == 400 and "Šių dviejų dabar" in response.content.decode()
    assert standing() == before


def test_two_platforms_open_one_account_and_stay_apart(launched, home, network, quiz, austeja):
    other = Launcher(Platform("https://kita.example", network, client_id="kelrodis-2"), Client(), quiz)
    other.launch()
    joined(home, shown_code(launched))
    joined(home, shown_code(other))

    assert set(LtiUser.objects.values_list("auth_user", flat=True)) == {austeja.pk}
    assert Enrolment.objects.count() == 1 and GradeLine.objects.count() == 2
    assert home.get(MINE).content.decode().count("/part/") == 2


# What a platform can reach afterwards -----------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        "/lt/password/",
        "/lt/address/",
        "/lt/second-factor/",
        "/lt/profile/",
        "/lt/profile/letters/",
        "/lt/my-data/",
        "/lt/my-data/erase/",
        MINE,
    ],
)
def test_a_launch_does_not_reach_what_may_harm_the_account(launched, home, page):
    joined(home, shown_code(launched))
    launched.launch()

    assert launched.client.get(page).status_code == launched.client.post(page).status_code == 403
    assert home.get(page).status_code in {200, 302}


def test_a_launch_does_not_begin_in_the_session_of_the_account(launched, home, austeja):
    """Who signed in with a password goes on as launched, with what a launch may do, and no more."""
    joined(home, shown_code(launched))
    launched.client = home

    launched.launch()

    assert home.session["_auth_user_backend"] == "portal.directory.backends.LaunchBackend"
    assert "account_authentication_methods" not in home.session
    assert home.get("/lt/address/").status_code == 403


def test_the_platform_does_not_rename_the_account(launched, home, austeja):
    User.objects.filter(pk=austeja.pk).update(first_name="Ona", last_name="Kazlauskaitė")
    joined(home, shown_code(launched))

    launched.launch(given_name="Piktoji", family_name="Ranka", email="kita@universitetas.example")

    austeja.refresh_from_db()
    assert (austeja.first_name, austeja.last_name) == ("Ona", "Kazlauskaitė")
    assert austeja.email.startswith("austeja")


def test_the_launched_session_of_before_ends(launched, home):
    joined(home, shown_code(launched))

    assert launched.client.get("/lt/learn/").status_code == 302
    assert Session.objects.count() == 1


# Parting ----------------------------------------------------------------------------------------


def part(browser):
    return browser.post(f"{MINE}{AccountLink.objects.get().uuid}/part/")


def test_parted_the_platform_begins_anew_and_the_account_keeps_what_was_learnt(launched, home, austeja):
    joined(home, shown_code(launched))
    launched.launch()

    assert part(home).status_code == 302

    anew = person_on_moodle()
    assert anew != austeja and anew.first_name == "Ona" and not anew.has_usable_password()
    assert Enrolment.objects.get().user == austeja and GradeLine.objects.get().user == anew
    assert launched.client.get("/lt/learn/").status_code == 302  # the launched session ended
    assert home.get("/lt/learn/").status_code == 200
    launched.launch()
    assert launched.client.session["_auth_user_id"] == str(anew.pk)
    assert ModelLogEntry.objects.filter(action="lti.account_parted", user=austeja).exists()
    assert "neatveria jokia" in home.get(MINE).content.decode()


def test_parted_they_can_be_joined_again(launched, home, austeja):
    joined(home, shown_code(launched))
    part(home)
    launched.launch()
    joined(home, shown_code(launched))

    assert person_on_moodle() == austeja and Enrolment.objects.get().user == austeja


def test_nobody_else_parts_them(launched, home, benas, austeja):
    joined(home, shown_code(launched))
    launched.launch()

    assert part(at_home(benas)).status_code == 404
    assert part(launched.client).status_code == 403
    assert person_on_moodle() == austeja
