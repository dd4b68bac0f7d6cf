"""Credentials, their register, their files, and who issues them."""

from certificates.models.credentials import (
    TOKEN,
    Credential,
    CredentialFile,
    new_token,
    waiting_completions,
)
from certificates.models.issuer import CertificateSettings
from certificates.models.register import Register

__all__ = [
    "TOKEN",
    "CertificateSettings",
    "Credential",
    "CredentialFile",
    "Register",
    "new_token",
    "waiting_completions",
]
