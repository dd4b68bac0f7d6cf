"""Pages put together from several apps: the front door, the home page, my learning."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, get_language_from_request
from django.views.decorators.cache import never_cache

from certificates import reports as certificates
from courses.models import CataloguePage, CoursePage
from courses.reports import catalogue, my_courses
from portal.content.models import HomePage
from portal.content.reports import listed_for
from portal.content.serving import serves


def front_door(request: HttpRequest) -> HttpResponse:
    """Lead to the home page in the visitor's language."""
    response = redirect(f"/{get_language_from_request(request)}/")
    response["Vary"] = "Accept-Language, Cookie"
    return response


@serves(HomePage)
def home(request: HttpRequest, page: HomePage) -> HttpResponse:
    """Show the home page: the ways in, what to go on with, and the newest courses."""
    language = page.locale.language_code
    list_page = listed_for(CataloguePage.objects.live().child_of(page), request.user).first()
    courses = listed_for(CoursePage.objects.live().descendant_of(page), request.user)
    newest = courses.select_related("cover", "locale").order_by("-first_published_at")
    mine = my_courses(user=request.user, language=language) if request.user.is_authenticated else []
    context = {
        "page": page,
        "catalogue": list_page,
        "rows": catalogue(pages=list(newest[:3]), language=language, user=request.user),
        "going_on": next((state for state in mine if state.next_item), None),
    }
    return render(request, "content/home.html", context)


@login_required
@never_cache
def learning(request: HttpRequest) -> HttpResponse:
    """Show what the person is learning, has completed, and holds."""
    states = my_courses(user=request.user, language=get_language() or "lt")
    catalogues = CataloguePage.objects.live().filter(locale__language_code=get_language())
    context = {
        "going_on": [state for state in states if state.completion is None],
        "completed": [state for state in states if state.completion is not None],
        "certificates": certificates.of(request.user),
        "catalogue": listed_for(catalogues, request.user).first(),
    }
    return render(request, "learning.html", context)
