"""Finding a resource, and the way in to it."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import PageViewRestriction

from portal.catalogue.models import ResourcePage
from portal.catalogue.models.resources import check_search_address
from tests.factories.library import PROXY, access, resource, topic
from tests.queries import counted

pytestmark = pytest.mark.django_db


def titles(client, index, **query):
    page = client.get(f"{index.get_url()}?{urlencode(query, doseq=True)}").text
    return re.findall(r"<h3><a [^>]*>([^<]+)</a></h3>", page)


def counts(client, index, **query):
    page = client.get(f"{index.get_url()}?{urlencode(query, doseq=True)}").text
    found = re.findall(r'name="(\w+)" value="([\w-]+)".*?class="count">(\d+)<', page)
    return {(name, value): int(n) for name, value, n in found}


@pytest.fixture
def shelf(library):
    """Four more resources: Lithuanian ones, and one in English only."""
    history = topic("istorija", "Istorija", "History")
    resource(
        library.index,
        "Ąžuolyno žurnalas",
        kind="journal",
        topics=[history],
        summary="Straipsniai apie šaltinius.",
    )
    resource(library.index, "„Cukraus“ knyga", kind="ebook", access="members")
    resource(library.index, "Čiobrelių talpykla", kind="repository", access="premises", address="")
    resource(library.others["en"].index, "Only in English", kind="database")
    return library.index


def test_resources_stand_by_the_alphabet_of_the_language_quotes_aside(client, shelf):
    assert titles(client, shelf) == [
        "Ąžuolyno žurnalas",
        "„Cukraus“ knyga",
        "Čiobrelių talpykla",
        "Only in English",
        "Žemėlapių bazė",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "journal"}, ["Ąžuolyno žurnalas"]),
        ({"kind": ["journal", "ebook"]}, ["Ąžuolyno žurnalas", "„Cukraus“ knyga"]),
        ({"access": "premises"}, ["Čiobrelių talpykla"]),
        ({"topic": "istorija"}, ["Ąžuolyno žurnalas"]),
        ({"topic": "istorija", "access": "members"}, []),
        ({"kind": "kazkas", "topic": "'; --", "sort": "x"}, None),
    ],
)
def test_filters_show_what_fits(client, shelf, query, expected):
    assert titles(client, shelf, **query) == (titles(client, shelf) if expected is None else expected)


@pytest.mark.parametrize("words", ["zemelapiu", "Žemėlapiai", "ŽEMĖLAPIŲ bazė", "zemes mokslu"])
def test_words_find_whatever_their_ending_and_with_letters_of_either_kind(client, shelf, words):
    assert titles(client, shelf, q=words) == ["Žemėlapių bazė"]


def test_words_in_the_summary_are_found_and_unknown_ones_say_what_to_do(client, shelf):
    assert titles(client, shelf, q="šaltiniai") == ["Ąžuolyno žurnalas"]
    page = client.get(f"{shelf.get_url()}?q=xyzzy").text
    assert "Tokių išteklių nėra" in page
    assert 'value="xyzzy"' in page


def test_words_narrow_the_counts_of_the_filters(client, shelf):
    assert counts(client, shelf)["kind", "journal"] == 1
    assert ("kind", "journal") not in counts(client, shelf, q="zemelapiu")


def test_U13_words_with_a_null_are_read_without_it(client, shelf):
    assert client.get(f"{shelf.get_url()}?q=zem%00elapiu").status_code == 200


def test_resource_of_the_other_language_says_so(client, shelf):
    page = client.get(shelf.get_url()).text
    assert re.search(r'<a href="/en/resources/[^"]+" lang="en" hreflang="en">Only in English</a>', page)


def test_F08_drafts_and_private_resources_are_not_listed(client, shelf, library):
    library.database.unpublish()
    journal = ResourcePage.objects.get(title="Ąžuolyno žurnalas")
    PageViewRestriction.objects.create(page=journal, restriction_type=PageViewRestriction.LOGIN)
    assert not {"Ąžuolyno žurnalas", "Žemėlapių bazė"} & set(titles(client, shelf))


def test_list_takes_the_same_queries_however_many_resources_there_are(client, shelf):
    def asked(**query):
        client.get(shelf.get_url())
        with counted() as statements:
            titles(client, shelf, **query)
        return len(statements)

    few = {query: asked(**dict([query])) for query in (("q", "knyga"), ("kind", "ebook"), ("sort", "new"))}
    history = topic("istorija", "Istorija", "History")
    for number in range(25):
        resource(shelf, f"Knyga {number}", kind="ebook", topics=[history])
    assert {query: asked(**dict([query])) for query in few} == few
    assert max(few.values()) <= 16


def test_resource_through_the_proxy_opens_by_its_prefix(client, library):
    page = resource(library.index, "Bazė", access="proxy", address="https://baze.example/x?a=1&b=2")
    assert 'href="https://baze.example/x?a=1&amp;b=2"' in client.get(page.get_url()).text
    access(proxy_prefix=PROXY)
    assert f'href="{PROXY}https://baze.example/x?a=1&amp;b=2"' in client.get(page.get_url() + "?2").text
    access(proxy_prefix=PROXY.replace("url=", "qurl="))
    assert "qurl=https%3A%2F%2Fbaze.example%2Fx%3Fa%3D1%26b%3D2" in client.get(page.get_url() + "?3").text


def test_resource_on_the_premises_has_no_way_in_from_home(client, library):
    page = resource(library.index, "Mikrofilmai", access="premises", address="https://viduje.example/")
    text = client.get(page.get_url()).text
    assert "Juo naudotis galima tik bibliotekoje." in text
    assert "https://viduje.example/" not in text.replace(re.search(r"<script.*?</script>", text, re.S)[0], "")


def test_page_tells_machines_what_it_is_about(client, library):
    text = client.get(library.database.get_url()).text
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)[1])
    assert data["mainEntity"]["isAccessibleForFree"] is True
    assert data["mainEntity"]["about"] == ["Žemės mokslai"]
    assert data["inLanguage"] == "lt"


def test_resources_lists_and_guides_are_in_the_sites_search_and_maps(client, library):
    found = client.get("/lt/search/?q=geografijos").text
    assert library.list.get_url() in found
    assert library.guide.full_url in client.get("/sitemap.xml").text
    assert library.database.title in client.get("/lt/site-map/").text


def test_lesson_about_a_resource_is_shown_in_the_readers_language(client, library, course):
    page = resource(library.others["en"].index, "Catalogue", tutorial=course.lessons[0])
    text = client.get(page.get_url()).text
    assert course.others["en"].lessons[0].get_url() in text


# The library's own search ------------------------------------------------------------------------
@pytest.fixture
def search(library):
    return resource(
        library.index,
        "Katalogas",
        kind="search",
        address="https://katalogas.example/",
        search_address="https://katalogas.example/s?q=any,{words}&lang=lt",
    )


def test_search_form_leads_to_the_librarys_search_with_the_words(client, search):
    text = client.get(search.get_url())
    assert (
        "https://katalogas.example"
        in text["Content-Security-Policy"].partition("form-action")[2].split(";")[0]
    )
    action = re.search(r'action="(/lt/resources/[^"]+/search/)"', text.text)[1]
    answer = client.get(action, {"q": "Čiurlionis & jūra"})
    assert answer.url == "https://katalogas.example/s?q=any,%C4%8Ciurlionis%20%26%20j%C5%ABra&lang=lt"
    assert client.get(action).url == "https://katalogas.example/"


def test_guides_and_lists_show_the_search_that_is_set(client, library, search):
    assert "katalogas.example" not in client.get(library.guide.get_url())["Content-Security-Policy"]
    access(search=search)
    for page in (library.guide, library.list):
        answer = client.get(page.get_url() + "?again")
        assert "Paieška: Katalogas" in answer.text
        assert "https://katalogas.example" in answer["Content-Security-Policy"]


def test_F08_nobody_searches_through_a_private_resource(client, search):
    action = f"/lt/resources/{search.translation_key}/search/"
    PageViewRestriction.objects.create(page=search, restriction_type=PageViewRestriction.LOGIN)
    assert client.get(action, {"q": "jūra"}).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "https://{words}.example/",
        "javascript:alert('{words}')",
        "https://a.example/?q=",
        "https://a.example/?q={words}&r={words}",
        "//a.example/{words}",
    ],
)
def test_U15_search_address_that_could_lead_elsewhere_is_refused(address):
    with pytest.raises(ValidationError):
        check_search_address(address)
