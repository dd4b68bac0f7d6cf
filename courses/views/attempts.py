"""Taking a quiz: begin, answer, look over, finish, see what came of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from courses.flows import attempting, grading
from courses.forms import drafts_from_form, drafts_from_json
from courses.getters import is_teacher, own_attempt, own_enrolment, published
from courses.models import Activity, Attempt
from courses.presenting import attempt_items
from courses.reports import attempts_left, course_state, is_passed, page_url, quiz_grade, shows_solutions
from courses.versions import latest, payload_of
from portal.content.serving import language_here


@require_POST
@login_required
def start(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Begin an attempt, or go on with the one that is running."""
    activity, version = published(request, uuid, Activity.Kind.QUIZ)
    enrolment = own_enrolment(request, activity)
    try:
        attempt = attempting.start(
            enrolment=enrolment, quiz=activity, language=version.language, preview=is_teacher(request)
        )
    except attempting.AttemptsUsedUp:
        messages.warning(request, _("You have used all attempts at this quiz."))
        return redirect(page_url(activity, version.language) or "/")
    except attempting.AnswersShown:
        messages.warning(request, _("You have seen the right answers, so your grade stays as it is."))
        return redirect(page_url(activity, version.language) or "/")
    return redirect("courses:attempt", uuid=attempt.uuid)


@login_required
@never_cache
def attempt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the items and take the answers; works as a plain form."""
    record = own_attempt(request, uuid)
    if attempting.is_over(record):
        return _ended(request, record)
    if request.method == "POST":
        return _keep(request, record)
    items = attempt_items(record)
    one = payload_of(record.version)["layout"] == "one"
    place = _place(request.GET.get("item"), len(items))
    context = {
        **_frame(request, record),
        "items": items,
        "shown": items[place - 1 : place] if one else items,
        "place": place if one else None,
        "is_last": not one or place == len(items),
    }
    return render(request, "courses/attempt.html", context)


def _keep(request: HttpRequest, record: Attempt) -> HttpResponse:
    """Save the form's answers and go where its button leads."""
    here = reverse("courses:attempt", args=[record.uuid])
    try:
        attempting.save(user=request.user, uuid=record.uuid, drafts=drafts_from_form(request))  # type: ignore[arg-type]
    except attempting.AttemptOver:
        return _ended(request, record)
    except attempting.InvalidAnswer:
        messages.error(request, _("That answer could not be saved. Your previous answer still counts."))
        return redirect(here)
    target = request.POST.get("to", "")
    if target == "review":
        return redirect("courses:review", uuid=record.uuid)
    return redirect(f"{here}?item={target}" if target.isdecimal() and len(target) < 4 else here)


@require_POST
@never_cache
def autosave(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """Keep answers as the learner goes; says what was kept and when."""
    if not request.user.is_authenticated:
        return _problem(_("You have been signed out. Open the quiz again: saved answers are kept."), 401)
    try:
        saved = attempting.save(user=request.user, uuid=uuid, drafts=drafts_from_json(request))
    except Attempt.DoesNotExist as error:
        raise Http404 from error
    except attempting.AttemptOver:
        return _problem(_("The attempt has ended. What was saved in time has been graded."), 409)
    except attempting.InvalidAnswer:
        return _problem(_("That answer could not be saved. Your previous answer still counts."), 400)
    moment = localtime(now())
    return JsonResponse(
        {
            "saved_at": time_format(moment, "TIME_FORMAT"),
            "items": [{"item": row.item_id, "seq": row.seq, "stale": row.stale} for row in saved],
        }
    )


@require_GET
@login_required
@never_cache
def review(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what has been answered before the learner finishes."""
    record = own_attempt(request, uuid)
    if attempting.is_over(record):
        return _ended(request, record)
    items = attempt_items(record)
    context = {
        **_frame(request, record),
        "items": items,
        "open": [item.number for item in items if not item.answered],
        "flagged": [item.number for item in items if item.flagged],
    }
    return render(request, "courses/review.html", context)


@require_POST
@login_required
def finish(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End the attempt; doing it twice has one effect."""
    record = own_attempt(request, uuid)
    grading.submit(attempt=record)
    return redirect("courses:result", uuid=record.uuid)


@require_GET
@login_required
@never_cache
def result(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the grade, and each item with what is right and why."""
    record = own_attempt(request, uuid)
    if record.state == Attempt.State.RUNNING:
        return redirect("courses:attempt", uuid=record.uuid)
    payload = payload_of(record.version)
    frame = _frame(request, record)
    lessons = {item["key"]: item for item in _outline(record)}
    grade = quiz_grade(record.enrolment, record.quiz)
    solved = shows_solutions(record, teacher=is_teacher(request))
    context = {
        **frame,
        "items": [(item, lessons.get(item.lesson)) for item in attempt_items(record, solutions=solved)],
        "solved": solved,
        "running": Attempt.objects.running().filter(enrolment=record.enrolment, quiz=record.quiz).exists(),
        "percent": 100 * (record.fraction or 0),
        "grade_percent": 100 * grade if grade is not None else None,
        "left": attempts_left(record.enrolment, record.quiz, payload),
        "passed": is_passed(grade, payload),
    }
    return render(request, "courses/result.html", context)


@require_POST
@login_required
def reveal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the right answers to somebody who has passed and will not try again."""
    record = own_attempt(request, uuid)
    try:
        attempting.reveal(attempt=record)
    except attempting.NotEarned:
        messages.warning(request, _("Right answers are shown once the quiz is passed."))
    return redirect("courses:result", uuid=record.uuid)


def _outline(record: Attempt) -> list[dict[str, str]]:
    """Return the parts of the attempt's course, to link items to the lessons that explain them."""
    version = latest(activity_id=record.enrolment.course_id, language=record.version.language)
    return [item for module in payload_of(version)["outline"] for item in module["items"]] if version else []


def _frame(request: HttpRequest, record: Attempt) -> dict[str, object]:
    """Return what every screen of an attempt shows around its items."""
    return {
        "attempt": record,
        "quiz": payload_of(record.version),
        "quiz_url": page_url(record.quiz, language_here()),
        "state": course_state(
            course_id=record.enrolment.course_id,
            language=language_here(),
            user=request.user,
            current_id=record.quiz_id,
        ),
        "seconds_left": max(int((record.deadline - now()).total_seconds()), 0) if record.deadline else None,
    }


def _ended(request: HttpRequest, record: Attempt) -> HttpResponse:
    """Grade an attempt whose time is up, and show its result."""
    if record.state == Attempt.State.RUNNING:
        grading.submit(attempt=record)
        messages.info(request, _("Time is up. Your saved answers have been graded."))
    return redirect("courses:result", uuid=record.uuid)


def _place(text: str | None, count: int) -> int:
    """Return the item's number asked for, held within 1 and ``count``."""
    number = int(text) if text and text.isdecimal() and len(text) < 4 else 1
    return min(max(number, 1), max(count, 1))


def _problem(message: str, status: int) -> JsonResponse:
    return JsonResponse({"problem": message}, status=status)
