"""The doors of what is shared with a password: Wagtail's, with a limit on guessing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from wagtail.documents.views.serve import authenticate_with_password as open_collection
from wagtail.views import authenticate_with_password as open_page

from portal import errors
from portal.limits import Limit, address_of

WRONG_PASSWORDS = Limit("shared-password", times=10, seconds=300)  # by network address
WRONG_PASSWORDS_OF_ONE = Limit(
    "shared-password-of", times=100, seconds=3600
)  # by what it opens, from everywhere

Door = Callable[..., HttpResponseBase]


def _limited(kind: str, of: str) -> Callable[[Door], Door]:
    """Count the wrong passwords of a door; ``of`` names its argument that says which restriction it opens.

    Right ones are not counted: a class at a library's computers shares one address.
    """

    def decorate(door: Door) -> Door:
        @wraps(door)
        def limited(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
            if request.method != "POST":
                return door(request, **arguments)
            counts = [
                (WRONG_PASSWORDS, address_of(request)),
                (WRONG_PASSWORDS_OF_ONE, f"{kind} {arguments[of]}"),
            ]
            if any(limit.reached(subject) for limit, subject in counts):
                return errors.too_many(request)
            response = door(request, **arguments)
            if response.status_code == 200:  # the form once more; the right password leads on
                for limit, subject in counts:
                    limit.count(subject)
            return response

        return limited

    return decorate


of_page = _limited("page", "page_view_restriction_id")(open_page)
of_collection = _limited("collection", "restriction_id")(open_collection)
