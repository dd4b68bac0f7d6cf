"""The certificate as it is printed: what stands on it, how large, and which version of the design."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, override

from certificates import addresses, wording
from certificates.models import Credential
from portal.documents.pictures import drawing, qr_image
from portal.documents.rendering import render_pdf

TEMPLATE = "pdf/certificate.html"
PARTS = (TEMPLATE, "pdf/base.html", "pdf/certificate.css", "pdf/rose.svg")
# (at most so many characters, the class that sets the size); longer than all: "endless"
NAME_SIZES = ((36, ""), (46, "longer"), (64, "long"), (130, "longest"))
SENTENCE_SIZES = ((200, ""), (400, "long"))
LONGEST_WORD = 55


@cache
def template_version() -> str:
    """Return the first 12 hexadecimal digits of the SHA-256 of the template and its parts."""
    sources = [get_template(part).template.source for part in PARTS]  # type: ignore[attr-defined]
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()[:12]


def make_pdf(credential: Credential) -> bytes:
    """Return the certificate as PDF; the same credential gives the same bytes.

    Raises RenderingFailed when the layout fails.
    """
    with override(credential.language):
        title = gettext("Certificate of completion")
        context = certificate_context(credential)
    return render_pdf(
        template=TEMPLATE,
        context=context,
        language=credential.language,
        title=f"{title} {credential.number}",
        created=credential.issued_at,
    )


def certificate_context(credential: Credential) -> dict[str, Any]:
    """Return what the template prints, in the active language."""
    frozen = credential.snapshot
    name, title = credential.holder_name, str(frozen["title"])
    sizes = size_of(len(name), NAME_SIZES), size_of(len(title + frozen["competences"]), SENTENCE_SIZES)
    url = addresses.verify_url(credential)
    day = wording.day(frozen["issued_on"])
    return {
        **frozen,
        "issuer": frozen["issuer"] if frozen["issuer"] != frozen["portal"] else "",
        "rose": drawing("pdf/rose.svg"),
        "number": credential.number,
        "holder_name": name,
        "holder_size": sizes[0],
        "sentence": sentence(title, frozen["competences"]),
        "sentence_size": sizes[1],
        "unbroken": any(len(word) > LONGEST_WORD for word in f"{title} {frozen['competences']}".split()),
        "dense": "endless" in sizes,
        "hours": wording.hours(frozen["hours"]),
        "period": wording.period_of(frozen),
        "issued": f"{frozen['place']}, {day}" if frozen["place"] else day,
        "check_url": addresses.check_url(),
        "check_shown": addresses.check_shown(),
        "qr": qr_image(text=url, alt=gettext("QR code that leads to %(address)s") % {"address": url}),
    }


def sentence(title: str, competences: str) -> SafeString:
    """Return what the holder has done, with the course set off; all of it escaped."""
    course = format_html('<span class="course">{}</span>', title)
    if competences:
        pattern = gettext("has completed the course “{course}” and gained competence in {competences}.")
    else:
        pattern = gettext("has completed the course “{course}”.")
    return format_html(pattern, course=course, competences=competences)


def size_of(length: int, steps: tuple[tuple[int, str], ...]) -> str:
    """Return the class of the first step that holds ``length`` characters."""
    return next((name for limit, name in steps if length <= limit), "endless")
