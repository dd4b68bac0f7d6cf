"""Reading frozen versions: the latest of an activity, and its content, decoded once a process."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import Exists
from wagtail.models import Page, PageViewRestriction

from courses.models import ActivityVersion

# Whether any page of the portal is restricted at all: then outlines are looked through for such pages.
GUARDED = Exists(PageViewRestriction.objects.all())


def latest(*, activity_id: int, language: str) -> ActivityVersion | None:
    """Return the newest version in ``language`` without its content (see ``payload_of``)."""
    versions = ActivityVersion.objects.filter(activity_id=activity_id, language=language)
    versions = versions.annotate(is_guarded=GUARDED)
    return versions.defer("payload", "rendered").order_by("-number").first()


def latest_of_page(page: Page, language: str) -> ActivityVersion | None:
    """Return the newest version in ``language`` of what ``page`` shows, with its activity (one query)."""
    versions = ActivityVersion.objects.filter(
        activity__translation_key=page.translation_key, language=language
    )
    return versions.select_related("activity").defer("payload", "rendered").order_by("-number").first()


def payload_of(version: ActivityVersion) -> dict[str, Any]:
    """Return the version's content. It is shared by all requests: read it, never change it."""
    return _load(version.pk, version.sha256, "payload")  # type: ignore[return-value]


def rendered_of(version: ActivityVersion) -> list[dict[str, Any]]:
    """Return the version's HTML segments, shared by all requests."""
    return _load(version.pk, version.sha256, "rendered")  # type: ignore[return-value]


@lru_cache(maxsize=512)
def _load(pk: int, sha256: str, field: str) -> object:
    """Read one column once; a version never changes, and its hash guards against another's pk."""
    return ActivityVersion.objects.filter(sha256=sha256).values_list(field, flat=True).get(pk=pk)
