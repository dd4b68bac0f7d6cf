"""Addresses that leave the portal, on paper and in letters: always the portal's own, whatever host was asked."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import override

from certificates.models import Credential
from portal.conf import conf


def verify_url(credential: Credential) -> str:
    """Return the address printed on the certificate; it leads to the reader's own language."""
    return f"{conf.SITE_URL}{reverse('verify_any_language', args=[credential.token])}"


def check_url() -> str:
    """Return the address of the checking form; it leads to the reader's own language."""
    return f"{conf.SITE_URL}{reverse('check_any_language')}"


def check_shown() -> str:
    """Return the address of the checking form as one reads it: no scheme, no final slash."""
    return check_url().partition("://")[2].rstrip("/")


def pdf_url(credential: Credential, language: str) -> str:
    """Return the address at which the holder downloads the certificate."""
    with override(language):
        return f"{conf.SITE_URL}{reverse('certificates:pdf', args=[credential.uuid])}"
