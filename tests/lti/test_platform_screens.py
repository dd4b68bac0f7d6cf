"""The administrator's screens of platforms: invitations, by hand, approval, deployments, the test."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils.timezone import now
from lti_tool.models import LtiDeployment, LtiRegistration
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from lti.flows import checking
from lti.models import PlatformCheck, PlatformInvitation, PlatformSettings
from portal.attention import concerns_of
from tests.factories.lti import Platform
from tests.factories.people import UserFactory
from tests.lti.registering import Registrar
from tests.queries import counted

pytestmark = pytest.mark.django_db
INDEX = "/admin/platforms/"
WRITTEN = {
    "name": "Kolegijos Moodle",
    "issuer": "https://moodle.example",
    "client_id": "AbC123",
    "deployment_id": "4",
    "auth_url": "https://moodle.example/mod/lti/auth.php",
    "token_url": "https://moodle.example/mod/lti/token.php",
    "keyset_url": "https://moodle.example/mod/lti/certs.php",
}


@pytest.fixture
def rasa(administrator):
    return administrator


def page(response):
    assert response.status_code == 200
    return response.content.decode()


def post(client, row, step, **data):
    return client.post(f"{INDEX}{row.pk}/{step}/", data)


def actions():
    return [row.action for row in ModelLogEntry.objects.filter(action__startswith="lti.").order_by("pk")]


def test_an_invitation_is_shown_once_and_its_token_kept_nowhere(rasa, quiz):
    made = rasa.post(f"{INDEX}invite/", {"name": "Kolegijos Moodle", "days": "7"})
    [token] = re.findall(r"http://localhost:8000/lti/register/([\w-]{43})/", page(made))
    assert "no-store" in made["Cache-Control"]
    row = PlatformInvitation.objects.get()
    assert timedelta(days=6, hours=23) < row.expires_at - now() < timedelta(days=7)
    assert (row.approves_itself, row.allow_private_network) == (False, False)
    listed = page(rasa.get(f"{INDEX}invite/"))
    assert "Kolegijos Moodle" in listed and "galima naudoti" in listed and token not in listed
    kept = [str(list(model.objects.values())) for model in (PlatformInvitation, ModelLogEntry)]
    assert token not in "".join(kept) and token not in str(dict(rasa.session))


def test_an_invitation_is_withdrawn_and_tells_why_it_failed(rasa, network, quiz, client):
    registrar = Registrar(client, network)
    registrar.network.answers.clear()
    registrar.open()
    assert "configuration: ConnectionRefusedError" in page(rasa.get(f"{INDEX}invite/"))
    rasa.post(f"{INDEX}invite/{registrar.invitation.pk}/withdraw/")
    assert "atšauktas" in page(rasa.get(f"{INDEX}invite/"))
    assert registrar.open().status_code == 403
    again = rasa.post(f"{INDEX}invite/{registrar.invitation.pk}/withdraw/", follow=True)
    assert "nebuvo galima pasinaudoti" in page(again)
    assert actions() == ["lti.platform_invited", "lti.invitation_withdrawn"]


def test_R11_what_registered_itself_waits_for_approval_on_the_staffs_home(rasa, network, quiz, client):
    Registrar(client, network).open()
    row = LtiRegistration.objects.get()
    [waiting] = [one for one in concerns_of(rasa.person) if one.url == INDEX]
    assert [entry.title for entry in waiting.entries] == ["Universiteto Moodle"]
    assert "Laukia patvirtinimo" in page(rasa.get(INDEX)) and "Patvirtinti" in page(
        rasa.get(f"{INDEX}{row.pk}/")
    )
    post(rasa, row, "approve")
    row.refresh_from_db()
    assert row.is_active and not PlatformSettings.objects.get().awaits_approval
    assert not [one for one in concerns_of(rasa.person) if one.url == INDEX]
    post(rasa, row, "approve")
    entry = ModelLogEntry.objects.order_by("pk").last()
    assert (entry.action, entry.user) == ("lti.platform_approved", rasa.person)


def test_nobody_else_is_told_what_waits(moodle):
    LtiDeployment.objects.create(registration=moodle.registration, deployment_id="9")
    librarian = UserFactory()
    assert not [one for one in concerns_of(librarian) if one.url == INDEX]


def test_by_hand_our_addresses_are_shown_and_theirs_taken(rasa):
    shown = page(rasa.get(f"{INDEX}by-hand/"))
    for address in ("login", "launch", "jwks"):
        assert f'value="http://localhost:8000/lti/{address}/"' in shown
    response = rasa.post(f"{INDEX}by-hand/", WRITTEN)
    row = LtiRegistration.objects.get()
    assert response["Location"] == f"{INDEX}{row.pk}/" and row.is_active
    assert LtiDeployment.objects.get().is_active
    again = page(rasa.post(f"{INDEX}by-hand/", WRITTEN | {"name": "Kita"}))
    assert "jau prijungta" in again and LtiRegistration.objects.get().name == "Kolegijos Moodle"


@pytest.mark.parametrize(
    "change",
    [
        {"auth_url": "http://moodle.example/auth"},
        {"token_url": "javascript:alert(1)"},
        {"keyset_url": "https://moodle.example;x/"},
        {"issuer": "https://moodle.example/#x"},
        {"client_id": "a\x1fb"},
        {"name": ""},
        {"deployment_id": "x" * 256},
    ],
)
def test_by_hand_what_cannot_be_used_is_said_at_its_field(rasa, change):
    shown = page(rasa.post(f"{INDEX}by-hand/", WRITTEN | change))
    assert 'aria-invalid="true"' in shown or "error-message" in shown
    assert not LtiRegistration.objects.exists()


def test_a_platform_is_switched_off_and_on_renamed_and_let_onto_a_private_network(rasa, moodle):
    row = moodle.registration
    post(rasa, row, "switch-off")
    assert "Išjungta" in page(rasa.get(f"{INDEX}{row.pk}/")) and "Įjungti" in page(
        rasa.get(f"{INDEX}{row.pk}/")
    )
    post(rasa, row, "approve")
    post(rasa, row, "edit", name="Naujas vardas", allow_private_network="on")
    row.refresh_from_db()
    assert (
        row.is_active and row.name == "Naujas vardas" and PlatformSettings.objects.get().allow_private_network
    )
    assert actions()[1:] == [
        "lti.platform_disabled",
        "lti.platform_approved",
        "lti.platform_renamed",
        "lti.private_network",
    ]
    assert "Naujas vardas" in page(rasa.get(f"{INDEX}{row.pk}/edit/"))


def test_deployments_are_recognised_closed_and_forgotten(rasa, moodle, ona):
    ona.launch()
    row = moodle.registration
    known = row.deployments.get()
    waiting = LtiDeployment.objects.create(registration=row, deployment_id="9")
    assert "Yra laukiančių diegimų" in page(rasa.get(INDEX))
    rasa.post(f"{INDEX}{row.pk}/deployments/{waiting.pk}/recognise/")
    waiting.refresh_from_db()
    assert waiting.is_active
    rasa.post(f"{INDEX}{row.pk}/deployments/{waiting.pk}/refuse/")
    rasa.post(f"{INDEX}{row.pk}/deployments/{known.pk}/refuse/")
    known.refresh_from_db()
    assert not known.is_active and not LtiDeployment.objects.filter(pk=waiting.pk).exists()
    assert ona.launch().status_code == 403


def test_a_deployment_of_another_platform_is_not_found(rasa, moodle, network):
    other = Platform("https://kita.example", network).registration.deployments.get()
    url = f"{INDEX}{moodle.registration.pk}/deployments/{other.pk}/refuse/"
    assert rasa.post(url).status_code == 404 and LtiDeployment.objects.filter(pk=other.pk).exists()


def test_the_test_is_asked_for_shown_on_its_way_and_with_advice_at_the_end(rasa, moodle, network):
    row = moodle.registration
    assert "dar netikrinta" in page(rasa.get(f"{INDEX}{row.pk}/"))
    post(rasa, row, "test")
    shown = page(rasa.get(f"{INDEX}{row.pk}/"))
    assert "data-preparing" in shown and "kelrodis/preparing.js" in shown and network.calls == []
    checking.run(check_id=PlatformCheck.objects.get().pk, round=1)
    shown = page(rasa.get(f"{INDEX}{row.pk}/"))
    assert "data-preparing" not in shown and "Neveikia 1 dalykas." in shown and "KELRODIS_SITE_URL" in shown
    assert "kai kas neveikia" in page(rasa.get(INDEX))


def test_the_empty_list_says_what_to_do(rasa):
    assert "Pakvieskite „Moodle“" in page(rasa.get(INDEX))


def test_the_list_costs_the_same_for_many_platforms(rasa, network):
    Platform("https://a.example", network)
    rasa.get(INDEX)
    with counted() as few:
        rasa.get(INDEX)
    for number in range(8):
        checking.ask(registration=Platform(f"https://m{number}.example", network).registration, by=None)
    with counted() as many:
        assert "https://m7.example" in page(rasa.get(INDEX))
    assert len(many) <= len(few)


def test_in_english(rasa, moodle):
    rasa.person.preferred_language = "en"
    rasa.person.save()
    UserProfile.objects.update_or_create(user=rasa.person, defaults={"preferred_language": "en"})
    for path in ("", "invite/", "by-hand/", f"{moodle.registration.pk}/"):
        shown = page(rasa.get(INDEX + path))
        assert "Learning platforms" in shown and "Mokymosi platformos" not in shown
