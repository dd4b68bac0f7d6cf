"""L66: a launch that comes by plain HTTP lets nobody in, whoever stands between us and the net."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session

from lti.models import EntryTicket, LaunchState
from portal.directory.models import User
from tests.factories.lti import Begun

HTTPS = "https://localhost:8000"
TARGET = f"{HTTPS}/lti/launch/"


@pytest.fixture
def safe(ona, settings):
    """A portal at an https address, and Ona's browser on the way to it."""
    settings.SITE_URL = HTTPS
    return ona


def begin(ona):
    """Begin a launch as one should, over https; return it."""
    response = ona.client.get("/lti/login/", parameters(ona), headers=ona.headers, secure=True)
    query = parse_qs(urlsplit(response["Location"]).query)
    return Begun(query["state"][0], query["nonce"][0], response, ona.client)


def parameters(ona):
    known = {"iss": ona.platform.base, "client_id": ona.platform.client_id, "login_hint": "2001"}
    return known | {"target_link_uri": TARGET, "lti_deployment_id": ona.platform.deployment_id}


def message(ona, begun):
    claims = ona.platform.claims(begun.nonce, ona.activity, target_link_uri=TARGET)
    return {"id_token": ona.platform.sign(claims), "state": begun.state}


def test_L66_a_launch_over_plain_http_is_refused_and_nothing_of_it_is_used(safe, refused):
    begun = begin(safe)
    form = message(safe, begun)
    refused.start()
    response = safe.client.post("/lti/launch/", form, headers=safe.headers)
    refused(response, "not_https", status=403)
    assert "http://" in response.content.decode()
    assert LaunchState.objects.get(state=begun.state).used_at is None
    assert safe.client.post("/lti/launch/", form, headers=safe.headers, secure=True).status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_L66_no_launch_begins_over_plain_http(safe, refused, method):
    refused.start()
    response = getattr(safe.client, method)("/lti/login/", parameters(safe), headers=safe.headers)
    refused(response, "not_https", status=403)
    assert not LaunchState.objects.exists()


def test_L66_a_ticket_over_plain_http_is_refused(safe, refused):
    refused.start()
    refused(
        safe.client.post("/lti/enter/", {"ticket": "x"}, headers={"Origin": HTTPS}), "not_https", status=403
    )
    assert not EntryTicket.objects.exists()


def test_L66_as_production_is_set_the_message_is_led_away_and_lost(safe, settings):
    settings.SECURE_SSL_REDIRECT = True
    begun = begin(safe)
    before = User.objects.count()
    response = safe.client.post("/lti/launch/", message(safe, begun), headers=safe.headers)
    assert response.status_code == 301 and response["Location"] == "https://testserver/lti/launch/"
    assert "id_token" not in response["Location"] and "sessionid" not in response.cookies
    followed = safe.client.get("/lti/launch/", headers=safe.headers, secure=True)  # a browser makes it a GET
    assert followed.status_code == 405
    assert User.objects.count() == before and not Session.objects.exists()
    assert LaunchState.objects.get(state=begun.state).used_at is None


def test_L66_does_not_hold_for_a_portal_on_ones_own_machine(ona):
    assert ona.launch().status_code == 302
