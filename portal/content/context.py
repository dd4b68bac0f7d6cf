"""What every page of ours knows of its frame."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from portal.content import display
from portal.content.sitewide import Around


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return ``launch`` (None outside one): inside Moodle's frame the header shrinks; and what stands around
    the page, how this visitor wants it shown, and the code to tell to whoever is asked for help."""
    session = getattr(request, "session", None)
    has_session = session is not None and bool(session.session_key)
    return {
        "launch": session.get("launch") if session is not None and has_session else None,
        "around": Around(request),
        "display": display.of(request),
        "support_code": getattr(request, "support_code", ""),
    }
