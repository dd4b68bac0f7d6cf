"""Settings for one machine: SQLite, files for broker, cache and mail; everything below ``var/``."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_host = os.environ.get("HOST", "localhost")
_port = os.environ.get("PORT", "8000")
_var = Path(os.environ.get("KELRODIS_VAR", Path(__file__).resolve().parents[2] / "var"))


def _secret_key() -> str:
    """Return this installation's own key, made on first use and kept in ``var/``."""
    path = _var / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(50), encoding="ascii")
        path.chmod(0o600)
    return path.read_text(encoding="ascii")


os.environ.setdefault("KELRODIS_SECRET_KEY", _secret_key())
os.environ.setdefault("KELRODIS_HOSTS", f"localhost,127.0.0.1,[::1],{_host}")
os.environ.setdefault("KELRODIS_SITE_URL", f"http://{'localhost' if _host == '127.0.0.1' else _host}:{_port}")
os.environ.setdefault("KELRODIS_SECOND_FACTOR", "off")  # the demo's staff sign in with a password alone
os.environ.setdefault("KELRODIS_DATABASE_URL", f"sqlite:///{_var}/kelrodis.sqlite3")
os.environ.setdefault("KELRODIS_LOG_FORMAT", "line")
os.environ.setdefault("KELRODIS_LOG_REQUESTS", "no")  # gunicorn writes them into var/log/access.log

from portal.settings.production import *  # noqa: E402, F403
from portal.settings.production import CACHES, DATABASES, STORAGES, VAR_DIR  # noqa: E402

ENVIRONMENT = "development"
DEBUG = os.environ.get("KELRODIS_DEBUG") == "1"
PAGE_CACHE = not DEBUG  # who works on a template wants to see it

if "sqlite3" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False  # a file does not hang up
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 30,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728;",
    }
CACHES["default"] = {
    "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
    "LOCATION": str(VAR_DIR / "cache"),
}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # a style sheet that is being edited would be cut at its former length

# Plain HTTP is for the loopback address only; ``portal.checks`` refuses another host.
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(VAR_DIR / "mail")

CELERY_BROKER_URL = "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": str(VAR_DIR / "broker" / "queue"),
    "data_folder_out": str(VAR_DIR / "broker" / "queue"),
    "control_folder": str(VAR_DIR / "broker" / "control"),
    "polling_interval": 0.2,
}
