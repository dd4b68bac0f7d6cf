"""Settings for the tests: a throw-away ``var``, no waiting, no outside services."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("KELRODIS_VAR", tempfile.mkdtemp(prefix="kelrodis-test-"))

from portal.settings.dev import *  # noqa: E402, F403
from portal.settings.production import CACHES, DATABASES, STATIC_ROOT, VAR_DIR  # noqa: E402

ENVIRONMENT = "test"
PAGE_CACHE = False  # tests of pages are about how they are made; tests/content/test_page_cache.py has it on
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}  # a file, as threads need one
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
WHITENOISE_USE_FINDERS = False
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
MEDIA_ROOT = str(VAR_DIR / "media")
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
