"""Files uploaded in the admin, by every door: what is refused, and what is taken away from what is kept."""

from __future__ import annotations

import struct
import warnings
import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Pillow
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection

from portal.content.models import Recording
from portal.content.uploads.captions import problem_of
from portal.content.uploads.names import tidy_name, tidy_title
from tests.factories.content import VTT, WEBM, document, png, recording

pytestmark = pytest.mark.django_db
Image, Document = get_image_model(), get_document_model()
DOORS = {
    "picture": ("wagtailimages:add", "wagtailimages:add_multiple", "wagtailimages_chooser:create", Image),
    "document": ("wagtaildocs:add", "wagtaildocs:add_multiple", "wagtaildocs_chooser:create", Document),
}
PREFIXES = {"picture": "image-chooser-upload", "document": "document-chooser-upload"}


def uploaded(browser, kind, name, data, door="one", title="Failas"):
    """Upload a file by one of the doors; return how many were kept."""
    one, many, chooser, model = DOORS[kind]
    before = model.objects.count()
    collection = Collection.get_first_root_node().pk
    file = SimpleUploadedFile(name, data)
    if door == "one":
        browser.post(reverse(one), {"title": title, "file": file, "collection": collection})
    elif door == "many":
        answer = browser.post(reverse(many), {"title": title, "files[]": file, "collection": collection})
        assert answer.status_code == 200
    else:
        prefix = PREFIXES[kind]
        fields = {f"{prefix}-title": title, f"{prefix}-file": file, f"{prefix}-collection": collection}
        browser.post(reverse(chooser), fields)
    return model.objects.count() - before


@pytest.fixture(params=["one", "many", "chooser"])
def door(request):
    return request.param


def svg(inside="", attributes=""):
    head = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"'
    return f"{head} {attributes}>{inside}</svg>".encode()


GOOD = (
    '<style>.a{fill:#14574a}</style><defs><path id="p" d="M0 0h9"/></defs>'
    '<use xlink:href="#p"/><rect fill="url(#p)" class="a"/>'
)
EVIL = {
    "script": svg("<script>alert(1)</script>"),
    "foreign object": svg(
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="x()"/></foreignObject>'
    ),
    "onload": svg(attributes='onload="alert(1)"'),
    "handler": svg('<rect ONCLICK="alert(1)"/>'),
    "javascript": svg('<a xlink:href=" javascript:alert(1)"><path/></a>'),
    "outside": svg('<image href="https://evil.example/x.png"/>'),
    "use outside": svg('<use href="https://evil.example/x.svg#a"/>'),
    "style": svg("<style>@import url(https://evil.example/x.css);</style>"),
    "fill": svg('<rect fill="url(https://evil.example/x#a)"/>'),
    "svg in data": svg('<image href="data:image/svg+xml;base64,PHN2Zz4="/>'),
    "animated link": svg('<a><animate attributeName="href" values="javascript:alert(1)"/></a>'),
    "set": svg('<a><set attributeName="xlink:href" to="javascript:alert(1)"/></a>'),
    "entities": b'<!DOCTYPE svg [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>' + svg("<text>&c;</text>"),
    "html": b'<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
    "broken": b"<svg",
}


@pytest.mark.parametrize("name", EVIL)
def test_U01_drawing_that_could_do_something_is_refused(admin_of_portal, name):
    assert uploaded(admin_of_portal, "picture", "a.svg", EVIL[name]) == 0


def test_U01_drawing_is_refused_at_every_door(admin_of_portal, door):
    assert uploaded(admin_of_portal, "picture", "a.svg", EVIL["script"], door) == 0
    assert uploaded(admin_of_portal, "picture", "a.svg", svg(GOOD), door) == 1


def packed(*names, mimetype=None):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        if mimetype:
            pack.writestr("mimetype", mimetype)
        for name in names:
            pack.writestr(name, "x")
    return out.getvalue()


HTML = b"<!doctype html><script>alert(1)</script>"
CLAIMED = [
    ("picture", "a.png", HTML),
    ("picture", "a.jpg", png()),
    ("picture", "a.gif", b"GIF89a" + HTML),
    ("picture", "a.html", HTML),
    ("document", "a.pdf", HTML),
    ("document", "a.txt", HTML),
    ("document", "a.txt", b"a\x00b"),
    ("document", "a.html", HTML),
    ("document", "a.exe", b"MZ"),
    ("document", "a.docx", packed("[Content_Types].xml", "xl/workbook.xml")),
    ("document", "a.docx", packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
    ("document", "a.docx", b"PK\x03\x04 broken"),
    ("document", "a.odt", packed(mimetype="application/epub+zip")),
    ("document", "a.zip", packed("a")),
]


@pytest.mark.parametrize(("kind", "name", "data"), CLAIMED, ids=lambda value: str(value)[:20])
def test_U03_file_that_is_not_what_its_name_says_is_refused(admin_of_portal, kind, name, data):
    assert uploaded(admin_of_portal, kind, name, data) == 0


@pytest.mark.parametrize("kind", DOORS)
def test_U03_claim_is_refused_at_every_door(admin_of_portal, door, kind):
    name = {"picture": "a.png", "document": "a.pdf"}[kind]
    assert uploaded(admin_of_portal, kind, name, HTML, door) == 0


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b"%PDF-1.7"),
        ("a.docx", packed("[Content_Types].xml", "word/document.xml")),
        ("a.odt", packed("content.xml", mimetype="application/vnd.oasis.opendocument.text")),
        ("a.csv", "Ąžuolas;1\n".encode()),
    ],
)
def test_document_that_is_what_it_says_is_taken(admin_of_portal, name, data, door):
    assert uploaded(admin_of_portal, "document", name, data, door) == 1


def test_U02_page_hidden_behind_a_picture_is_cut_off_and_never_given_out_as_one(admin_of_portal, client):
    out = BytesIO()
    Pillow.new("RGB", (9, 9)).save(out, "JPEG")
    for name, data in (("a.jpg", out.getvalue() + HTML), ("b.png", png() + HTML)):
        assert uploaded(admin_of_portal, "picture", name, data) == 1
        kept = Image.objects.latest("pk")
        assert b"<script" not in kept.file.read()
    answer = client.get(kept.file.url)
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_U02_document_is_given_out_as_what_it_was_checked_to_be(client):
    answer = client.get(document().url)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_U04_picture_of_169_megapixels_is_refused_without_being_unpacked(admin_of_portal, door):
    data = png(13_000, 13_000, "1")
    assert len(data) < 100_000
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
        assert uploaded(admin_of_portal, "picture", "a.png", data, door) == 0


def photograph(form="JPEG"):
    """A photograph turned on its side, that tells where it was taken, by which camera, of whom."""
    exif = Pillow.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SLAPTAS APARATAS"
    exif.get_ifd(0x8825).update({1: "N", 2: (54.0, 41.0, 0.0), 3: "E", 4: (25.0, 17.0, 0.0)})
    out = BytesIO()
    more = {"comment": b"SLAPTAS"} if form == "JPEG" else {"xmp": b"<x>SLAPTAS</x>"} if form == "WEBP" else {}
    Pillow.new("RGB", (40, 20), "#b86b00").save(out, form, exif=exif, **more)
    return out.getvalue()


@pytest.mark.parametrize(
    ("form", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("AVIF", "a.avif")]
)
def test_U13_photograph_loses_its_place_and_camera_and_keeps_which_way_is_up(admin_of_portal, form, name):
    assert uploaded(admin_of_portal, "picture", name, photograph(form)) == 1
    kept = Image.objects.latest("pk")
    data = kept.file.read()
    assert b"SLAPTAS" not in data
    with Pillow.open(BytesIO(data)) as picture:
        picture.load()
        assert not picture.getexif().get_ifd(0x8825)
        assert 0x010F not in picture.getexif()
    rendition = kept.get_rendition("original")
    assert (rendition.width, rendition.height) == (20, 40)


def test_U13_photograph_is_cleaned_at_every_door(admin_of_portal, door):
    assert uploaded(admin_of_portal, "picture", "a.jpg", photograph(), door) == 1
    assert b"SLAPTAS" not in Image.objects.latest("pk").file.read()


@pytest.mark.parametrize("cut", [3, 20, 60])
def test_U13_damaged_photograph_is_refused_kindly(admin_of_portal, cut):
    assert uploaded(admin_of_portal, "picture", "a.jpg", photograph()[:cut]) == 0


def test_U13_second_picture_within_a_photograph_goes_too(admin_of_portal):
    data = photograph()
    index = b"MPF\x00" + b"x" * 20
    data = data[:2] + b"\xff\xe2" + struct.pack(">H", len(index) + 2) + index + data[2:] + photograph()
    assert uploaded(admin_of_portal, "picture", "a.jpg", data) == 1
    assert b"SLAPTAS" not in Image.objects.latest("pk").file.read()


NAMES = [
    "ą" * 300 + ".pdf",
    "sutartis\u202efdp.exe.pdf",
    "../../etc/passwd.pdf",
    "CON.pdf",
    "漢字.pdf",
    "a%0d%0ab.pdf",
]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:20])
def test_U14_strange_name_is_made_plain(admin_of_portal, client, door, name):
    assert uploaded(admin_of_portal, "document", name, b"%PDF-1.7", door, title=name) == 1
    kept = Document.objects.latest("pk")
    assert kept.filename.isascii() and len(kept.filename) < 80 and kept.file.name.startswith("documents/")
    assert not set("\r\n\u202e/\\ ") & set(kept.filename)
    assert not set("\r\n\u202e") & set(kept.title)
    assert client.get(kept.url).status_code == 200


def test_U14_name_that_breaks_the_line_ends_in_no_header_and_no_store(admin_of_portal):
    assert tidy_name("a\r\nSet-Cookie: x=1.pdf") == "a-set-cookie-x1.pdf"
    assert tidy_title("Sutartis\r\nSet-Cookie:\u202e x\x00") == "Sutartis Set-Cookie: x"
    uploaded(admin_of_portal, "document", "a\r\nSet-Cookie: x=1.pdf", b"%PDF-1.7")
    assert not Document.objects.exists()  # such a name ends the header of its part: there is no file in it


def test_U15_file_over_its_limit_is_refused(admin_of_portal, settings, door):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 2_000
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 2_000
    noise = BytesIO()
    Pillow.effect_noise((90, 90), 90).save(noise, "PNG")
    assert uploaded(admin_of_portal, "picture", "a.png", noise.getvalue(), door) == 0
    assert uploaded(admin_of_portal, "document", "a.pdf", b"%PDF-" + b"x" * 3_000, door) == 0


def test_U15_nothing_is_taken_once_the_quota_is_used_up(admin_of_portal, settings, door):
    document()  # of 2.4 MB; what it weighs is asked when it is shown
    Document.objects.update(file_size=2_400_000)
    settings.UPLOADS_QUOTA = 2_400_100
    assert uploaded(admin_of_portal, "document", "a.pdf", b"%PDF-1.7" + b"x" * 200, door) == 0
    assert uploaded(admin_of_portal, "document", "a.pdf", b"%PDF-1.7", door) == 1


def add_recording(browser, name="a.webm", data=WEBM, kind="video", **captions):
    files = {field: SimpleUploadedFile("a.vtt", text) for field, text in captions.items()}
    fields = {"title": "Įrašas", "file": SimpleUploadedFile(name, data), "transcript_lt": "Labas."}
    fields["collection"] = Collection.get_first_root_node().pk
    return browser.post(reverse("wagtailmedia:add", args=[kind]), fields | files)


def test_recording_is_uploaded_with_its_captions(admin_of_portal):
    assert add_recording(admin_of_portal, captions_lt=VTT).status_code == 302
    kept = Recording.objects.get()
    assert (kept.content_type, kept.file_size, kept.file.name) == ("video/webm", len(WEBM), "media/a.webm")
    assert kept.captions("lt").read() == VTT and not kept.captions("en")


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.webm", HTML, "video"),
        ("a.mp4", WEBM, "video"),
        ("a.mp3", HTML, "audio"),
        ("a.exe", WEBM, "video"),
        ("a.webm", b"\x1a\x45\xdf\xa3 matroska", "video"),
    ],
)
def test_U03_recording_that_is_not_what_its_name_says_is_refused(admin_of_portal, name, data, kind):
    assert add_recording(admin_of_portal, name, data, kind).status_code == 200
    assert not Recording.objects.exists()


def test_U15_recording_over_its_limit_is_refused(admin_of_portal, settings):
    settings.RECORDING_LIMIT = 1_000
    assert add_recording(admin_of_portal).status_code == 200
    assert not Recording.objects.exists()


BAD_CAPTIONS = {
    "html": HTML,
    "srt": b"1\n00:00:01,000 --> 00:00:02,000\nLabas\n",
    "empty": b"WEBVTT\n",
    "comma": b"WEBVTT\n\n00:01,000 --> 00:02,000\nLabas\n",
    "backwards": b"WEBVTT\n\n00:02.000 --> 00:01.000\nLabas\n",
    "order": b"WEBVTT\n\n00:05.000 --> 00:06.000\nA\n\n00:01.000 --> 00:02.000\nB\n",
    "no text": b"WEBVTT\n\n00:01.000 --> 00:02.000\n",
    "cp1257": "WEBVTT\n\n00:01.000 --> 00:02.000\nĄžuolas\n".encode("cp1257"),
    "prefix": b"WEBVTTX\n\n00:01.000 --> 00:02.000\nA\n",
    "large": b"WEBVTT\n\n" + b"x" * 1_100_000,
}


@pytest.mark.parametrize("name", BAD_CAPTIONS)
def test_captions_that_are_not_webvtt_are_refused_with_a_reason(admin_of_portal, name):
    answer = add_recording(admin_of_portal, captions_lt=BAD_CAPTIONS[name])
    assert answer.status_code == 200
    assert problem_of(BAD_CAPTIONS[name]) in answer.context["form"].errors["captions_lt"][0]
    assert not Recording.objects.exists()


def test_captions_may_have_names_notes_styles_hours_and_settings():
    good = (
        "\ufeffWEBVTT - apie\r\nKind: captions\r\n\r\nNOTE pastaba\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\n"
        "pirmas\r\n01:00:00.000 --> 01:00:02.500 align:start\r\n<v Rūta>Labas</v>\r\n"
    )
    assert problem_of(good.encode()) == ""


def test_replaced_captions_are_deleted_from_the_store(admin_of_portal):
    kept = recording()
    storage, former = kept.captions_lt.storage, kept.captions_lt.name
    fields = {"title": "Įrašas", "collection": kept.collection_id, "captions_lt-clear": "on"}
    answer = admin_of_portal.post(reverse("wagtailmedia:edit", args=[kept.pk]), fields)
    assert answer.status_code == 302, answer.context["form"].errors
    assert not storage.exists(former)
    assert not Recording.objects.get().captions("lt")
