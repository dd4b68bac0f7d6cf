"""Serving pages: Wagtail's own way, with a shorter road to the page."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET
from wagtail import hooks
from wagtail.models import Page, Site
from wagtail.views import serve as wagtail_serve
from wagtail.views import serve_chain

from portal.content.models import StandardPage
from portal.content.players import hosts_in
from portal.content.reports import above, found_pages, hits, listed_for, page_in
from portal.content.searching import LONGEST
from portal.content.serving import let_players_in, serves

PAGE = 20  # results on one page


def serve(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """Show the live page at ``path``.

    Wagtail walks down the tree, two queries a level; addresses are stored, so one query finds the
    page. Whatever is not found so (a moved page, say) goes Wagtail's way, to the same hooks.
    """
    page = find(request, path)
    if page is None:
        return wagtail_serve(request, path)
    refused = page.check_request_method(request)
    if refused is not None:
        return refused
    for hook in hooks.get_hooks("before_serve_page"):
        response = hook(page, request, [], {})
        if isinstance(response, HttpResponseBase):
            return response
    chain = serve_chain
    for hook in reversed(hooks.get_hooks("on_serve_page")):
        chain = hook(chain)
    return chain(page, request, [], {})


def find(request: HttpRequest, path: str) -> Page | None:
    """Return the live page whose stored address is ``path`` below this language's root."""
    parts = [part for part in path.split("/") if part]
    language = get_language()
    roots = [root for root in Site.get_site_root_paths() if root.language_code == language]
    for root in roots[:1] if len(roots) == 1 else []:
        url_path = root.root_path + "".join(f"{part}/" for part in parts)
        pages = Page.objects.live().filter(url_path=url_path)
        if parts:
            pages = pages.filter(slug=parts[-1])
        return pages.specific().first()
    return None


@serves(StandardPage)
def standard_page(request: HttpRequest, page: StandardPage) -> HttpResponse:
    """Show a page of text, its way here, and the pages below it."""
    players = hosts_in(page.body)
    children = listed_for(StandardPage.objects.live().child_of(page), request.user)
    context = {"page": page, "above": above(page), "children": children, "players": players}
    return let_players_in(render(request, "content/standard.html", context), players)


def same_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """Lead to a page's translation in the language of the address, or to the home page without one."""
    language = get_language() or "lt"
    page = page_in(key, language)
    url = page.get_url(request) if page is not None else f"/{language}/"
    asked = request.META.get("QUERY_STRING", "")
    return redirect(f"{url}?{asked}" if asked and page is not None else url)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Search the pages in the language of the address."""
    question = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    language = get_language() or "lt"
    found = Paginator(found_pages(question=question, language=language, user=request.user), PAGE)
    shown = found.get_page(request.GET.get("page"))
    context = {"question": question, "shown": shown, "hits": hits(list(shown.object_list))}
    return render(request, "content/search.html", context)


def robots(request: HttpRequest) -> HttpResponse:
    """Keep search engines away from what is personal."""
    lines = [
        "User-agent: *",
        *(
            f"Disallow: {path}"
            for path in (
                "/admin/",
                "/*/sign-up/",
                "/*/password/",
                "/*/verify/",
                "/*/attempts/",
                "/*/learn/",
                "/*/search/",
            )
        ),
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
