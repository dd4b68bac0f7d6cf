"""What search engines and other sites read: the map of the site, structured data, cards, and a helpful 404."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET

import pytest
from wagtail.models import PageViewRestriction

pytestmark = pytest.mark.django_db
NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def the_map(client):
    """Return every address of the map, with its addresses by language."""
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"].startswith("application/xml")
    tree = ET.fromstring(answer.content)
    return {
        url.find("s:loc", NS).text: {
            link.get("hreflang"): link.get("href") for link in url.findall("x:link", NS)
        }
        for url in tree.findall("s:url", NS)
    }


def data_of(client, page):
    text = client.get(page.get_url()).text
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[1])


def test_map_names_every_public_page_in_both_languages(client, course):
    found = the_map(client)
    lesson, english = course.lessons[0], course.others["en"].lessons[0]
    assert found[lesson.full_url] == {"lt": lesson.full_url, "en": english.full_url}
    assert course.home.full_url in found
    assert len(found) == 2 * 6  # home, catalogue, course, two lessons, quiz; a module only leads on


def test_F08_map_keeps_drafts_and_private_pages_to_itself(client, course):
    course.lessons[0].unpublish()
    PageViewRestriction.objects.create(page=course.lessons[1], restriction_type=PageViewRestriction.LOGIN)
    found = the_map(client)
    assert not {lesson.full_url for lesson in course.lessons} & set(found)


def test_robots_are_told_where_the_map_is(client, course):
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").text


def test_course_and_lesson_describe_themselves_to_machines(client, course):
    page = course.page
    page.title = "Paieška </script><script>alert(1)</script> & „kabutės“"
    page.outcomes = "rasti\npatikrinti"
    page.save_revision().publish()
    data = data_of(client, page)
    assert (data["@type"], data["name"], data["teaches"]) == ("Course", page.title, ["rasti", "patikrinti"])
    assert data["hasCourseInstance"]["courseWorkload"] == "PT25M"
    lesson = data_of(client, course.lessons[0])
    assert (lesson["@type"], lesson["timeRequired"], lesson["inLanguage"]) == (
        "LearningResource",
        "PT7M",
        "lt",
    )


def test_page_has_a_card_and_one_address(client, course):
    text = client.get(f"{course.page.get_url()}?x=1").text
    assert f'<link rel="canonical" href="{course.page.full_url}">' in text
    assert f'property="og:title" content="{course.page.title}"' in text
    assert re.search(r'property="og:image" content="https?://[^"]+card[^"]*\.png"', text)


def test_missing_page_suggests_what_the_address_may_have_meant(client, course):
    answer = client.get("/lt/kursai/senas/testas-1/")
    assert answer.status_code == 404
    assert f'<a href="{course.quiz.get_url()}">Testas</a>' in answer.text
    PageViewRestriction.objects.create(page=course.quiz, restriction_type=PageViewRestriction.LOGIN)
    assert course.quiz.get_url() not in client.get("/lt/kursai/senas/testas-1/").text


@pytest.mark.parametrize("path", ["/lt/" + "a" * 3000, "/lt/%00", "/lt/'%22()", "/nera", "/en/-/"])
def test_missing_page_is_404_whatever_the_address(client, course, path):
    assert client.get(path, follow=True).status_code == 404


def test_page_that_was_moved_or_renamed_is_found_at_its_new_address(
    client, course, django_capture_on_commit_callbacks
):
    module, lesson = course.lessons[0].get_parent().specific, course.lessons[0]
    before = lesson.get_url()
    module.slug = "pervadintas"
    with django_capture_on_commit_callbacks(execute=True):
        module.save_revision().publish()
    lesson.refresh_from_db()
    answer = client.get(before)
    assert (answer.status_code, answer["Location"]) == (301, lesson.get_url())
