"""What all pages share."""

from __future__ import annotations

import copy
from typing import Any, ClassVar

from csp.constants import SELF
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.admin.panels import FieldPanel
from wagtail.admin.userbar import Userbar
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from portal.content.checking import Unfinished, errors_of
from portal.content.checking.reading import blocks_of
from portal.content.finishing import ChecksPanel, FinishedPageForm
from portal.content.searching import indexed
from portal.content.serving import view_for
from portal.content.slugs import is_answered_by_portal


class ServedPage(Page):
    """A page that its registered view shows, in preview as on the site."""

    # A site that takes our apps in may have a HomePage of its own: Page.homepage is left to it.
    page_ptr = models.OneToOneField(
        Page,
        on_delete=models.CASCADE,
        parent_link=True,
        primary_key=True,
        auto_created=True,
        serialize=False,
        related_name="%(app_label)s_%(class)s",
    )
    summary = models.TextField(
        _("summary"),
        blank=True,
        max_length=400,
        help_text=_("One or two sentences: shown in lists, in search results and when the page is shared."),
    )

    base_form_class = FinishedPageForm
    content_panels: ClassVar[list[Any]] = [ChecksPanel(), *Page.content_panels, FieldPanel("summary")]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("search_words"),
    ]
    is_found: ClassVar[bool] = True  # whether the site's search lists such pages

    class Meta:
        abstract = True

    @property
    def kind_for_readers(self) -> Any:
        """What readers are told that this is, where they find it."""
        return self._meta.verbose_name

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """Return the restrictions on this page and all above it, in one query instead of two."""
        step = self.steplen
        paths = [self.path[:end] for end in range(step, len(self.path) + 1, step)]
        here = models.Q(page__path__in=paths) | models.Q(page__aliases__path__in=paths)
        return PageViewRestriction.objects.filter(here).distinct()

    @staticmethod
    def _slug_is_available(slug: str, parent_page: Page | None, page: Page | None = None) -> bool:
        """Wagtail's rule, and ours: no page hides behind an address that the portal itself answers."""
        free: bool = Page._slug_is_available(slug, parent_page, page)
        return free and not (parent_page is not None and is_answered_by_portal(slug, parent_page))

    @property
    def card(self) -> Any:
        """The picture to share the page with, None for the portal's own card."""
        return None

    def search_words(self) -> str:
        """Return the words of all that is searched, as the search knows them (see ``content.searching``)."""
        texts: list[str] = []
        language = self.locale.language_code
        for field in self.search_fields:
            if isinstance(field, index.SearchField) and field.field_name != "search_words":
                value = field.get_value(self)
                texts += [value] if isinstance(value, str) else [str(part) for part in value or []]
        for _field, _index, child in blocks_of(self):  # what blocks point at: transcripts, terms
            if hasattr(child.block, "words_in"):
                texts += child.block.words_in(child.value, language)
        return indexed(" ".join(texts), language)

    def save(self, clean: bool = True, **kwargs: Any) -> Any:
        """Save. What goes live is finished, whichever way it goes there; drafts may be unfinished."""
        if clean and not self.locale_id:
            self.locale = self.get_default_locale()  # of the page above, as Wagtail does a moment later
        if clean and self.live:
            self.check_finished()
        return super().save(clean=clean, **kwargs)

    def check_finished(self) -> None:
        """Check the blocks to the last one, as the editor's *Publish* does, and the content (``content.checking``).

        Saved drafts may hold unfinished ones, and publishing many pages at once looks at none.
        Raises Unfinished.
        """
        for field in self._meta.get_fields():
            if not isinstance(field, StreamField):
                continue
            blocks = copy.deepcopy(field.stream_block)
            if blocks.is_deferred_validation:  # another thread saves a draft: Wagtail marks the shared block
                blocks.restore_deferred_validation()
            try:
                blocks.clean(getattr(self, field.name))
            except ValidationError as error:
                message = _("Something is missing here: open the page and publish it there to see what.")
                raise Unfinished(self, {field.name: [message]}) from error
        reasons: dict[str, list[str]] = {}
        for finding in errors_of(self):
            reasons.setdefault(finding.field or NON_FIELD_ERRORS, []).append(finding.text)
        if reasons:
            raise Unfinished(self, reasons)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer with the view registered for this kind of page."""
        request.is_preview = False  # type: ignore[attr-defined]
        return view_for(type(self))(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        """Show the draft through the same view, as a visitor would see it, in its own language.

        A visitor, as nothing in a preview may be recorded for the editor who looks at it. In the
        editor's panel Wagtail's checker of accessibility is added, which needs the editor again.
        """
        editor, request.user = request.user, AnonymousUser()
        request.is_preview = True  # type: ignore[attr-defined]
        with override(self.locale.language_code):
            response = view_for(type(self))(request, self)
        request.user = editor
        if getattr(request, "in_preview_panel", False) and isinstance(response, HttpResponse):
            checker = Userbar(object=self).render_html({"request": request})
            response.content = response.content.replace(b"</body>", checker.encode() + b"</body>")
        response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
        return response
