"""Which list and guide a course of a learning platform gets."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from portal.catalogue.models import MatchingRule
from portal.catalogue.reports import best, folded, match
from tests.signing_in import sign_in

TEXT = st.text(max_size=30)
RULES = st.lists(
    st.builds(
        MatchingRule,
        pk=st.integers(1, 1000),
        field=st.sampled_from(MatchingRule.Field.values),
        way=st.sampled_from(MatchingRule.Way.values),
        text=TEXT,
        priority=st.integers(-5, 5),
    ),
    max_size=8,
    unique_by=lambda rule: rule.pk,
)


def rule(text, way="begins", field="label", priority=0, pk=None, **more):
    return MatchingRule(text=text, way=way, field=field, priority=priority, pk=pk, **more)


@given(RULES, TEXT, TEXT, st.randoms())
def test_same_rule_wins_in_whatever_order_the_rules_come(rules, label, title, chance):
    shuffled = list(rules)
    chance.shuffle(shuffled)
    assert best(rules, label, title) == best(shuffled, label, title)


@given(RULES, TEXT, TEXT)
def test_no_rule_that_fits_has_a_higher_priority_than_the_one_that_wins(rules, label, title):
    found = best(rules, label, title)
    fitting = [one for one in rules if best([one], label, title) is not None]
    assert (found is None) == (not fitting)
    assert found is None or found.priority == max(one.priority for one in fitting)


@given(TEXT, TEXT, TEXT)
def test_text_fits_itself_in_every_way_and_within_others(text, before, after):
    fits = [best([rule(text, way)], text, "") is not None for way in MatchingRule.Way.values]
    assert fits == [bool(folded(text))] * 3
    if folded(text):
        assert best([rule(text, "contains")], f"{before} {text} {after}", "") is not None


@given(TEXT)
def test_case_diacritics_and_spaces_make_no_difference(text):
    assert folded(folded(text)) == folded(text)
    assert folded(f"  {text}  ") == folded(text)


@pytest.mark.parametrize(
    ("one", "label", "title", "fits"),
    [
        (rule("soc"), "SOC1001", "", True),
        (rule("SOC 1001"), "soc-1001_2026", "", True),
        (rule("soc"), "ASOC", "", False),
        (rule("žurnalistika", "contains", "title"), "", "Įvadas į ŽURNALISTIKĄ", True),
        (rule("zurnalistik", "contains", "title"), "", "Įvadas į ŽURNALISTIKĄ", True),
        (rule(".*"), "SOC", "", False),
        (rule("SOC", "exact"), "SOC1", "", False),
    ],
)
def test_rule_fits_as_its_author_reads_it(one, label, title, fits):
    assert (best([one], label, title) is not None) == fits


def test_of_equal_priority_the_closest_then_the_longest_text_then_the_oldest_wins():
    rules = [rule("SOC", "contains", pk=1), rule("SOC", pk=2), rule("SOC1", pk=4), rule("SOC1", pk=3)]
    assert best(rules, "SOC1", "").pk == 3
    assert best([*rules, rule("soc1", "exact", pk=9)], "SOC1", "").pk == 9
    assert best([*rules, rule("S", priority=1, pk=8)], "SOC1", "").pk == 8


@pytest.mark.django_db
class TestWithPages:
    """What a course gets, in the language asked for."""

    def test_list_comes_with_its_guide_in_the_language(self, library):
        MatchingRule.objects.create(text="GEO", reading_list=library.list)
        english = library.others["en"]
        assert match("GEO1", "", "lt").page == library.list
        found = match("GEO1", "", "en")
        assert (found.list, found.guide, found.page) == (english.list, english.guide, english.list)

    def test_rule_with_a_guide_alone_leads_to_the_guide(self, library):
        MatchingRule.objects.create(text="geogr", way="contains", field="title", guide=library.guide)
        assert match("", "Fizinė geografija", "lt").page == library.guide

    def test_nothing_fits_nothing_is_shown(self, library):
        MatchingRule.objects.create(text="GEO", guide=library.guide)
        assert not match("BIO", "Biologija", "lt")

    def test_rule_to_something_unpublished_is_passed_over(self, library):
        MatchingRule.objects.create(text="GEO", priority=9, reading_list=library.list)
        MatchingRule.objects.create(text="GEO", guide=library.guide)
        library.list.unpublish()
        assert match("GEO1", "", "lt").page == library.guide

    def test_rule_needs_something_to_compare_and_something_to_show(self, library):
        with pytest.raises(ValidationError, match="raidę"):
            MatchingRule(text="--", guide=library.guide).full_clean()
        with pytest.raises(ValidationError, match="Pasirinkite"):
            MatchingRule(text="GEO").full_clean()

    def test_librarian_keeps_rules_and_tries_what_a_course_would_get(self, client, library, azuolas):
        sign_in(client, azuolas)
        place = "/admin/snippets/catalogue/matchingrule/"
        data = {"field": "label", "way": "begins", "text": "GEO", "priority": "0", "guide": ""}
        client.post(f"{place}add/", data | {"reading_list": str(library.list.pk)})
        assert MatchingRule.objects.get().reading_list_id == library.list.pk
        page = client.get(place, {"label": "geo1001", "title": ""}).text
        assert library.list.title in page and library.guide.title in page
        assert "Netinka nė viena taisyklė" in client.get(place, {"label": "BIO", "title": ""}).text
