"""allauth's OpenID Connect, made strict: what a provider says is checked before anything is believed.

Beyond allauth: a nonce; signatures always verified, with public-key algorithms alone; ``azp``; the issuer in
the metadata and in the answer; one fixed callback address; no parameters taken from the visitor.
Source: OpenID Connect Core 1.0, clauses 3.1.2.1, 3.1.3.7 and 5.3.2; Discovery 1.0, 4.3; RFC 9207.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from typing import Any
from urllib.parse import urljoin

import jwt
from allauth.account.internal.emailkit import valid_email_or_none
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language

from portal.conf import conf
from portal.directory.bounded import is_permitted
from portal.directory.flows.sign_on import PROVIDER, Identity
from portal.directory.models.names import LONGEST_NAME
from portal.directory.models.people import LANGUAGES

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
SKEW = 60  # seconds two clocks may differ
METADATA_KEPT = 60 * 60  # seconds
REQUIRED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
LONGEST_SUBJECT = 255  # OpenID Connect Core 1.0, clause 2


class Adapter(OpenIDConnectOAuth2Adapter):
    """The provider's addresses, and what is made of its answer."""

    nonce = ""  # of the sign-in that is being completed

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return the provider's metadata, kept for an hour. Raises OAuth2Error or RequestException."""
        issuer = conf.OIDC["issuer"]
        kept: dict[str, Any] | None = cache.get(f"oidc:{issuer}")
        if kept is None:
            kept = checked_metadata(_fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration"), issuer)
            cache.set(f"oidc:{issuer}", kept, METADATA_KEPT)
        return kept

    @property
    def basic_auth(self) -> bool:
        """Whether the client's secret goes in a header (the standard's default), or in the form."""
        methods = self.openid_config.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return "client_secret_post" not in methods

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Return the one address the provider knows, whatever host was asked."""
        return callback_url()

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Exchange the code. Raises OAuth2Error unless both tokens come back."""
        try:
            answer = super().get_access_token_data(*args, **kwargs)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            raise OAuth2Error("answer of the token endpoint unreadable") from None
        if not (
            isinstance(answer, dict)
            and all(isinstance(answer.get(n), str) for n in ("access_token", "id_token"))
        ):
            raise OAuth2Error("no tokens")
        return {"access_token": answer["access_token"], "id_token": answer["id_token"]}

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        """Return who came. Raises OAuth2Error or RequestException."""
        metadata = self.openid_config
        claims = verified(kwargs["response"]["id_token"], metadata, self.nonce)
        address = metadata.get("userinfo_endpoint")
        if "email" not in claims and address is not None and is_permitted(address):
            claims |= self._more(address, token.token, claims["sub"])
        login: SocialLogin = self.get_provider().sociallogin_from_response(request, claims)
        login.identity = identity_of(claims)
        return login

    def _more(self, address: str, token: str, subject: str) -> dict[str, Any]:
        """Return name and address from the userinfo endpoint, if it speaks of the same subject."""
        told = _fetch(address, {"Authorization": f"Bearer {token}"})
        if told.get("sub") != subject:
            raise OAuth2Error("userinfo of somebody else")
        wanted = ("name", "given_name", "family_name", "email", "email_verified")
        return {name: told[name] for name in wanted if name in told}


class Provider(OpenIDConnectProvider):
    """One provider, named by the settings; allauth takes this class from there, too."""

    oauth2_adapter_class = Adapter
    pkce_enabled_default = True

    def redirect(
        self, request: HttpRequest, process: str = "", next_url: Any = None, data: Any = None, **kwargs: Any
    ) -> HttpResponseBase:
        """Lead to the provider, to sign in and for nothing else, with a nonce."""
        nonce = secrets.token_urlsafe(24)
        wanted = {"nonce": nonce, "ui_locales": get_language() or "lt"}
        if conf.OIDC["acr"]:
            wanted["acr_values"] = " ".join(conf.OIDC["acr"])
        response: HttpResponseBase = super().redirect(
            request, AuthProcess.LOGIN, next_url, auth_params=wanted, nonce=nonce, language=get_language()
        )
        return response

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Return issuer and subject as one."""
        return identity_of(data).uid

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep no more than who it is."""
        return {"iss": data["iss"], "sub": data["sub"]}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Leave people to ``flows.sign_on``."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """Leave addresses to ``flows.sign_on``."""
        return []


def callback_url() -> str:
    """Return the address to register at the provider."""
    return urljoin(conf.SITE_URL, reverse("sso_callback"))


def _fetch(url: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """Return a JSON object. Raises OAuth2Error or RequestException."""
    with get_adapter().get_requests_session() as session:
        response = session.get(url, headers=headers)
        response.raise_for_status()
        if response.status_code != 200:
            raise OAuth2Error(f"status {response.status_code}")
        try:
            found = response.json()
        except (ValueError, RecursionError):
            raise OAuth2Error("not JSON") from None
    if not isinstance(found, dict):
        raise OAuth2Error("not an object")
    return found


def checked_metadata(metadata: dict[str, Any], issuer: str) -> dict[str, Any]:
    """Return the metadata. Raises OAuth2Error unless it is this issuer's and names its addresses."""
    if metadata.get("issuer") != issuer:
        raise OAuth2Error("metadata of another issuer")
    if not all(is_permitted(metadata.get(name)) for name in REQUIRED):
        raise OAuth2Error("metadata without an address, or with one that is not HTTPS")
    return metadata


def verified(token: str, metadata: dict[str, Any], nonce: str) -> dict[str, Any]:
    """Return the claims of an ID token. Raises OAuth2Error unless it is for us, of now, and signed."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise OAuth2Error("algorithm refused")
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(_fetch(metadata["jwks_uri"]), header.get("kid")),
            algorithms=[header["alg"]],
            audience=conf.OIDC["client_id"],
            issuer=conf.OIDC["issuer"],
            leeway=SKEW,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except jwt.PyJWTError as error:
        raise OAuth2Error(type(error).__name__) from None
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise OAuth2Error("ID token unreadable") from None
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != conf.OIDC["client_id"]:
        raise OAuth2Error("ID token for another client")
    if not nonce or not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise OAuth2Error("nonce of another sign-in")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
        raise OAuth2Error("subject unreadable")
    return claims


def _key(keys: dict[str, Any], kid: Any) -> jwt.PyJWK:
    """Return the key named ``kid``, or the only one where none is named. Raises OAuth2Error."""
    fitting = [
        key
        for key in jwt.PyJWKSet.from_dict(keys).keys
        if key.public_key_use in {None, "sig"} and kid in {None, key.key_id} and key.key_type != "oct"
    ]
    if len(fitting) != 1:
        raise OAuth2Error("no such key")
    return fitting[0]


def identity_of(claims: dict[str, Any]) -> Identity:
    """Return the identity the claims speak of; names are cut and cleaned, an unproved address is left out."""
    first, last = _name(claims.get("given_name")), _name(claims.get("family_name"))
    if not first and not last:
        first, _space, last = _name(claims.get("name")).partition(" ")
    language = get_language() or "lt"
    return Identity(
        issuer=claims["iss"],
        subject=claims["sub"],
        first_name=first,
        last_name=last,
        email=_proved_address(claims),
        language=language if language in dict(LANGUAGES) else "lt",
        second_factor=_had_second_factor(claims),
    )


def _name(value: Any) -> str:
    """Return a name without what cannot be printed."""
    text = value if isinstance(value, str) else ""
    printable = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    return " ".join(printable.split())[:LONGEST_NAME].strip()


def _proved_address(claims: dict[str, Any]) -> str:
    email = claims.get("email")
    address = valid_email_or_none(email) if isinstance(email, str) else None
    if not address:
        return ""
    trusted = address.rpartition("@")[2] in conf.OIDC["trusted_domains"]
    return address if claims.get("email_verified") is True or trusted else ""


def _had_second_factor(claims: dict[str, Any]) -> bool:
    methods = claims.get("amr")
    said = {method for method in methods if isinstance(method, str)} if isinstance(methods, list) else set()
    return claims.get("acr") in conf.OIDC["acr"] or bool(said & set(conf.OIDC["amr"]))


def is_offered() -> bool:
    """Whether single sign-on is set up here."""
    return bool(conf.OIDC["issuer"])


def provider(request: HttpRequest) -> Provider:
    """Return the provider."""
    found: Provider = get_adapter().get_provider(request, PROVIDER)
    return found
