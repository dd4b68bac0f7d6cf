"""What is asked about courses: grades, progress, what to do next, where a page is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from courses.models import (
    Activity,
    ActivityCompletion,
    ActivityVersion,
    Attempt,
    Completion,
    CoursePage,
    Enrolment,
)
from courses.versions import latest, payload_of
from portal.content.reports import page_in

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models import User


@dataclass(frozen=True)
class Item:
    """One lesson or quiz in an outline; ``minutes`` is the author's estimate."""

    activity_id: int
    kind: str
    title: str
    minutes: int
    url: str
    done: bool
    current: bool


@dataclass(frozen=True)
class Part:
    """One module of an outline."""

    title: str
    summary: str
    items: list[Item]


@dataclass(frozen=True)
class CourseState:
    """A course as it stands for one person (or for nobody: then nothing is done)."""

    title: str
    url: str
    parts: list[Part]
    enrolment: Enrolment | None
    completion: Completion | None
    hours: int
    certificate: bool

    @property
    def items(self) -> list[Item]:
        """All lessons and quizzes, in order."""
        return [item for part in self.parts for item in part.items]

    @property
    def done(self) -> int:
        """How many parts are done."""
        return sum(item.done for item in self.items)

    @property
    def total(self) -> int:
        """How many parts there are."""
        return len(self.items)

    @property
    def percent(self) -> int:
        """The share of parts done, 0 to 100."""
        return round(100 * self.done / self.total) if self.total else 0

    @property
    def minutes(self) -> int:
        """About how many minutes the whole takes."""
        return sum(item.minutes for item in self.items)

    @property
    def minutes_left(self) -> int:
        """About how many minutes are left."""
        return sum(item.minutes for item in self.items if not item.done)

    @property
    def next_item(self) -> Item | None:
        """The first part not done."""
        return next((item for item in self.items if not item.done), None)

    @property
    def part_of_current(self) -> Part | None:
        """The module the current page belongs to."""
        return next((part for part in self.parts if any(item.current for item in part.items)), None)

    def beside_current(self, step: int) -> Item | None:
        """Return the part ``step`` places after (or before) the current one."""
        items = self.items
        place = next((number for number, item in enumerate(items) if item.current), None)
        if place is None or not 0 <= place + step < len(items):
            return None
        return items[place + step]

    @property
    def previous(self) -> Item | None:
        """The part before the current one."""
        return self.beside_current(-1)

    @property
    def following(self) -> Item | None:
        """The part after the current one."""
        return self.beside_current(1)


def course_state(
    *, course_id: int, language: str, user: User | AnonymousUser, current_id: int | None = None
) -> CourseState | None:
    """Return the published course as it stands for ``user``; None when it is not published.

    At most three queries.
    """
    version = latest(activity_id=course_id, language=language)
    if version is None:
        return None
    enrolment = Enrolment.objects.of(user).filter(course_id=course_id).select_related("completion").first()
    done: set[int] = set()
    if enrolment is not None:
        done = set(
            ActivityCompletion.objects.filter(enrolment=enrolment).values_list("activity_id", flat=True)
        )
    return _state(version, enrolment, done, current_id)


def _state(
    version: ActivityVersion, enrolment: Enrolment | None, done: set[int], current_id: int | None
) -> CourseState:
    payload = payload_of(version)
    return CourseState(
        title=payload["title"],
        url=payload["url"],
        parts=[_part(module, done, current_id) for module in payload["outline"]],
        enrolment=enrolment,
        completion=getattr(enrolment, "completion", None) if enrolment else None,
        hours=payload["hours"],
        certificate=payload["certificate"],
    )


def _part(module: dict[str, Any], done: set[int], current_id: int | None) -> Part:
    items = [
        Item(
            activity_id=item["id"],
            kind=item["kind"],
            title=item["title"],
            minutes=item["minutes"],
            url=item["url"],
            done=item["id"] in done,
            current=item["id"] == current_id,
        )
        for item in module["items"]
    ]
    return Part(title=module["title"], summary=module["summary"], items=items)


def my_courses(*, user: User, language: str) -> list[CourseState]:
    """Return the person's courses, the most recently begun first, in a constant number of queries."""
    enrolments = list(Enrolment.objects.of(user).select_related("course", "completion").order_by("-started_at"))
    done: dict[int, set[int]] = {}
    rows = ActivityCompletion.objects.filter(enrolment__in=enrolments)
    for enrolment_id, activity_id in rows.values_list("enrolment_id", "activity_id"):
        done.setdefault(enrolment_id, set()).add(activity_id)
    versions = latest_versions([enrolment.course_id for enrolment in enrolments], language)
    return [
        _state(versions[enrolment.course_id], enrolment, done.get(enrolment.pk, set()), None)
        for enrolment in enrolments
        if enrolment.course_id in versions
    ]


def latest_versions(activity_ids: list[int], language: str) -> dict[int, ActivityVersion]:
    """Return the newest version of each activity in ``language``, in one query."""
    rows = ActivityVersion.objects.filter(activity_id__in=activity_ids, language=language)
    return {row.activity_id: row for row in rows.defer("payload", "rendered").order_by("number")}


def quiz_grade(enrolment: Enrolment, quiz: Activity) -> float | None:
    """Return the grade (0 to 1) the quiz's method makes of the finished attempts; None before one."""
    attempts = list(
        Attempt.objects.counted()
        .filter(enrolment=enrolment, quiz=quiz)
        .select_related("version")
        .defer("version__payload", "version__rendered")
        .order_by("number")
    )
    if not attempts:
        return None
    fractions = [attempt.fraction or 0.0 for attempt in attempts]
    method = payload_of(attempts[-1].version)["grade_method"]
    if method == "last":
        return fractions[-1]
    return max(fractions) if method == "best" else sum(fractions) / len(fractions)


def page_url(activity: Activity, language: str) -> str | None:
    """Return the address of the activity's page in ``language``, or of its source; None if neither is live."""
    page = page_in(activity.translation_key, language) or page_in(activity.translation_key, "lt")
    return page.get_url() if page is not None else None


@dataclass(frozen=True)
class CatalogueRow:
    """A course in the catalogue."""

    page: CoursePage
    minutes: int
    lessons: int
    percent: int | None


def catalogue(*, pages: list[CoursePage], language: str, user: User | AnonymousUser) -> list[CatalogueRow]:
    """Return the catalogue's rows for ``pages``, in a constant number of queries."""
    activities = Activity.objects.filter(translation_key__in=[page.translation_key for page in pages])
    by_key = {activity.translation_key: activity.pk for activity in activities}
    versions = latest_versions(list(by_key.values()), language)
    states = {s.url: s for s in my_courses(user=user, language=language)} if user.is_authenticated else {}  # type: ignore[arg-type]
    rows = []
    for page in pages:
        version = versions.get(by_key.get(page.translation_key, 0))
        outline = payload_of(version)["outline"] if version else []
        items = [item for module in outline for item in module["items"]]
        state = states.get(payload_of(version)["url"]) if version else None
        rows.append(
            CatalogueRow(
                page=page,
                minutes=sum(item["minutes"] for item in items),
                lessons=sum(item["kind"] == Activity.Kind.LESSON for item in items),
                percent=state.percent if state else None,
            )
        )
    return rows


def attempts_of(*, enrolment: Enrolment | None, quiz_id: int) -> list[Attempt]:
    """Return the person's attempts at a quiz, the latest first (one query)."""
    if enrolment is None:
        return []
    attempts = Attempt.objects.filter(enrolment=enrolment, quiz_id=quiz_id).select_related("version")
    return list(attempts.defer("version__payload", "version__rendered").order_by("-number"))
