"""The tool's public keys, cached per kid without expiry and refetched only when a check fails (Moodle)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import jwt
import requests

from .store import Store


class UntrustedToken(Exception):
    """The tool's JWT does not check out."""


class KeySetUnreachable(Exception):
    """The tool's key set could not be had and nothing was cached."""


class ToolKeys:
    """Verifies what the tool has signed."""

    def __init__(self, store: Store, url: Callable[[], str]) -> None:
        self._store = store
        self._url = url

    @property
    def url(self) -> str:
        """Where the tool's keys are."""
        return self._url()

    def fetch(self) -> list[dict[str, Any]]:
        """Ask the tool for its keys and remember them; keys that it has dropped stay known."""
        try:
            with requests.Session() as session:
                session.trust_env = False
                # A tool with a certificate of its own making is trusted by naming that.
                session.verify = os.environ.get("PLATFORM_TRUSTS") or True
                answer = session.get(self.url, timeout=5)
            answer.raise_for_status()
            keys = answer.json()["keys"]
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            raise KeySetUnreachable(f"{self.url}: {error}") from error
        with self._store.transaction():
            fetched = int(self._store.setting("tool_jwks_fetches", 0))
            self._store.set_setting("tool_jwks_fetches", fetched + 1)
            for key in keys:
                if key.get("kid"):
                    values = [str(key["kid"]), json.dumps(key)]
                    self._store.write("INSERT OR REPLACE INTO tool_keys VALUES (?, ?)", values)
        return list(keys)

    def known(self) -> dict[str, dict[str, Any]]:
        """The remembered keys by kid."""
        return {row["kid"]: json.loads(row["jwk"]) for row in self._store.rows("SELECT * FROM tool_keys")}

    @staticmethod
    def kid_of(token: str) -> str:
        """The kid that a JWT names; raises UntrustedToken when there is none."""
        try:
            kid = jwt.get_unverified_header(token).get("kid")
        except jwt.PyJWTError as error:
            raise UntrustedToken(str(error)) from error
        if not kid:
            raise UntrustedToken("no kid in the JWT header")
        return str(kid)

    def _decode(self, token: str, kid: str, leeway: int) -> dict[str, Any]:
        jwk = self.known().get(kid)
        if jwk is None:
            raise jwt.InvalidKeyError(f"no key with kid {kid}")
        options: Any = {"verify_aud": False, "verify_iss": False, "verify_jti": False, "verify_sub": False}
        key = jwt.PyJWK(jwk, algorithm="RS256")
        return jwt.decode(token, key, algorithms=["RS256"], leeway=leeway, options=options)

    def verify(self, token: str, leeway: int = 0) -> dict[str, Any]:
        """The claims of a JWT signed by the tool (RS256; exp, iat and nbf are checked).

        Raises UntrustedToken, or KeySetUnreachable when there was nothing to check it with.
        """
        kid = self.kid_of(token)
        try:
            return self._decode(token, kid, leeway)
        except jwt.PyJWTError:
            self.fetch()
        try:
            return self._decode(token, kid, leeway)
        except jwt.PyJWTError as error:
            raise UntrustedToken(str(error)) from error
