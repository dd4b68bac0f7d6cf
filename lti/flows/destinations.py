"""What a link names, and where it leads.

An item is an activity's number, the number that all translations of another page share, or LIBRARY: what the library
has for the platform's course. So a link outlives every edit, move and translation, and a copy of the platform's course.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from wagtail.models import Page

from courses.models import Activity, ModulePage
from courses.reports import page_url
from lti.flows.claims import Context
from lti.flows.errors import ActivityGone
from lti.reports import LIBRARY, page_of
from portal.catalogue.models import ResourceIndexPage
from portal.catalogue.reports import match


@dataclass(frozen=True)
class Destination:
    """Where a link leads. ``activity`` is whose result it is, ``course`` whom to enrol in; both may be None."""

    item: str
    url: str
    activity: Activity | None = None
    course: Activity | None = None


def destination(*, item: str, language: str, context: Context) -> Destination:
    """Return where ``item`` leads in ``language``. Raises ActivityGone for what is no item, or not published."""
    if item == LIBRARY:
        return Destination(item=LIBRARY, url=_address(_library(context, language)))
    try:
        key = UUID(item)
    except ValueError:
        raise ActivityGone("activity_not_a_uuid") from None
    activity = Activity.objects.filter(uuid=key).select_related("course").first()
    if activity is None:
        return _other_page(key, language)
    course = activity if activity.kind == Activity.Kind.COURSE else activity.course
    url = page_url(activity, language) if course is not None else None
    if url is None:
        raise ActivityGone("activity_not_published")
    return Destination(item=str(key), url=url, activity=activity, course=course)


def _other_page(key: UUID, language: str) -> Destination:
    """Return where a page leads that is no activity: a module of a course, or one of the library's."""
    page = page_of(key, language)
    if page is None:
        raise ActivityGone("activity_unknown")
    course = None
    if isinstance(page, ModulePage):
        courses = Activity.objects.of_page(page.get_parent())
        course = courses.filter(kind=Activity.Kind.COURSE).first()
    return Destination(item=str(key), url=_address(page), course=course)


def _library(context: Context, language: str) -> Page | None:
    """Return the list or guide the librarians' rules give this course; without one all the library has."""
    found = match(context.label, context.title, language).page
    if found is not None:
        return found
    indexes = ResourceIndexPage.objects.live()
    return indexes.filter(locale__language_code=language).first() or indexes.first()


def _address(page: Page | None) -> str:
    url = page.get_url() if page is not None else None
    if not url:
        raise ActivityGone("activity_not_published")
    return str(url)
