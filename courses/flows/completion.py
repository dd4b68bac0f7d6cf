"""Completing a course: in the same transaction as its last step, with the evidence."""

from __future__ import annotations

from django.db import transaction

from courses.models import Activity, ActivityCompletion, Attempt, Completion, Enrolment
from courses.versions import latest, payload_of
from portal.outbox.recording import record


@transaction.atomic
def evaluate(*, enrolment: Enrolment, language: str) -> Completion | None:
    """Complete the course if every part of its published outline is done; else return None.

    A completion is never undone: parts added later are for those who still learn. Evaluating
    twice makes one completion.
    """
    version = latest(activity_id=enrolment.course_id, language=language)
    if version is None:
        return None
    items = [item for module in payload_of(version)["outline"] for item in module["items"]]
    done = {
        row.activity_id: row
        for row in ActivityCompletion.objects.filter(enrolment=enrolment).select_related("version")
    }
    if not items or any(item["id"] not in done for item in items):
        return None
    completion, created = Completion.objects.get_or_create(
        enrolment=enrolment,
        defaults={
            "course_version": version,
            "evidence": [_evidence(item, done[item["id"]]) for item in items],
        },
    )
    if created:
        record("courses.enrolment_completed", completion_id=completion.pk)
    return completion


def _evidence(item: dict[str, object], row: ActivityCompletion) -> dict[str, object]:
    evidence: dict[str, object] = {
        "activity": item["uuid"],
        "kind": item["kind"],
        "title": item["title"],
        "version": row.version.sha256,
        "completed_at": row.completed_at.isoformat(),
    }
    if item["kind"] == Activity.Kind.QUIZ:
        attempts = Attempt.objects.counted().filter(enrolment_id=row.enrolment_id, quiz_id=row.activity_id)
        fractions = [attempt.fraction or 0.0 for attempt in attempts]
        evidence["percent"] = round(100 * max(fractions, default=0.0), 1)
    return evidence
