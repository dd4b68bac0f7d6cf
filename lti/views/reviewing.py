"""What one learner of the class did, for their teacher: the attempts at a quiz, how far they are in the course."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.reports import course_review, quiz_review
from lti.getters import Learner, Taught, learner_here, quiz_of, taught_here
from lti.reports.classes import participant
from lti.views import classwords


@require_safe
@login_required
@never_cache
def attempts(request: HttpRequest, uuid: UUID, quiz: UUID) -> HttpResponse:
    """Show a learner's attempts at a quiz: the one the grade is of with its answers, the others to be opened."""
    learner = learner_here(request, uuid)
    activity = quiz_of(learner.taught, quiz)
    number = request.GET.get("attempt", "")
    review = quiz_review(
        user=learner.user,
        quiz=activity,
        number=int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else None,
    )
    if review is None:
        return _nothing(request, learner.taught)
    context = {**_who(learner, activity.pk), "review": review, "method": _method(review.quiz["grade_method"])}
    return render(request, "lti/attempts.html", context)


@require_safe
@login_required
@never_cache
def progress(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show how far a learner is in the course, lesson by lesson and quiz by quiz."""
    learner = learner_here(request, uuid)
    taught = learner.taught
    review = course_review(user=learner.user, course=taught.course, parts=taught.state.parts)
    if review is None:
        return _nothing(request, taught)
    context = {**_who(learner, taught.course.pk), "review": review}
    return render(request, "lti/progress.html", context)


@require_safe
@login_required
@never_cache
def nothing(request: HttpRequest) -> HttpResponse:
    """Say that there is nothing to look at: the same for somebody unknown and for somebody who has done nothing."""
    return _nothing(request, taught_here(request))


def _nothing(request: HttpRequest, taught: Taught) -> HttpResponse:
    return render(request, "lti/nothing.html", _where(taught))


def _where(taught: Taught) -> dict[str, Any]:
    """Return what every page of the class says of where one is; nothing of how far the teacher themselves is."""
    return {
        "context": taught.context,
        "platform": taught.context.deployment.registration.name,
        "state": replace(taught.state, enrolment=None),
    }


def _who(learner: Learner, activity_id: int) -> dict[str, Any]:
    """Return who it is, by the platform's name, and where the grade of the activity is on its way."""
    taught = learner.taught
    one = participant(membership=learner.membership, course=taught.course, state=taught.state)
    return {
        **_where(taught),
        "one": one,
        "name": one.name or _("Participant without a name"),
        "grades": [classwords.grade_words(grade) for grade in one.grades if grade.activity_id == activity_id],
    }


def _method(method: str) -> str:
    """Return which attempt the grade is of."""
    return {
        "best": _("the best attempt counts"),
        "last": _("the last attempt counts"),
    }.get(method, _("the average of all attempts counts"))
