"""What Wagtail remembers of those who write and edit: who did what when, without a name of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry, PageLogEntry

from portal.custody import Holding, Rule, Section, custody, found, rows

# What is the person's own affair and is deleted with them.
OWN = {
    "wagtailadmin.EditingSession": ("user", ("last_seen_at",)),
    "wagtailadmin.FormState": ("user", ("last_updated_at",)),
    "wagtailcore.APIToken": ("user", ("name", "created")),
    "wagtailcore.PageSubscription": ("user", ("page__title", "comment_notifications")),
    "wagtailcore.UploadedFile": ("uploaded_by_user", ("file",)),
}
# What belongs to the site: it stays, and points to a record without a name.
WORK = {
    "wagtailcore.Page": ("owner", ("title", "first_published_at")),
    "wagtailcore.Revision": ("user", ("object_str", "created_at")),
    "wagtailcore.PageLogEntry": ("user", ("label", "action", "timestamp")),
    "wagtailcore.ModelLogEntry": ("user", ("label", "action", "timestamp")),
    "wagtailcore.Comment": ("user", ("page__title", "text", "created_at")),
    "wagtailcore.CommentReply": ("user", ("text", "created_at")),
    "wagtailcore.WorkflowState": ("requested_by", ("status", "created_at")),
    "wagtailcore.TaskState": ("finished_by", ("status", "comment", "finished_at")),
    "wagtailimages.Image": ("uploaded_by_user", ("title", "created_at")),
    "wagtaildocs.Document": ("uploaded_by_user", ("title", "created_at")),
    "content.Recording": ("uploaded_by_user", ("title", "created_at")),
    "wagtailmedia.Media": ("uploaded_by_user", ("title", "created_at")),
    "wagtail_localize.StringTranslation": ("last_translated_by", ("data", "updated_at")),
    "wagtail_localize.SegmentOverride": ("last_translated_by", ("data_json", "updated_at")),
}
LOGS: tuple[type[models.Model], ...] = (ModelLogEntry, PageLogEntry)


def export(user: Any) -> Section:
    """Return what the person wrote, uploaded, approved and did, in lists of what and when."""
    theirs = {
        label: rows(label, lookup, user, *columns) for label, (lookup, columns) in {**OWN, **WORK}.items()
    }
    return {"records": {label: records for label, records in theirs.items() if records}}


def erase(user: Any) -> int:
    """Delete drafts of forms, tokens and subscriptions; unlock what the person held locked."""
    number = 0
    for label, (lookup, _columns) in OWN.items():
        records = found(label, lookup, user)
        number += 0 if records is None else records.delete()[0]
    locked = found("wagtailcore.Page", "locked_by", user)
    if locked is not None:
        locked.update(locked=False, locked_by=None, locked_at=None)
    return number


def _entries(before: datetime) -> list[models.QuerySet[Any]]:
    return [model._default_manager.filter(timestamp__lt=before).order_by("timestamp") for model in LOGS]


custody.holds(
    Holding(
        name="editing",
        label=_("Your work on the site"),
        records={label: lookup for label, (lookup, _c) in {**OWN, **WORK}.items()},
        export=export,
        erase=erase,
        stays_behind="Accounts are joined only where neither may work on the site; what one did when it might stays.",
        goes=_("Your unsaved forms, subscriptions and keys."),
        stays=lambda: _(
            "Pages, pictures, comments and the record of what was done: they belong to the site, and no longer "
            "name you."
        ),
        order=50,
        of_launched=False,
    )
)
custody.not_personal |= {
    "wagtailcore.Page.locked_by": "who is editing right now; let go when the person is erased",
    "content.Branding.email": "the address of the library that runs the portal, shown on every page",
    "wagtailcore.Comment.resolved_by": "the comment itself is handed over by who wrote it",
}
custody.keeps(
    Rule(
        name="audit_log",
        label=_("Entries of the audit log"),
        old=_entries,
    )
)
