"""Grading: shares, numbers as people write them, texts with and without diacritics."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.flows.grading import item_fraction, normal, parse_number
from courses.presenting import shuffled

OPTIONS = [{"id": "a", "fraction": "0.5"}, {"id": "b", "fraction": "0.5"}, {"id": "c", "fraction": "-0.5"}]
MULTIPLE = {"type": "multiple", "options": OPTIONS}


@pytest.mark.parametrize(
    ("response", "share"),
    [([], "0"), (["a"], "0.5"), (["a", "b"], "1"), (["a", "b", "c"], "0.5"), (["c"], "0"), (["a", "c"], "0")],
)
def test_multiple_choice_gives_the_sum_of_shares_within_bounds(response, share):
    assert item_fraction(MULTIPLE, response) == Decimal(share)


@given(st.lists(st.decimals(-1, 1, places=3), min_size=1, max_size=8), st.data())
def test_share_is_never_below_nothing_or_above_everything(fractions, data):
    options = [{"id": str(place), "fraction": str(value)} for place, value in enumerate(fractions)]
    chosen = data.draw(st.lists(st.sampled_from([option["id"] for option in options]), unique=True))
    assert 0 <= item_fraction({"type": "multiple", "options": options}, chosen) <= 1


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234", "1234"),
        ("\u22123", "-3"),
        (" 7 ", "7"),
        ("+4", "4"),
        ("1e3", "1000"),
    ],
)
def test_numbers_are_read_as_people_write_them(text, number):
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "daug", "NaN", "Infinity", "1,2,3", "--1", "9" * 41])
def test_what_is_no_number_is_none(text):
    assert parse_number(text) is None


@given(st.text(max_size=60))
def test_reading_a_number_never_fails(text):
    number = parse_number(text)
    assert number is None or number.is_finite()


@pytest.mark.parametrize(
    ("given_text", "right"), [("12", 1), ("13", 1), ("11,9", 0), ("13,01", 0), ("daug", 0)]
)
def test_number_is_right_within_its_tolerance(given_text, right):
    assert item_fraction({"type": "numeric", "answer": "12.5", "tolerance": "0.5"}, [given_text]) == right


@pytest.mark.parametrize("text", ["Ąžuolas", "ąžuolas ", "AZUOLAS", "a\u0328z\u030cuolas"])
def test_short_text_is_accepted_whatever_its_case_and_diacritics_when_folded(text):
    item = {"type": "short", "accepted": ["ąžuolas"], "fold_diacritics": True}
    assert item_fraction(item, [text]) == 1


def test_short_text_keeps_diacritics_apart_when_not_folded():
    item = {"type": "short", "accepted": ["sąlis"], "fold_diacritics": False}
    assert item_fraction(item, ["SĄLIS"]) == 1
    assert item_fraction(item, ["salis"]) == 0


@given(st.text(max_size=80), st.booleans())
def test_normalising_twice_is_normalising_once(text, fold):
    once = normal(text, fold=fold)
    assert normal(once, fold=fold) == once


@given(st.lists(st.uuids(), unique=True, max_size=20), st.text(max_size=16))
def test_shuffling_loses_nothing_and_is_the_same_for_the_same_seed(identifiers, seed):
    parts = [{"id": str(identifier)} for identifier in identifiers]
    first = shuffled(parts, seed)
    assert first == shuffled(list(reversed(parts)), seed)
    assert sorted(part["id"] for part in first) == sorted(part["id"] for part in parts)


def test_three_thirds_make_a_whole():
    shares = {"a": "0.33", "b": "0.33", "c": "0.33", "d": "-0.5"}
    item = {"type": "multiple", "options": [{"id": key, "fraction": share} for key, share in shares.items()]}
    assert item_fraction(item, ["a", "b", "c"]) == 1
    assert item_fraction(item, ["a", "b", "c", "d"]) < Decimal("0.5")
    assert item_fraction(item, ["d"]) == 0
