"""Which list and guide belong to a course of a learning platform, by the rules the librarians keep."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from wagtail.models import Page

from portal.catalogue.models import MatchingRule, ResourceListPage, SubjectGuidePage
from portal.catalogue.reports.companions import guide_of
from portal.catalogue.reports.translated import shown_in
from portal.collation import fold

if TYPE_CHECKING:
    from portal.directory.models import User

WAYS = [MatchingRule.Way.EXACT, MatchingRule.Way.BEGINS, MatchingRule.Way.CONTAINS]  # the closest first
NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Match:
    """What a course gets: the rule that fitted, and its list and guide in the language asked for."""

    rule: MatchingRule | None = None
    list: ResourceListPage | None = None
    guide: SubjectGuidePage | None = None

    @property
    def page(self) -> Page | None:
        """Where to lead a reader: the list, or without one the guide; each shows what belongs to it beside it."""
        return self.list or self.guide

    def __bool__(self) -> bool:
        """Whether there is anything to lead to."""
        return self.page is not None


@lru_cache(maxsize=10_000)
def folded(text: str) -> str:
    """Return ``text`` as rules compare it: small letters without diacritics, one space between words."""
    return " ".join(NO_LETTER.sub(" ", fold(text)).split())


def fits(rule: MatchingRule, label: str, title: str) -> bool:
    """Whether the rule is about a course with this label and title. A rule without a letter fits nothing."""
    wanted = folded(rule.text)
    given = folded(label if rule.field == MatchingRule.Field.LABEL else title)
    if not wanted:
        return False
    if rule.way == MatchingRule.Way.EXACT:
        return given == wanted
    return given.startswith(wanted) if rule.way == MatchingRule.Way.BEGINS else wanted in given


def ranked(rules: Iterable[MatchingRule], label: str, title: str) -> list[MatchingRule]:
    """Return the rules that fit, the one to follow first.

    By priority; then the closest way of comparing, the longest text, and the oldest rule.
    """
    fitting = [rule for rule in rules if fits(rule, label, title)]
    return sorted(
        fitting,
        key=lambda rule: (-rule.priority, WAYS.index(rule.way), -len(folded(rule.text)), rule.pk or 0),  # type: ignore[arg-type]
    )


def best(rules: Iterable[MatchingRule], label: str, title: str) -> MatchingRule | None:
    """Return the rule to follow for a course; None where none fits."""
    return next(iter(ranked(rules, label, title)), None)


def match(label: str, title: str, language: str, user: User | AnonymousUser | None = None) -> Match:
    """Return what a course with this label and title gets, in a constant number of queries.

    A rule that leads to nothing published is passed over for the next that fits. ``user`` is for whom; a visitor.
    """
    reader = user or AnonymousUser()
    rules = ranked(MatchingRule.objects.all(), label, title)
    lists = shown_in(
        [r.reading_list_id for r in rules if r.reading_list_id], language, reader, ResourceListPage
    )
    guides = shown_in([r.guide_id for r in rules if r.guide_id], language, reader, SubjectGuidePage)
    for rule in rules:
        found, guide = lists.get(rule.reading_list_id or 0), guides.get(rule.guide_id or 0)
        if found is not None and guide is None:
            guide = guide_of(found, language, reader)
        if found is not None or guide is not None:
            return Match(rule=rule, list=found, guide=guide)
    return Match()
