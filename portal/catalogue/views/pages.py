"""The pages of the catalogue: the list of resources, a resource, a reading list, a subject guide."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Page, Site

from portal.catalogue import reports, structured
from portal.catalogue.filters import SORTS, ResourceFilterSet
from portal.catalogue.models import (
    LibraryAccess,
    ResourceIndexPage,
    ResourceListPage,
    ResourcePage,
    SubjectGuidePage,
)
from portal.catalogue.reports.translated import shown_in
from portal.content.reports import above, listed_for
from portal.content.serving import language_of, serves

PAGE = 20  # resources on one page of the list


@serves(ResourceIndexPage)
def index_page(request: HttpRequest, page: ResourceIndexPage) -> HttpResponse:
    """List the resources, searched, filtered and sorted as the address says; with guides and lists before them."""
    language = language_of(request, page)
    access = LibraryAccess.of(Site.find_for_request(request))
    finder = ResourceFilterSet(request.GET, reports.listed_resources(language=language, user=request.user))
    found = Paginator(reports.in_order(finder.qs, finder.order, language), PAGE)
    shown = found.get_page(request.GET.get("page"))
    resources = ResourcePage.objects.filter(pk__in=shown.object_list).select_related("locale")
    by_key = {resource.pk: resource for resource in resources}
    rows = reports.rows_of(
        pages=[by_key[pk] for pk in shown.object_list if pk in by_key], language=language, access=access
    )
    context = {
        "page": page,
        "finder": finder,
        "facets": [facet for facet in finder.facets() if facet.is_useful],
        "sorts": SORTS,
        "shown": shown,
        "rows": rows,
        "guides": _below(page, SubjectGuidePage, request),
        "lists": _below(page, ResourceListPage, request),
        "structured": structured.index_data(page, rows),
    }
    return render(request, "catalogue/index.html", context)


@serves(ResourcePage)
def resource_page(request: HttpRequest, page: ResourcePage) -> HttpResponse:
    """Show what a resource is, who may use it, and the way in."""
    language = language_of(request, page)
    row = reports.rows_of(
        pages=[page], language=language, access=LibraryAccess.of(Site.find_for_request(request))
    )[0]
    lessons = shown_in([page.tutorial_id] if page.tutorial_id else [], language, request.user, Page)
    context = {
        "page": page,
        "above": above(page),
        "row": row,
        "lesson": lessons.get(page.tutorial_id or 0),
        "structured": structured.resource_data(page, row.topics),
    }
    return let_search(render(request, "catalogue/resource.html", context), page)


@serves(ResourceListPage)
def list_page(request: HttpRequest, page: ResourceListPage) -> HttpResponse:
    """Show a reading list, with what the reader has read of it."""
    return _with_companions(request, page, "catalogue/list.html")


@serves(SubjectGuidePage)
def guide_page(request: HttpRequest, page: SubjectGuidePage) -> HttpResponse:
    """Show a subject guide, with its librarian."""
    return _with_companions(request, page, "catalogue/guide.html")


def _with_companions(
    request: HttpRequest, page: ResourceListPage | SubjectGuidePage, template: str
) -> HttpResponse:
    language = language_of(request, page)
    reading = reports.reading_of(page, language, request.user)
    beside = reports.beside(
        page, language=language, user=request.user, access=LibraryAccess.of(Site.find_for_request(request))
    )
    context = {
        "page": page,
        "above": above(page),
        "reading": reading,
        "beside": beside,
        "guide": page if isinstance(page, SubjectGuidePage) else beside.guide,
        "structured": structured.reading_data(page, reading),
    }
    return let_search(render(request, template, context), beside.search)


def let_search(response: HttpResponse, resource: ResourcePage | None) -> HttpResponse:
    """Let the page's form lead to the search of ``resource``: browsers hold ``form-action`` against redirects, too."""
    if resource is not None and resource.search_address:
        parts = urlsplit(resource.search_address)
        response._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}  # type: ignore[attr-defined]
    return response


def _below(page: ResourceIndexPage, model: Any, request: HttpRequest) -> list[Any]:
    pages = listed_for(model.objects.live().child_of(page), request.user)
    return list(pages.order_by("title"))
