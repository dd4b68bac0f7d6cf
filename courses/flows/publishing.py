"""Freezing what is published, so that learners keep what they saw."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from wagtail.models import Page

from courses import snapshots
from courses.models import Activity, ActivityVersion, CoursePage, LessonPage, ModulePage, QuizPage

KINDS: dict[type[Page], str] = {
    CoursePage: Activity.Kind.COURSE,
    LessonPage: Activity.Kind.LESSON,
    QuizPage: Activity.Kind.QUIZ,
}


@transaction.atomic
def publish(*, page: Page) -> None:
    """Freeze the live ``page`` (lesson, quiz, module or course) and its course's outline.

    Publishing the same content again changes nothing.
    """
    course = course_of(page)
    if course is None:
        return
    owner = activity_for(page=course, course=None)
    if isinstance(page, LessonPage):
        activity = activity_for(page=page, course=owner)
        rendered = snapshots.lesson_html(page)
        freeze(
            activity=activity,
            language=page.locale.language_code,
            payload=snapshots.lesson_payload(page, rendered),
            rendered=rendered,
        )
    elif isinstance(page, QuizPage):
        activity = activity_for(page=page, course=owner)
        freeze(activity=activity, language=page.locale.language_code, payload=snapshots.quiz_payload(page))
    if course.live:
        freeze(activity=owner, language=course.locale.language_code, payload=course_payload(course))


def course_of(page: Page) -> CoursePage | None:
    """Return the course ``page`` is or belongs to."""
    if isinstance(page, CoursePage):
        return page
    if not isinstance(page, (ModulePage, LessonPage, QuizPage)):
        return None
    return CoursePage.objects.ancestor_of(page).first()


def activity_for(*, page: Page, course: Activity | None) -> Activity:
    """Return the activity behind ``page``, made on first use and kept up to date.

    One activity stands for the page in all languages; it points at the page in the source
    language where there is one, else at the first that was published.
    """
    activity, created = Activity.objects.get_or_create(
        translation_key=page.translation_key,
        defaults={"kind": KINDS[type(page)], "page_id": page.pk, "course": course, "title": page.title},
    )
    is_source = page.locale.language_code == "lt"
    wanted: dict[str, Any] = {"course_id": course.pk if course else None}
    if is_source or activity.page_id is None:
        wanted |= {"page_id": page.pk, "title": page.title}
    changed = {name: value for name, value in wanted.items() if getattr(activity, name) != value}
    if changed and not created:
        Activity.objects.filter(pk=activity.pk).update(**changed)
        activity.refresh_from_db()
    return activity


def freeze(
    *,
    activity: Activity,
    language: str,
    payload: snapshots.Json,
    rendered: list[snapshots.Json] | None = None,
) -> ActivityVersion:
    """Return the version with this content: the latest if it has it, else a new one."""
    Activity.objects.select_for_update().get(pk=activity.pk)
    versions = ActivityVersion.objects.filter(activity=activity, language=language)
    sha256 = snapshots.digest(payload)
    latest = versions.order_by("-number").first()
    if latest is not None and latest.sha256 == sha256:
        return latest
    number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
    return ActivityVersion.objects.create(
        activity=activity,
        language=language,
        number=number,
        sha256=sha256,
        payload=payload,
        rendered=rendered or [],
    )


def course_payload(course: CoursePage) -> snapshots.Json:
    """Return what a course is in its language: facts for the certificate, and its outline."""
    return {
        "kind": "course",
        "title": course.title,
        "summary": course.summary,
        "hours": course.hours,
        "competences": course.competences,
        "certificate": course.certificate,
        "url": course.get_url() or "",
        "outline": [
            _module(module) for module in ModulePage.objects.live().child_of(course).order_by("path")
        ],
    }


def _module(module: ModulePage) -> snapshots.Json:
    pages = [page.specific for page in module.get_children().live().order_by("path")]
    activities = {
        activity.translation_key: activity
        for activity in Activity.objects.filter(translation_key__in=[page.translation_key for page in pages])
    }
    items = []
    for page in pages:
        activity = activities.get(page.translation_key)
        if activity is not None and isinstance(page, (LessonPage, QuizPage)):
            items.append(
                {
                    "id": activity.pk,
                    "uuid": str(activity.uuid),
                    "key": str(page.translation_key),
                    "kind": activity.kind,
                    "title": page.title,
                    "minutes": page.minutes,
                    "url": page.get_url() or "",
                }
            )
    return {"title": module.title, "summary": module.summary, "items": items}


def refresh(*, course: CoursePage) -> None:
    """Freeze a course and all of its parts anew, where their content differs."""
    publish(page=course)
    for module in ModulePage.objects.live().child_of(course):
        for page in module.get_children().live():
            publish(page=page.specific)
