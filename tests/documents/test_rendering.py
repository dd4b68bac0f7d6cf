import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from portal.documents import rendering
from tests.documents.conftest import WHEN

LETTERS = "ąčęėįšųūž ĄČĘĖĮŠŲŪŽ"
STYLE = 'body { font-family: "Kelrodis Serif" } h1 { font-family: "Kelrodis Sans"; font-weight: 600 }'


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def test_lithuanian_letters_can_be_copied_out(pdf_of, text_of):
    text = text_of(pdf_of("<h1>{{ letters }}</h1><p>{{ letters }}</p>", style=STYLE, letters=LETTERS))
    assert text.count(LETTERS) == 2


def test_fonts_are_the_bundled_ones_and_embedded(pdf_of):
    pdf = opened(pdf_of(f"<h1>{LETTERS}</h1><p>{LETTERS}</p>", style=STYLE))
    fonts = pdf.pages[0].Resources.Font
    names = {str(font.BaseFont) for font in fonts.values()}
    assert {name.partition("+")[2] for name in names} == {"Kelrodis-Serif", "Kelrodis-Sans-Semi-Bold"}
    for font in fonts.values():
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


def test_document_is_tagged_and_says_it_is_pdf_ua(pdf_of):
    pdf = opened(pdf_of("<h1>Antraštė</h1>", title="Pažymėjimas"))
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.Lang == "lt"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert pdf.docinfo["/Title"] == "Pažymėjimas"
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
    kinds = [str(element.S) for element in pdf.Root.StructTreeRoot.K[0].K]
    assert kinds == ["/H1"]


def test_language_of_the_document_is_the_one_asked_for(pdf_of):
    assert opened(pdf_of("<p>Hello</p>", language="en")).Root.Lang == "en"


def test_rendering_again_gives_the_same_bytes(pdf_of):
    body, context = "<h1>{{ name }}</h1>", {"name": "Živilė Čepulienė"}
    first = pdf_of(body, style=STYLE, **context)
    rendering.press.stop()
    assert pdf_of(body, style=STYLE, **context) == first


def test_another_process_on_another_day_gives_the_same_bytes(pdf_of, tmp_path):
    first = pdf_of(f"<h1>{LETTERS}</h1>", style=STYLE)
    code = f"""
import datetime, hashlib, sys
import django
from django.conf import settings
settings.configure(TEMPLATES=[{{"BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [{str(tmp_path)!r}, "templates"]}}], LANGUAGE_CODE="lt")
django.setup()
from portal.documents.rendering import render_pdf
when = datetime.datetime.fromisoformat({WHEN.isoformat()!r})
pdf = render_pdf(template="document.html", context={{}}, language="lt", title="Bandymas", created=when)
print(hashlib.sha256(pdf).hexdigest())
"""
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        cwd=rendering.ROOT,
        env=environment,
        text=True,
    )
    assert done.stdout.strip() == hashlib.sha256(first).hexdigest()


def test_bytes_do_not_tell_the_time_of_rendering(pdf_of):
    pdf = opened(pdf_of("<p>x</p>"))
    assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261121093000")


def test_too_much_html_is_refused_before_layout(pdf_of):
    with pytest.raises(rendering.DocumentTooLarge):
        pdf_of("{{ text }}", text="ž" * 100_001)


@pytest.mark.parametrize("nested", ["<table><tr><td>" * 60, "<div>" * 3_000])
def test_nesting_that_breaks_the_layout_is_an_error_not_a_crash(pdf_of, nested):
    with pytest.raises(rendering.RenderingFailed, match="RecursionError"):
        pdf_of(nested)
    assert pdf_of("<p>x</p>").startswith(b"%PDF"), "the press goes on working"


def test_layout_that_does_not_end_in_time_is_stopped(template):
    rendering.render_pdf(template=template("<p>x"), context={}, language="lt", title="x", created=WHEN)
    stuck = rendering.press._process
    with pytest.raises(rendering.RenderingTookTooLong):
        rendering.render_pdf(
            template=template("<p>" + "žodis " * 20_000),
            context={},
            language="lt",
            title="x",
            created=WHEN,
            seconds=0.05,
        )
    assert stuck.poll() is not None, "its process is gone"
    pdf = rendering.render_pdf(template=template("<p>x"), context={}, language="lt", title="x", created=WHEN)
    assert pdf.startswith(b"%PDF")


def test_press_killed_between_jobs_is_started_anew(pdf_of):
    first = pdf_of("<p>x</p>")
    rendering.press._process.kill()
    rendering.press._process.wait()
    assert pdf_of("<p>x</p>") == first


def test_press_is_given_no_secrets(pdf_of, monkeypatch):
    monkeypatch.setenv("KELRODIS_SECRET_KEY", "do not tell")
    rendering.press.stop()
    pdf_of("<p>x</p>")
    environment = Path(f"/proc/{rendering.press._process.pid}/environ").read_bytes()
    assert b"do not tell" not in environment
    assert b"KELRODIS" not in environment


def test_forked_child_starts_a_press_of_its_own(pdf_of):
    first = pdf_of("<p>x</p>")
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            pdf = rendering.press.print(
                {
                    "html": "<p>x",
                    "title": "x",
                    "language": "lt",
                    "created": "2026-11-21T00:00:00Z",
                    "epoch": 0,
                },
                seconds=30,
            )
            os.write(writing, json.dumps([len(pdf) > 500, rendering.press._process.pid]).encode())
            rendering.press.stop()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    fine, pid = json.loads(os.read(reading, 1000))
    os.close(reading)
    os.close(writing)
    assert fine
    assert pid != rendering.press._process.pid
    assert pdf_of("<p>x</p>") == first
