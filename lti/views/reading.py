"""Forms that are posted to us from elsewhere."""

from __future__ import annotations

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError

from lti.flows.errors import NotReadable


class WrongMethod(NotReadable):
    """Somebody opened the address in a browser, or reloaded it."""

    status = 405


def read(request: HttpRequest) -> QueryDict:
    """Return the form that was posted. Raises NotReadable."""
    if request.method != "POST":
        raise WrongMethod("not_a_post")
    try:
        return request.POST
    except (SuspiciousOperation, MultiPartParserError):
        raise NotReadable("request_unreadable") from None
