"""People of a class, made as launches and learning leave them, for the tests of the class view."""

from __future__ import annotations

import html
import re
from datetime import timedelta

from django.utils.timezone import now
from lti_tool.models import LtiContext, LtiMembership, LtiResourceLink, LtiUser

from courses.models import ActivityCompletion, ActivityVersion, Attempt, Enrolment
from lti.models import GradeLine
from portal.outbox.models import Delivery
from tests.factories.people import UserFactory

CLASS = "/en/class/"


def come(course, subject, given="Ona", family="Kazlauskaitė", *, context=None, begun=True):
    """Let somebody have come from the context to the course's quiz."""
    context = context or LtiContext.objects.get()
    user = UserFactory(first_name="Kitoks", last_name="Vardas", email=None)
    person = LtiUser.objects.create(
        registration=context.deployment.registration,
        sub=subject,
        given_name=given,
        family_name=family,
        auth_user=user,
    )
    LtiMembership.objects.create(user=person, context=context, is_learner=True)
    if begun:
        Enrolment.objects.create(user=user, course=course.activity, source="launch")
    return person


def done(person, *activities, at=None):
    """Let the person have done these parts, one after the other."""
    enrolment = person.auth_user.enrolments.get()
    for number, activity in enumerate(activities):
        ActivityCompletion.objects.create(
            enrolment=enrolment,
            activity=activity,
            version=ActivityVersion.objects.filter(activity=activity, language="lt").latest("number"),
            completed_at=(at or now()) + timedelta(seconds=number),
        )


def scored(person, quiz, points, *, preview=False):
    """Let the person have finished an attempt with so many points of four."""
    enrolment = person.auth_user.enrolments.get()
    return Attempt.objects.create(
        enrolment=enrolment,
        quiz=quiz,
        version=ActivityVersion.objects.filter(activity=quiz, language="lt").latest("number"),
        number=enrolment.attempts.count() + 1,
        preview=preview,
        state="finished",
        points=points,
        points_max="4",
        finished_at=now(),
    )


def line(person, activity, *, column="https://moodle.example/lineitem/5", link="34"):
    """Return the person's grade line by a link of their context."""
    context = person.memberships.first().context
    row, _new = LtiResourceLink.objects.get_or_create(context=context, id_on_platform=link)
    return GradeLine.objects.create(
        user=person.auth_user, lti_user=person, resource_link=row, activity=activity, lineitem_url=column
    )


def delivery(of, state="sent", status="delivered", *, points=75.0, **more):
    """Return a delivery of this line, as the outbox leaves it."""
    return Delivery.objects.create(
        handler="lti.quiz_score",
        key=f"{of.pk}:{of.user_id}:{Delivery.objects.count()}:0",
        stream=f"lti:{of.pk}",
        payload={"line": of.pk, "given": points, "comment": "", "at": now().isoformat()},
        state=state,
        attempts=0 if status == "" else 1,
        last_status=status,
        settled_at=None if state == "pending" else now(),
        **more,
    )


def rows(response):
    """Return what stands in the list, one text a participant."""
    assert response.status_code == 200, response.content.decode()
    page = response.content.decode()
    inside = page.partition('<ul class="class-list">')[2].partition("<nav class=")[0].partition("</main>")[0]
    parts = inside.split('<div class="class-who">')[1:]
    return [text_of(part) for part in parts]


def text_of(markup):
    """Return the words a reader sees, spaced once."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def page_text(response):
    return text_of(response.content.decode())
