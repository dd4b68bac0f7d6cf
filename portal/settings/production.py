"""Production settings: the base that ``dev`` and ``test`` relax.

Everything that differs between installations comes from the environment (see ``env.py``); what does not is in
``portal.suite``, and what our own settings mean in ``portal.conf``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from portal.settings import services
from portal.settings.env import env, env_bool, env_int, env_list
from portal.settings.keeping import ERASURE_DAYS, REGISTER_NAMES_BASIS, RETENTION  # noqa: F401 (settings)
from portal.suite import *  # noqa: F403 (what every site with our apps takes as it is)
from portal.suite import APPS, TEMPLATE_OPTIONS

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env("KELRODIS_VAR", str(BASE_DIR / "var")))

MB = 1024 * 1024

DEBUG = False
SECRET_KEY = env("KELRODIS_SECRET_KEY")
SECRET_KEY_FALLBACKS = env_list(
    "KELRODIS_SECRET_KEY_FALLBACKS", ""
)  # still honoured while a new key takes over
ALLOWED_HOSTS = env_list("KELRODIS_HOSTS")
SITE_URL = env("KELRODIS_SITE_URL")  # the public address, without a final slash
ENVIRONMENT = "production"

INSTALLED_APPS = [*APPS]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],  # in a wheel they are the app's (docs/guides/plugin.md)
        "APP_DIRS": True,
        "OPTIONS": TEMPLATE_OPTIONS,
    }
]

# Data -------------------------------------------------------------------------------------------
DATABASES = {"default": services.database(env("KELRODIS_DATABASE_URL"))}
if "postgresql" in DATABASES["default"]["ENGINE"]:
    INSTALLED_APPS.append("django.contrib.postgres")  # Wagtail's search asks for it
CACHES = {
    "default": {
        "BACKEND": "portal.caching.ForgivingRedisCache",
        "LOCATION": env("KELRODIS_CACHE_URL", "redis://127.0.0.1:6379/0"),
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}
PAGE_CACHE = env_bool("KELRODIS_PAGE_CACHE", True)  # public pages, for a minute or until something changes
MEDIA_ROOT = env("KELRODIS_MEDIA", str(VAR_DIR / "media"))
MEDIA_URL = "/media/"
PRIVATE_ROOT = Path(env("KELRODIS_PRIVATE", str(VAR_DIR / "private")))
STATIC_URL = "/static/"
STATIC_ROOT = env("KELRODIS_STATIC", str(VAR_DIR / "static"))
# Who was erased, kept apart from what a backup replaces; best on another machine's disk, or in a bucket of its own.
TOMBSTONES_ROOT = Path(env("KELRODIS_TOMBSTONES", str(VAR_DIR / "tombstones")))
STORAGES = services.storages(private=PRIVATE_ROOT, tombstones=TOMBSTONES_ROOT) | {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_IN_BUCKET = STORAGES["default"]["BACKEND"] == "portal.buckets.MediaBucket"

# People -----------------------------------------------------------------------------------------
SIGN_UP_OPEN = env_bool("KELRODIS_SIGN_UP", True)  # no: accounts are opened by staff, and by launches
# Who must prove more than a password before any right of a role: "staff", or nobody ("off"; portal.checks)
SECOND_FACTOR = env("KELRODIS_SECOND_FACTOR", "staff")
# Single sign-on by OpenID Connect: offered where an issuer is named. The address to register there is
# KELRODIS_SITE_URL with /sso/callback/ behind it.
OIDC: dict[str, Any] = {
    "name": env("KELRODIS_OIDC_NAME", "SSO"),  # on the button
    "issuer": env("KELRODIS_OIDC_ISSUER", ""),
    "client_id": env("KELRODIS_OIDC_CLIENT_ID", ""),
    "client_secret": env("KELRODIS_OIDC_CLIENT_SECRET", ""),
    # Domains whose addresses are the people's own, though the provider does not say "email_verified"
    "trusted_domains": [domain.lower() for domain in env_list("KELRODIS_OIDC_TRUSTED_EMAIL", "")],
    # What the provider says of a sign-in with a second factor: then ours is not asked for as well
    "acr": env_list("KELRODIS_OIDC_ACR", ""),
    "amr": env_list("KELRODIS_OIDC_AMR", ""),
}

# Sessions, cookies, transport -------------------------------------------------------------------
CSRF_TRUSTED_ORIGINS = env_list("KELRODIS_TRUSTED_ORIGINS", "")
SECURE_HSTS_INCLUDE_SUBDOMAINS = env_bool("KELRODIS_HSTS_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env_bool("KELRODIS_HSTS_PRELOAD", False)
# A promise for names that are not ours, hard to take back: an installation makes it, if it will
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if env_bool("KELRODIS_BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # or all visitors would share the proxy's address, and its limits

# Wagtail ----------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Kelrodis"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILIMAGES_MAX_UPLOAD_SIZE = env_int("KELRODIS_PICTURE_MB", 10) * MB
WAGTAILDOCS_MAX_UPLOAD_SIZE = env_int("KELRODIS_DOCUMENT_MB", 50) * MB
RECORDING_LIMIT = env_int("KELRODIS_RECORDING_MB", 500) * MB
UPLOADS_QUOTA = (
    env_int("KELRODIS_UPLOADS_GB", 20) * 1024 * MB
)  # of pictures, documents and recordings together
EMBED_HOSTS = env_list("KELRODIS_EMBED_HOSTS", "www.youtube-nocookie.com,player.vimeo.com")

# The keys that sign what learning platforms get: days that a key signs, is announced before, stays known after ----
SIGNING_KEYS = {
    "signs": env_int("KELRODIS_KEY_SIGNS_DAYS", 180),
    "announced": env_int("KELRODIS_KEY_ANNOUNCED_DAYS", 14),
    "overlap": env_int("KELRODIS_KEY_OVERLAP_DAYS", 30),
}

# Letters ----------------------------------------------------------------------------------------
globals().update(services.mail())
DEFAULT_FROM_EMAIL = env("KELRODIS_MAIL_FROM", "Kelrodis <kelrodis@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Work in the background -------------------------------------------------------------------------
CELERY_BROKER_URL = env("KELRODIS_BROKER_URL", "redis://127.0.0.1:6379/1")
globals().update(services.broker(CELERY_BROKER_URL))
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat" / "schedule")

# Watching ---------------------------------------------------------------------------------------
LOGGING = services.logging(
    formats=env("KELRODIS_LOG_FORMAT", "json"), level=env("KELRODIS_LOG_LEVEL", "INFO")
)
METRICS_TOKEN = env("KELRODIS_METRICS_TOKEN", "")  # empty: there are no metrics
