"""When kept copies of public pages have become old: at whatever an editor does.

All copies carry the stamp that was current when their making began. A change puts a new stamp in its
place once it is committed; every copy with an older one is then made anew.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_save
from wagtail.models import ModelLogEntry, PageLogEntry
from wagtail.signals import page_published, page_unpublished

STAMP = "kelrodis-pages"


def new_stamp() -> str:
    """Put a new stamp in place of the current one, and return it."""
    stamp = secrets.token_hex(8)
    cache.set(STAMP, stamp, None)
    return stamp


def pages_changed(**kwargs: Any) -> None:
    """Note that public pages may look different once this transaction is committed."""
    transaction.on_commit(new_stamp, robust=True)


def watch() -> None:
    """Begin to note changes.

    Whatever is done on the editors' side is written into Wagtail's logs, so one look at those sees it all:
    pages, terms, settings, pictures. What code publishes or takes down is told by Wagtail's signals. A
    receiver does not break the rule that side effects travel through the outbox: nothing is lost with a
    stamp, a copy lives for a minute at most.
    """
    for sender in (PageLogEntry, ModelLogEntry):
        post_save.connect(pages_changed, sender=sender, dispatch_uid=f"fresh-{sender.__name__}")
    for signal in (page_published, page_unpublished):
        signal.connect(pages_changed, dispatch_uid="fresh-pages")
