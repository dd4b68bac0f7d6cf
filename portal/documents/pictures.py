"""Pictures for documents: QR codes (ISO/IEC 18004) and drawings, both as ``data:`` addresses."""

from __future__ import annotations

import base64

import segno
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


def qr_image(*, text: str, alt: str, colour: str = "#1b2421") -> SafeString:
    """Return an ``img`` with the QR code of ``text`` inside it as SVG, described by ``alt``.

    Error correction M (15 %); no quiet zone, the template leaves the white paper around it
    (ISO/IEC 18004 asks for four modules).
    """
    code = segno.make(text, error="m", micro=False, boost_error=False)
    data = code.svg_data_uri(dark=colour, border=0, omitsize=True, svgclass=None, lineclass=None)
    return format_html('<img class="qr" src="{}" alt="{}">', data, alt)


def drawing(template: str) -> SafeString:
    """Return the SVG template as a ``data:`` address, for a decoration drawn as a CSS background."""
    source = render_to_string(template).encode()
    return mark_safe("data:image/svg+xml;base64," + base64.b64encode(source).decode())  # noqa: S308 (base64)
