"""The blocks lessons and pages are written in: what readers get of each, what is searched, what is refused."""

from __future__ import annotations

import json
import re

import pytest
from django.core.exceptions import ValidationError

from portal.content.models import GlossaryTerm, StandardPage
from portal.content.players import player_of
from tests.courses.test_publishing import republish, versions
from tests.factories.content import (
    block,
    comparison_block,
    document,
    document_block,
    embed_block,
    every_block,
    recording,
    recording_block,
    standard_page,
    table_block,
    term,
    terms_block,
)
from tests.security.test_headers import policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(client, course):
    """Publish a standard page with these blocks; return its HTML as a visitor gets it."""

    def show(*body, home=None):
        page = standard_page(home or course.home, body=list(body))
        return client.get(page.get_url()).text

    return show


def test_every_block_is_in_a_page_and_in_a_frozen_lesson(client, course):
    body = every_block()
    names = {name for name, _block in StandardPage.body.field.stream_block.child_blocks.items()}
    assert {part["type"] for part in body} == names
    page = standard_page(course.home, body=body)
    republish(course.lessons[0], body=body)
    for url in (page.get_url(), course.lessons[0].url):
        text = client.get(url).text
        for said in (
            "gaires",
            "Sveiki atvykę.",
            "Apie ką kalbama.",
            "Lėta, išsami.",
            "Šaltinių rūšys",
            "Atmintinė",
        ):
            assert said in text, (url, said)
        assert "<dt>metaduomenys" in text and "<dt>metadata" not in text


def test_recording_has_controls_captions_and_a_transcript_and_does_not_play_by_itself(shown):
    made = recording()
    text = shown(recording_block(made))
    assert f'<source src="/recordings/{made.uuid}/" type="video/webm">' in text
    first, second = text.split("<track")[1:3]
    assert f'src="/recordings/{made.uuid}/captions/lt/" srclang="lt" label="Lietuvių" default' in first
    assert 'srclang="en"' in second and "default" not in second.partition(">")[0]
    assert "Sveiki atvykę." in text and "autoplay" not in text


def test_sound_has_a_transcript_and_needs_no_captions(shown):
    made = recording(kind="audio", captions=(), transcript_lt="Tik garsas.")
    text = shown(recording_block(made))
    assert "<audio controls" in text and "Tik garsas." in text and "<track" not in text


def test_document_tells_its_kind_and_size_in_the_readers_language(client, course):
    made = document()
    for home, size in ((course.home, "2,4"), (course.others["en"].home, "2.4")):
        page = standard_page(home, body=[document_block(made)])
        text = client.get(page.get_url()).text
        assert f'<a href="{made.url}" download>' in text
        assert f"PDF, {size}\xa0MB" in text


def test_embedded_video_is_a_plain_link_until_it_is_asked_for(client, course):
    page = standard_page(course.home, body=[embed_block()])
    text = client.get(page.get_url()).text
    assert "<iframe" not in text
    assert '<a href="https://www.youtube.com/watch?v=abcdefghi-_" rel="external noreferrer">Paskaita' in text
    assert 'data-player="https://www.youtube-nocookie.com/embed/abcdefghi-_"' in text
    assert "YouTube" in text and "www.youtube-nocookie.com" in text
    assert "kelrodis/players.js" in text


@pytest.mark.parametrize("where", ["page", "lesson"])
def test_only_pages_with_a_player_let_it_into_a_frame(client, course, where):
    plain = standard_page(course.home, body=every_block()[:2], slug="be")
    if where == "page":
        page = standard_page(course.home, body=[embed_block()])
    else:
        page = course.lessons[0]
        republish(page, body=[embed_block()])
    assert policy(client.get(page.url))["frame-src"] == ["'self'", "https://www.youtube-nocookie.com"]
    for url in (plain.url, course.lessons[1].url, course.home.url):
        assert policy(client.get(url))["frame-src"] == ["'self'"]


def test_provider_taken_off_the_list_is_let_into_no_frame_any_more(client, course, settings):
    republish(course.lessons[0], body=[embed_block()])
    settings.EMBED_HOSTS = ["player.vimeo.com"]
    assert policy(client.get(course.lessons[0].url))["frame-src"] == ["'self'"]


PLAYERS = [
    ("https://www.youtube.com/watch?v=abcdefghi-_&t=9", "https://www.youtube-nocookie.com/embed/abcdefghi-_"),
    ("https://youtu.be/abcdefghi-_?si=x", "https://www.youtube-nocookie.com/embed/abcdefghi-_"),
    ("https://www.youtube.com/embed/abcdefghi-_", "https://www.youtube-nocookie.com/embed/abcdefghi-_"),
    ("https://vimeo.com/123456789", "https://player.vimeo.com/video/123456789?dnt=1"),
    ("https://vimeo.com/123456789/0123456789", "https://player.vimeo.com/video/123456789?dnt=1&h=0123456789"),
]


@pytest.mark.parametrize(("address", "src"), PLAYERS)
def test_address_of_a_video_is_understood(address, src):
    assert player_of(address).src == src


@pytest.mark.parametrize(
    "address",
    [
        "http://www.youtube.com/watch?v=abcdefghi-_",
        "https://www.youtube.com/watch?v=abc",
        'https://www.youtube.com/watch?v="onload=x',
        "https://youtube.com.evil.example/watch?v=abcdefghi-_",
        "https://evil.example/?https://www.youtube.com/watch?v=abcdefghi-_",
        "https://www.youtube.com@evil.example/watch?v=abcdefghi-_",
        "https://www.youtube.com/watch?v=abcdefghi-_/../../x",
        "javascript:alert(1)",
        "https://[::1",
        "https://vimeo.com/channels/staffpicks",
        "https://www.youtube.com/",
    ],
)
def test_other_addresses_have_no_player(address):
    assert player_of(address) is None


def test_embedding_another_site_is_refused(course):
    page = StandardPage(
        title="X", slug="x", locale=course.home.locale, body=[embed_block("https://evil.example/v")]
    )
    with pytest.raises(ValidationError):
        page.body.stream_block.clean(page.body)


def test_comparison_is_two_or_three_columns_under_a_heading(shown):
    text = shown(comparison_block())
    assert '<div class="columns columns-2">' in text
    assert "<h3>Knyga ar straipsnis</h3>" in text and "<h4>Straipsnis</h4>" in text


def test_table_has_caption_headings_of_columns_and_rows_and_scrolls_by_keyboard(shown):
    text = shown(table_block())
    assert '<div class="table" role="region" tabindex="0" aria-label="Šaltinių rūšys">' in text
    assert "<caption>Šaltinių rūšys</caption>" in text
    assert '<th scope="col">Rūšis</th>' in text and '<th scope="row">Knyga</th>' in text
    assert '<td class="num">320</td>' in text


@pytest.mark.parametrize(
    "change",
    [
        {"caption": " "},
        {"rows": []},
        {"columns": [{"type": "text", "heading": ""}, {"type": "number", "heading": "B"}]},
        {"rows": [{"values": ["", "1"]}]},
    ],
)
def test_table_that_could_not_be_read_aloud_is_refused(change):
    part = table_block()
    part["value"]["table"] |= change
    body = StandardPage(body=[part]).body
    with pytest.raises(ValidationError):
        body.stream_block.clean(body)


def test_term_is_shown_in_the_pages_language(client, course):
    english = course.others["en"].home
    page = standard_page(english, body=[terms_block()])
    text = client.get(page.get_url()).text
    assert "<dt>metadata</dt><dd>Data about other data.</dd>" in text


def test_lesson_keeps_the_definition_it_was_published_with_until_it_is_published_anew(client, course):
    lesson = course.lessons[0]
    republish(lesson, body=[terms_block()])
    GlossaryTerm.objects.update(definition_lt="Kitaip pasakyta.")
    assert "Duomenys apie kitus duomenis." in client.get(lesson.url).text
    republish(lesson)
    assert "Kitaip pasakyta." in client.get(lesson.url).text
    assert len(versions(course.lesson_activity(0))) == 3


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (recording_block, "atvykę"),
        (embed_block, "kalbama"),
        (document_block, "Atmintinė"),
        (comparison_block, "išsami"),
        (table_block, "Straipsnis"),
        (terms_block, "metaduomenys"),
    ],
)
def test_text_of_a_block_is_searched(client, course, make, word):
    page = standard_page(course.home, body=[make()])
    answer = client.get("/lt/search/", {"q": word})
    assert page.get_url() in answer.text


def test_transcript_is_searched_in_the_pages_language_only(client, course):
    standard_page(course.others["en"].home, "About", body=[recording_block()], slug="about")
    assert "/en/about/" in client.get("/en/search/", {"q": "welcome"}).text
    assert "/en/about/" not in client.get("/en/search/", {"q": "atvykę"}).text


def test_M08_blocks_hold_no_raw_html_and_rich_text_only_what_is_listed():
    blocks = StandardPage.body.field.stream_block.child_blocks
    kinds = {type(part).__name__ for part in blocks.values()}
    assert "RawHTMLBlock" not in kinds
    assert blocks["text"].features == ["h3", "bold", "italic", "ol", "ul", "link"]
    assert term().name == "metaduomenys"


EVIL = '<p onclick="x()">A<script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">B</a></p>'


def test_M08_what_an_editor_pastes_or_forges_brings_no_script(client, admin_of_portal, course):
    page = standard_page(course.home, body=[block("text", "<p>Prieš</p>")])
    address = f"/admin/pages/{page.pk}/edit/"
    form = admin_of_portal.get(address).context["form"]
    content = {
        "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}}},
        "blocks": [
            {
                "key": "a",
                "text": EVIL,
                "type": "unstyled",
                "depth": 0,
                "inlineStyleRanges": [],
                "entityRanges": [{"offset": 0, "length": 3, "key": 0}],
            }
        ],
    }
    data = {name: value for name, value in form.initial.items() if isinstance(value, (str, bool)) and value}
    data |= {
        "title": "Po",
        "slug": page.slug,
        "body-count": "1",
        "body-0-type": "text",
        "body-0-order": "0",
        "body-0-deleted": "",
        "body-0-id": "id-text",
        "body-0-value": json.dumps(content),
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "1",
    }
    answer = admin_of_portal.post(address, data)
    assert answer.status_code == 302, answer.context["form"].errors
    prose = re.search(r'<div class="prose">.*?</div>', client.get(page.get_url()).text, re.DOTALL)[0]
    assert "&lt;script&gt;" in prose  # pasted as text, it is shown as text
    assert not re.search(r"<(script|img)\b|<a\s|<\w+[^>]*\son\w+=", prose)
