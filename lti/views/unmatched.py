"""The librarians' list of courses for which they have no list or guide yet."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy
from lti_tool.models import LtiContext
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet
from wagtail.permissions import ModelPermissionPolicy

from lti.reports import unmatched
from lti.views.counting import CountedPaginator
from portal.catalogue.models import MatchingRule
from portal.menus import shown_with

TITLE = gettext_lazy("Courses without a list")


def new_rule(course: LtiContext) -> str:
    """Return where a rule for this course is made, with its short name (or title) written already."""
    field = MatchingRule.Field.LABEL if course.label else MatchingRule.Field.TITLE
    way = MatchingRule.Way.EXACT
    query = urlencode({"field": field, "way": way, "text": (course.label or course.title)[:200]})
    return f"{reverse('wagtailsnippets_catalogue_matchingrule:add')}?{query}"


class Courses(CountedPaginator):
    """Counts the courses."""

    title = TITLE


class Unmatched(generic.IndexView):
    """The courses, by the number of people who have come from them; each leads to a new rule for it."""

    model = LtiContext
    permission_policy = ModelPermissionPolicy(MatchingRule)
    any_permission_required: ClassVar[list[str]] = ["add"]
    template_name = "lti/admin/unmatched.html"
    index_url_name = "unmatched_courses:index"
    index_results_url_name = "unmatched_courses:index_results"
    page_title = TITLE
    verbose_name_plural = gettext_lazy("courses")
    paginator_class = Courses
    default_ordering = "-people"
    paginate_by = 50
    header_icon = "link"
    list_display: ClassVar[list[Any]] = [
        TitleColumn(
            "title",
            label=gettext_lazy("Course"),
            accessor=lambda row: row.title or row.label,
            get_url=new_rule,
        ),
        Column("label", label=gettext_lazy("Short name")),
        Column("platform", label=gettext_lazy("Platform"), accessor="deployment.registration.name"),
        Column("people", label=gettext_lazy("People"), sort_key="people"),
        DateColumn("datetime_modified", label=gettext_lazy("Latest news of it")),
    ]

    def get_base_queryset(self) -> Any:
        """Return the courses that no rule fits."""
        return unmatched()


class UnmatchedViewSet(ViewSet):
    """The list at /admin/unmatched-courses/."""

    name = "unmatched_courses"
    url_prefix = "unmatched-courses"
    icon = "link"
    model = LtiContext
    add_to_admin_menu = True
    menu_label = TITLE
    menu_order = 346
    menu_item_class = shown_with(MatchingRule, "add")

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", Unmatched.as_view(), name="index"),
            path("results/", Unmatched.as_view(results_only=True), name="index_results"),
        ]
