"""Recordings are given out whole or in parts (RFC 9110, 14), and only to those their collection is open to (U16)."""

from __future__ import annotations

import pytest
from wagtail.models import Collection, CollectionViewRestriction

from tests.factories.content import WEBM, document, recording
from tests.security.test_headers import policy

pytestmark = pytest.mark.django_db
SIZE = len(WEBM)


@pytest.fixture
def video(db):
    return recording()


@pytest.fixture
def private(db):
    """A recording that only people signed in may see."""
    shelf = Collection.get_first_root_node().add_child(name="Vidiniai")
    CollectionViewRestriction.objects.create(collection=shelf, restriction_type="login")
    return recording(collection=shelf)


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_recording_is_given_out_whole_and_harmless(client, video):
    answer = client.get(video.url)
    assert body(answer) == WEBM
    assert (answer["Content-Type"], answer["Accept-Ranges"]) == ("video/webm", "bytes")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert policy(answer)["default-src"] == ["'none'"]


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-", 0, SIZE - 1),
        ("bytes=10-19", 10, 19),
        ("bytes=-5", SIZE - 5, SIZE - 1),
        ("bytes=-99999", 0, SIZE - 1),
        ("bytes=10-99999", 10, SIZE - 1),
    ],
)
def test_part_of_a_recording_is_given_out(client, video, asked, start, end):
    answer = client.get(video.url, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {start}-{end}/{SIZE}"
    assert body(answer) == WEBM[start : end + 1]
    assert int(answer["Content-Length"]) == end - start + 1


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=99999-100000", "bytes=-0", f"bytes={'9' * 40}-"])
def test_part_beyond_the_end_is_refused(client, video, asked):
    answer = client.get(video.url, headers={"Range": asked})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{SIZE}")


@pytest.mark.parametrize("asked", ["bytes=0-1,5-9", "bytes=9-1", "bytes=-", "items=0-1", "bytes=a-b", "x"])
def test_what_is_no_single_range_is_answered_with_the_whole(client, video, asked):
    answer = client.get(video.url, headers={"Range": asked})
    assert answer.status_code == 200
    assert body(answer) == WEBM


def test_part_of_another_version_is_not_mixed_with_this_one(client, video):
    etag = client.get(video.url)["ETag"]
    assert client.get(video.url, headers={"Range": "bytes=0-1", "If-Range": etag}).status_code == 206
    assert client.get(video.url, headers={"Range": "bytes=0-1", "If-Range": '"other"'}).status_code == 200


def test_only_its_size_is_told_where_only_that_is_asked(client, video):
    answer = client.head(video.url)
    assert (body(answer), answer["Content-Length"]) == (b"", str(SIZE))
    assert client.head(video.url, headers={"Range": "bytes=0-9"}).status_code == 206
    assert client.post(video.url).status_code == 405


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-0"}, {"Range": "bytes=99999-"}])
def test_U16_private_recording_does_not_exist_for_a_visitor(client, private, austeja, method, headers):
    places = [private.url, f"{private.url}captions/lt/"]
    for place in places:
        answer = getattr(client, method)(place, headers=headers)
        assert answer.status_code == 404
        assert "Content-Range" not in answer and WEBM not in answer.content
    client.force_login(austeja, backend="portal.directory.backends.EmailBackend")
    for place in places:
        assert getattr(client, method)(place).status_code == 200


@pytest.mark.parametrize("method", ["get", "head"])
def test_U16_private_document_is_not_given_out_in_parts_either(client, method):
    shelf = Collection.get_first_root_node().add_child(name="Vidiniai")
    CollectionViewRestriction.objects.create(collection=shelf, restriction_type="login")
    answer = getattr(client, method)(document(collection=shelf).url, headers={"Range": "bytes=0-9"})
    assert answer.status_code == 302
    assert b"PDF" not in answer.content


@pytest.mark.parametrize("kind", ["file", "captions_lt"])
def test_U16_recording_is_not_given_away_among_the_media(client, video, kind):
    for road in ("/media/{}", "/media/./{}", "/media/images/../{}"):
        assert client.get(road.format(getattr(video, kind).name)).status_code == 404


def test_captions_are_given_out_in_the_languages_there_are(client, db):
    made = recording(captions=("lt",))
    answer = client.get(f"{made.url}captions/lt/")
    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer.content.startswith(b"WEBVTT")
    assert client.get(f"{made.url}captions/en/").status_code == 404
    assert client.get(f"{made.url}captions/xx/").status_code == 404


def test_recording_whose_file_is_lost_is_not_found(client, video):
    video.file.storage.delete(video.file.name)
    assert client.get(video.url).status_code == 404


@pytest.mark.parametrize("path", ["a" * 300, "ą" * 200, "images/" + "b" * 5000, "a%00b", "images/%00.png"])
def test_file_that_cannot_be_there_is_not_found(client, path):
    assert client.get(f"/media/{path}").status_code == 404
