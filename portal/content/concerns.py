"""What waits for editors: approvals, translations, pages with a date, drafts nobody came back to.

Each in a number of queries that does not grow.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import (
    Page,
    Revision,
    TaskState,
    WorkflowState,
    get_default_page_content_type,
    get_page_models,
)
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.query import PageQuerySet
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from portal.attention import SHOWN, Concern, Entry, concern
from portal.content.models import Branding, ServedPage

if TYPE_CHECKING:
    from portal.directory.models import User

FORGOTTEN = timedelta(days=14)
SOON = timedelta(days=14)


def editable(user: User) -> PageQuerySet:
    """Return our pages that ``user`` may change: all, or one's own."""
    pages: PageQuerySet = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    models = [model for model in get_page_models() if issubclass(model, ServedPage)]
    return pages.type(*models)


def _concern(heading: str, pages: PageQuerySet, facts: Callable[[Page], str] = lambda page: "") -> Concern:
    entries = [
        Entry(page.get_admin_display_title(), reverse("wagtailadmin_pages:edit", args=[page.pk]), facts(page))
        for page in pages[:SHOWN]
    ]
    return Concern(heading=heading, total=pages.count(), entries=entries)


def _same(pages: QuerySet[Page], **more: object) -> QuerySet[Page]:
    """Return the translations of the outer page among ``pages``."""
    return pages.filter(translation_key=OuterRef("translation_key"), **more)


@concern(order=4)
def returned(user: User) -> Concern:
    """Name this person's pages that were sent back, with what is to be changed."""
    states = (
        WorkflowState.objects.filter(
            status=WorkflowState.STATUS_NEEDS_CHANGES,
            requested_by=user,
            base_content_type_id=get_default_page_content_type().id,
        )
        .select_related("current_task_state")
        .prefetch_related("content_object")
        .order_by("-current_task_state__finished_at", "pk")
    )
    found = [(state.content_object, state.current_task_state.comment) for state in states]
    return _asked(_("Your pages sent back for changes"), found)


@concern(order=5)
def to_approve(user: User) -> Concern:
    """Name pages that wait for this person's approval, and who asks for it."""
    states = (
        TaskState.objects.reviewable_by(user)
        .filter(workflow_state__base_content_type_id=get_default_page_content_type().id)
        .select_related("workflow_state__requested_by")
        .prefetch_related("revision__content_object")
        .order_by("started_at", "pk")
    )
    found = []
    for state in states:
        asking = state.workflow_state.requested_by
        found.append((state.revision.content_object, asking.display_name if asking else ""))
    return _asked(_("Pages that wait for your approval"), found)


def _asked(heading: str, found: list[tuple[Page | None, str]]) -> Concern:
    entries = [
        Entry(page.get_admin_display_title(), reverse("wagtailadmin_pages:edit", args=[page.pk]), said)
        for page, said in found
        if page is not None
    ]
    return Concern(heading=heading, total=len(entries), entries=entries[:SHOWN])


@concern(order=20)
def outdated_translations(user: User) -> Concern:
    """Name translations whose source was published after them."""
    newer = _same(
        Page.objects.live().filter(locale__language_code=settings.LANGUAGE_CODE),
        last_published_at__gt=OuterRef("last_published_at"),
    )
    pages = editable(user).live().exclude(locale__language_code=settings.LANGUAGE_CODE)
    return _concern(
        _("Translations older than their source"),
        pages.filter(Exists(newer)).order_by("last_published_at", "pk"),
        lambda page: _("published %(day)s") % {"day": _day(page.last_published_at)},
    )


@concern(order=30)
def unfinished_translations(user: User) -> Concern:
    """Name translations in which parts of the text are not translated yet."""
    done = StringTranslation.objects.filter(
        translation_of_id=OuterRef("string_id"),
        context_id=OuterRef("context_id"),
        locale_id=OuterRef(OuterRef("locale_id")),
        has_error=False,
    )
    missing = StringSegment.objects.filter(source__object_id=OuterRef("translation_key")).filter(
        ~Exists(done)
    )
    begun = Translation.objects.filter(
        source__object_id=OuterRef("translation_key"), target_locale_id=OuterRef("locale_id"), enabled=True
    )
    pages = editable(user).filter(Exists(begun), Exists(missing)).order_by("latest_revision_created_at", "pk")
    return _concern(_("Translations with parts missing"), pages)


@concern(order=40)
def untranslated(user: User) -> Concern:
    """Name published pages that are in one language only."""
    others = _same(Page.objects.exclude(locale_id=OuterRef("locale_id")))
    pages = editable(user).live().filter(~Exists(others)).order_by("-first_published_at", "pk")
    return _concern(_("Pages in one language only"), pages)


@concern(order=50)
def coming_up(user: User) -> Concern:
    """Name pages that go live, or are taken down, at a time that was set."""
    moment = now()
    revisions = Revision.objects.filter(
        base_content_type_id=get_default_page_content_type().id,
        object_id=Cast(OuterRef("pk"), CharField()),
        approved_go_live_at__gt=moment,
    ).order_by("approved_go_live_at")
    ends = Case(When(live=True, expire_at__gt=moment, expire_at__lt=moment + SOON, then=F("expire_at")))
    pages = editable(user).annotate(
        goes_live=Subquery(revisions.values("approved_go_live_at")[:1]), ends=ends
    )
    pages = pages.filter(Q(goes_live__isnull=False) | Q(ends__isnull=False))
    return _concern(_("Coming up"), pages.order_by(Coalesce("goes_live", "ends"), "pk"), _when)


def _when(page: Any) -> str:
    if page.goes_live:
        return _("goes live %(day)s") % {"day": _day(page.goes_live, time=True)}
    return _("is taken down %(day)s") % {"day": _day(page.ends, time=True)}


@concern(order=55)
def logo_in_the_dark(user: User) -> Concern | None:
    """Tell whoever keeps the branding that a logo has none for dark paper, where dark letters are not seen."""
    if not user.has_perm("content.change_branding"):
        return None
    missing = Branding.objects.filter(logo__isnull=False, logo_dark__isnull=True).select_related("site")[
        :SHOWN
    ]
    entries = [
        Entry(
            branding.portal_name(get_language() or ""),
            reverse("wagtailsettings:edit", args=["content", "branding", branding.site_id]),
        )
        for branding in missing
    ]
    return Concern(heading=_("A logo for dark paper is missing"), total=len(entries), entries=entries)


@concern(order=60)
def forgotten_drafts(user: User) -> Concern:
    """Name this person's drafts that nobody has touched for two weeks and nobody is asked to approve."""
    asked = WorkflowState.objects.active().filter(
        base_content_type_id=get_default_page_content_type().id, object_id=Cast(OuterRef("pk"), CharField())
    )
    pages = editable(user).filter(
        ~Exists(asked),
        has_unpublished_changes=True,
        latest_revision__approved_go_live_at__isnull=True,
        latest_revision__user=user,
        latest_revision_created_at__lt=now() - FORGOTTEN,
    )
    return _concern(
        _("Your drafts of long ago"),
        pages.order_by("latest_revision_created_at", "pk"),
        lambda page: _("last changed %(day)s") % {"day": _day(page.latest_revision_created_at)},
    )


def _day(moment: datetime | None, *, time: bool = False) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT" if time else "DATE_FORMAT") if moment else ""
