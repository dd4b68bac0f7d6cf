"""The gate before staff rights: no door opens them without the second factor, whatever address is asked for."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils.timezone import now
from freezegun import freeze_time

from portal.checks import staff_have_a_second_factor
from portal.directory.flows import second_factor
from portal.directory.flows.roles import end, grant
from portal.directory.models import Library, Role, RoleAssignment, User
from portal.directory.scope import scope_of
from tests.directory.mail import path_sent
from tests.directory.test_password_reset import follow, link_for
from tests.factories.people import LibraryFactory
from tests.security.world import somebody
from tests.signing_in import BACKEND, code_of, give_app, prove, sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "labas-rytas-2026"
SET_UP = "/lt/second-factor/set-up/"
CODE = "/lt/sign-in/code/"


@pytest.fixture
def lina(db):
    """Lina, the administrator."""
    return somebody("Lina", "Ėringytė", role=Role.ADMINISTRATOR)


def by_password(browser, person, **more):
    return browser.post("/lt/sign-in/", {"login": person.email, "password": PASSWORD, **more})


def opens(browser, url="/admin/"):
    return browser.get(url).status_code == 200


# Every address of the admin ---------------------------------------------------------------------

VALUES = {"int": "1", "uuid": str(uuid.UUID(int=1)), "str": "x", "slug": "x", "path": "x"}


def admin_addresses():
    """Yield a path for every pattern below /admin/, with something in each of its places."""
    admin = [part for part in get_resolver().url_patterns if str(part.pattern).startswith("admin/")]

    def below(pattern, route):
        piece = str(pattern.pattern)
        for name, converter in getattr(pattern.pattern, "converters", {}).items():
            kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
            value = VALUES.get(kind, "1")
            piece = piece.replace(f"<{kind}:{name}>", value).replace(f"<{name}>", value)
        if isinstance(pattern, URLResolver):
            for part in pattern.url_patterns:
                yield from below(part, route + piece)
        else:
            yield f"/{route}{piece}".replace("^", "").replace("$", "").replace("(.*)", "x").replace(".*", "x")

    for pattern in admin:
        yield from below(pattern, "")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.EDITOR, Role.AUTHOR])
def test_every_admin_address_leads_staff_to_the_second_factor(client, role):
    person = somebody("Tomas", "Šimkus", role=role)
    client.force_login(person, backend=BACKEND)
    found = sorted(set(admin_addresses()) - {"/admin/login/", "/admin/logout/"})
    assert len(found) > 150
    for url in found:
        for method in ("get", "post", "put", "delete"):
            response = getattr(client, method)(url)
            assert response.status_code == 302, (method, url)
            assert response.url.startswith(f"{SET_UP}?next=%2Fadmin%2F"), (method, url)


@pytest.mark.parametrize("url", ["/admin/", "/admin/pages/", "/admin/users/", "/admin/api/main/pages/"])
def test_a_script_in_the_admin_is_refused_and_not_led_astray(client, lina, url):
    client.force_login(lina, backend=BACKEND)
    assert client.get(url, headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 403


# Doors ------------------------------------------------------------------------------------------


def test_staff_with_a_password_alone_are_led_to_set_up_and_then_on(client, lina):
    response = by_password(client, lina, next="/admin/users/")
    assert response.url == f"{SET_UP}?next=%2Fadmin%2Fusers%2F"
    assert not opens(client)
    secret = client.get(response.url).context["secret"]
    done = client.post(SET_UP, {"code": code_of(secret), "next": "/admin/users/"})
    codes = client.get(done.url)
    assert codes.context["then"] == "/admin/users/"
    assert opens(client, "/admin/users/")


def test_wagtails_own_door_leads_the_same_way(client, lina):
    asked = client.get("/admin/")
    signed_in = by_password(client, lina, next="/admin/")
    assert asked.url == "/admin/login/?next=/admin/"
    assert signed_in.url == f"{SET_UP}?next=%2Fadmin%2F"


def test_password_alone_signs_nobody_in_who_has_an_app(client, lina):
    give_app(lina)
    assert by_password(client, lina, next="/admin/").url == CODE
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/").url.startswith("/admin/login/")
    assert client.post(CODE, {"code": code_of()}).url == "/admin/"
    assert opens(client)


def test_new_password_by_a_mailed_link_still_takes_the_code(client, lina):
    give_app(lina)
    assert follow(client, link_for(lina)).url == CODE
    assert "_auth_user_id" not in client.session
    client.post(CODE, {"code": code_of()})
    assert opens(client)


def test_new_password_by_a_mailed_link_leads_staff_without_an_app_to_set_it_up(client, lina):
    assert follow(client, link_for(lina)).url == f"{SET_UP}?next=%2Flt%2Flearn%2F"
    assert not opens(client)


@pytest.mark.parametrize("has_app", [True, False])
def test_confirming_an_address_opens_no_staff_rights(client, has_app):
    form = {"first_name": "Ugnė", "last_name": "Šilaitė", "email": "ugne@kelrodis.example"}
    client.post("/lt/sign-up/", form | {"password1": "rytas-prie-nemuno"})
    ugne = User.objects.get(email="ugne@kelrodis.example")
    grant(user=ugne, role=Role.EDITOR, by=None)
    if has_app:
        give_app(ugne)
    response = client.post(path_sent(ugne.email))
    assert EmailAddress.objects.get(user=ugne).verified
    assert response.url == (CODE if has_app else f"{SET_UP}?next=%2Flt%2Flearn%2F")
    assert not opens(client)


@pytest.fixture
def launched_editor(client, db):
    """A browser in which somebody who holds a role has come from a platform."""
    person = somebody("Tomas", "Šimkus", role=Role.EDITOR)
    client.force_login(person, backend="portal.directory.backends.LaunchBackend")
    session = client.session
    session["launch"] = {"origins": [], "framed": False, "role": "teacher"}
    session.save()
    return client


@pytest.mark.parametrize("required", ["staff", "off"])
def test_launch_opens_no_staff_rights_even_where_none_need_a_second_factor(
    launched_editor, settings, required
):
    settings.SECOND_FACTOR = required
    for url in ("/admin/", "/admin/pages/", "/admin/choose-page/"):
        assert launched_editor.get(url).status_code == 403
    assert launched_editor.get("/lt/learn/").status_code == 200
    for page in ("", "set-up/", "codes/", "remove/"):
        assert launched_editor.post(f"/lt/second-factor/{page}").status_code == 403


def test_proving_a_code_in_a_launched_session_opens_nothing_either(launched_editor):
    person = User.objects.get(first_name="Tomas")
    app = give_app(person)
    again = launched_editor.post("/lt/sign-in/again/code/?next=/admin/", {"code": code_of()})
    assert again.status_code == 403  # nor is a launch into an account asked to prove itself
    prove(launched_editor, person, "mfa", id=app.pk, type=app.type)
    assert launched_editor.get("/admin/").status_code == 403


def test_the_password_once_more_is_not_a_second_factor(client, lina):
    client.force_login(lina, backend=BACKEND)
    app = give_app(lina)
    response = client.post("/lt/sign-in/again/?next=/admin/", {"password": PASSWORD})
    assert response.url == "/lt/sign-in/again/code/?next=%2Fadmin%2F"
    assert client.get("/admin/").url == "/lt/sign-in/again/code/?next=%2Fadmin%2F"
    client.post("/lt/sign-in/again/code/?next=/admin/", {"code": code_of()})
    assert opens(client)
    assert app.user == lina


# What happens in between ------------------------------------------------------------------------


def test_M06_role_granted_to_somebody_signed_in_asks_for_the_second_factor_at_once(client, austeja):
    by_password(client, austeja)
    assert client.get("/admin/", follow=True).status_code == 403
    grant(user=austeja, role=Role.EDITOR, by=None)
    assert client.get("/admin/").url.startswith(SET_UP)


def test_M06_removed_role_closes_the_admin_with_the_second_factor_passed(client, austeja):
    grant(user=austeja, role=Role.EDITOR, by=None)
    sign_in(client, austeja)
    assert opens(client)
    end(assignment=RoleAssignment.objects.get(), by=None)
    assert client.get("/admin/", follow=True).status_code == 403


def test_app_set_up_elsewhere_must_be_proved_here_too(client, lina):
    elsewhere = Client()
    by_password(elsewhere, lina)
    by_password(client, lina)
    secret = client.get(SET_UP).context["secret"]
    client.post(SET_UP, {"code": code_of(secret)})
    assert opens(client)
    assert elsewhere.get("/admin/").url == "/lt/sign-in/again/code/?next=%2Fadmin%2F"


def test_moving_to_another_device_ends_what_the_former_one_opened(client, lina):
    elsewhere = sign_in(Client(), lina)
    assert opens(elsewhere)
    with freeze_time(now() + timedelta(minutes=1)):
        sign_in(client, lina)
        secret = client.get(SET_UP).context["secret"]
        client.post(SET_UP, {"code": code_of(secret)})
        assert opens(client)
        assert not opens(elsewhere)


def test_rights_of_a_coordinator_sleep_outside_the_admin_too(rf, db):
    library = LibraryFactory()
    rasa = somebody("Rasa", "Stonkutė", role=Role.LIBRARY_COORDINATOR, library=library)
    assert Library.objects.visible_to(rasa).exists()
    rasa.rights_asleep = lambda: True
    assert not Library.objects.visible_to(rasa).exists()
    assert scope_of(rasa).libraries == frozenset()


def test_role_of_the_past_needs_no_second_factor(client, austeja):
    RoleAssignment.objects.create(
        user=austeja, role=Role.EDITOR, date_from=date(2025, 1, 1), date_to=date(2025, 12, 31)
    )
    assert by_password(client, austeja).url == "/lt/learn/"


# The administrator's help with a lost device ----------------------------------------------------


def test_administrator_takes_a_lost_second_factor_away(client, lina):
    tomas = somebody("Tomas", "Šimkus", role=Role.EDITOR)
    his = sign_in(Client(), tomas)
    sign_in(client, lina)
    url = reverse("people:lost_device", args=[tomas.pk])
    assert url in client.get(reverse("wagtailusers_users:edit", args=[tomas.pk])).text
    assert "Tomas Šimkus" in client.get(url).text
    assert opens(his)
    client.post(url)
    assert his.get("/admin/").url.startswith(SET_UP)
    history = client.get(reverse("wagtailadmin_reports:site_history")).text
    assert "Antrasis prisijungimo žingsnis panaikintas" in history
    assert by_password(Client(), tomas).url.startswith(SET_UP)


def test_nobody_takes_their_own_away_where_no_code_is_asked_for(client, lina):
    sign_in(client, lina)
    url = reverse("people:lost_device", args=[lina.pk])
    assert client.get(url).status_code == client.post(url).status_code == 404
    assert url not in client.get(reverse("wagtailusers_users:edit", args=[lina.pk])).text
    assert second_factor.standing(user=lina).app


def test_editor_takes_nobodys_second_factor_away(client, lina):
    sign_in(client, somebody("Tomas", "Šimkus", role=Role.EDITOR))
    give_app(lina)
    assert client.post(reverse("people:lost_device", args=[lina.pk])).url == "/admin/"
    assert second_factor.standing(user=lina).app


# Where it is not required -----------------------------------------------------------------------


def test_trial_without_the_requirement_says_so_on_the_staffs_home(client, lina, settings):
    settings.SECOND_FACTOR = "off"
    assert by_password(client, lina).url == "/lt/learn/"
    assert "KELRODIS_SECOND_FACTOR=off" in client.get("/admin/").text
    settings.SECOND_FACTOR = "staff"
    sign_in(client, lina)
    assert "KELRODIS_SECOND_FACTOR" not in client.get("/admin/").text


@pytest.mark.parametrize(
    ("environment", "value", "refused"),
    [
        ("production", "staff", False),
        ("production", "off", True),
        ("development", "off", False),
        ("development", "perhaps", True),
    ],
)
def test_production_without_a_second_factor_does_not_start(settings, environment, value, refused):
    settings.ENVIRONMENT, settings.SECOND_FACTOR = environment, value
    assert bool(staff_have_a_second_factor(None)) is refused
