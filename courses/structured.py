"""Courses and lessons as schema.org describes them, for search engines and catalogues of learning."""

from __future__ import annotations

from typing import Any

from courses.models import CoursePage
from courses.reports import CourseState
from portal.content import sitewide

CONTEXT = "https://schema.org"


def course_data(page: CoursePage, state: CourseState | None) -> dict[str, Any]:
    """Return a Course (schema.org/Course) with the one instance there is of a course taken at one's own pace."""
    instance: dict[str, Any] = {"@type": "CourseInstance", "courseMode": "online"}
    if state is not None and state.minutes:
        instance["courseWorkload"] = f"PT{state.minutes}M"
    site = page.get_site()
    name = sitewide.read(site.pk, page.locale.language_code).name
    return {
        "@context": CONTEXT,
        "@type": "Course",
        "name": page.title,
        "description": page.summary or page.title,
        "url": page.full_url,
        "inLanguage": page.locale.language_code,
        "isAccessibleForFree": True,
        "educationalLevel": str(page.get_level_display()),
        "teaches": page.outcome_list,
        "provider": {"@type": "Organization", "name": name, "url": site.root_url},
        "hasCourseInstance": instance,
        "offers": {"@type": "Offer", "price": 0, "priceCurrency": "EUR", "category": "Free"},
    }


def lesson_data(
    payload: dict[str, Any], url: str, language: str, state: CourseState | None
) -> dict[str, Any]:
    """Return a LearningResource (schema.org/LearningResource) that is part of its course."""
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "LearningResource",
        "name": payload["title"],
        "description": payload["summary"] or payload["title"],
        "url": url,
        "inLanguage": language,
        "isAccessibleForFree": True,
        "timeRequired": f"PT{payload['minutes']}M",
        "learningResourceType": "lesson",
    }
    if state is not None:
        data["isPartOf"] = {"@type": "Course", "name": state.title}
    return data
