"""Our public keys."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lti.flows import keys


@require_safe
@cache_control(public=True, max_age=3600)
def jwks(request: HttpRequest) -> HttpResponse:
    """Answer with the public key set; platforms may keep it for an hour."""
    return JsonResponse(keys.published())
