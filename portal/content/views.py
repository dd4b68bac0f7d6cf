"""Serving pages: Wagtail's own way, with a shorter road to the page."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from wagtail import hooks
from wagtail.models import Page, Site
from wagtail.views import serve as wagtail_serve
from wagtail.views import serve_chain

from portal.content import display as displaying
from portal.content import site_map as mapping
from portal.content import sitewide
from portal.content.forms.display import DisplayForm
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


@require_GET
def site_map(request: HttpRequest) -> HttpResponse:
    """Show every public page in the language of the address as a tree."""
    places = mapping.places(get_language() or "lt")
    return render(request, "content/site_map.html", {"places": places})


@require_http_methods(["GET", "POST"])
@never_cache
def display_options(request: HttpRequest) -> HttpResponse:
    """Let a visitor choose how pages are shown, and keep it; stay here, so that the effect is seen at once."""
    back = _back(request)
    form = DisplayForm(request.POST if request.method == "POST" else None, display=displaying.of(request))
    if not form.is_valid():
        status = 400 if form.is_bound else 200
        return render(request, "content/display.html", {"form": form, "back": back}, status=status)
    messages.success(request, _("Kept. Every page is now shown so in this browser."))
    response = redirect(f"{reverse('display_options')}?{urlencode({'next': back})}")
    framed = bool(request.session.get("launch", {}).get("framed"))
    displaying.keep(response, form.display(), secure=request.is_secure(), framed=framed)
    return response


def _back(request: HttpRequest) -> str:
    """Return the page of this portal the visitor came from: named by the form or the browser, never foreign."""
    named = request.POST.get("next") or request.GET.get("next") or ""
    if not named:
        came = request.headers.get("Referer", "")
        is_here = url_has_allowed_host_and_scheme(came, allowed_hosts={request.get_host()})
        named = urlsplit(came).path if is_here else ""
    is_ours = named.startswith("/") and url_has_allowed_host_and_scheme(named, allowed_hosts=None)
    return named if is_ours and named != request.path else f"/{get_language()}/"


@require_GET
def brand_sheet(request: HttpRequest, digest: str) -> HttpResponse:
    """Answer with the site's colours; for ever under the address they have now, not for later under a former one."""
    around = sitewide.read(sitewide.site_of(request), get_language() or "lt")
    response = HttpResponse(around.sheet, content_type="text/css; charset=utf-8")
    current = digest == around.digest
    response["Cache-Control"] = "public, max-age=31536000, immutable" if current else "no-cache"
    return response


def favicon(request: HttpRequest) -> HttpResponse:
    """Lead whoever asks without having read a page to the portal's icon."""
    return redirect(static("kelrodis/star.svg"), permanent=False)


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
                "/*/class/",
                "/*/ask/",
                "/*/search/",
                "/*/accessibility/",
            )
        ),
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
