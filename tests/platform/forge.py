"""Hostile and odd id_tokens, made from what an honest launch would have said."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lti1p3platform.registration import Registration

from .claims import full_name
from .core import Platform
from .keys import public_pem

SIGNERS = ("right", "wrong", "none", "hs256_public")


class BadForgery(ValueError):
    """The request to /api/launch asks for something that cannot be made."""


def _part(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _rs256(key: rsa.RSAPrivateKey, text: str) -> bytes:
    return key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())


def _signature(platform: Platform, signer: str, text: str) -> bytes:
    if signer == "none":
        return b""
    if signer == "hs256_public":
        secret = public_pem(platform.keys.signing_key).encode()
        return hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return _rs256(platform.keys.wrong_key if signer == "wrong" else platform.keys.signing_key, text)


def _header(platform: Platform, spec: dict[str, Any], signer: str) -> Any:
    if "header_json" in spec:
        return spec["header_json"]
    algorithm = {"none": "none", "hs256_public": "HS256"}.get(signer, "RS256")
    kid = spec.get("kid", "right")
    header: dict[str, Any] = {"typ": "JWT", "alg": algorithm}
    if kid not in (None, "none"):
        header["kid"] = {"right": platform.keys.kid, "unknown": "no-such-key"}.get(str(kid), kid)
    if spec.get("embed_jwk"):
        header["jwk"] = Registration.get_jwk(public_pem(platform.keys.wrong_key))
    header.update(spec.get("headers", {}))
    return header


def _claims(claims: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    """Apply merge, overrides, shift, remove in this order."""
    claims = dict(claims)
    for name, value in spec.get("merge", {}).items():
        claims[full_name(name)] = {**claims.get(full_name(name), {}), **value}
    for name, value in spec.get("overrides", {}).items():
        claims[full_name(name)] = value
    for name, seconds in spec.get("shift", {}).items():
        claims[name] = int(time.time()) + seconds
    for name in spec.get("remove", []):
        claims.pop(full_name(name), None)
    if spec.get("pad"):
        claims["pad"] = "x" * int(spec["pad"])
    return claims


def forge(platform: Platform, honest: str, spec: dict[str, Any]) -> dict[str, Any]:
    """Turn an honest id_token into the one that `spec` asks for; {id_token, claims, header}.

    Raises BadForgery. Without any wish the token that lti1p3platform has signed is returned as it is.
    """
    signer = spec.get("sign_with", "right")
    if signer not in SIGNERS:
        raise BadForgery(f"sign_with is one of {', '.join(SIGNERS)}")
    original = jwt.decode(honest, options={"verify_signature": False})
    wishes = {"overrides", "merge", "remove", "shift", "headers", "kid", "embed_jwk", "pad", "tamper"}
    wishes |= {"payload_json", "header_json", "parts"}
    if signer == "right" and not wishes & set(spec):
        return {"id_token": honest, "claims": original, "header": jwt.get_unverified_header(honest)}
    claims: Any = spec["payload_json"] if "payload_json" in spec else _claims(original, spec)
    header = _header(platform, spec, signer)
    text = f"{_part(header)}.{_part(claims)}"
    signature = _part(_signature(platform, signer, text))
    if "tamper" in spec:
        claims = {**claims, **{full_name(name): value for name, value in spec["tamper"].items()}}
        text = f"{_part(header)}.{_part(claims)}"
    token = text if spec.get("parts") == 2 else f"{text}.{signature}"
    return {"id_token": token, "claims": claims, "header": header}
