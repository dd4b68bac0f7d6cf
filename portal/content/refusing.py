"""When a page is unfinished where nobody looks at its form: in a workflow, in a list, among translations."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from portal.content.checking import Unfinished


class UnfinishedMiddleware:
    """Leads an editor to the page that could not be published, and says why it could not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn the refusal into a message on the page's own screen. What was begun has been undone by then."""
        if not isinstance(error, Unfinished) or not request.path.startswith("/admin/"):
            return None
        page = error.page
        text = _("“%(title)s” was not published: %(reasons)s")
        title = page.get_admin_display_title()
        messages.error(request, text % {"title": title, "reasons": " ".join(error.messages)})
        url = reverse("wagtailadmin_pages:edit", args=[page.pk])
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":  # a window over the screen
            return JsonResponse({"step": "success", "redirect": url})
        return redirect(url)
