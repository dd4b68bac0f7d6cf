"""A teacher has grades sent again that did not arrive."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from portal.outbox.flows import handling
from portal.outbox.models import Delivery

MOST = 500  # at one press; the next press takes the rest


def resend(*, deliveries: Iterable[int], by: AbstractBaseUser) -> int:
    """Put these deliveries first in line again, and return how many; whoever may ask for which is the caller's to know.

    What has arrived meanwhile, or is being delivered right now, is left alone.
    """
    again = 0
    for delivery in Delivery.objects.filter(pk__in=list(deliveries)[:MOST]).order_by("pk"):
        try:
            handling.retry(delivery=delivery, by=by, reason=_("A teacher asked for it."))
        except handling.NotPossible:
            continue
        again += 1
    return again
