"""Production refuses to start unsafely, reads secrets from files, and takes its servers from the environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage.handler import StorageHandler

from portal.settings import services
from portal.suite import private_storages
from tests.stack import ROOT

WHOLE = {
    "KELRODIS_SECRET_KEY": "q8Zr3vXw-0bLkT5yHn_2sJdPfGm7cUaEi9oRtYWx4BzQhNvKpL6",
    "KELRODIS_HOSTS": "kelrodis.example",
    "KELRODIS_SITE_URL": "https://kelrodis.example",
    "KELRODIS_DATABASE_URL": "sqlite://:memory:",
}
SHOW = """
import json
from django.conf import settings
import portal.wsgi
print(json.dumps({name: str(getattr(settings, name)) for name in %r}))
"""


def start(*shown, **changes):
    """Start a web process with the settings, and return how it went."""
    told = {**WHOLE, **changes}
    rest = {name: value for name, value in os.environ.items() if not name.startswith(("KELRODIS", "DJANGO"))}
    return subprocess.run(
        [sys.executable, "-c", SHOW % (shown,)],
        cwd=ROOT,
        env={**rest, **{name: value for name, value in told.items() if value is not None}},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_whole_settings_start():
    done = start("DEBUG", "SESSION_COOKIE_SECURE", "ENVIRONMENT")
    assert json.loads(done.stdout) == {
        "DEBUG": "False",
        "SESSION_COOKIE_SECURE": "True",
        "ENVIRONMENT": "production",
    }, done.stderr


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"KELRODIS_SECRET_KEY": "duonos-ir-zaidimu"}, "must be a secret"),
        (
            {"KELRODIS_SECRET_KEY": "django-insecure-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2},
            "must be a secret",
        ),
        ({"KELRODIS_SECRET_KEY": "a" * 60}, "must be a secret"),
        ({"KELRODIS_HOSTS": "*"}, "must name the hosts"),
        ({"KELRODIS_HOSTS": " , "}, "must name the hosts"),
        ({"KELRODIS_SITE_URL": "http://kelrodis.example"}, "https://"),
        ({"KELRODIS_SECRET_KEY": None}, "KELRODIS_SECRET_KEY (or KELRODIS_SECRET_KEY_FILE) must be set"),
        ({"KELRODIS_HOSTS": None}, "KELRODIS_HOSTS (or KELRODIS_HOSTS_FILE) must be set"),
        ({"KELRODIS_DATABASE_URL": None}, "KELRODIS_DATABASE_URL (or"),
    ],
)
def test_unsafe_or_missing_settings_do_not_start(changes, words):
    done = start(**changes)
    assert done.returncode != 0
    assert words in done.stderr
    assert (changes.get("KELRODIS_SECRET_KEY") or "-none-") not in done.stderr


def test_debug_and_cookies_without_https_do_not_start(settings):
    from portal.checks import what_production_refuses

    settings.SECRET_KEY, settings.SITE_URL = WHOLE["KELRODIS_SECRET_KEY"], WHOLE["KELRODIS_SITE_URL"]
    settings.ALLOWED_HOSTS = ["kelrodis.example"]
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.DEBUG = False
    assert what_production_refuses() == []
    settings.DEBUG = True
    settings.SESSION_COOKIE_SECURE = False
    assert [words.split()[0] for words in what_production_refuses()] == ["DEBUG", "HTTPS"]


def test_secrets_are_read_from_files(tmp_path):
    key, database = tmp_path / "key", tmp_path / "database"
    key.write_text(WHOLE["KELRODIS_SECRET_KEY"] + "\n", encoding="utf-8")
    database.write_text("postgres://kelrodis:labas@db.example/kelrodis", encoding="utf-8")
    done = start(
        "SECRET_KEY",
        "DATABASES",
        KELRODIS_SECRET_KEY=None,
        KELRODIS_SECRET_KEY_FILE=str(key),
        KELRODIS_DATABASE_URL=None,
        KELRODIS_DATABASE_URL_FILE=str(database),
    )
    shown = json.loads(done.stdout)
    assert shown["SECRET_KEY"] == WHOLE["KELRODIS_SECRET_KEY"]
    assert "'PASSWORD': 'labas'" in shown["DATABASES"] and "statement_timeout" in shown["DATABASES"]


def test_rabbitmq_has_a_quorum_queue_and_redis_a_time_after_which_a_task_is_given_again():
    rabbit = services.broker("amqp://guest:guest@mq.example//")
    assert rabbit["CELERY_TASK_DEFAULT_QUEUE_TYPE"] == "quorum"
    assert "visibility_timeout" not in rabbit["CELERY_BROKER_TRANSPORT_OPTIONS"]
    assert (
        services.broker("redis://mq.example/1")["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"]
        == 600
    )


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, ("localhost", 25, False, False)),
        ({"HOST": "smtp.example"}, ("smtp.example", 587, True, False)),
        ({"HOST": "smtp.example", "SECURITY": "tls"}, ("smtp.example", 465, False, True)),
        ({"HOST": "smtp.example", "SECURITY": "none", "PORT": "2525"}, ("smtp.example", 2525, False, False)),
    ],
)
def test_letters_leave_encrypted_unless_the_server_is_this_machine(monkeypatch, told, expected):
    for name, value in told.items():
        monkeypatch.setenv(f"KELRODIS_SMTP_{name}", value)
    made = services.mail()
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_USE_SSL")
    assert tuple(made[name] for name in names) == expected


def test_one_bucket_keeps_private_files_apart_from_media(monkeypatch, tmp_path):
    monkeypatch.setenv("KELRODIS_S3_BUCKET", "kelrodis")
    made = services.storages(private=tmp_path, tombstones=tmp_path)
    assert made["default"]["OPTIONS"]["location"] == "media"
    assert made["private"]["OPTIONS"]["location"] == "private"
    assert made["private"]["OPTIONS"]["bucket_name"] == "kelrodis"


def test_private_files_are_for_no_other_user_of_the_machine(tmp_path):
    kinds = services.storages(private=tmp_path / "private", tombstones=tmp_path / "tombstones")
    described = {**private_storages(tmp_path / "suite"), "a": kinds["private"], "b": kinds["tombstones"]}
    handler = StorageHandler(described)
    for alias in described:
        name = handler[alias].save("exports/2026/rasa.zip", ContentFile(b"PK"))
        file = Path(handler[alias].path(name))
        assert {path.stat().st_mode & 0o777 for path in (file.parent, file.parent.parent)} == {0o700}
        assert file.stat().st_mode & 0o777 == 0o600


def test_what_is_promised_of_other_names_is_promised_only_when_said():
    shown = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    assert list(json.loads(start(*shown).stdout).values()) == ["31536000", "False", "False"]
    said = start(*shown, KELRODIS_HSTS_SUBDOMAINS="yes", KELRODIS_HSTS_PRELOAD="yes")
    assert list(json.loads(said.stdout).values()) == ["31536000", "True", "True"]
