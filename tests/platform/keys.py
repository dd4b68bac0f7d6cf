"""The platform's own RSA keys: made on first use, kept as files, rotated on demand."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lti1p3platform.registration import Registration

from .store import Row, Store


def new_private_key() -> rsa.RSAPrivateKey:
    """A fresh 2048-bit key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def private_pem(key: rsa.RSAPrivateKey) -> str:
    """The key as PKCS 8."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def public_pem(key: rsa.RSAPrivateKey) -> str:
    """The public half, as tools see it in PEM form."""
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


class PlatformKeys:
    """The signing key, the other published keys, and hostile extras for the key set.

    The settings hold `keys`: [{"file", "kid"}], the last one signs. Key files stay over resets.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._lock = threading.Lock()
        self._loaded: dict[str, rsa.RSAPrivateKey] = {}
        self._wrong = new_private_key()
        folder.mkdir(parents=True, exist_ok=True)
        if not self._store.setting("keys"):
            self.rotate(keep_old=False)

    def rotate(self, keep_old: bool) -> str:
        """Make a new signing key and publish it; the old ones stay published or vanish. Returns its kid."""
        key = new_private_key()
        kid = str(Registration.get_jwk(public_pem(key))["kid"])
        path = self._folder / f"{kid}.pem"
        path.touch(mode=0o600)
        path.write_text(private_pem(key))
        with self._store.transaction():
            before = self._store.setting("keys", []) if keep_old else []
            self._store.set_setting("keys", [*before, {"file": path.name, "kid": kid}])
        return kid

    def _load(self, entry: dict[str, str]) -> rsa.RSAPrivateKey:
        with self._lock:
            if entry["kid"] not in self._loaded:
                pem = (self._folder / entry["file"]).read_bytes()
                key = serialization.load_pem_private_key(pem, password=None)
                if not isinstance(key, rsa.RSAPrivateKey):
                    raise TypeError("the platform signs with RSA keys only")
                self._loaded[entry["kid"]] = key
            return self._loaded[entry["kid"]]

    @property
    def kid(self) -> str:
        """The kid of the signing key."""
        return str(self._store.setting("keys")[-1]["kid"])

    @property
    def signing_key(self) -> rsa.RSAPrivateKey:
        """The key that signs launches now."""
        return self._load(self._store.setting("keys")[-1])

    @property
    def wrong_key(self) -> rsa.RSAPrivateKey:
        """A key that is never published, for forgeries."""
        return self._wrong

    def public_jwks(self) -> list[Row]:
        """The published keys, then whatever extras a test has planted."""
        entries = self._store.setting("keys")
        published: list[Row] = [Registration.get_jwk(public_pem(self._load(entry))) for entry in entries]
        extras: list[Any] = self._store.setting("extra_jwks", [])
        return published + extras
