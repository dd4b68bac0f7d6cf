"""Three things of Wagtail's screens that are wrong for us and that nothing but its code decides.

Each says what is wrong there; where Wagtail mends it, what stands here goes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.reports.aging_pages import AgingPagesView
from wagtail.forms import TaskStateCommentForm

NOT_SAVED = "The page could not be saved due to validation errors."


def correct() -> None:
    """Put what is right in the place of what is not; called once, when the apps are ready."""
    # Settled in whatever language is active when Wagtail is loaded
    TaskStateCommentForm.base_fields["comment"].label = gettext_lazy("Comment")
    AgingPagesView.decorate_paginated_queryset = name_publishers
    EditView.form_invalid = _told(EditView.form_invalid)


def name_publishers(view: AgingPagesView, pages: Any) -> Any:
    """Name who published each page: Wagtail names them by the internal name, and nobody “None”."""
    keys = {page.last_published_by for page in pages}
    people = get_user_model()._default_manager.in_bulk([key for key in keys if key])
    for page in pages:
        person: Any = people.get(page.last_published_by)
        page.last_published_by_user = person.display_name if person is not None else "–"
    return pages


def _told(form_invalid: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return the answer to a form with errors such that it says what was asked for: publishing, not saving."""

    @wraps(form_invalid)
    def answered(view: EditView, form: Any) -> HttpResponse:
        response = form_invalid(view, form)
        if {"action-publish", "action-submit"} & set(view.request.POST):
            words = _(
                "Nothing was published or sent. What you have written is still here: mend what is marked below."
            )
            for message in getattr(get_messages(view.request), "_queued_messages", []):
                if _(NOT_SAVED) in str(message.message):  # Wagtail's own HTML, of which only our words change
                    message.message = mark_safe(str(message.message).replace(_(NOT_SAVED), words))  # noqa: S308
        return response

    return answered
