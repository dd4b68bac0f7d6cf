"""Recordings, documents, pictures, terms, and a body with one of every block."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image as Pillow
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from portal.content.models import GlossaryTerm, Recording, StandardPage
from tests.factories.courses import add

VTT = b"WEBVTT\n\n00:00.000 --> 00:02.000\nSveiki\n"
WEBM = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + bytes(range(256)) * 8
VIDEO = "https://www.youtube.com/watch?v=abcdefghi-_"


def png(width: int = 8, height: int = 8, mode: str = "RGB") -> bytes:
    out = BytesIO()
    Pillow.new(mode, (width, height)).save(out, "PNG")
    return out.getvalue()


def picture(**fields: Any) -> Any:
    return get_image_model().objects.create(
        title="Paveikslas", file=ContentFile(png(1300, 700), name="paveikslas.png"), **fields
    )


def document(**fields: Any) -> Any:
    file = ContentFile(b"%PDF-1.7 " + b"x" * 2_500_000, name="atmintine.pdf")
    return get_document_model().objects.create(title="Atmintinė", file=file, **fields)


def recording(*, captions: tuple[str, ...] = ("lt", "en"), kind: str = "video", **fields: Any) -> Recording:
    """A recording with captions and transcripts in these languages."""
    said: dict[str, Any] = {f"captions_{code}": ContentFile(VTT, name=f"{code}.vtt") for code in captions}
    said |= {f"transcript_{code}": {"lt": "Sveiki atvykę.", "en": "Welcome."}[code] for code in captions}
    name = {"video": "vedlys.webm", "audio": "vedlys.mp3"}[kind]
    file = ContentFile(WEBM, name=name)
    return Recording.objects.create(
        **{"title": "Vedlys", "type": kind, "file": file, "file_size": len(WEBM)} | said | fields
    )


def term() -> GlossaryTerm:
    return GlossaryTerm.objects.get_or_create(
        term_lt="metaduomenys",
        defaults={
            "definition_lt": "Duomenys apie kitus duomenis.",
            "term_en": "metadata",
            "definition_en": "Data about other data.",
        },
    )[0]


def block(kind: str, value: Any, identifier: str = "") -> dict[str, Any]:
    return {"type": kind, "id": identifier or f"id-{kind}", "value": value}


def listed(*values: Any) -> list[dict[str, Any]]:
    return [{"type": "item", "id": f"item-{place}", "value": value} for place, value in enumerate(values)]


def recording_block(made: Recording | None = None) -> dict[str, Any]:
    return block(
        "recording",
        {"title": "Kaip ieškoti", "recording": (made or recording()).pk, "caption": "Dvi minutės."},
    )


def embed_block(url: str = VIDEO) -> dict[str, Any]:
    return block("embed", {"title": "Paskaita", "url": url, "summary": "<p>Apie ką kalbama.</p>"})


def document_block(made: Any = None) -> dict[str, Any]:
    return block("document", {"document": (made or document()).pk, "title": "", "note": "Tinka spausdinti."})


def comparison_block() -> dict[str, Any]:
    columns = listed(
        {"heading": "Knyga", "text": "<p>Lėta, išsami.</p>"},
        {"heading": "Straipsnis", "text": "<p>Greitas, siauras.</p>"},
    )
    value = {"title": "Knyga ar straipsnis", "columns": columns, "remark": "<p>Reikia abiejų.</p>"}
    return block("comparison", value)


def table_block() -> dict[str, Any]:
    table = {
        "caption": "Šaltinių rūšys",
        "columns": [{"type": "text", "heading": "Rūšis"}, {"type": "number", "heading": "Puslapių"}],
        "rows": [{"values": ["Knyga", "320"]}, {"values": ["Straipsnis", "12"]}],
    }
    return block("table", {"table": table, "row_headings": True})


def terms_block() -> dict[str, Any]:
    return block("terms", {"terms": listed(term().pk)})


def every_block() -> list[dict[str, Any]]:
    """One of every block a page may have; links, headings and descriptions are as they should be."""
    return [
        block("text", '<p>Skaitykite <a href="https://kelrodis.example/">gaires</a>.</p>'),
        block("heading", "Priemonės"),
        block("callout", {"kind": "note", "title": "Verta žinoti", "text": "<p>Trumpai.</p>"}),
        block("figure", {"image": picture().pk, "alt": "Schema", "decorative": False, "caption": ""}),
        recording_block(),
        embed_block(),
        document_block(),
        block(
            "steps",
            {
                "title": "Eiga",
                "items": listed(
                    {"title": "Pirma", "text": "<p>A</p>"}, {"title": "Antra", "text": "<p>B</p>"}
                ),
            },
        ),
        comparison_block(),
        table_block(),
        terms_block(),
        block(
            "citation",
            {
                "authors": "A. Autorė",
                "title": "Knyga",
                "year": "2024",
                "publisher": "",
                "url": "",
                "note": "",
                "language": "",
            },
        ),
    ]


def standard_page(
    parent: Page, title: str = "Apie", source: Page | None = None, **fields: Any
) -> StandardPage:
    slug = fields.pop("slug", "apie")
    return add(parent, StandardPage(title=title, slug=slug, locale=parent.locale, **fields), source)
