"""Questions about pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q
from wagtail.models import Locale, Page, PageViewRestriction, get_page_models
from wagtail.query import PageQuerySet
from wagtail.search.query import And, Or, PlainText, SearchQuery

from portal.content.models import ServedPage
from portal.content.searching import asked, forms
from portal.directory.scope import groups_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models import User

Pages = TypeVar("Pages", bound=PageQuerySet)


def page_in(translation_key: UUID | str, language: str) -> Page | None:
    """Return the live page in ``language`` among the translations with this key."""
    pages = Page.objects.live().filter(translation_key=translation_key)
    return pages.filter(locale__language_code=language).first()


def above(page: Page) -> list[Page]:
    """Return the pages from the home page down to the one above ``page``, in one query."""
    ends = range(2 * Page.steplen, len(page.path), Page.steplen)
    return list(Page.objects.filter(path__in=[page.path[:end] for end in ends]).order_by("path"))


def listed_for(pages: Pages, user: User | AnonymousUser) -> Pages:
    """Return those of ``pages`` that lists may name to ``user``; asks nothing of the database itself.

    A page is left out when it, or one above it, is restricted to people ``user`` is not one of. What
    a shared password opens is in nobody's lists.
    """
    above = _refusing(user).alias(place=ExpressionWrapper(OuterRef("path"), output_field=CharField()))
    own = Q(place__startswith=F("page__path")) | Q(place__startswith=F("page__aliases__path"))
    return pages.filter(~Exists(above.filter(own)))


def one_of_each(model: type[ServedPage], *, language: str, user: User | AnonymousUser) -> PageQuerySet:
    """Return one page for all translations of each published page of ``model`` that lists may name to ``user``.

    It is the page in ``language`` where there is one, else the one in another language.
    """
    live = model._default_manager.live()
    here = live.filter(locale__language_code=language)
    same = here.filter(translation_key=OuterRef("translation_key"))
    return listed_for(live.filter(Q(locale__language_code=language) | ~Exists(same)), user)


def _refusing(user: User | AnonymousUser) -> PageQuerySet:
    """Return the restrictions that ``user`` does not meet."""
    kinds = PageViewRestriction
    if not user.is_authenticated:
        return kinds.objects.all()
    met = Q(restriction_type=kinds.LOGIN)
    if user.is_superuser and not user.is_asleep():
        met |= Q(restriction_type=kinds.GROUPS)
    else:
        met |= Q(restriction_type=kinds.GROUPS, groups__in=groups_of(user).values("pk"))
    return kinds.objects.exclude(pk__in=kinds.objects.filter(met).values("pk"))


MOST_FOUND = 300  # of one question; beyond them nobody looks


def found_pages(
    *,
    question: str,
    language: str,
    user: User | AnonymousUser,
    every_word: bool = False,
    among: Sequence[type[Page]] = (),
) -> list[int]:
    """Return the keys of the live pages in ``language`` that answer ``question``, the best first.

    Every word has to be there, in any of its forms; where no page has them all, any word will do, unless
    ``every_word`` is asked for. Pages whose titles hold all the words come first. ``among``: the kinds of pages,
    without them those that readers look for. Nothing that ``listed_for`` keeps from ``user`` is among them.
    """
    words = asked(question, language)
    if not words:
        return []
    models = among or [
        model for model in get_page_models() if issubclass(model, ServedPage) and model.is_found
    ]
    locale = Locale.objects.get(language_code=language)
    pages = Page.objects.live().type(*models).filter(locale=locale)
    each: list[SearchQuery] = [Or([PlainText(form) for form in word]) for word in words]
    ranked = pages.search(And(each))[:MOST_FOUND]
    if not ranked and not every_word:
        ranked = pages.search(Or(each))[:MOST_FOUND]
    shown = listed_for(Page.objects.filter(pk__in=[page.pk for page in ranked]), user)
    allowed = set(shown.values_list("pk", flat=True))
    kept = [page for page in ranked if page.pk in allowed]
    kept.sort(key=lambda page: not _in_title(page.title, words, language))
    return [page.pk for page in kept]


def _in_title(title: str, words: list[tuple[str, ...]], language: str) -> bool:
    have = {form for part in title.split() for form in forms(part.strip(".,:;!?„“()"), language)}
    return all(have.intersection(word) for word in words)


@dataclass(frozen=True)
class Hit:
    """A page that was found, with the titles of what it is part of."""

    page: Page
    kind: str
    within: list[str]


def hits(keys: list[int]) -> list[Hit]:
    """Return the found pages in this order, in a constant number of queries (one for each kind of page)."""
    pages = {page.pk: page for page in Page.objects.filter(pk__in=keys).specific()}
    above = {
        page.path[:end]
        for page in pages.values()
        for end in range(4 * Page.steplen, len(page.path), Page.steplen)
    }
    titles = dict(Page.objects.filter(path__in=above).values_list("path", "title")) if above else {}
    return [_hit(pages[key], titles) for key in keys if key in pages]


def _hit(page: Page, titles: dict[str, str]) -> Hit:
    ends = range(4 * Page.steplen, len(page.path), Page.steplen)
    within = [titles[page.path[:end]] for end in ends if page.path[:end] in titles]
    return Hit(page=page, kind=str(getattr(page, "kind_for_readers", page._meta.verbose_name)), within=within)
