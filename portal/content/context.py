"""What every page of ours knows of its frame."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return ``launch`` (None outside one): inside Moodle's frame the header shrinks."""
    session = getattr(request, "session", None)
    has_session = session is not None and bool(session.session_key)
    return {
        "launch": session.get("launch") if session is not None and has_session else None,
        "support_code": getattr(request, "support_code", ""),
    }
