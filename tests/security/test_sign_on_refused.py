"""Single sign-on with a provider that lies, fails or dawdles: nobody comes in, and a page says so (never 500)."""

from __future__ import annotations

import json
import time

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client

from portal.directory import bounded
from portal.directory.models import User
from tests.factories.oidc import CLIENT, WilfulProvider, begin

pytestmark = pytest.mark.django_db
FOREIGN_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def provider(settings):
    provider = WilfulProvider()
    settings.OIDC = provider.settings()
    yield provider
    provider.stop()


def come_back(browser, provider, **claims):
    """Begin, let the provider answer with these claims, and return the portal's answer."""
    _address, asked = begin(browser)
    provider.claims = {"nonce": asked["nonce"]} | claims
    return browser.get("/sso/callback/", {"code": "c", "state": asked["state"]})


def assert_refused(browser, response, status=502):
    assert response.status_code == status
    assert "<h1>Jūs neprisijungėte</h1>" in response.text
    assert "Pagalbos kodas" in response.text
    assert "_auth_user_id" not in browser.session
    assert not SocialAccount.objects.exists()


def test_provider_that_keeps_the_rules_lets_one_in(client, provider):
    assert come_back(client, provider).url == "/lt/learn/"
    (path, _headers, form) = next(row for row in provider.asked if row[0] == "/token")
    assert len(form["code_verifier"]) >= 43
    assert form["redirect_uri"] == "http://localhost:8000/sso/callback/"


CLAIMS = {
    "nonce of another sign-in": {"nonce": "x" * 32},
    "no nonce": {"nonce": None},
    "nonce that is a list": {"nonce": ["x"]},
    "another audience": {"aud": "kitas"},
    "no audience": {"aud": None},
    "several audiences and no azp": {"aud": [CLIENT, "kitas"]},
    "azp of another client": {"aud": [CLIENT, "kitas"], "azp": "kitas"},
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "expired": {"exp": int(time.time()) - 3600},
    "no end": {"exp": None},
    "end that is a text": {"exp": "rytoj"},
    "no beginning": {"iat": None},
    "from the future": {"iat": int(time.time()) + 3600},
    "not yet": {"nbf": int(time.time()) + 3600},
    "no subject": {"sub": None},
    "empty subject": {"sub": ""},
    "subject that is a number": {"sub": 7},
    "subject of 300 characters": {"sub": "r" * 300},
}


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS)
def test_token_with_wrong_claims_is_refused(client, provider, claims):
    assert_refused(client, come_back(client, provider, **claims))


def test_azp_that_names_us_among_several_audiences_is_right(client, provider):
    assert come_back(client, provider, aud=["kitas", CLIENT], azp=CLIENT).status_code == 302


def tampered(token):
    head, body, signature = token.split(".")
    other = jwt.utils.base64url_encode(
        json.dumps(jwt.decode(token, options={"verify_signature": False}) | {"sub": "kita"}).encode()
    ).decode()
    return f"{head}.{other}.{signature}"


def unsigned(token):
    return jwt.encode(jwt.decode(token, options={"verify_signature": False}), None, algorithm="none")


def with_public_key_as_secret(token):
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(
        claims, "viešasis raktas kaip slaptažodis, ilgas", algorithm="HS256", headers={"kid": "k1"}
    )


def by_another_key(token):
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(claims, FOREIGN_KEY, algorithm="RS256", headers={"kid": "k1"})


def by_a_key_nobody_knows(token):
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(claims, FOREIGN_KEY, algorithm="RS256", headers={"kid": "k9"})


FORGERIES = [
    tampered,
    unsigned,
    with_public_key_as_secret,
    by_another_key,
    by_a_key_nobody_knows,
    lambda token: token.rpartition(".")[0],
    lambda token: "x.y.z",
    lambda token: "",
    lambda token: None,
    lambda token: {"id": 1},
    lambda token: "š" * 100_000,
]


@pytest.mark.parametrize("forge", FORGERIES)
def test_forged_token_is_refused(client, provider, forge):
    provider.forge = forge
    assert_refused(client, come_back(client, provider))


ANSWERS = {
    "token: error": ("/token", 400),
    "token: server error": ("/token", 503),
    "token: redirect": ("/token", 302),
    "token: HTML": ("/token", b"<html>"),
    "token: nothing": ("/token", b""),
    "token: list": ("/token", []),
    "token: number": ("/token", 7.5),
    "token: no ID token": ("/token", {"access_token": "x"}),
    "token: not texts": ("/token", {"access_token": 1, "id_token": 2}),
    "token: deep": ("/token", b"[" * 100_000),
    "token: huge": ("/token", b" " * 2_000_000),
    "keys: error": ("/keys", 500),
    "keys: redirect": ("/keys", 301),
    "keys: HTML": ("/keys", b"<html>"),
    "keys: none": ("/keys", {"keys": []}),
    "keys: not a list": ("/keys", {"keys": 7}),
    "keys: nonsense": ("/keys", {"keys": [{"kty": "RSA", "kid": "k1", "n": "?", "e": "?"}]}),
    "keys: a secret": ("/keys", {"keys": [{"kty": "oct", "kid": "k1", "k": "c2xhcHRh"}]}),
}


@pytest.mark.parametrize(("path", "answer"), ANSWERS.values(), ids=ANSWERS)
def test_provider_that_fails_on_the_way_back_is_reported(client, provider, path, answer):
    provider.answers[path] = answer
    assert_refused(client, come_back(client, provider))


METADATA = {
    "error": 500,
    "redirect": 302,
    "HTML": b"<html>",
    "list": [],
    "empty": {},
    "huge": b" " * 2_000_000,
}


@pytest.mark.parametrize("answer", METADATA.values(), ids=METADATA)
def test_provider_that_fails_at_the_beginning_is_reported(client, provider, answer):
    provider.answers["/.well-known/openid-configuration"] = answer
    response = client.post("/lt/sign-in/sso/")
    assert_refused(client, response)
    assert 'href="/lt/sign-in/"' in response.text


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://evil.example/"},
        {"token_endpoint": "http://169.254.169.254/"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": 7},
        {"token_endpoint": "https://[::1"},
    ],
)
def test_metadata_that_lead_elsewhere_are_refused(client, provider, change):
    provider.answers["/.well-known/openid-configuration"] = provider.metadata(**change)
    assert_refused(client, client.post("/lt/sign-in/sso/"))


def test_provider_that_is_down_is_reported_in_the_visitors_language(client, provider):
    provider.stop()
    for language, said in (("lt", "Jūs neprisijungėte"), ("en", "You are not signed in")):
        response = client.post(f"/{language}/sign-in/sso/")
        assert response.status_code == 502
        assert said in response.text
    assert client.get("/lt/sign-in/").status_code == 200


def test_provider_that_dawdles_is_not_waited_for(client, provider, monkeypatch):
    monkeypatch.setattr(bounded, "READ", 0.3)
    provider.answers["/.well-known/openid-configuration"] = lambda form: time.sleep(2)
    begun = time.monotonic()
    assert_refused(client, client.post("/lt/sign-in/sso/"))
    assert time.monotonic() - begun < 1.5


def test_answer_that_drips_is_cut_off(provider, monkeypatch):
    monkeypatch.setattr(bounded, "TOTAL", 0.0)
    with pytest.raises(bounded.NoAnswer, match="in time"):
        bounded.BoundedSession().get(f"{provider.issuer}/keys")


def test_metadata_are_asked_for_once_an_hour_and_never_by_the_sign_in_page(client, provider):
    client.get("/lt/sign-in/")
    assert provider.asked == []
    begin(client)
    begin(client)
    assert [path for path, _headers, _form in provider.asked] == ["/.well-known/openid-configuration"]
    cache.clear()
    begin(client)
    assert len(provider.asked) == 2


def userinfo(provider, **told):
    provider.answers["/.well-known/openid-configuration"] = provider.metadata(
        userinfo_endpoint=f"{provider.issuer}/me"
    )
    provider.answers["/me"] = {"sub": "rasa", "email": "rasa@alytus.example", "email_verified": True} | told
    cache.clear()


def test_address_may_come_from_the_userinfo_endpoint(client, provider):
    userinfo(provider)
    come_back(client, provider, email=None, email_verified=None)
    assert User.objects.get().email == "rasa@alytus.example"
    assert next(row for row in provider.asked if row[0] == "/me")[1]["Authorization"] == "Bearer prieiga"


@pytest.mark.parametrize("told", [{"sub": "kita"}, {"sub": None}])
def test_userinfo_of_somebody_else_is_refused(client, provider, told):
    userinfo(provider, **told)
    assert_refused(client, come_back(client, provider, email=None))


def test_userinfo_cannot_say_who_one_is_or_how_one_proved_it(client, provider, settings):
    settings.OIDC = provider.settings(amr=["otp"])
    userinfo(provider, iss="https://evil.example", amr=["otp"])
    come_back(client, provider, email=None)
    assert SocialAccount.objects.get().extra_data == {"iss": provider.issuer, "sub": "rasa"}
    assert not [row for row in client.session["account_authentication_methods"] if row["method"] == "mfa"]


@pytest.mark.parametrize("verified", ["true", 1, None, [True], "false"])
def test_address_is_proved_only_by_true(client, provider, verified):
    come_back(client, provider, email_verified=verified)
    assert User.objects.get().email is None


@pytest.mark.parametrize(
    "claims",
    [
        {"given_name": "<script>", "family_name": "x" * 4000},
        {"given_name": "Rasa\u202e\x00\n", "family_name": ["S"]},
        {"given_name": None, "family_name": None, "name": {"a": 1}},
        {"email": "ne paštas"},
        {"email": ["rasa@alytus.example"]},
        {"email": "r" * 300 + "@alytus.example"},
        {"amr": "otp", "acr": ["x"]},
        {"amr": [{"x": 1}]},
    ],
)
def test_odd_claims_of_a_signed_token_do_no_harm(client, provider, settings, claims):
    settings.OIDC = provider.settings(amr=["otp"])
    assert come_back(client, provider, **claims).status_code == 302
    person = User.objects.get()
    assert len(person.first_name) <= 60 and len(person.last_name) <= 60
    assert not set("\x00\u202e\n") & set(person.first_name)
    assert "<script>" not in client.get("/lt/learn/").text


def test_state_waits_ten_minutes(client, provider):
    _address, asked = begin(client)
    session = client.session
    session["socialaccount_states"][asked["state"]][1] -= 11 * 60
    session.save()
    response = client.get("/sso/callback/", {"code": "c", "state": asked["state"]})
    assert_refused(client, response, status=400)
    assert [row[0] for row in provider.asked] == ["/.well-known/openid-configuration"]


def test_flood_of_beginnings_is_stopped(provider):
    for _time in range(31):
        response = Client().post("/lt/sign-in/sso/")
    assert response.status_code == 429
