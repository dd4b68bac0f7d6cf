"""Publishing and taking down by the clock."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.timezone import now
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from portal.content.checking import Unfinished

logger = logging.getLogger(__name__)


@dataclass
class Done:
    """What a look at the clock did: the keys of pages that were published, taken down, and refused."""

    published: list[int] = field(default_factory=list)
    taken_down: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)


def keep_dates() -> Done:
    """Take down pages whose time is over, then publish those whose time has come.

    What Wagtail's ``publish_scheduled`` does, page by page in transactions of their own: one page that cannot be
    published (what it shows has lost its captions, say) holds up no other. It stays a draft, loses its date, and its
    history says why.
    """
    done = Done()
    for page in Page.objects.filter(live=True, expire_at__lt=now()).order_by("expire_at"):
        page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        done.taken_down.append(page.pk)
    for revision in Revision.page_revisions.filter(approved_go_live_at__lt=now()).order_by(
        "approved_go_live_at"
    ):
        key = int(revision.object_id)
        try:
            with transaction.atomic():
                revision.publish(log_action="wagtail.publish.scheduled")
        except Unfinished as reason:
            _refuse(revision, reason)
            done.refused.append(key)
        else:
            done.published.append(key)
    return done


@transaction.atomic
def _refuse(revision: Revision, reason: Unfinished) -> None:
    """Leave the page a draft without a date, and say why in its history."""
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    page = Page.objects.get(pk=revision.object_id)
    log(instance=page, action="content.not_published", data={"reasons": reason.messages}, revision=revision)
    logger.warning("page %s was not published by the clock: it is unfinished", page.pk)
