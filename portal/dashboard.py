"""Pages put together from several apps: the front door, the home page, my learning."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, get_language_from_request
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from certificates import reports as certificates
from courses.models import CataloguePage, CoursePage
from courses.reports import catalogue, my_courses
from portal.content.doors import Door, doors_of
from portal.content.models import HomePage
from portal.content.panels import Panel, home_panel, panels_for
from portal.content.reports import listed_for
from portal.content.serving import serves

NEWEST = 3  # courses on the home page


def front_door(request: HttpRequest) -> HttpResponse:
    """Lead to the home page in the visitor's language."""
    response = redirect(f"/{get_language_from_request(request)}/")
    response["Vary"] = "Accept-Language, Cookie"
    return response


@serves(HomePage)
def home(request: HttpRequest, page: HomePage) -> HttpResponse:
    """Show the home page: one sentence, the ways in, and the panels that have something to show."""
    context = {
        "page": page,
        "has_search": True,
        "doors": doors_of(page, request.user) or _usual_doors(request, page),
        "panels": panels_for(request, page),
    }
    return render(request, "content/home.html", context)


def _usual_doors(request: HttpRequest, page: HomePage) -> list[Door]:
    """Return the ways in of a home page whose editor has chosen none."""
    doors = [
        Door(
            eyebrow=_("For you"),
            title=_("My learning"),
            text=_("What you have begun, what is left, and your certificates."),
            url=reverse("learning"),
        ),
        Door(
            eyebrow=_("For everyone"),
            title=_("Check a certificate"),
            text=_("See in a moment whether a certificate is genuine and what it says."),
            url=reverse("certificates:check"),
        ),
    ]
    courses = _catalogue(request, page)
    if courses is None:
        return doors
    learn = Door(
        eyebrow=_("Learn"),
        title=_("All courses"),
        text=_("Short lessons, clear quizzes, a certificate at the end."),
        url=courses.get_url(),
    )
    return [learn, *doors]


def _catalogue(request: HttpRequest, page: HomePage) -> CataloguePage | None:
    return listed_for(CataloguePage.objects.live().child_of(page), request.user).first()


@home_panel(order=10)
def going_on(request: HttpRequest, page: HomePage) -> Panel | None:
    """Offer somebody who has begun a course its next part."""
    if not request.user.is_authenticated:
        return None
    mine = my_courses(user=request.user, language=page.locale.language_code)
    state = next((state for state in mine if state.next_item), None)
    return Panel("content/continue.html", {"going_on": state}) if state is not None else None


@home_panel(order=50)
def new_courses(request: HttpRequest, page: HomePage) -> Panel | None:
    """Show the newest courses."""
    courses = listed_for(CoursePage.objects.live().descendant_of(page), request.user)
    newest = list(courses.select_related("cover", "locale").order_by("-first_published_at")[:NEWEST])
    if not newest:
        return None
    rows = catalogue(pages=newest, language=page.locale.language_code, user=request.user)
    return Panel("courses/newest.html", {"rows": rows, "catalogue": _catalogue(request, page)})


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
