"""Days of erasures, as staff read them."""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portal.keeping.models import Erasure


def day_of(moment: datetime) -> str:
    """Return the day of a moment, in words."""
    return date_format(localtime(moment), "DATE_FORMAT")


def decide_by(erasure: Erasure) -> str:
    """Return until when an erasure is to be decided: that is not the day on which anybody is erased."""
    return _("decide by %(day)s") % {"day": day_of(erasure.due_at)}
