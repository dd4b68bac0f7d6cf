"""The catalogue: which courses there are for whom, and a row for each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from wagtail.query import PageQuerySet

from courses.models import Activity, CoursePage, Enrolment
from courses.reports.states import CourseState, latest_versions, state_of
from portal.collation import sort_key
from portal.content.reports import one_of_each

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models import User


@dataclass(frozen=True)
class CatalogueRow:
    """A course in the catalogue; ``foreign`` is its language where it is not the reader's, else empty."""

    page: CoursePage
    minutes: int
    lessons: int
    percent: int | None
    foreign: str


def listed_courses(*, language: str, user: User | AnonymousUser) -> PageQuerySet:
    """Return one page of each published course that lists may name to ``user``."""
    return one_of_each(CoursePage, language=language, user=user)


def in_order(pages: PageQuerySet, order: str, language: str) -> list[int]:
    """Return the primary keys of ``pages``, sorted: ``new``, ``title`` (by the alphabet) or ``hours`` (one query)."""
    rows = list(pages.order_by("-first_published_at", "-pk").values_list("pk", "title", "hours"))
    if order != "new":
        rows.sort(key=lambda row: sort_key(row[1], language))
    if order == "hours":
        rows.sort(key=lambda row: row[2])
    return [pk for pk, _title, _hours in rows]


def catalogue(*, pages: list[CoursePage], language: str, user: User | AnonymousUser) -> list[CatalogueRow]:
    """Return the catalogue's rows for ``pages`` (with their locales), in a constant number of queries."""
    keys = [page.translation_key for page in pages]
    languages = {page.locale.language_code for page in pages}
    versions = latest_versions(*languages, activity__translation_key__in=keys) if pages else []
    done = _done_by(user, {version.activity_id for version in versions})
    rows = {
        (version.activity.translation_key, version.language): (
            state_of(version, None, done.get(version.activity_id, set()), None, closed=False),
            version.activity_id in done,
        )
        for version in versions
    }
    return [_row(page, *rows.get(_key(page), (None, False)), language=language) for page in pages]


def _key(page: CoursePage) -> tuple[UUID, str]:
    return page.translation_key, page.locale.language_code


def _done_by(user: User | AnonymousUser, courses: set[int]) -> dict[int, set[int]]:
    """Return, for those of ``courses`` the person is enrolled in, the activities completed (one query)."""
    rows = Enrolment.objects.of(user).filter(course__in=courses)
    done: dict[int, set[int]] = defaultdict(set)
    for course_id, activity_id in rows.values_list("course_id", "activity_completions__activity_id"):
        done[course_id] |= {activity_id} - {None}
    return done


def _row(page: CoursePage, state: CourseState | None, enrolled: bool, *, language: str) -> CatalogueRow:
    foreign = page.locale.language_code if page.locale.language_code != language else ""
    if state is None:
        return CatalogueRow(page=page, minutes=0, lessons=0, percent=None, foreign=foreign)
    lessons = sum(item.kind == Activity.Kind.LESSON for item in state.items)
    percent = state.percent if enrolled else None
    return CatalogueRow(page=page, minutes=state.minutes, lessons=lessons, percent=percent, foreign=foreign)
