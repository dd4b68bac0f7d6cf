"""The printing press: a process of its own that turns HTML into PDF, and the one importer of WeasyPrint.

It is given no settings, no secrets and no way out: its fetcher opens ``data:`` and the bundled fonts,
nothing else. Started and minded by ``portal.documents.rendering``; run as
``python -m portal.documents.press <file descriptor>``.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

FOLDER = Path(__file__).resolve().parent / "fonts"
FACES = (  # family, weight, style, file
    ("Kelrodis Serif", 400, "normal", "SourceSerif4_400Regular.ttf"),
    ("Kelrodis Serif", 400, "italic", "SourceSerif4_400Regular_Italic.ttf"),
    ("Kelrodis Serif", 600, "normal", "SourceSerif4_600SemiBold.ttf"),
    ("Kelrodis Sans", 400, "normal", "SourceSans3_400Regular.ttf"),
    ("Kelrodis Sans", 600, "normal", "SourceSans3_600SemiBold.ttf"),
)
MEMORY = 2 * 1024**3  # bytes of address space
DONE, FAILED = b"+", b"-"


class BundledOnly(URLFetcher):
    """Opens ``data:`` and the fonts of ``FACES``; every other address is refused, redirects too."""

    def __init__(self, fonts: dict[str, bytes]) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self._fonts = fonts

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return the font or the data. Raises ValueError for any other address."""
        if url in self._fonts:
            return URLFetcherResponse(url, self._fonts[url], {"Content-Type": "font/ttf"})
        return super().fetch(url, headers)


def face_rules() -> str:
    """Return the ``@font-face`` rules of the bundled fonts."""
    return "\n".join(
        f"@font-face {{ font-family: '{family}'; font-weight: {weight}; font-style: {style};"
        f" src: url('bundled:{name}') }}"
        for family, weight, style, name in FACES
    )


def load_fonts() -> dict[str, bytes]:
    """Read the fonts, by address. Raises FileNotFoundError when the set-up has not put them there."""
    return {f"bundled:{name}": (FOLDER / name).read_bytes() for _family, _weight, _style, name in FACES}


def print_pdf(job: dict[str, Any], fonts: dict[str, bytes]) -> bytes:
    """Return the PDF/UA-1 (ISO 14289-1) of ``job``: html, title, language, created (seconds since 1970).

    The same job gives the same bytes, on another day and in another process.
    """
    os.environ["SOURCE_DATE_EPOCH"] = str(job["epoch"])
    fetcher = BundledOnly(fonts)
    configuration = FontConfiguration()
    faces = CSS(string=face_rules(), font_config=configuration, url_fetcher=fetcher)
    document = HTML(string=job["html"], url_fetcher=fetcher, base_url=None).render(
        stylesheets=[faces], font_config=configuration, presentational_hints=False
    )
    metadata = document.metadata
    metadata.title, metadata.lang = job["title"], job["language"]
    metadata.created = metadata.modified = job["created"]
    metadata.attachments = []
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1", custom_metadata=False))


def main(descriptor: int) -> None:
    """Answer jobs until the other side hangs up."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    line: Connection[bytes, bytes] = Connection(descriptor)
    fonts = load_fonts()
    while True:
        try:
            job = json.loads(line.recv_bytes())
        except EOFError:
            return
        try:
            answer = DONE + print_pdf(job, fonts)
        except Exception as error:  # whatever the input does, we answer
            answer = FAILED + f"{type(error).__name__}: {error}"[:500].encode()
        line.send_bytes(answer)


if __name__ == "__main__":
    main(int(sys.argv[1]))
