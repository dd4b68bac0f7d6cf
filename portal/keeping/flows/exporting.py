"""A person's own data in one file: asked for, made in the background, kept for some days."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from datetime import timedelta
from typing import IO, Any
from urllib.parse import urljoin

from django.core.files import File
from django.core.files.storage import storages
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import override
from wagtail.log_actions import log

from portal.conf import conf
from portal.custody import custody
from portal.directory.models import User
from portal.keeping.models import Export
from portal.outbox.letters import send_letter
from portal.outbox.recording import record

ASKED = "keeping.export_asked"
FORMAT = {"format": "kelrodis-personal-data", "version": 1}


class AlreadyAsked(Exception):
    """One is being made."""


def ask(*, user: User) -> Export:
    """Ask for everything held of ``user``; a worker makes it. Raises AlreadyAsked."""
    try:
        with transaction.atomic():
            export = Export.objects.create(user=user, parts_of=len(custody.holdings))
            log(export, "keeping.export_asked", user=user, title=str(user))
            record(ASKED, export_id=export.pk)
    except IntegrityError:
        raise AlreadyAsked from None
    return export


def make(*, export: Export) -> None:
    """Gather, zip, store, and tell the person. Doing it again makes the same file anew until it is ready."""
    with tempfile.TemporaryFile() as scratch:
        with zipfile.ZipFile(scratch, "w", zipfile.ZIP_DEFLATED) as archive:
            _fill(archive, export)
        size = scratch.tell()
        scratch.seek(0)
        digest = hashlib.file_digest(scratch, "sha256").hexdigest()
        scratch.seek(0)
        path = f"exports/{export.uuid}.zip"
        storages["private"].delete(path)
        storages["private"].save(path, File(scratch))
    _ready(export, path, size, digest)


def _fill(archive: zipfile.ZipFile, export: Export) -> None:
    user = export.user
    data: dict[str, Any] = {**FORMAT, "site": conf.SITE_URL, "made_at": now(), "sections": {}}
    for number, holding in enumerate(custody.in_order(), start=1):
        data["sections"][holding.name] = holding.export(user)
        for file in holding.files(user):
            with file.open() as source, archive.open(f"files/{file.name}", "w") as target:
                shutil.copyfileobj(source, target)
        Export.objects.filter(pk=export.pk).update(parts=number)
    archive.writestr("data.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
    with override(user.preferred_language):
        sections = [(holding.name, str(holding.label)) for holding in custody.in_order()]
        archive.writestr("README.txt", render_to_string("keeping/export_readme.txt", {"sections": sections}))


@transaction.atomic
def _ready(export: Export, path: str, size: int, digest: str) -> None:
    """Say that it can be downloaded; a letter tells of it."""
    moment = now()
    changed = Export.objects.filter(pk=export.pk, state=Export.State.WAITING).update(
        state=Export.State.READY,
        path=path,
        size=size,
        sha256=digest,
        made_at=moment,
        expires_at=moment + timedelta(days=conf.RETENTION["exports"]),
    )
    if changed:
        with override(export.user.preferred_language):
            address = urljoin(conf.SITE_URL, reverse("keeping:mine"))
        context = {"address": address, "days": conf.RETENTION["exports"]}
        send_letter(template="export_ready", to=export.user, context=context, key=f"export:{export.uuid}")


def open_file(*, export: Export) -> IO[bytes] | None:
    """Open the file for reading; None where it is not, or no longer, there."""
    if export.state != Export.State.READY or (export.expires_at and export.expires_at <= now()):
        return None
    try:
        stream: IO[bytes] = storages["private"].open(export.path)
    except FileNotFoundError:
        return None
    return stream


def expire(exports: QuerySet[Export], limit: int) -> int:
    """Delete the files of at most ``limit`` of the exports; return of how many."""
    over = list(exports[:limit])
    for export in over:
        storages["private"].delete(export.path)
        Export.objects.filter(pk=export.pk).update(state=Export.State.EXPIRED, path="")
    return len(over)
