"""Tokens that are not what the platform would have sent: signature, header, structure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import jwt
import pytest

from tests.factories.lti import answer, encoded, jwk, public_pem, rsa_key


def by_hand(header, claims, signature=b"x"):
    """Return a token of any header and body with any signature."""
    return ".".join([encoded(header), encoded(claims), encoded(signature)])


def test_L01_a_token_without_kid_is_refused(refuses):
    refuses("kid_missing", make=lambda claims: jwt.encode(claims, rsa_key("platform-key"), algorithm="RS256"))


@pytest.mark.parametrize("kid", [None, 5, "", ["platform-key"], "x" * 5000, "a\x00b"])
def test_L01_a_kid_that_is_no_name_is_refused(refuses, kid):
    header = {"alg": "RS256", "kid": kid}
    refuses("kid_missing", make=lambda claims: by_hand(header, claims))


def test_L02_an_unknown_kid_asks_the_platform_once_a_minute(refuses, ona):
    assert ona.launch().status_code == 302
    for _time in range(3):
        refuses("kid_unknown", make=lambda claims: ona.platform.sign(claims, headers={"kid": "unheard-of"}))
    assert ona.platform.keyset_calls == 1  # asked a moment ago

    from django.core.cache import cache

    from lti.flows.keysets import _cache_name

    cache.delete(_cache_name(ona.platform.registration) + ":asked")
    for _time in range(3):
        refuses("kid_unknown", make=lambda claims: ona.platform.sign(claims, headers={"kid": "unheard-of"}))
    assert ona.platform.keyset_calls == 2


def test_L03_another_key_under_the_right_name_is_refused(refuses, ona):
    sign = ona.platform.sign
    refuses("signature_wrong", make=lambda claims: sign(claims, key="thief", headers={"kid": "platform-key"}))


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "", None, "RS256 ", "ES256", "PS256", ["RS256"]])
def test_L04_alg_none_and_others_are_refused(refuses, alg):
    header = {"alg": alg, "kid": "platform-key"}
    refuses("alg_not_rs256", make=lambda claims: by_hand(header, claims, b""))


def test_L04_rs256_without_a_signature_is_refused(refuses):
    header = {"alg": "RS256", "kid": "platform-key"}
    refuses("signature_wrong", make=lambda claims: by_hand(header, claims, b""))


def test_L05_hs256_with_the_public_key_as_secret_is_refused(refuses):
    def forge(claims):
        signed = f"{encoded({'alg': 'HS256', 'kid': 'platform-key'})}.{encoded(claims)}"
        digest = hmac.new(public_pem("platform-key"), signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{encoded(digest)}"

    refuses("alg_not_rs256", make=forge)


def test_L06_a_kid_that_leads_to_a_symmetric_key_is_refused(refuses, ona, network):
    secret = {"kty": "oct", "kid": "shared", "k": encoded(b"secret" * 8), "alg": "RS256", "use": "sig"}
    network.answers["https://moodle.example/jwks"] = answer(body={"keys": [secret, jwk("platform-key")]})

    def forge(claims):
        signed = f"{encoded({'alg': 'RS256', 'kid': 'shared'})}.{encoded(claims)}"
        digest = hmac.new(b"secret" * 8, signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{encoded(digest)}"

    refuses("kid_unknown", make=forge)


@pytest.mark.parametrize(
    "changes", [{"use": "enc"}, {"alg": "RS512"}, {"kty": "EC"}, {"n": "AQAB"}, {"n": 5}]
)
def test_L06_keys_not_meant_for_this_are_no_keys(refuses, network, moodle, changes):
    keys = [jwk("platform-key", **changes), jwk("another")]
    network.answers["https://moodle.example/jwks"] = answer(body={"keys": keys})

    refuses("kid_unknown")


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_L06_a_key_of_1024_bits_is_no_key(refuses, network, ona):
    weak = jwt.algorithms.RSAAlgorithm.to_jwk(rsa_key("weak", 1024).public_key(), as_dict=True) | {
        "kid": "weak"
    }
    network.answers["https://moodle.example/jwks"] = answer(body={"keys": [weak, jwk("platform-key")]})

    refuses(
        "kid_unknown",
        make=lambda claims: jwt.encode(
            claims, rsa_key("weak", 1024), algorithm="RS256", headers={"kid": "weak"}
        ),
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"jku": "https://evil.example/jwks"},
        {"x5u": "https://evil.example/cert"},
        {"jwk": jwk("thief")},
        {"x5c": ["AAAA"]},
    ],
)
def test_L07_keys_offered_by_the_token_itself_are_not_looked_at(refuses, ona, network, headers):
    headers = headers | {"kid": "platform-key"}
    refuses("signature_wrong", make=lambda claims: ona.platform.sign(claims, key="thief", headers=headers))
    assert {call["url"] for call in network.calls} == {"https://moodle.example/jwks"}


@pytest.mark.parametrize("headers", [{"crit": ["exp"]}, {"b64": False, "crit": ["b64"]}, {"b64": True}])
def test_headers_that_change_the_meaning_of_a_token_are_refused(refuses, headers):
    header = {"alg": "RS256", "kid": "platform-key", **headers}
    refuses("header_with_extensions", make=lambda claims: by_hand(header, claims))


def test_L08_a_tampered_payload_is_refused(refuses, ona):
    def tamper(claims):
        first, _body, last = ona.platform.sign(claims).split(".")
        return ".".join([first, encoded(claims | {"sub": "1"}), last])

    refuses("signature_wrong", make=tamper)


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c.d", "ą.b.c", "....", " "])
def test_L09_what_has_not_three_parts_is_refused(refuses, token):
    refuses("token_not_three_parts", make=lambda claims: token)


def test_L09_a_header_that_is_no_base64_is_refused(refuses):
    refuses("header_not_base64", make=lambda claims: "!!.b.c")


@pytest.mark.parametrize("body", [[], "x", 5, None, True])
def test_L10_a_signed_body_that_is_no_object_is_refused(refuses, ona, body):
    def sign(claims):
        raw = json.dumps(body).encode()
        return jwt.PyJWS().encode(raw, rsa_key("platform-key"), "RS256", {"kid": "platform-key"})

    refuses("payload_not_an_object", make=sign)


@pytest.mark.parametrize(
    "raw", [b"[" * 30000, b'{"a":' * 6000, b"\xff\xfe", b"{", b'{"exp": ' + b"9" * 5000 + b"}"]
)
def test_L10_a_signed_body_that_is_no_json_is_refused(refuses, raw):
    refuses(
        "payload_not_an_object",
        make=lambda claims: jwt.PyJWS().encode(
            raw, rsa_key("platform-key"), "RS256", {"kid": "platform-key"}
        ),
    )


@pytest.mark.parametrize("header", [b"[]", b"5", b"null", b"{", b"[" * 20000, b"\xff"])
def test_L11_a_header_that_is_no_object_is_refused(refuses, header):
    refuses("header_not_an_object", make=lambda claims: f"{encoded(header)}.{encoded(claims)}.eA")


@pytest.mark.parametrize("size", [65_000, 1_000_000])
def test_L12_a_huge_token_is_refused(refuses, ona, size):
    refuses("token_too_large", make=lambda claims: ona.platform.sign(claims | {"padding": "x" * size}))


def test_L12_a_body_beyond_every_measure_is_refused(ona, refused):
    begun = ona.begin()
    refused.start()
    refused(ona.post("x" * 3_000_000, begun.state), "request_unreadable")


def test_a_broken_multipart_body_is_refused(ona, refused):
    refused.start()
    response = ona.client.post("/lti/launch/", b"nonsense", content_type="multipart/form-data; boundary=")
    refused(response, "request_unreadable")


def test_base64_with_line_breaks_is_no_token(refuses, ona):
    def spoil(claims):
        first, *rest = ona.platform.sign(claims).split(".")
        return ".".join([base64.b64encode(b"\n").decode() + first, *rest])

    refuses("header_not_base64", make=spoil)
