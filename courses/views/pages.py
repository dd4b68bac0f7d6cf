"""The pages of a course: catalogue, course, module, lesson, quiz."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from wagtail.models import Page

from courses import snapshots
from courses.filters import SORTS, CourseFilterSet
from courses.getters import is_teacher
from courses.models import (
    ActivityVersion,
    CataloguePage,
    CheckResponse,
    CoursePage,
    LessonPage,
    ModulePage,
    QuizPage,
)
from courses.presenting import lesson_segments
from courses.reports import (
    CourseState,
    attempts_of,
    catalogue,
    course_state,
    grade_of,
    in_order,
    is_passed,
    is_stuck,
    listed_courses,
)
from courses.structured import course_data, lesson_data
from courses.versions import latest_of_page, payload_of, rendered_of
from portal.content.serving import language_of, let_players_in, serves

PAGE = 20  # courses on one page of the catalogue


@serves(CataloguePage)
def catalogue_page(request: HttpRequest, page: CataloguePage) -> HttpResponse:
    """List the courses, filtered and sorted as the address says."""
    language = language_of(request, page)
    finder = CourseFilterSet(request.GET, listed_courses(language=language, user=request.user))
    found = Paginator(in_order(finder.qs, finder.order, language), PAGE)
    shown = found.get_page(request.GET.get("page"))
    courses = CoursePage.objects.filter(pk__in=shown.object_list).select_related("cover", "locale")
    by_key = {course.pk: course for course in courses}
    context = {
        "page": page,
        "finder": finder,
        "facets": [facet for facet in finder.facets() if facet.is_useful],
        "sorts": SORTS,
        "shown": shown,
        "rows": catalogue(
            pages=[by_key[pk] for pk in shown.object_list], language=language, user=request.user
        ),
    }
    return render(request, "courses/catalogue.html", context)


@serves(CoursePage)
def course_page(request: HttpRequest, page: CoursePage) -> HttpResponse:
    """Show what the course is for, its outline, and the one thing to do next."""
    version = latest_of_page(page, language_of(request, page))
    state = _state(request, page, version)
    context = {
        "page": page,
        "activity": version.activity if version else None,
        "state": state,
        "stuck": state is not None and is_stuck(state, language_of(request, page)),
        "structured": course_data(page, state),
    }
    return render(request, "courses/course.html", context)


@serves(ModulePage)
def module_page(request: HttpRequest, page: ModulePage) -> HttpResponse:
    """Lead to the module's place in its course."""
    return redirect(f"{page.get_parent().get_url()}#{page.slug}")


@serves(LessonPage)
def lesson_page(request: HttpRequest, page: LessonPage) -> HttpResponse:
    """Show a lesson as it was last published (in a preview: as it is being written)."""
    version = latest_of_page(page, language_of(request, page))
    state = _state(request, page, version)
    if request.is_preview:  # type: ignore[attr-defined]
        rendered = snapshots.lesson_html(page)
        payload = snapshots.lesson_payload(page, rendered)
    else:
        payload, rendered = payload_of(_published(version)), rendered_of(_published(version))
    context = {
        "page": page,
        "activity": version.activity if version else None,
        "lesson": payload,
        "structured": lesson_data(payload, page.full_url, language_of(request, page), state),
        "segments": lesson_segments(rendered, payload, _chosen(request, version, state, payload)),
        "state": state,
        "is_done": bool(state and any(item.current and item.done for item in state.items)),
    }
    return let_players_in(render(request, "courses/lesson.html", context), payload.get("players", []))


@serves(QuizPage)
@never_cache
def quiz_page(request: HttpRequest, page: QuizPage) -> HttpResponse:
    """Say what the quiz is like, and begin or go on."""
    version = latest_of_page(page, language_of(request, page))
    state = _state(request, page, version)
    is_preview = request.is_preview  # type: ignore[attr-defined]
    payload = snapshots.quiz_payload(page) if is_preview else payload_of(_published(version))
    attempts = (
        attempts_of(enrolment=state.enrolment, quiz_id=version.activity_id) if state and version else []
    )
    grade = grade_of(attempts)
    allowed = payload["attempts_allowed"]
    used = sum(not attempt.preview for attempt in attempts)
    context = {
        "page": page,
        "activity": version.activity if version else None,
        "quiz": payload,
        "state": state,
        "running": next((attempt for attempt in attempts if attempt.state == "running"), None),
        "finished": [attempt for attempt in attempts if attempt.state == "finished"],
        "left": max(allowed - used, 0) if allowed else None,
        "grade": grade,
        "passed": is_passed(grade, payload),
        "full": grade == 1,  # another attempt could only take points away
        "revealed": any(attempt.revealed_at for attempt in attempts),
        "teacher": is_teacher(request),
    }
    return render(request, "courses/quiz.html", context)


def _published(version: ActivityVersion | None) -> ActivityVersion:
    if version is None:
        raise Http404
    return version


def _state(request: HttpRequest, page: Page, version: ActivityVersion | None) -> CourseState | None:
    """Return the course the page belongs to as it stands for this person."""
    if version is None:
        return None
    activity = version.activity
    return course_state(
        course_id=activity.course_id or activity.pk,
        language=version.language,
        user=request.user,
        current_id=activity.pk,
    )


def _chosen(
    request: HttpRequest, version: ActivityVersion | None, state: CourseState | None, payload: dict[str, Any]
) -> dict[str, list[str]]:
    """Return what was answered to the lesson's checks: kept answers, or the visitor's in the address."""
    if not payload["checks"]:
        return {}
    if version is not None and state is not None and state.enrolment is not None:
        rows = CheckResponse.objects.filter(enrolment=state.enrolment, lesson_id=version.activity_id)
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
