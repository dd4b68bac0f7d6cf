"""What a column of the grade book says of looking at the work behind a grade.

Source: 1EdTech LTI Submission Review Service 1.0 (``submissionReview`` of a line item). Moodle opens the address
given here and adds the custom parameters to those of the link.
"""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from lti.flows.addresses import item_url

STATUSES = ("InProgress", "Submitted", "Completed")  # activityProgress (AGS 2.0, 3.4.7) with work to look at


def offered(*, item: str, language: str) -> dict[str, Any]:
    """Return what a column of ``item`` says of looking at the work behind a grade.

    The address and the custom parameter name the item alike, as those of a link do, or the launch would be refused.
    """
    with translation.override(language):
        label = _("See what the learner did")
    return {
        "reviewableStatus": list(STATUSES),
        "label": label,
        "url": item_url(item),
        "custom": {"activity": item},
    }
