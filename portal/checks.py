"""System checks for rules of the project that no other tool knows; `manage.py check` runs them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage, storages

from portal.conf import conf
from portal.directory.bounded import is_permitted
from portal.serve import is_loopback

DEFAULT_SECRETS = ("django-insecure", "change", "secret", "only-for-")


@register(Tags.security)
def plain_http_stays_here(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a public address over plain HTTP: sign-ins and launches would cross the network readable."""
    address = urlsplit(conf.SITE_URL)
    if address.scheme == "https" or is_loopback(address.hostname or ""):
        return []
    return [
        Error(
            f"The portal's address {conf.SITE_URL} is plain HTTP on a host that others can reach.",
            hint="Under the development settings HOST must be localhost, 127.0.0.1 or ::1; "
            "for others to reach the portal, use portal.settings.production behind HTTPS.",
            id="kelrodis.E001",
        )
    ]


@register(Tags.security)
def private_files_stay_private(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a private folder (certificates, exports) inside a folder that is served to everybody."""
    missing = [name for name in ("private", "tombstones") if name not in settings.STORAGES]
    if missing:
        return [
            Error(
                f"STORAGES has no {' and no '.join(missing)}.",
                hint="Add portal.suite.private_storages(folder), a folder that no web server serves.",
                id="kelrodis.E006",
            )
        ]
    storage = storages["private"]
    if not isinstance(storage, FileSystemStorage):
        return []
    private = Path(storage.location)
    served = [Path(root).resolve() for root in (settings.MEDIA_ROOT, settings.STATIC_ROOT) if root]
    if not any(private.is_relative_to(root) for root in served):
        return []
    return [
        Error(
            f"The folder of private files, {private}, lies inside a folder that is served publicly.",
            hint="Set KELRODIS_PRIVATE to a folder outside KELRODIS_MEDIA and KELRODIS_STATIC.",
            id="kelrodis.E002",
        )
    ]


@register(Tags.security)
def staff_have_a_second_factor(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a production whose staff sign in with a password alone, and a word that says neither."""
    allowed = {"staff"} if conf.ENVIRONMENT == "production" else {"staff", "off"}
    if conf.SECOND_FACTOR in allowed:
        return []
    return [
        Error(
            f"KELRODIS_SECOND_FACTOR={conf.SECOND_FACTOR} is not for this installation.",
            hint='In production it is "staff" (the default); "off" is for a trial under the development settings.',
            id="kelrodis.E003",
        )
    ]


@register(Tags.security)
def single_sign_on_is_whole(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a provider of single sign-on that is half set up, or reached over plain HTTP."""
    wanted = conf.OIDC
    if not wanted["issuer"] or (
        wanted["client_id"] and wanted["client_secret"] and is_permitted(wanted["issuer"])
    ):
        return []
    return [
        Error(
            f"Single sign-on at {wanted['issuer']} is not set up whole.",
            hint="Set KELRODIS_OIDC_CLIENT_ID and KELRODIS_OIDC_CLIENT_SECRET; the issuer's address begins with https://.",
            id="kelrodis.E004",
        )
    ]


def what_production_refuses() -> list[str]:
    """Return why these settings must not serve the public, in words for who installs; empty when they may.

    Source: Django's deployment checklist (SECRET_KEY, DEBUG, ALLOWED_HOSTS, HTTPS).
    """
    key = settings.SECRET_KEY
    problems = {
        "KELRODIS_SECRET_KEY must be a secret of this installation: 50 random characters or more.": (
            len(key) < 50 or len(set(key)) < 20 or key.lower().startswith(DEFAULT_SECRETS)
        ),
        "DEBUG must be off: its error pages show settings and data.": settings.DEBUG,
        "KELRODIS_HOSTS must name the hosts that are served, and not all of them.": (
            not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS
        ),
        "KELRODIS_SITE_URL must begin with https://.": urlsplit(conf.SITE_URL).scheme != "https",
        "HTTPS must be enforced: redirect to it, and cookies for it only.": not (
            settings.SECURE_SSL_REDIRECT and settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE
        ),
        "KELRODIS_SECOND_FACTOR must be staff: a password alone opens no staff screen.": (
            conf.SECOND_FACTOR != "staff"
        ),
    }
    return [problem for problem, holds in problems.items() if holds]


def refuse_unsafe_production() -> None:
    """Stop a production process with unsafe settings before it serves anybody.

    System checks are for commands; a web server does not run them. Raises ImproperlyConfigured.
    """
    if conf.ENVIRONMENT == "production" and (problems := what_production_refuses()):
        raise ImproperlyConfigured("Kelrodis does not start like this:\n- " + "\n- ".join(problems))
