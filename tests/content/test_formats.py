"""Dates, numbers, plurals and per cent as Lithuanians and the British write them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils.formats import date_format, number_format
from django.utils.translation import override

from portal.content.templatetags.kelrodis import percent, tidy

NIGHT = datetime(2026, 11, 22, 21, 5, tzinfo=ZoneInfo("Europe/Vilnius"))
NBSP = "\u00a0"


def shown(template, **context):
    return Template(template).render(Context(context))


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [
        ("lt", "DATE_FORMAT", "2026 m. lapkričio 22 d."),
        ("en", "DATE_FORMAT", "22 November 2026"),
        ("lt", "DATETIME_FORMAT", "2026 m. lapkričio 22 d. 21:05"),
        ("en", "DATETIME_FORMAT", "22 November 2026, 21:05"),
        ("lt", "SHORT_DATE_FORMAT", "2026-11-22"),
        ("en", "SHORT_DATE_FORMAT", "22/11/2026"),
        ("lt", "TIME_FORMAT", "21:05"),
        ("en", "TIME_FORMAT", "21:05"),
        ("lt", "MONTH_DAY_FORMAT", "lapkričio 22 d."),
        ("en", "MONTH_DAY_FORMAT", "22 November"),
    ],
)
def test_dates(language, name, text):
    with override(language):
        assert date_format(NIGHT, name) == text
        assert shown("{{ moment|date:name }}", moment=NIGHT, name=name) == text


MONTHS = ["sausio", "vasario", "kovo", "balandžio", "gegužės", "birželio"]
MONTHS += ["liepos", "rugpjūčio", "rugsėjo", "spalio", "lapkričio", "gruodžio"]


@pytest.mark.parametrize(("number", "month"), list(enumerate(MONTHS, start=1)))
def test_months_stand_in_the_genitive(number, month):
    with override("lt"):
        assert date_format(NIGHT.replace(month=number, day=1)) == f"2026 m. {month} 1 d."


@pytest.mark.parametrize(
    ("number", "lithuanian", "english"),
    [
        (Decimal("1234.5"), f"1{NBSP}234,5", "1,234.5"),
        (Decimal("-1234567.89"), f"-1{NBSP}234{NBSP}567,89", "-1,234,567.89"),
        (999, "999", "999"),
        (0.5, "0,5", "0.5"),
    ],
)
def test_numbers(number, lithuanian, english):
    for language, text in (("lt", lithuanian), ("en", english)):
        with override(language):
            assert number_format(number) == text
            assert shown("{{ n }}", n=number) == text


@pytest.mark.parametrize(
    ("number", "lithuanian", "english"),
    [
        ("4.000", "4", "4"),
        ("3.500", "3,5", "3.5"),
        ("1000", f"1{NBSP}000", "1,000"),
        ("0.125", "0,125", "0.125"),
    ],
)
def test_points_are_shown_without_needless_zeros(number, lithuanian, english):
    for language, text in (("lt", lithuanian), ("en", english)):
        with override(language):
            assert tidy(Decimal(number)) == text


@pytest.mark.parametrize(
    ("value", "lithuanian", "english"),
    [
        (60, f"60{NBSP}%", "60%"),
        (66.666, f"67{NBSP}%", "67%"),
        ("62.4", f"62{NBSP}%", "62%"),
        (0, f"0{NBSP}%", "0%"),
    ],
)
def test_per_cent(value, lithuanian, english):
    for language, text in (("lt", lithuanian), ("en", english)):
        with override(language):
            assert percent(value) == text


FORMS = {
    "klausimas": [1, 21, 31, 101, 1001],
    "klausimai": [2, 3, 9, 22, 102],
    "klausimų": [0, 10, 11, 12, 15, 19, 20, 30, 100, 110, 111, 112],
}
QUESTIONS = [(number, form) for form, numbers in FORMS.items() for number in numbers]


COUNTED = "{% blocktranslate count n=n %}{{ n }} question{% plural %}{{ n }} questions{% endblocktranslate %}"


@pytest.mark.parametrize(("number", "form"), QUESTIONS)
def test_lithuanian_counts(number, form):
    with override("lt"):
        assert shown(COUNTED, n=number).split()[-1] == form


@pytest.mark.filterwarnings("ignore:Plural value must be an integer")
@pytest.mark.parametrize(
    ("number", "text"), [(1.5, "1,5 klausimo"), (0.5, "0,5 klausimo"), (11.5, "11,5 klausimo")]
)
def test_lithuanian_parts_of_a_whole_stand_in_the_genitive(number, text):
    with override("lt"):
        assert shown(COUNTED, n=number) == text


ENGLISH = [
    (0, "0 questions"),
    (1, "1 question"),
    (2, "2 questions"),
    (11, "11 questions"),
    (21, "21 questions"),
]


@pytest.mark.parametrize(("number", "text"), [*ENGLISH, (101, "101 questions")])
def test_english_counts(number, text):
    with override("en"):
        assert shown(COUNTED, n=number) == text
