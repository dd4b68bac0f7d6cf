"""Courses of platforms for which the librarians' rules have nothing."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from lti_tool.models import LtiContext

from portal.catalogue.models import MatchingRule
from portal.catalogue.reports import best


def unmatched() -> QuerySet[LtiContext]:
    """Return the courses from which people have come and that no rule fits, with ``people``; two queries and one lazy.

    A rule counts when something that it names is published.
    """
    leads = Q(reading_list__live=True) | Q(guide__live=True)
    rules = list(MatchingRule.objects.filter(leads))
    known = LtiContext.objects.filter(deployment__is_active=True, deployment__registration__is_active=True)
    named = known.exclude(label="", title="").values_list("pk", "label", "title")
    alone = [pk for pk, label, title in named if best(rules, label, title) is None]
    found = LtiContext.objects.filter(pk__in=alone).select_related("deployment__registration")
    return found.annotate(people=Count("memberships", distinct=True))
