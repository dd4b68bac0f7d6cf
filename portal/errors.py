"""Error pages: what happened, what was kept, the way out, and a code for whoever is asked to help."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

logger = logging.getLogger("kelrodis.errors")


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    code = getattr(request, "support_code", "")
    logger.warning("error page %s, support code %s, %s", status, code, request.path)
    context = {"title": title, "text": text, "support_code": code, "status": status}
    return render(request, "errors/page.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the request could not be read."""
    return _page(
        request,
        400,
        _("This request could not be read"),
        _("Nothing was changed. Go back and try once more."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that this is for somebody else."""
    return _page(
        request,
        403,
        _("This page is not for you"),
        _("Your role does not include it. If you think it should, ask your library's coordinator."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is no such page, or not for this person."""
    return _page(
        request,
        404,
        _("There is no such page"),
        _("It may have moved, or the link was cut short. Start again from the home page."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was too old, or came from elsewhere."""
    return _page(
        request,
        403,
        _("The form could not be accepted"),
        _(
            "It had been open for too long, or was sent from another site. What was saved before is kept: "
            "go back, reload the page and send it again."
        ),
    )


def inactive(request: HttpRequest) -> HttpResponse:
    """Say that the account has been closed."""
    return _page(
        request,
        403,
        _("This account is closed"),
        _("Write to the library that opened it if this is a mistake."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours."""
    return _page(
        request,
        500,
        _("Something went wrong on our side"),
        _(
            "What was saved before is kept. Try again in a minute; if it happens again, tell us the code below."
        ),
    )
