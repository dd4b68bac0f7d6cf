"""Making the file of a credential, once, and telling the holder."""

from __future__ import annotations

import hashlib
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction

from certificates import addresses
from certificates.models import Credential, CredentialFile
from certificates.printing import make_pdf, template_version
from portal.outbox.letters import send_letter

LETTERS = "certificates.issued"  # the kind of the letter that tells of a certificate


class FileDamaged(Exception):
    """The stored file is missing or is not the one that was made; staff must restore it."""


def render(*, credential: Credential) -> CredentialFile:
    """Make the credential's PDF, store it, and record the letter; or return the file there is.

    Raises RenderingFailed when the layout fails; nothing is stored then.
    """
    made = CredentialFile.objects.filter(credential=credential).first()
    if made is not None:
        return made
    pdf = make_pdf(credential)
    digest = hashlib.sha256(pdf).hexdigest()
    path = f"certificates/{credential.issued_at:%Y}/{credential.uuid}-{digest[:12]}.pdf"
    _store(storages["private"], path, pdf)
    with transaction.atomic():
        file, created = CredentialFile.objects.get_or_create(
            credential=credential,
            defaults={"path": path, "sha256": digest, "template_version": template_version()},
        )
        if created:
            _tell_holder(credential)
    return file


def _store(storage: Storage, path: str, content: bytes) -> None:
    """Write the file, unless an earlier attempt left it whole."""
    if storage.exists(path):
        with storage.open(path) as stored:
            if stored.read() == content:
                return
        storage.delete(path)
    storage.save(path, ContentFile(content))


def _tell_holder(credential: Credential) -> None:
    holder = credential.holder
    if holder is None or not holder.email or not holder.is_active:
        return
    language = holder.preferred_language
    send_letter(
        template="certificate_issued",
        to=holder,
        key=f"certificate:{credential.number}",
        kind=LETTERS,
        context={
            "name": credential.holder_name,
            "title": credential.snapshot["title"],
            "title_language": credential.language,
            "number": credential.number,
            "verify_url": addresses.verify_url(credential),
            "pdf_url": addresses.pdf_url(credential, language),
            "in_platform": not holder.has_usable_password(),  # came by a launch, and cannot sign in here
        },
    )


def open_file(*, credential: Credential) -> IO[bytes] | None:
    """Open the stored file for reading, or return None while it is still being made.

    Raises FileDamaged when what is stored is not what was made.
    """
    file = CredentialFile.objects.filter(credential=credential).first()
    if file is None:
        return None
    try:
        stream: IO[bytes] = storages["private"].open(file.path)
    except FileNotFoundError as error:
        raise FileDamaged(file.path) from error
    if hashlib.file_digest(stream, "sha256").hexdigest() != file.sha256:  # type: ignore[arg-type]
        stream.close()
        raise FileDamaged(file.path)
    stream.seek(0)
    return stream
