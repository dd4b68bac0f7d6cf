"""What readers do: search the library, mark what they have read, ask the librarian."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.models import Site

from portal.catalogue.flows import questions, reading
from portal.catalogue.forms import AskForm
from portal.catalogue.getters import page_here
from portal.catalogue.models import LibraryAccess, ResourceListPage, ResourcePage, SubjectGuidePage
from portal.catalogue.models.resources import WORDS
from portal.catalogue.reports import may_ask
from portal.content.searching import LONGEST
from portal.content.serving import language_here


@require_GET
def search(request: HttpRequest, key: UUID) -> HttpResponse:
    """Lead to the library's own search with the reader's words; the address is the page's, only words are added."""
    page = page_here(request, ResourcePage, key)
    if not page.search_address:
        raise Http404
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    return redirect(page.search_address.replace(WORDS, quote(words, safe="")) if words else page.address)


@require_POST
@login_required
def mark(request: HttpRequest, key: UUID, item: str) -> HttpResponse:
    """Keep whether an item of a list has been read, and go back to it."""
    page = page_here(request, ResourceListPage, key)
    try:
        reading.mark(page=page, item=item, user=request.user, read=request.POST.get("read") == "1")  # type: ignore[arg-type]
    except reading.NoSuchItem as error:
        raise Http404 from error
    return redirect(f"{page.get_url(request)}#item-{item}")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask the librarian of a guide; go back to the guide when the question is kept."""
    guide = page_here(request, SubjectGuidePage, key)
    if not may_ask(guide, LibraryAccess.of(Site.find_for_request(request))):
        raise Http404
    form = AskForm(request.POST if request.method == "POST" else None, user=request.user)
    status = 200
    if form.is_bound:
        status = 400
        if form.is_valid():
            given = form.asked()
            if ratelimit.consume(request, action="ask_librarian", key=given["email"].lower()):
                questions.ask(guide=guide, language=language_here(), **given)
                messages.success(request, _thanks(given["email"]))
                return redirect(guide.get_url(request))
            form.add_error(
                None, _("Many questions came from here in the last hour. Send yours a little later.")
            )
            status = 429
    context: dict[str, Any] = {"guide": guide, "form": form, "page_to": guide}
    return render(request, "catalogue/ask.html", context, status=status)


def _thanks(email: str) -> str:
    return _("Your question is with the librarian. The answer will come to %(email)s.") % {"email": email}
