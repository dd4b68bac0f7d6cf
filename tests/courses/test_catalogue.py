"""Finding a course in the catalogue: filters, their counts, the order, and addresses typed by hand."""

from __future__ import annotations

import re

import pytest
from wagtail.models import PageViewRestriction

from courses.models import CoursePage
from portal.collation import sort_key
from portal.content.models import Audience, Topic
from tests.factories.courses import add, make_site
from tests.queries import counted

pytestmark = pytest.mark.django_db


def term(model, slug, lt, en):
    return model.objects.get_or_create(slug=slug, defaults={"name_lt": lt, "name_en": en})[0]


@pytest.fixture
def shelf(course):
    """Six more courses in Lithuanian; one of them in English too, and one in English only."""
    lt, en = course.catalogue, course.others["en"].catalogue
    course.page.unpublish()
    course.others["en"].page.unpublish()
    search = term(Topic, "paieska", "Paieška", "Searching")
    safety = term(Topic, "sauga", "Sauga", "Safety")
    adults = term(Audience, "suauge", "Suaugusiesiems", "Adults")

    def put(catalogue, title, source=None, topics=(), audiences=(), **fields):
        slug = f"k{CoursePage.objects.count()}"
        page = CoursePage(title=title, slug=slug, locale=catalogue.locale, **fields)
        page.topics, page.audiences = list(topics), list(audiences)
        return add(catalogue, page, source)

    put(lt, "Zarasai", topics=[search], hours=1)
    put(lt, "Čiobrelis", topics=[search, safety], hours=3, level="advanced")
    put(lt, "Ąžuolas", topics=[safety], audiences=[adults], hours=8, mode="online")
    put(lt, "Ežeras", audiences=[adults], hours=2)
    put(lt, "Cukrus", hours=2, level="advanced")
    both = put(lt, "Žvaigždė", topics=[search], hours=4)
    put(en, "Star", both, topics=[search], hours=4)
    put(en, "Only in English", topics=[safety], hours=4)
    return lt


def titles(client, shelf, query=""):
    page = client.get(f"{shelf.get_url()}?{query}").text
    return re.findall(r"<h3><a [^>]*>([^<]+)</a></h3>", page)


def counts(client, shelf, query=""):
    page = client.get(f"{shelf.get_url()}?{query}").text
    found = re.findall(r'name="(\w+)" value="([\w-]+)".*?class="count">(\d+)<', page)
    return {(name, value): int(n) for name, value, n in found}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("topic=paieska", {"Zarasai", "Čiobrelis", "Žvaigždė"}),
        ("topic=paieska&topic=sauga", {"Zarasai", "Čiobrelis", "Žvaigždė", "Ąžuolas", "Only in English"}),
        ("topic=sauga&level=advanced", {"Čiobrelis"}),
        ("audience=suauge", {"Ąžuolas", "Ežeras"}),
        ("mode=online", {"Ąžuolas"}),
        ("length=short", {"Zarasai"}),
        ("length=long&length=short", {"Zarasai", "Ąžuolas"}),
        ("language=en", {"Žvaigždė", "Only in English"}),
        ("language=en&topic=paieska", {"Žvaigždė"}),
    ],
)
def test_filters_show_what_fits_each_once(client, shelf, query, expected):
    found = titles(client, shelf, query)
    assert set(found) == expected
    assert len(found) == len(expected)


def test_course_in_another_language_only_stands_there_and_says_so(client, shelf):
    page = client.get(f"{shelf.get_url()}?language=en").text
    assert 'lang="en" hreflang="en">Only in English' in page
    assert "anglų kalba" in page
    assert "Star" not in page


def test_each_choice_tells_how_many_courses_it_would_show(client, shelf):
    everything = counts(client, shelf)
    assert everything["topic", "paieska"] == 3
    assert everything["language", "lt"] == 6
    assert everything["language", "en"] == 2
    narrowed = counts(client, shelf, "level=advanced")
    assert narrowed["level", "beginner"] == everything["level", "beginner"] == 5
    assert narrowed["topic", "paieska"] == 1
    for (name, value), count in everything.items():
        assert count == len(titles(client, shelf, f"{name}={value}")), (name, value)


def test_titles_stand_by_the_lithuanian_alphabet(client, shelf):
    lithuanian = ["Ąžuolas", "Cukrus", "Čiobrelis", "Ežeras", "Only in English", "Zarasai", "Žvaigždė"]
    assert titles(client, shelf, "sort=title") == lithuanian


def test_shortest_first_and_newest_first(client, shelf):
    assert titles(client, shelf, "sort=hours")[0] == "Zarasai"
    assert titles(client, shelf, "sort=hours")[-1] == "Ąžuolas"
    assert titles(client, shelf)[0] == "Only in English"


@pytest.mark.parametrize(
    "query",
    [
        "sort=password",
        "ordering=password",
        "owner__password__startswith=a",
        "topic__courses__owner__email=a",
        "topic=%00",
        "topic=9223372036854775808",
        "level=beginner%27--",
        "page=1000000000",
        "page=-1",
        "page=%00",
        "page=" + "9" * 5000,
        "&".join(["topic=nera"] * 1000),
        "level[]=beginner",
        "language=de",
    ],
    ids=lambda query: query[:30],
)
def test_F01_F02_F03_F04_F05_unknown_words_in_the_address_change_nothing(client, shelf, query):
    assert titles(client, shelf, query) == titles(client, shelf)


def test_F07_what_stands_in_the_address_is_not_put_into_the_page(client, shelf):
    assert "<script>alert" not in client.get(f"{shelf.get_url()}?topic=<script>alert(1)</script>&page=1").text


def test_nothing_found_says_what_to_do(client, shelf):
    page = client.get(f"{shelf.get_url()}?mode=online&level=advanced").text
    assert "Atsisakykite" in page
    assert f'href="{shelf.get_url()}"' in page


def test_F08_drafts_and_private_courses_are_neither_listed_nor_counted(client, shelf):
    CoursePage.objects.get(title="Zarasai").unpublish()
    private = CoursePage.objects.get(title="Čiobrelis")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    assert counts(client, shelf)["topic", "paieska"] == 1
    assert set(titles(client, shelf, "topic=paieska")) == {"Žvaigždė"}


def test_language_switch_keeps_the_filters(client, shelf):
    page = client.get(f"{shelf.get_url()}?topic=paieska").text
    switch = re.search(r'class="lang" href="([^"]+)"', page).group(1)
    other = client.get(switch.replace("&amp;", "&"), follow=True)
    assert other.request["QUERY_STRING"] == "topic=paieska"
    assert "Star" in other.text


def test_long_lists_stand_on_several_pages_with_the_same_queries(client, course):
    home, _en = make_site()
    url = course.catalogue.get_url()

    def statements():
        client.get(url)
        with counted() as made:
            client.get(url)
        return made

    few = statements()
    for number in range(45):
        page = CoursePage(title=f"Kursas {number}", slug=f"kursas-{number}", locale=home.locale)
        add(course.catalogue, page)
    many = statements()
    assert len(few) == len(many) <= 12, "\n".join(many)
    assert len(re.findall("<h3><a ", client.get(f"{url}?page=3").text)) == 6
    assert 'rel="next"' in client.get(f"{url}?page=2&level=beginner").text
    assert "level=beginner&amp;page=3" in client.get(f"{url}?level=beginner&page=2").text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("lt", "abc ąbc abd cė čia ėmė emti įla yla ilgas sodas šaka zona žąsis"),
        ("en", "apple Čapek dog yla zebra"),
    ],
)
def test_F09_words_stand_by_the_alphabet_of_the_language(language, words):
    in_order = words.split()
    assert sorted(reversed(in_order), key=lambda word: sort_key(word, language)) == in_order
