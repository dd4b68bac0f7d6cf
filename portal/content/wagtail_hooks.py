"""What the editor's screens of Wagtail do differently here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from portal.attention import concerns_of
from portal.content.models import Audience, GlossaryTerm, ServedPage, Topic
from portal.content.serving import choosable, wake_first
from portal.content.sitewide import Around
from portal.content.translating import missing_texts, translation_of

MOST_NAMED = 20  # untranslated texts


@hooks.register("register_log_actions")
def our_actions(actions: Any) -> None:
    """Name what we note in the history of pages."""
    actions.register_action(
        "content.not_published",
        gettext_lazy("Not published"),
        gettext_lazy("Not published on its date: the page is unfinished"),
    )


@hooks.register("insert_global_admin_css")
def our_colours() -> str:
    """Give Wagtail's screens our colours and type."""
    sheets = ("kelrodis/fonts.css", "kelrodis/admin.css")
    return format_html_join("", '<link rel="stylesheet" href="{}">', ((static(name),) for name in sheets))


@hooks.register("before_serve_page")
def wake_before_page(page: Page, request: HttpRequest, _args: Any, _kwargs: Any) -> HttpResponse | None:
    """Ask for the second factor before a page that only a role opens; Wagtail's own check knows no sleep."""
    if not request.user.is_authenticated or not request.user.is_asleep():
        return None
    restrictions = page.get_view_restrictions()
    page.get_view_restrictions = lambda: (
        restrictions
    )  # this one copy of the page is asked again by Wagtail's check
    return wake_first(request, restrictions)


@hooks.register("before_serve_document")
def wake_before_document(document: Any, request: HttpRequest) -> HttpResponse | None:
    """Ask for the second factor before a document that only a role opens."""
    return wake_first(request, document.collection.get_view_restrictions())


@hooks.register("construct_image_chooser_queryset")
@hooks.register("construct_document_chooser_queryset")
def leave_private_out(files: Any, request: HttpRequest) -> Any:
    """Name no file of a private collection to somebody whom it is shut for. (Recordings are each one's own there.)"""
    return choosable(files, request)


@hooks.register("before_edit_page", order=-1)
def ask_before_parts_go_untranslated(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Name the texts that readers would see in the other language, before a translation is published with them."""
    if request.method != "POST" or request.POST.get("action") != "publish" or "anyway" in request.POST:
        return None
    kept = translation_of(page)
    missing = list(missing_texts(kept)) if kept is not None else []
    if kept is None or not missing:
        return None
    context = {"page": page, "missing": missing[:MOST_NAMED], "more": max(len(missing) - MOST_NAMED, 0)}
    context |= {"total": len(missing), "source": kept.source.locale, "target": kept.target_locale}
    context |= {"page_title": _("Some texts are not translated"), "header_icon": "wagtail-localize-language"}
    return render(request, "content/admin/untranslated.html", context)


@hooks.register("before_bulk_action")
def publish_only_finished(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Refuse to publish several pages at once when a draft among them is unfinished, and name those."""
    if action_type != "publish" or action.model is not Page or request.method != "POST":
        return None
    form = getattr(action, "cleaned_form", None)
    below = bool(form and form.cleaned_data.get("include_descendants"))
    unfinished = [
        page.get_admin_display_title() for page in _drafts(objects, below) if not _is_finished(page)
    ]
    if not unfinished:
        return None
    text = _("Nothing was published. These pages are unfinished: %(titles)s.")
    messages.error(request, text % {"titles": ", ".join(unfinished)})
    return redirect(action.next_url)


def _drafts(pages: Iterable[Page], below: bool) -> Iterator[Page]:
    """Return what would be published: the newest drafts of the pages, perhaps of the drafts below them."""
    for page in pages:
        yield page.get_latest_revision_as_object()
        if below:
            for child in page.get_descendants().not_live():
                yield child.get_latest_revision_as_object()


def _is_finished(page: Page) -> bool:
    if not isinstance(page, ServedPage):
        return True
    try:
        page.check_finished()
    except ValidationError:
        return False
    return True


class TermViewSet(SnippetViewSet):
    """The screens of one vocabulary."""

    list_display: ClassVar[list[str]] = ["name_lt", "name_en", "slug", "place"]
    search_fields: ClassVar[list[str]] = ["name_lt", "name_en"]


class TopicViewSet(TermViewSet):
    """The topics."""

    model = Topic
    icon = "tag"


class AudienceViewSet(TermViewSet):
    """The audiences."""

    model = Audience
    icon = "group"


class GlossaryViewSet(SnippetViewSet):
    """The glossary."""

    model = GlossaryTerm
    icon = "openquote"
    list_display: ClassVar[list[str]] = ["term_lt", "term_en"]


class Vocabularies(SnippetViewSetGroup):
    """The words pages are sorted by, together in the menu."""

    menu_label = gettext_lazy("Vocabularies")
    menu_icon = "tag"
    menu_order = 350
    items = (TopicViewSet, AudienceViewSet, GlossaryViewSet)


register_snippet(Vocabularies)


class Work(Component):
    """On the staff's home: what waits for this person, from every app that says so."""

    order = 95
    template_name = "content/admin/work.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the concerns of whoever looks."""
        return {"concerns": concerns_of(parent_context["request"].user)}


@hooks.register("construct_homepage_panels")
def show_what_waits(request: HttpRequest, panels: list[Any]) -> None:
    """Put it on the staff's home."""
    panels.append(Work())


@hooks.register("construct_homepage_summary_items", order=10)  # after Wagtail's apps have added their own
def name_the_portal(request: HttpRequest, items: list[Any]) -> None:
    """Let the figures of pages and files bear the portal's name in the reader's language."""
    for item in items:
        item.get_context_data = _named(item.get_context_data, Around(request).name)


def _named(get_context_data: Callable[..., dict[str, Any]], name: str) -> Callable[..., dict[str, Any]]:
    return lambda parent_context: get_context_data(parent_context) | {"site_name": name}


class ContentChecker(ContentCheckerItem):
    """Wagtail's checker of accessibility, for what an editor can change: not the frame around it."""

    axe_include: ClassVar[list[str]] = ["main"]


@hooks.register("construct_wagtail_userbar")
def check_content_only(request: HttpRequest, items: list[Any], page: Page | None) -> None:
    """Put our checker in the place of Wagtail's."""
    items[:] = [
        ContentChecker(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item
        for item in items
    ]
