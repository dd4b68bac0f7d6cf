"""Questions about pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q
from wagtail.models import Page, PageViewRestriction
from wagtail.query import PageQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models import User

Pages = TypeVar("Pages", bound=PageQuerySet)


def page_in(translation_key: UUID | str, language: str) -> Page | None:
    """Return the live page in ``language`` among the translations with this key."""
    pages = Page.objects.live().filter(translation_key=translation_key)
    return pages.filter(locale__language_code=language).first()


def listed_for(pages: Pages, user: User | AnonymousUser) -> Pages:
    """Return those of ``pages`` that lists may name to ``user``; asks nothing of the database itself.

    A page is left out when it, or one above it, is restricted to people ``user`` is not one of. What
    a shared password opens is in nobody's lists.
    """
    above = _refusing(user).alias(place=ExpressionWrapper(OuterRef("path"), output_field=CharField()))
    own = Q(place__startswith=F("page__path")) | Q(place__startswith=F("page__aliases__path"))
    return pages.filter(~Exists(above.filter(own)))


def _refusing(user: User | AnonymousUser) -> PageQuerySet:
    """Return the restrictions that ``user`` does not meet."""
    kinds = PageViewRestriction
    if not user.is_authenticated:
        return kinds.objects.all()
    met = Q(restriction_type=kinds.LOGIN)
    if user.is_superuser:
        met |= Q(restriction_type=kinds.GROUPS)
    else:
        met |= Q(restriction_type=kinds.GROUPS, groups__user=user.pk)
    return kinds.objects.exclude(pk__in=kinds.objects.filter(met).values("pk"))
