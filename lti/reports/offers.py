"""What of ours may be put into a platform's course: the kinds of pages, and rows for the picker.

Each app whose pages may be linked has its lines in KINDS; a later app adds its own there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, ExpressionWrapper, F, IntegerField, OuterRef, Q, Value
from django.db.models.functions import Length, Substr
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail.query import PageQuerySet

from courses.models import Activity, CoursePage, LessonPage, ModulePage, QuizPage
from portal.catalogue.models import ResourceListPage, ResourcePage, SubjectGuidePage
from portal.content.reports import found_pages, hits, listed_for, page_in

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models import User


@dataclass(frozen=True)
class Kind:
    """A kind of what may be linked. ``part``: it stands in a course and is listed with it; ``graded``: has a result."""

    model: type[Page]
    label: Any
    part: bool = False
    graded: bool = False


KINDS: dict[str, Kind] = {
    # courses
    "course": Kind(CoursePage, _("Courses"), graded=True),
    "module": Kind(ModulePage, _("Modules"), part=True),
    "lesson": Kind(LessonPage, _("Lessons"), part=True),
    "quiz": Kind(QuizPage, _("Quizzes"), part=True, graded=True),
    # portal.catalogue
    "list": Kind(ResourceListPage, _("Reading lists")),
    "guide": Kind(SubjectGuidePage, _("Subject guides")),
    "resource": Kind(ResourcePage, _("Resources")),
}
LIBRARY = "library"  # no page: what the library has for the course, found anew at each launch
OF_MODEL = {kind.model: name for name, kind in KINDS.items()}


@dataclass(frozen=True)
class Offer:
    """One thing that may be linked, in one language.

    ``item`` is what the link will say, the same in all languages; ``inside`` how many parts a course has.
    """

    item: str
    kind: str
    label: str
    title: str
    summary: str
    within: list[str]
    url: str
    graded: bool
    inside: int
    course_key: str


def page_of(item: UUID, language: str) -> Page | None:
    """Return the live page, no activity's, that ``item`` names, in ``language`` or else in Lithuanian; or None."""
    found = page_in(item, language) or page_in(item, "lt")
    page = found.specific if found is not None else None
    return page if OF_MODEL.get(type(page)) not in {None, *Activity.Kind.values} else None


def offered(*, language: str, user: User | AnonymousUser) -> PageQuerySet:
    """Return the published pages in ``language`` that may be linked and that lists may name to ``user``."""
    pages = Page.objects.live().type(*OF_MODEL)
    return listed_for(pages.filter(locale__language_code=language), user)


def answering(pages: PageQuerySet, question: str, language: str, user: User | AnonymousUser) -> list[int]:
    """Return the keys of those of ``pages`` that answer ``question``, the best first."""
    models = [kind.model for kind in KINDS.values()]
    found = found_pages(question=question, language=language, user=user, among=models)
    kept = set(pages.filter(pk__in=found).values_list("pk", flat=True))
    return [pk for pk in found if pk in kept]


def on_topics(pages: PageQuerySet, slugs: Sequence[str]) -> PageQuerySet:
    """Keep the courses and resources on any of these topics, and the parts of such courses."""
    courses = CoursePage.objects.filter(topics__slug__in=slugs).alias(own=Length("path"))
    around = courses.filter(
        path=Substr(OuterRef("path"), Value(1), ExpressionWrapper(F("own"), output_field=IntegerField()))
    )
    resources = ResourcePage.objects.filter(topics__slug__in=slugs)
    return pages.filter(Q(Exists(around)) | Q(pk__in=resources.values("pk")))


def inside(pages: PageQuerySet, course: UUID, language: str) -> PageQuerySet:
    """Keep the course with this translation key and its parts."""
    page = CoursePage.objects.filter(translation_key=course, locale__language_code=language).first()
    return pages.filter(path__startswith=page.path) if page is not None else pages.none()


def how_many(pages: PageQuerySet) -> dict[str, int]:
    """Return how many of ``pages`` there are of each kind (one query)."""
    types = ContentType.objects.get_for_models(*OF_MODEL)
    counted = pages.order_by().values_list("content_type").annotate(n=Count("pk"))
    numbers = dict(counted)
    return {OF_MODEL[model]: numbers.get(kind.pk, 0) for model, kind in types.items()}


def how_many_on(pages: PageQuerySet) -> Counter[str]:
    """Return how many courses and resources of ``pages`` there are on each topic, by its slug (two queries)."""
    found: Counter[str] = Counter()
    for model, name in ((CoursePage, "coursepage"), (ResourcePage, "resourcepage")):
        rows = model.topics.through.objects.filter(**{f"{name}__in": pages.values("pk")})
        found.update(dict(rows.values_list("topic__slug").annotate(n=Count("pk"))))
    return found


def offers_of(keys: list[int]) -> list[Offer]:
    """Return rows for the pages with these keys, in this order, in a constant number of queries."""
    found = hits(keys)
    pages = [hit.page for hit in found]
    items = _items(pages)
    parts = _parts([page for page in pages if isinstance(page, CoursePage)])
    return [_offer(hit.page, hit.kind, hit.within, items[hit.page.pk], parts) for hit in found]


def offers_named(
    items: Sequence[str], *, language: str, user: User | AnonymousUser, course: UUID | None = None
) -> list[Offer]:
    """Return rows for ``items`` in their order, and for the page of ``course``; what may not be offered is left out.

    Each in ``language`` where it is there, else in the other one.
    """
    numbers = [UUID(item) for item in items if item != LIBRARY]
    activities = dict(Activity.objects.filter(uuid__in=numbers).values_list("uuid", "translation_key"))
    keys = {activities.get(number, number): str(number) for number in numbers}
    if course is not None:
        keys[course] = str(course)
    pages = Page.objects.live().type(*OF_MODEL).filter(translation_key__in=keys)
    rows = (
        listed_for(pages, user).values_list("translation_key", "pk", "locale__language_code") if keys else []
    )
    here: dict[UUID, int] = {}
    for key, pk, code in rows:
        if code == language or key not in here:
            here[key] = pk
    found = {offer.item: offer for offer in offers_of(list(here.values()))}
    found[LIBRARY] = library(language)
    if course is not None:
        return [offer for offer in found.values() if offer.course_key == str(course)]
    return [found[item] for item in items if item in found]


def library(language: str) -> Offer:
    """Return the row, in ``language``, of what the library has for the course a link stands in."""
    with translation.override(language):
        title, summary = (
            gettext("Library"),
            gettext(
                "The reading list, subject guide and librarian for this very course; without them, all the library has."
            ),
        )
    label = gettext("Library")
    return Offer(LIBRARY, LIBRARY, label, title, summary, [], url="", graded=False, inside=0, course_key="")


def _offer(page: Page, label: str, within: list[str], item: str, parts: dict[int, int]) -> Offer:
    kind = OF_MODEL[type(page)]
    return Offer(
        item=item,
        kind=kind,
        label=label,
        title=page.title,
        summary=getattr(page, "summary", ""),
        within=within if KINDS[kind].part else [],
        url=page.get_url() or "",
        graded=KINDS[kind].graded,
        inside=parts.get(page.pk, 0),
        course_key=str(page.translation_key) if kind == "course" else "",
    )


def _items(pages: Iterable[Page]) -> dict[int, str]:
    """Return what links to ``pages`` say: an activity's own number, for the rest that of all its translations."""
    keys = {page.pk: page.translation_key for page in pages}
    rows = Activity.objects.filter(translation_key__in=keys.values()).values_list("translation_key", "uuid")
    activities = dict(rows)
    return {pk: str(activities.get(key, key)) for pk, key in keys.items()}


def _parts(courses: list[CoursePage]) -> dict[int, int]:
    """Return how many live parts each course has (one query)."""
    if not courses:
        return {}
    under = Q()
    for course in courses:
        under |= Q(path__startswith=course.path)
    models = [kind.model for kind in KINDS.values() if kind.part]
    paths = list(Page.objects.live().type(*models).filter(under).values_list("path", flat=True))
    return {course.pk: sum(path.startswith(course.path) for path in paths) for course in courses}
