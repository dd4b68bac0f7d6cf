"""Lists of participants as Moodle writes them, for the tests of rosters and of the class view."""

from __future__ import annotations

from django.test import Client
from lti_tool.models import LtiMembership

from lti.models import Roster, RosterMember
from portal.outbox import delivering
from tests.factories.lti import MEMBERSHIP, Launcher, answer

NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
MEMBERS = "https://moodle.example/services.php/CourseSection/12/bindings/3/memberships"
OFFERED = {NRPS: {"context_memberships_url": MEMBERS, "service_versions": ["1.0", "2.0"]}}
TEACHER = [MEMBERSHIP + "Instructor"]
RASA = {"sub": "3001", "given_name": "Rasa", "family_name": "Stonkutė", "roles": TEACHER}


def member(user_id="2001", given="Ona", family="Kazlauskaitė", *, roles=("Learner",), **more):
    """Return somebody on the list."""
    return {
        "user_id": user_id,
        "given_name": given,
        "family_name": family,
        "name": f"{given} {family}",
        "email": f"{user_id}@universitetas.example",
        "roles": list(roles),
        "status": "Active",
    } | more


ONA, JONAS = member(), member("2002", "Jonas", "Žukauskas")
LISTED_RASA = member("3001", "Rasa", "Stonkutė", roles=["Instructor"])


def page(*members, context="12", **headers):
    """Return a page of the list."""
    body = {"id": MEMBERS, "context": {"id": context, "label": "INF1"}, "members": list(members)}
    return answer(body=body, **headers)


def link(url, rel="next"):
    return f'<{url}>; rel="{rel}"'


def read():
    """Let the workers do what is due; return the list."""
    delivering.run_due()
    return Roster.objects.get()


def listed():
    return set(RosterMember.objects.values_list("subject", flat=True))


def members():
    """Return who has come and is a member, by the platform's identifier."""
    return set(LtiMembership.objects.filter(is_active=True).values_list("user__sub", flat=True))


def teaching(network, moodle, activity, *people):
    """Let Rasa come to teach ``activity``, with herself and ``people`` on the list; return her browser."""
    network.answers[MEMBERS] = page(LISTED_RASA, *people)
    launcher = Launcher(moodle, Client(), activity)
    launcher.launch(**RASA, **OFFERED)
    read()
    return launcher
