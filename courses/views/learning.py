"""What learners do outside quizzes: enrol, answer a check, finish a lesson."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.flows import learning
from courses.getters import own_enrolment, published
from courses.models import Activity
from courses.presenting import check_of
from courses.reports import course_state, page_url
from courses.versions import payload_of
from portal.content.serving import language_here


@require_POST
@login_required
def enrol(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Begin a course and go to its first unfinished part."""
    activity, _version = published(request, uuid, Activity.Kind.COURSE)
    own_enrolment(request, activity)
    state = course_state(course_id=activity.pk, language=language_here(), user=request.user)
    if state is None:
        raise Http404
    return redirect(state.next_item.url if state.next_item else state.url)


@require_POST
@login_required
def answer_check(request: HttpRequest, uuid: UUID, check_id: str) -> HttpResponse:
    """Keep an answer to a knowledge check; show it explained, in place where the page asks so."""
    activity, version = published(request, uuid, Activity.Kind.LESSON)
    chosen = request.POST.getlist("o")
    try:
        learning.answer_check(
            enrolment=own_enrolment(request, activity), version=version, check_id=check_id, chosen=chosen
        )
    except learning.UnknownChoice:
        messages.warning(request, _("Choose an answer first."))
        return redirect(page_url(activity, version.language) or "/")
    if request.headers.get("X-Requested-With") == "fetch":
        check = check_of(check_id, payload_of(version)["checks"][check_id], chosen)
        context = {"check": check, "activity": activity}
        return render(request, "components/check.html", context)
    return redirect(f"{page_url(activity, version.language)}#check-{check_id}")


@require_POST
@login_required
def finish_lesson(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Count a lesson as finished and go on to what is next."""
    activity, version = published(request, uuid, Activity.Kind.LESSON)
    enrolment = own_enrolment(request, activity)
    here = page_url(activity, version.language) or "/"
    try:
        learning.finish_lesson(enrolment=enrolment, version=version)
    except learning.ChecksOpen:
        messages.warning(request, _("Answer the knowledge checks first, then finish the lesson."))
        return redirect(here)
    state = course_state(
        course_id=enrolment.course_id, language=version.language, user=request.user, current_id=activity.pk
    )
    if state is None:
        return redirect(here)
    if state.completion is not None:
        messages.success(request, _("You have completed the course. Well done!"))
        return redirect(state.url)
    following = state.following or state.next_item
    return redirect(following.url if following else state.url)
