"""Forms that are posted to us from elsewhere."""

from __future__ import annotations

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError

from lti.flows.errors import NotEncrypted, NotReadable
from portal.conf import conf


class WrongMethod(NotReadable):
    """Somebody opened the address in a browser, or reloaded it."""

    status = 405


def check_encrypted(request: HttpRequest) -> None:
    """Refuse plain HTTP where the portal's own address is https, whatever stands before it lets through.

    Production redirects such a request before it gets here, and the message is lost on the way. Raises NotEncrypted.
    """
    if conf.SITE_URL.startswith("https://") and not request.is_secure():
        raise NotEncrypted("not_https")


def read(request: HttpRequest) -> QueryDict:
    """Return the form that was posted. Raises NotReadable, NotEncrypted."""
    check_encrypted(request)
    if request.method != "POST":
        raise WrongMethod("not_a_post")
    try:
        return request.POST
    except (SuspiciousOperation, MultiPartParserError):
        raise NotReadable("request_unreadable") from None
