"""What the register of certificates holds of people, how long it keeps a name, and its numbers after a restore."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.storage import storages
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from certificates.flows.issuing import SERIES
from certificates.models import Credential, CredentialFile, Register
from courses.models import Completion
from portal.conf import conf
from portal.custody import Circumstances, Holding, PersonalFile, Rule, Section, custody

NAMES = ("holder_name", "surname")


def export(user: Any) -> Section:
    """Return the person's certificates as they were issued."""
    columns = (
        "number",
        "token",
        "status",
        "issued_at",
        "revoked_at",
        "snapshot",
        "file__path",
        "file__sha256",
    )
    return {"certificates": list(Credential.objects.of(user).order_by("pk").values(*columns))}


def files(user: Any) -> Iterable[PersonalFile]:
    """Yield the PDF of each certificate."""
    storage = storages["private"]
    for credential in Credential.objects.of(user).filter(file__isnull=False).select_related("file"):
        if storage.exists(credential.file.path):
            yield PersonalFile(
                f"certificates/{credential.number}.pdf", partial(storage.open, credential.file.path)
            )


def words(user: Any) -> Iterable[str]:
    """Return the names on the person's certificates."""
    for credential in Credential.objects.of(user):
        yield from (str(credential.snapshot.get(name, "")) for name in NAMES)


def erase(user: Any) -> int:
    """Delete the PDFs; leave in the register what it must keep: number, course, hours, dates, status.

    The name stays only where the installation has a legal basis and a term for it (settings.REGISTER_NAMES), and
    is never shown. The completion is unlinked, or the name would lead to the results.
    """
    number = 0
    for credential in Credential.objects.of(user).select_for_update():
        file = CredentialFile.objects.filter(credential=credential).first()
        if file is not None:
            storages["private"].delete(file.path)
            file.delete()
        if not _names_kept_days():
            _without_name(credential)
        credential.holder = credential.completion = None
        credential.save(update_fields=["holder", "completion", "snapshot"])
        number += 1
    return number


def move(source: Any, target: Any) -> None:
    """Give the certificates to ``target``, numbers and files as they are.

    Where both completed the course, the completion of ``target`` stays (``courses.flows.merging``): a certificate
    without one there hangs on it from then on, a second one on none.
    """
    for credential in Credential.objects.of(source).select_for_update().select_related("completion"):
        stays = Completion.objects.filter(
            enrolment__user=target, enrolment__course=credential.achievement_id
        ).first()
        if stays is not None and credential.completion is not None:
            taken = Credential.objects.filter(completion=stays).exists()
            credential.completion = None if taken else stays
        credential.holder = target
        credential.save(update_fields=["holder", "completion"])


def _without_name(credential: Credential) -> None:
    credential.snapshot = {**credential.snapshot, **dict.fromkeys(NAMES, "")}


def _names_kept_days() -> int:
    return int(conf.RETENTION.get("register_names", 0))


def stays() -> Any:
    """Return what of the register is kept and why."""
    kept = _("Number, course, hours, dates and status of each certificate, so that one shown to an employer can be "
             "checked; without a name.")  # fmt: skip
    days = _names_kept_days()
    if not days:
        return kept
    years = max(1, round(days / 365))
    term = ngettext(
        "In the register, not shown to anybody, the name is kept for %(n)s year from the day of issue (%(basis)s).",
        "In the register, not shown to anybody, the name is kept for %(n)s years from the day of issue (%(basis)s).",
        years,
    )
    return f"{kept} {term % {'n': years, 'basis': conf.REGISTER_NAMES_BASIS}}"


def _named(before: datetime) -> models.QuerySet[Credential]:
    """Return what names somebody who was erased, issued before the moment."""
    return Credential.objects.filter(holder__isnull=True, issued_at__lt=before).exclude(
        snapshot__holder_name=""
    )


def _forget_names(credentials: models.QuerySet[Credential], limit: int) -> int:
    batch = list(credentials[:limit])
    for credential in batch:
        _without_name(credential)
        credential.save(update_fields=["snapshot"])
    return len(batch)


custody.holds(
    Holding(
        name="certificates",
        label=_("Your certificates"),
        records={"certificates.Credential": "holder", "certificates.CredentialFile": "credential__holder"},
        export=export,
        files=files,
        erase=erase,
        words=words,
        move=move,
        goes=_("The PDF files, and your name on the page where certificates are checked."),
        stays=stays,
        order=20,
    )
)
custody.keeps(
    Rule(
        name="register_names",
        label=_("Names of erased people in the register of certificates"),
        old=lambda before: [_named(before)],
        remove=_forget_names,
        at_zero=_("not kept at all"),
    )
)


@custody.restores("certificates")
def skip_numbers(circumstances: Circumstances) -> str:
    """Skip numbers that may have been given after the backup: a number is never given twice."""
    if circumstances.nothing_since or not circumstances.number_gap:
        return "numbers go on where they stood"
    years = range(circumstances.made_at.year, now().year + 1)
    for year in years:
        for series in {SERIES, *Register.objects.values_list("series", flat=True)}:
            Register.objects.get_or_create(series=series, year=year)
    books = Register.objects.filter(year__in=years)
    books.update(last_number=models.F("last_number") + circumstances.number_gap)
    return f"{circumstances.number_gap} numbers skipped in each register of {years[0]}–{years[-1]}"
