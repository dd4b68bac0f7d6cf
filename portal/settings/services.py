"""Settings of the servers a portal stands on, each made from one address in the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from portal.settings.env import env, env_bool

FILES = "django.core.files.storage.FileSystemStorage"


def database(url: str) -> dict[str, Any]:
    """Return Django's description of the database at ``url`` (sqlite or postgres).

    A connection is kept for a minute and looked at before it is used again, so that a database that was
    restarted costs nobody an error. PostgreSQL gives a statement up after half a minute, as nginx would.
    """
    found: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)}
    if "postgresql" in found["ENGINE"]:
        found["OPTIONS"] = {
            "connect_timeout": 5,
            "options": "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000",
        } | found.get("OPTIONS", {})
    return found


def broker(url: str) -> dict[str, Any]:
    """Return Celery's settings for the broker at ``url`` (amqp, redis or a folder).

    RabbitMQ keeps messages in a quorum queue, which is copied to every node, and confirms each. Redis puts
    a task back that nobody has finished within ten minutes. Publishing gives up soon: the outbox's sweep
    finds what was not announced.
    """
    scheme = urlsplit(url).scheme.partition("+")[0]
    if scheme in {"amqp", "amqps"}:
        return {
            "CELERY_BROKER_TRANSPORT_OPTIONS": {"confirm_publish": True},
            "CELERY_TASK_DEFAULT_QUEUE_TYPE": "quorum",
            "CELERY_WORKER_DETECT_QUORUM_QUEUES": True,
            "CELERY_BROKER_CONNECTION_TIMEOUT": 3,
        }
    options = {"visibility_timeout": 600, "socket_connect_timeout": 3, "socket_timeout": 10}
    return {"CELERY_BROKER_TRANSPORT_OPTIONS": options if scheme in {"redis", "rediss"} else {}}


def private_folder(folder: Path) -> dict[str, Any]:
    """Return Django's description of a storage in ``folder`` that no other user of the machine may read."""
    modes = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
    return {"BACKEND": FILES, "OPTIONS": {"location": folder, "base_url": None, **modes}}


def storages(*, private: Path, tombstones: Path) -> dict[str, dict[str, Any]]:
    """Return Django's storages: folders, or buckets when KELRODIS_S3_BUCKET names one.

    Neither bucket is public: the portal serves media at its own address, with its own rules, and
    private files (certificates, exports) only to whom they belong.
    """
    bucket = env("KELRODIS_S3_BUCKET", "")
    if not bucket:
        return {
            "default": {"BACKEND": FILES},  # in MEDIA_ROOT
            "private": private_folder(private),
            "tombstones": private_folder(tombstones),
        }
    common = {
        "endpoint_url": env("KELRODIS_S3_ENDPOINT", "") or None,
        "region_name": env("KELRODIS_S3_REGION", "") or None,
        "access_key": env("KELRODIS_S3_ACCESS_KEY", "") or None,
        "secret_key": env("KELRODIS_S3_SECRET_KEY", "") or None,
        "addressing_style": env("KELRODIS_S3_ADDRESSING", "auto"),
        "default_acl": None,
        "querystring_auth": True,
        "signature_version": "s3v4",
    }
    private_bucket = env("KELRODIS_S3_PRIVATE_BUCKET", "") or bucket
    inside = {"location": "private"} if private_bucket == bucket else {}
    media_options = common | {"bucket_name": bucket, "location": "media", "file_overwrite": False}
    private_options = common | inside | {"bucket_name": private_bucket, "file_overwrite": True}
    stones = private_options | {"location": "tombstones"}
    return {
        "default": {"BACKEND": "portal.buckets.MediaBucket", "OPTIONS": media_options},
        "private": {"BACKEND": "portal.buckets.PrivateBucket", "OPTIONS": private_options},
        "tombstones": {"BACKEND": "portal.buckets.PrivateBucket", "OPTIONS": stones},
    }


def mail() -> dict[str, Any]:
    """Return Django's settings for the server that takes our letters.

    Encrypted by STARTTLS unless the server is this machine; ``KELRODIS_SMTP_SECURITY`` may say
    ``tls`` (from the first byte, port 465), ``starttls`` or ``none``.
    """
    host = env("KELRODIS_SMTP_HOST", "localhost")
    security = env("KELRODIS_SMTP_SECURITY", "none" if host in {"localhost", "127.0.0.1"} else "starttls")
    port = {"tls": "465", "starttls": "587"}.get(security, "25")
    folder = env("KELRODIS_MAIL_FOLDER", "")  # for trials: letters become files there
    kind = "filebased" if folder else "smtp"
    return {
        "EMAIL_BACKEND": f"django.core.mail.backends.{kind}.EmailBackend",
        "EMAIL_FILE_PATH": folder or None,
        "EMAIL_HOST": host,
        "EMAIL_PORT": int(env("KELRODIS_SMTP_PORT", port)),
        "EMAIL_HOST_USER": env("KELRODIS_SMTP_USER", ""),
        "EMAIL_HOST_PASSWORD": env("KELRODIS_SMTP_PASSWORD", ""),
        "EMAIL_USE_TLS": security == "starttls",
        "EMAIL_USE_SSL": security == "tls",
        "EMAIL_TIMEOUT": 10,
    }


def logging(*, formats: str, level: str) -> dict[str, Any]:
    """Return Python's logging: ``formats`` is ``json`` (a line an object, for collectors) or ``line``."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "portal.logs.Line",
                "fmt": "{asctime} {levelname} {name} {message}",
                "style": "{",
            },
            "json": {"()": "portal.logs.Structured"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json" if formats == "json" else "line",
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django_tasks": {"level": "WARNING"},
            "wagtail": {"level": "WARNING"},
            "botocore": {"level": "WARNING"},
            "portal.requests": {"level": "INFO" if env_bool("KELRODIS_LOG_REQUESTS", True) else "WARNING"},
        },
    }
