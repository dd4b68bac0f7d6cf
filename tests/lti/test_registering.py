"""A platform registers itself: what it is told, what is kept, what is refused (cases R01 to R12)."""

from __future__ import annotations

import json
import logging
import socket
import threading
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lti_tool.models import LtiDeployment, LtiRegistration
from wagtail.models import ModelLogEntry

from lti.flows import http
from lti.keeping import close_invitations
from lti.models import PlatformInvitation, PlatformSettings
from portal.custody import Circumstances
from portal.logs import without_people
from tests.factories.lti import Launcher, Platform, answer, jwk
from tests.lti.registering import BASE, CONFIG, REGISTER, TOOL, Registrar, accepted, description

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar(quiz, network, client):
    """An open invitation, and a Moodle that takes registrations."""
    return Registrar(client, network)


@pytest.fixture
def refused(registrar, caplog):
    """Check that nothing was registered, and why."""

    def check(response, reason, status=400):
        assert response.status_code == status, response.content.decode()
        assert f"registration refused: {reason}," in caplog.text
        assert not LtiRegistration.objects.exists()

    return check


def test_a_platform_is_told_what_it_needs_of_us(registrar):
    assert registrar.open().status_code == 200

    told = registrar.sent
    assert (
        told["scope"].split() == description()["scopes_supported"]
    )  # one string, and nothing it does not offer
    assert told[TOOL]["domain"] == "localhost:8000" == urlsplit(told[TOOL]["target_link_uri"]).netloc
    assert told["redirect_uris"] == ["http://localhost:8000/lti/launch/"]
    assert told["initiate_login_uri"] == "http://localhost:8000/lti/login/"
    assert told["jwks_uri"] == "http://localhost:8000/lti/jwks/"
    assert (told["token_endpoint_auth_method"], told["response_types"]) == ("private_key_jwt", ["id_token"])
    assert {"name", "email"} < set(told[TOOL]["claims"]) and told["client_name"] == "Kelrodis"
    call = registrar.network.to(REGISTER)[0]
    assert call["headers"]["Authorization"] == "Bearer one-time" and call["private"] is False


def test_R11_what_registers_itself_is_inactive_until_it_is_approved(registrar, quiz):
    response = registrar.open()

    row = LtiRegistration.objects.get()
    assert (row.name, row.issuer, row.client_id) == ("Universiteto Moodle", BASE, "AbC123")
    assert row.is_active is False and PlatformSettings.objects.get().awaits_approval
    assert LtiDeployment.objects.get().deployment_id == "4"
    assert (
        "administratorius" in response.content.decode()
        and "data-close-registration>" in response.content.decode()
    )
    begun = registrar.client.get(
        "/lti/login/",
        {"iss": BASE, "client_id": "AbC123", "login_hint": "1", "target_link_uri": "http://localhost:8000/"},
    )
    assert begun.status_code == 403


def test_an_invitation_may_say_that_no_approval_is_needed(quiz, network, client):
    response = Registrar(client, network, {"approves_itself": True}).open()
    assert LtiRegistration.objects.get().is_active is True
    assert 'data-close-registration="now"' in response.content.decode()


def test_the_page_may_be_framed_by_the_platform_and_nobody_else(registrar):
    response = registrar.open()
    assert f"frame-ancestors {BASE};" in response["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in response and "unsafe-inline" not in response["Content-Security-Policy"]
    assert response["Referrer-Policy"] == "no-referrer" and "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("language", ["lt", "en"])
def test_both_languages(registrar, language):
    page = registrar.open(headers={"Accept-Language": language}).content.decode()
    assert f'<html lang="{language}"' in page
    assert ("Almost connected" in page) == (language == "en")


def test_a_platform_without_scopes_or_deployment_in_its_answers_is_taken(registrar):
    registrar.network.answers |= {
        CONFIG: answer(body=description(scopes_supported=None)),
        REGISTER: answer(status=201, body={"client_id": "1"}),
    }
    assert registrar.open().status_code == 200
    assert len(registrar.sent["scope"].split()) == 4 and not LtiDeployment.objects.exists()


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "[::1]", "localhost"])
def test_R01_a_configuration_inside_the_network_is_not_fetched(registrar, refused, monkeypatch, host):
    monkeypatch.setattr("lti.flows.http.call", CALL)
    monkeypatch.setattr(socket, "create_connection", None)  # whoever connects fails loudly
    refused(registrar.open(f"https://{host}/openid"), "configuration: address refused")


def test_R02_a_name_that_also_points_inside_is_not_followed(registrar, refused, monkeypatch):
    both = [(2, 1, 6, "", ("93.184.215.14", 443)), (2, 1, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: both)
    monkeypatch.setattr("lti.flows.http.call", CALL)
    monkeypatch.setattr(socket, "create_connection", None)
    refused(registrar.open(), "configuration: address refused")


def test_a_private_network_is_the_administrators_choice(quiz, network, client):
    registrar = Registrar(client, network, {"allow_private_network": True})
    inside = {name: value.replace("https://moodle.example", "http://10.0.0.5") if isinstance(value, str) else value
              for name, value in description().items()}  # fmt: skip
    network.answers |= {
        "http://10.0.0.5/openid": answer(body=inside),
        inside["registration_endpoint"]: accepted(),
    }
    assert registrar.open("http://10.0.0.5/openid").status_code == 200
    assert all(call["private"] for call in network.calls)
    assert PlatformSettings.objects.get().allow_private_network


def test_R03_an_issuer_elsewhere_is_refused(registrar, refused):
    for issuer in ("https://evil.example", f"{BASE}:8443", "", None, 7, f"{BASE}/" + "x" * 300, f"{BASE}\n"):
        registrar.network.answers[CONFIG] = answer(body=description(issuer=issuer))
        refused(registrar.open(), "issuer_elsewhere")


@pytest.mark.parametrize(
    "name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint"]
)
def test_R04_endpoints_off_the_issuers_origin_are_refused(registrar, refused, name):
    for url, reason in (
        ("https://evil.example/x", "elsewhere"),
        ("https://moodle.example.evil.example/x", "elsewhere"),
        ("https://169.254.169.254/x", "elsewhere"),
        ("javascript:alert(1)", "missing"),
        ("https://moodle.example;script-src/x", "missing"),
        (None, "missing"),
        (["x"], "missing"),
    ):
        registrar.network.answers[CONFIG] = answer(body=description(**{name: url}))
        refused(registrar.open(), f"{name}_{reason}")
    assert not registrar.network.to(REGISTER)


def test_R05_plain_http_is_refused(registrar, refused, monkeypatch):
    registrar.network.answers[CONFIG] = answer(body=description(token_endpoint="http://moodle.example/token"))
    refused(registrar.open(), "token_endpoint_not_https")
    monkeypatch.setattr("lti.flows.http.call", CALL)
    refused(registrar.open("http://moodle.example/openid"), "configuration: address refused")


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (answer(status=302, location="http://127.0.0.1/"), "configuration: status 302"),
        (answer(body=b"<html>Not found</html>"), "configuration: not JSON"),
        (answer(body=b'{"issuer": NaN}'), "configuration: not JSON"),
        (answer(body=[]), "configuration_not_an_object"),
        (http.CallFailed("answer too large"), "configuration: answer too large"),
        (http.CallFailed("no answer in time"), "configuration: no answer in time"),
        (answer(body=description(id_token_signing_alg_values_supported=["ES256"])), "no_RS256"),
        (answer(body=description(token_endpoint_auth_methods_supported=["none"])), "no_private_key_jwt"),
    ],
)
def test_R06_a_configuration_that_is_none_is_refused_and_the_invitation_kept(
    registrar, refused, found, reason
):
    registrar.network.answers[CONFIG] = found
    refused(registrar.open(), reason)
    assert PlatformInvitation.objects.get().last_problem == reason
    registrar.network.answers[CONFIG] = answer(body=description())
    assert registrar.open().status_code == 200


def test_R07_neither_the_registration_token_nor_the_invitation_is_logged(registrar, caplog):
    caplog.set_level(logging.DEBUG)
    registrar.network.answers[REGISTER] = answer(status=401, body={"message": "token_already_used"})
    registrar.open()
    secret = registrar.url.rstrip("/").rpartition("/")[2]
    assert "one-time" not in caplog.text
    line = without_people(
        f"GET {registrar.url}?openid_configuration={CONFIG}&registration_token=one-time HTTP/1.1"
    )
    assert secret not in line and "one-time" not in line
    assert secret not in str(PlatformInvitation.objects.values())


def test_R08_an_invitation_works_once(registrar, caplog):
    assert registrar.open().status_code == 200
    again = registrar.open()
    assert again.status_code == 403 and LtiRegistration.objects.count() == 1
    assert len(registrar.network.to(REGISTER)) == 1


@pytest.mark.django_db(transaction=True)
def test_R08_of_many_at_once_one_registers(registrar):
    numbers = iter(range(100))
    registrar.network.answers[REGISTER] = lambda **_call: accepted(client_id=f"c{next(numbers)}")
    found = []

    def run():
        found.append(Registrar.open(registrar_of(registrar)).status_code)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200] + [403] * 7
    assert LtiRegistration.objects.count() == 1 == len(registrar.network.to(REGISTER))


def registrar_of(registrar):
    """Return the same invitation in a browser of its own."""
    other = object.__new__(Registrar)
    other.__dict__ = {**registrar.__dict__, "client": Client()}
    return other


def test_R08_a_claim_whose_process_died_is_free_again_and_a_lost_one_registers_nothing(registrar, refused):
    def lose(**_call):
        PlatformInvitation.objects.update(claimed_at=now())  # somebody else has taken it over meanwhile
        return accepted()

    PlatformInvitation.objects.update(claimed_at=now() - timedelta(minutes=4))
    registrar.network.answers[REGISTER] = lose
    refused(registrar.open(), "invitation_not_valid", 403)


def test_R09_without_a_valid_invitation_no_call_is_made_and_nothing_is_told(registrar, refused):
    pages = set()
    for change in ({"token_sha256": "0" * 64}, {"expires_at": now()}, {"withdrawn_at": now()}, {"tries": 10}):
        before = PlatformInvitation.objects.filter(pk=registrar.invitation.pk).values(*change).get()
        PlatformInvitation.objects.update(**change)
        response = registrar.open()
        refused(response, "invitation_not_valid", 403)
        pages.add(response.content.decode().partition("<h1>")[2].partition('<p class="facts">')[0])
        PlatformInvitation.objects.update(**before)
    assert len(pages) == 1 and registrar.network.calls == []


def test_R09_opened_by_a_person_the_address_says_where_it_belongs(registrar):
    response = registrar.client.get(urlsplit(registrar.url).path)
    assert response.status_code == 400 and "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert PlatformInvitation.objects.get().tries == 0
    assert registrar.open().status_code == 200


def test_R10_an_existing_connection_is_not_overwritten(registrar):
    existing = Platform(BASE, registrar.network, client_id="AbC123").registration
    response = registrar.open()
    assert response.status_code == 400
    kept = LtiRegistration.objects.get()
    assert (kept.name, kept.auth_url, kept.is_active) == (existing.name, existing.auth_url, True)
    assert PlatformInvitation.objects.get().state == "open"


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (accepted(client_id="x" * 5000), "client_id_not_usable"),
        (accepted(client_id="a\x00b"), "client_id_not_usable"),
        (accepted(client_id=None), "client_id_not_usable"),
        (accepted(client_id={"a": 1}), "client_id_not_usable"),
        (accepted(**{TOOL: {"deployment_id": "x" * 5000}}), "deployment_id_not_usable"),
        (accepted(**{TOOL: {"deployment_id": 4}}), "deployment_id_not_usable"),
        (answer(body=[1]), "answer_not_an_object"),
        (answer(status=401, body={"message": "token_already_used"}), "registration: status 401"),
        (answer(status=404, body=b"<html>"), "registration: status 404"),
        (answer(body=b"<html>"), "registration: not JSON"),
        (http.CallFailed("answer cut short"), "registration: answer cut short"),
    ],
)
def test_R12_an_answer_that_cannot_be_kept_is_refused(registrar, refused, found, reason):
    registrar.network.answers[REGISTER] = found
    refused(registrar.open(), reason)


@pytest.mark.parametrize("bad", ["a\r\nX: y", "ž", "x" * 8193])
def test_a_registration_token_that_fits_no_header_is_refused(registrar, refused, bad):
    about = {"openid_configuration": CONFIG, "registration_token": bad}
    refused(registrar.client.get(urlsplit(registrar.url).path, about), "registration_token_not_usable")


def test_an_invitation_used_after_a_backup_does_not_work_again_when_it_is_restored(registrar):
    close_invitations(Circumstances.__new__(Circumstances))
    assert registrar.open().status_code == 403


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(description())), value=JSON, whole=JSON, told=JSON, which=st.integers(0, 4)
)
def test_whatever_a_platform_answers_nothing_breaks(registrar, name, value, whole, told, which):
    changed = description() | {name: value}
    registrar.network.answers |= {
        CONFIG: answer(body=whole if which == 0 else changed if which == 1 else description()),
        REGISTER: answer(body=told)
        if which == 2
        else accepted(client_id=told)
        if which == 3
        else accepted(**{TOOL: told}),
    }
    PlatformInvitation.objects.update(tries=0)
    mark = transaction.savepoint()
    assert registrar.open().status_code in {200, 400}
    transaction.savepoint_rollback(mark)


def test_a_registered_and_approved_platform_launches(registrar, quiz):
    registrar.open()
    LtiRegistration.objects.update(is_active=True)
    platform = object.__new__(Platform)
    platform.__dict__ = {"base": BASE, "network": registrar.network, "client_id": "AbC123", "deployment_id": "4",
                         "key": "platform-key", "registration": LtiRegistration.objects.get()}  # fmt: skip
    keys = {"keys": [jwk("platform-key")]}
    registrar.network.answers[f"{BASE}/mod/lti/certs.php"] = answer(body=keys)
    assert Launcher(platform, Client(), quiz).launch().status_code == 302


def test_what_happened_is_in_the_audit_log(registrar):
    registrar.open()
    actions = list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["lti.platform_invited", "lti.platform_registered"]
    assert "one-time" not in json.dumps(list(ModelLogEntry.objects.values_list("data", flat=True)))


CALL = http.call


@pytest.mark.parametrize(
    ("listed", "named"),
    [
        ([{"type": "LtiResourceLinkRequest"}, {"type": "LtiSubmissionReviewRequest"}], True),
        (["LtiSubmissionReviewRequest"], True),
        ([{"type": "LtiResourceLinkRequest"}, {"type": "LtiDeepLinkingRequest"}], False),  # Moodle's
        ([None, {"type": ["LtiSubmissionReviewRequest"]}, 5], False),
        ("LtiSubmissionReviewRequest", False),
        (None, False),
    ],
)
def test_looking_at_work_is_named_to_a_platform_that_knows_of_it(registrar, listed, named):
    about = {"https://purl.imsglobal.org/spec/lti-platform-configuration": {"messages_supported": listed}}
    registrar.network.answers[CONFIG] = answer(body=description(**about))
    registrar.open()
    kinds = [message["type"] for message in registrar.sent[TOOL]["messages"]]
    assert kinds[:2] == ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"]
    assert ("LtiSubmissionReviewRequest" in kinds) == named
