"""A teacher led to a learner's work by the grade book, and the work."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from courses.flows import attempting, grading
from tests.factories.courses import MULTIPLE, NUMERIC, SHORT, SINGLE
from tests.factories.lti import TARGET, Launcher
from tests.lti.rosters import RASA

RIGHT = {SINGLE: ["s-right"], MULTIPLE: ["m-a", "m-b"], NUMERIC: ["4711.5"], SHORT: ["Ąžuolas"]}
HALF = {SINGLE: ["s-wrong"], MULTIPLE: ["m-a"], NUMERIC: ["12"]}
NOTHING = "/en/class/nothing/"


class Reviewer(Launcher):
    """A browser that the platform's grade book sends to somebody's work, as Moodle does."""

    def review(self, person: Any = "2001", **changes: Any) -> Any:
        """Go through the launch; ``person`` is whose work it is about, or the claim itself."""
        about = {"user_id": person} if isinstance(person, str) else person
        target = f"{TARGET}?activity={self.activity.uuid}"
        claims = {
            "message_type": "LtiSubmissionReviewRequest",
            "for_user": about,
            "target_link_uri": target,
            "launch_presentation": {"locale": "en"},
        }
        begun = self.begin_at(target)
        wanted = {**RASA, **claims, **changes}
        message = self.platform.claims(begun[1], self.activity, **wanted)
        return self.post(self.platform.sign(message), begun[0])

    def begin_at(self, target: str) -> tuple[str, str]:
        """Begin a launch of this address; return state and nonce."""
        response = self.login(target_link_uri=target)
        assert response.status_code == 302, response.content.decode()
        query = parse_qs(urlsplit(response["Location"]).query)
        return query["state"][0], query["nonce"][0]


def reviewer(platform: Any, activity: Any) -> Reviewer:
    """Return the browser of somebody who has opened the grade book."""
    return Reviewer(platform, Client(), activity)


def took(person: Any, quiz: Any, answers: dict[str, list[str]], *, ended: bool = True) -> Any:
    """Let the person take the quiz with these answers, in Lithuanian."""
    enrolment = person.auth_user.enrolments.get()
    attempt = attempting.start(enrolment=enrolment, quiz=quiz, language="lt", preview=False)
    drafts = [attempting.Draft(item, response, False, None) for item, response in answers.items()]
    attempting.save(user=person.auth_user, uuid=attempt.uuid, drafts=drafts)
    return grading.submit(attempt=attempt) if ended else attempt
