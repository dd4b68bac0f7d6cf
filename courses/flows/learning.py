"""Taking a lesson: answering its checks, finishing it."""

from __future__ import annotations

from django.db import transaction
from django.utils.timezone import now

from courses.flows import completion
from courses.models import ActivityCompletion, ActivityVersion, CheckResponse, Enrolment
from courses.versions import payload_of


class ChecksOpen(Exception):
    """The lesson's rule asks for every knowledge check to be answered first."""


class UnknownChoice(Exception):
    """The answer names a check or a choice this lesson does not have."""


@transaction.atomic
def answer_check(
    *, enrolment: Enrolment, version: ActivityVersion, check_id: str, chosen: list[str]
) -> CheckResponse:
    """Keep the latest answer to a knowledge check. Raises UnknownChoice."""
    valid_choices(version=version, check_id=check_id, chosen=chosen)
    response, _created = CheckResponse.objects.update_or_create(
        enrolment=enrolment,
        lesson_id=version.activity_id,
        check_id=check_id,
        defaults={"chosen": chosen, "answered_at": now()},
    )
    return response


def valid_choices(*, version: ActivityVersion, check_id: str, chosen: list[str]) -> list[str]:
    """Return ``chosen`` if the check has those choices. Raises UnknownChoice."""
    check = payload_of(version)["checks"].get(check_id)
    if check is None or not chosen:
        raise UnknownChoice
    options = {option["id"] for option in check["options"]}
    if not set(chosen) <= options or (len(chosen) > 1 and not check["multiple"]):
        raise UnknownChoice
    return chosen


@transaction.atomic
def finish_lesson(*, enrolment: Enrolment, version: ActivityVersion) -> ActivityCompletion:
    """Count the lesson as finished by its rule, and the course with it if this was its last part.

    Finishing twice changes nothing. Raises ChecksOpen.
    """
    payload = payload_of(version)
    if payload["rule"] == "checks":
        answered = CheckResponse.objects.filter(enrolment=enrolment, lesson_id=version.activity_id)
        if set(payload["checks"]) - set(answered.values_list("check_id", flat=True)):
            raise ChecksOpen
    done, created = ActivityCompletion.objects.get_or_create(
        enrolment=enrolment, activity_id=version.activity_id, defaults={"version": version}
    )
    if created:
        completion.evaluate(enrolment=enrolment, language=version.language)
    return done
