"""A course as it stands for one person: what is done, what is left, what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wagtail.models import Page

from courses.models import (
    Activity,
    ActivityCompletion,
    ActivityVersion,
    Completion,
    Enrolment,
)
from courses.reports.grades import attempts_of
from courses.versions import GUARDED, latest, payload_of
from portal.content.reports import listed_for, page_in

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
    uuid: str = ""


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
        return about(sum(item.minutes for item in self.items))

    @property
    def minutes_left(self) -> int:
        """About how many minutes are left."""
        return about(sum(item.minutes for item in self.items if not item.done))

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

    At most three queries, and one more where any page of the portal is restricted.
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
    return state_of(version, enrolment, done, current_id, hidden=_hidden([version], user))


def state_of(
    version: ActivityVersion,
    enrolment: Enrolment | None,
    done: set[int],
    current_id: int | None,
    *,
    closed: bool = True,
    hidden: frozenset[str] = frozenset(),
) -> CourseState:
    """Return the state; ``closed`` False leaves the completion out, where no page shows it.

    ``hidden`` holds the translation keys of parts that this person is not told of.
    """
    payload = payload_of(version)
    parts = [_part(module, done, current_id, hidden) for module in payload["outline"]]
    return CourseState(
        title=payload["title"],
        url=payload["url"],
        parts=[part for part in parts if part.items or not hidden],
        enrolment=enrolment,
        completion=getattr(enrolment, "completion", None) if enrolment and closed else None,
        hours=payload["hours"],
        certificate=payload["certificate"],
    )


def _hidden(versions: list[ActivityVersion], user: User | AnonymousUser) -> frozenset[str]:
    """Return the translation keys of the parts of these courses whose pages ``user`` may not read."""
    guarded = [version for version in versions if version.is_guarded]  # type: ignore[attr-defined]
    if not guarded:
        return frozenset()
    keys = {item["key"] for v in guarded for module in payload_of(v)["outline"] for item in module["items"]}
    pages = Page.objects.filter(translation_key__in=keys, locale__language_code=guarded[0].language)
    shown = {str(key) for key in listed_for(pages, user).values_list("translation_key", flat=True)}
    return frozenset(keys - shown)


def _part(module: dict[str, Any], done: set[int], current_id: int | None, hidden: frozenset[str]) -> Part:
    items = [
        Item(
            activity_id=item["id"],
            kind=item["kind"],
            title=item["title"],
            minutes=item["minutes"],
            url=item["url"],
            done=item["id"] in done,
            current=item["id"] == current_id,
            uuid=item["uuid"],
        )
        for item in module["items"]
        if item["key"] not in hidden
    ]
    return Part(title=module["title"], summary=module["summary"], items=items)


def my_courses(*, user: User | AnonymousUser, language: str) -> list[CourseState]:
    """Return the person's courses, the most recently begun first, in a constant number of queries."""
    enrolments = list(Enrolment.objects.of(user).select_related("completion").order_by("-started_at"))
    done = done_in(enrolments)
    versions = latest_versions(language, activity_id__in=[enrolment.course_id for enrolment in enrolments])
    by_course = {version.activity_id: version for version in versions}
    hidden = _hidden(versions, user)
    return [
        state_of(by_course[enrolment.course_id], enrolment, done[enrolment.pk], None, hidden=hidden)
        for enrolment in enrolments
        if enrolment.course_id in by_course
    ]


def done_in(enrolments: list[Enrolment]) -> dict[int, set[int]]:
    """Return the activities completed in each enrolment (one query)."""
    done: dict[int, set[int]] = {enrolment.pk: set() for enrolment in enrolments}
    rows = ActivityCompletion.objects.filter(enrolment__in=enrolments) if enrolments else []
    for row in rows:
        done[row.enrolment_id].add(row.activity_id)
    return done


def latest_versions(*languages: str, **which: Any) -> list[ActivityVersion]:
    """Return the newest version in each of ``languages`` of each activity that ``which`` filters (one query)."""
    rows = ActivityVersion.objects.filter(language__in=languages, **which).select_related("activity")
    rows = rows.annotate(is_guarded=GUARDED)
    rows = rows.defer("payload", "rendered").order_by("number")
    return list({(row.activity_id, row.language): row for row in rows}.values())


def about(minutes: int) -> int:
    """Return an estimate of minutes as people say it: beyond ten, rounded to five."""
    return minutes if minutes <= 10 else 5 * round(minutes / 5)


def is_stuck(state: CourseState, language: str) -> bool:
    """Whether the next thing to do is a quiz at which no attempt is left or running."""
    item = state.next_item
    if item is None or item.kind != Activity.Kind.QUIZ or state.enrolment is None:
        return False
    version = latest(activity_id=item.activity_id, language=language)
    allowed = payload_of(version)["attempts_allowed"] if version else None
    if not allowed:
        return False
    attempts = attempts_of(enrolment=state.enrolment, quiz_id=item.activity_id)
    counted = [attempt for attempt in attempts if not attempt.preview]
    return len(counted) >= allowed and all(attempt.state == "finished" for attempt in counted)


def page_url(activity: Activity, language: str) -> str | None:
    """Return the address of the activity's page in ``language``, or of its source; None if neither is live."""
    page = page_in(activity.translation_key, language) or page_in(activity.translation_key, "lt")
    return page.get_url() if page is not None else None
