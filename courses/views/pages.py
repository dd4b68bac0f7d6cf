"""The pages of a course: catalogue, course, module, lesson, quiz."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from courses import snapshots
from courses.getters import is_teacher
from courses.models import (
    Activity,
    ActivityVersion,
    CataloguePage,
    CheckResponse,
    CoursePage,
    LessonPage,
    ModulePage,
    QuizPage,
)
from courses.presenting import lesson_segments
from courses.reports import CourseState, attempts_of, catalogue, course_state, quiz_grade
from courses.versions import latest, payload_of, rendered_of
from portal.content.serving import serves


@serves(CataloguePage)
def catalogue_page(request: HttpRequest, page: CataloguePage) -> HttpResponse:
    """List the courses."""
    courses = list(CoursePage.objects.live().child_of(page).select_related("cover").order_by("title"))
    rows = catalogue(pages=courses, language=page.locale.language_code, user=request.user)
    return render(request, "courses/catalogue.html", {"page": page, "rows": rows})


@serves(CoursePage)
def course_page(request: HttpRequest, page: CoursePage) -> HttpResponse:
    """Show what the course is for, its outline, and the one thing to do next."""
    activity = Activity.objects.of_page(page).first()
    state = _state(request, page, activity, None)
    return render(request, "courses/course.html", {"page": page, "activity": activity, "state": state})


@serves(ModulePage)
def module_page(request: HttpRequest, page: ModulePage) -> HttpResponse:
    """Lead to the module's place in its course."""
    return redirect(f"{page.get_parent().get_url()}#{page.slug}")


@serves(LessonPage)
def lesson_page(request: HttpRequest, page: LessonPage) -> HttpResponse:
    """Show a lesson as it was last published (in a preview: as it is being written)."""
    activity = Activity.objects.of_page(page).first()
    state = _state(request, page, activity, activity.pk if activity else 0)
    if request.is_preview:  # type: ignore[attr-defined]
        payload, rendered = snapshots.lesson_payload(page), snapshots.lesson_html(page)
    else:
        version = _version(page, activity)
        payload, rendered = payload_of(version), rendered_of(version)
    enrolment = state.enrolment if state else None
    context = {
        "page": page,
        "activity": activity,
        "lesson": payload,
        "segments": lesson_segments(rendered, payload, _chosen(request, activity, enrolment, payload)),
        "state": state,
        "is_done": bool(state and any(item.current and item.done for item in state.items)),
    }
    return render(request, "courses/lesson.html", context)


@serves(QuizPage)
@never_cache
def quiz_page(request: HttpRequest, page: QuizPage) -> HttpResponse:
    """Say what the quiz is like, and begin or go on."""
    activity = Activity.objects.of_page(page).first()
    state = _state(request, page, activity, activity.pk if activity else 0)
    if request.is_preview:  # type: ignore[attr-defined]
        payload = snapshots.quiz_payload(page)
    else:
        payload = payload_of(_version(page, activity))
    enrolment = state.enrolment if state else None
    attempts = attempts_of(enrolment=enrolment, quiz_id=activity.pk) if activity else []
    counted = [attempt for attempt in attempts if not attempt.preview]
    allowed = payload["attempts_allowed"]
    context = {
        "page": page,
        "activity": activity,
        "quiz": payload,
        "state": state,
        "running": next((attempt for attempt in attempts if attempt.state == "running"), None),
        "finished": [attempt for attempt in attempts if attempt.state == "finished"],
        "left": max(allowed - len(counted), 0) if allowed else None,
        "grade": quiz_grade(enrolment, activity) if enrolment and activity else None,
        "teacher": is_teacher(request),
    }
    return render(request, "courses/quiz.html", context)


def _state(
    request: HttpRequest, page: Any, activity: Activity | None, current_id: int | None
) -> CourseState | None:
    if activity is None:
        return None
    return course_state(
        course_id=activity.course_id or activity.pk,
        language=page.locale.language_code,
        user=request.user,
        current_id=current_id,
    )


def _version(page: LessonPage | QuizPage, activity: Activity | None) -> ActivityVersion:
    version = latest(activity_id=activity.pk, language=page.locale.language_code) if activity else None
    if version is None:
        raise Http404
    return version


def _chosen(request: HttpRequest, activity: Activity | None, enrolment: Any, payload: Any) -> dict[str, list[str]]:
    """Return what was answered to the lesson's checks: kept answers, or the visitor's in the address."""
    if not payload["checks"]:
        return {}
    if enrolment is not None and activity is not None:
        rows = CheckResponse.objects.filter(enrolment=enrolment, lesson=activity)
        return dict(rows.values_list("check_id", "chosen"))
    return visitor_choice(request, payload)


def visitor_choice(request: HttpRequest, payload: dict[str, Any]) -> dict[str, list[str]]:
    """Return the choice of a visitor without an account, who answers by the address alone."""
    check = payload["checks"].get(request.GET.get("check", ""))
    chosen = request.GET.getlist("o")
    if check is None or not chosen:
        return {}
    options = {option["id"] for option in check["options"]}
    valid = set(chosen) <= options and (len(chosen) == 1 or check["multiple"])
    return {request.GET["check"]: chosen} if valid else {}

