"""Access tokens: how we ask, what we believe of the answer."""

from __future__ import annotations

from urllib.parse import parse_qs

import jwt
import pytest
from freezegun import freeze_time
from lti_tool.models import Key

from lti.flows import http, keys
from lti.flows.tokens import TokenRefused, access_token
from tests.factories.lti import answer, public_pem, rsa_key

TOKEN = "https://moodle.example/token"
SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"


def ask(moodle, **options):
    return access_token(registration=moodle.registration, scope=SCOPE, **options)


def grant(network, **document):
    network.answers[TOKEN] = answer(body={"token_type": "Bearer", **document}, content_type="text/html")


def test_we_say_who_we_are_in_a_signed_assertion(moodle, network):
    assert ask(moodle) == "bearer-1"

    form = {name: values[0] for name, values in parse_qs(network.to(TOKEN)[0]["body"].decode()).items()}
    assert form["grant_type"] == "client_credentials" and form["scope"] == SCOPE
    assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    header = jwt.get_unverified_header(form["client_assertion"])
    published = {one["kid"]: one for one in keys.published()["keys"]}
    public = jwt.algorithms.RSAAlgorithm.from_jwk(published[header["kid"]])
    claims = jwt.decode(form["client_assertion"], public, algorithms=["RS256"], audience=TOKEN)
    assert claims["iss"] == claims["sub"] == "kelrodis-1" and claims["jti"]
    assert claims["exp"] - claims["iat"] == 70


def test_the_assertion_is_backdated_for_clocks_that_are_behind(moodle, network):
    with freeze_time("2026-10-01 08:00:00"):
        ask(moodle)
    assertion = parse_qs(network.to(TOKEN)[0]["body"].decode())["client_assertion"][0]
    assert jwt.decode(assertion, options={"verify_signature": False})["iat"] == 1790841590


def test_a_platforms_own_audience_and_static_key_are_used(moodle, network):
    from cryptography.hazmat.primitives import serialization as form

    moodle.registration.audience = "https://moodle.example"
    moodle.registration.public_key = public_pem("static").decode()
    moodle.registration.private_key = (
        rsa_key("static")
        .private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
        .decode()
    )
    ask(moodle)

    assertion = parse_qs(network.to(TOKEN)[0]["body"].decode())["client_assertion"][0]
    jwt.decode(
        assertion, rsa_key("static").public_key(), algorithms=["RS256"], audience="https://moodle.example"
    )


def test_a_token_is_kept_for_its_life_less_a_minute(moodle, network):
    with freeze_time("2026-10-01 08:00") as clock:
        ask(moodle)
        clock.tick(3500)
        ask(moodle)
        assert len(network.to(TOKEN)) == 1
        clock.tick(60)
        ask(moodle)
        assert len(network.to(TOKEN)) == 2


def test_a_fresh_token_replaces_the_kept_one(moodle, network):
    ask(moodle)
    grant(network, access_token="bearer-2", expires_in=3600)
    assert ask(moodle) == "bearer-1"
    assert ask(moodle, fresh=True) == "bearer-2"
    assert ask(moodle) == "bearer-2"


def test_scopes_have_tokens_of_their_own(moodle, network):
    ask(moodle)
    access_token(registration=moodle.registration, scope="other")
    assert len(network.to(TOKEN)) == 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"token_type": "Bearer"},
        {"access_token": None},
        {"access_token": 5},
        {"access_token": ""},
        [],
        "x",
        None,
        {"access_token": "a\r\nX: y"},
        {"access_token": "x" * 9000},
        {"access_token": "ą"},
    ],
)
def test_A01_an_answer_without_a_token_is_refused(moodle, network, body):
    network.answers[TOKEN] = answer(body=body)
    with pytest.raises(TokenRefused):
        ask(moodle)


def test_A02_html_is_no_token(moodle, network):
    network.answers[TOKEN] = answer(body=b"<html>Please log in</html>")
    with pytest.raises(http.CallFailed):
        ask(moodle)


@pytest.mark.parametrize("life", [0, -1, "x", None, [], True, "nan", "1e400", 30])
def test_A03_a_token_without_a_sensible_life_is_used_once(moodle, network, life):
    grant(network, access_token="bearer-1", expires_in=life)
    ask(moodle)
    ask(moodle)
    assert len(network.to(TOKEN)) == 2


@pytest.mark.parametrize("life", [1e12, 10**400, "1000000000000"])
def test_A03_a_token_for_ever_is_kept_an_hour_at_most(moodle, network, life):
    grant(network, access_token="bearer-1", expires_in=life)
    with freeze_time("2026-10-01 08:00") as clock:
        ask(moodle)
        clock.tick(3600)
        ask(moodle)
    assert len(network.to(TOKEN)) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 301, 500, 503])
def test_a_refused_token_says_the_status(moodle, network, status):
    network.answers[TOKEN] = answer(status, b"<html>")
    with pytest.raises(TokenRefused) as caught:
        ask(moodle)
    assert caught.value.answer.status == status


def test_our_key_is_made_once_and_its_private_half_is_never_shown(client, db):
    first = client.get("/lti/jwks/")
    second = client.get("/lti/jwks/")

    assert first.json() == second.json() and Key.objects.count() == 1
    (key,) = first.json()["keys"]
    assert set(key) == {"kty", "kid", "n", "e", "alg", "use"} and key["kty"] == "RSA"
    assert "max-age=3600" in first["Cache-Control"] and "public" in first["Cache-Control"]
    assert client.post("/lti/jwks/").status_code == 405
    signer = keys.signer(registration=type("R", (), {"has_key": False})())
    assert signer.kid == key["kid"] and "PRIVATE" not in repr(signer)


@pytest.mark.django_db(transaction=True)
def test_two_who_need_the_first_key_at_once_get_the_same():
    import threading

    from django.db import connection

    made, start = [], threading.Barrier(6)

    def need():
        start.wait()
        try:
            made.append(keys.current().pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=need) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6 and len(set(made)) == 1 and Key.objects.count() == 1
