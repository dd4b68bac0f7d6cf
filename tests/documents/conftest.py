import datetime
import subprocess

import pytest
from django.template import engines

from portal.documents import rendering

WHEN = datetime.datetime(2026, 11, 21, 9, 30, tzinfo=datetime.UTC)


@pytest.fixture
def template(settings, tmp_path):
    """Write a template and return its name."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]

    def write(source: str) -> str:
        (tmp_path / "document.html").write_text(source, encoding="utf-8")
        for engine in engines.all():
            engine.engine.template_loaders[0].reset()
        return "document.html"

    return write


@pytest.fixture
def pdf_of(template):
    """Render a piece of HTML to PDF."""

    def render(
        body: str, *, style: str = "", language: str = "lt", title: str = "Bandymas", **context
    ) -> bytes:
        source = (
            '{% extends "pdf/base.html" %}{% block style %}' + style + "{% endblock %}"
            "{% block content %}" + body + "{% endblock %}"
        )
        return rendering.render_pdf(
            template=template(source), context=context, language=language, title=title, created=WHEN
        )

    return render


@pytest.fixture
def text_of(tmp_path):
    """Return the text a reader can copy out of a PDF."""

    def extract(pdf: bytes) -> str:
        path = tmp_path / "document.pdf"
        path.write_bytes(pdf)
        done = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True)
        return done.stdout.decode()

    return extract
