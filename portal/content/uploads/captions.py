"""Captions: WebVTT as its standard has it (W3C, WebVTT: The Web Video Text Tracks Format, section 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

LARGEST = 1024 * 1024
TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMING = re.compile(rf"{TIME}[ \t]+-->[ \t]+{TIME}(?:[ \t]+\S.*)?", re.ASCII)
ASIDE = re.compile(r"(NOTE|STYLE|REGION)(?=[ \t\n]|$)")


def problem_of(data: bytes) -> str:
    """Return what is wrong with a file of captions, in a sentence for the editor; empty when nothing is."""
    if len(data) > LARGEST:
        return _("The captions are too long: at most 1 MB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _("The captions are not UTF-8 text.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text or re.match(r"WEBVTT(?=[ \t\n]|$)", text) is None:
        return _("This is not a WebVTT file: its first line must be WEBVTT.")
    return next(_problems(text), "")


def _problems(text: str) -> Iterator[str]:
    """Yield what is wrong with the cues, from the first on."""
    last = -1
    number = 0
    for block in re.split(r"\n{2,}", text.strip("\n"))[1:]:
        if ASIDE.match(block):
            continue
        lines = block.split("\n")
        if "-->" not in lines[0]:
            lines = lines[1:]  # its name
        number += 1
        timing = TIMING.fullmatch(lines[0].rstrip()) if lines else None
        if timing is None:
            yield _("The time of caption %(number)s is not written as 00:01.000 --> 00:04.000.") % {
                "number": number
            }
            return
        start, end = _moment(timing.groups()[:4]), _moment(timing.groups()[4:])
        if end <= start or start < last:
            yield _("Caption %(number)s ends before it begins, or begins before the one above it.") % {
                "number": number
            }
        if not any(line.strip() for line in lines[1:]):
            yield _("Caption %(number)s has no text.") % {"number": number}
        last = start
    if not number:
        yield _("There is no caption in the file.")


def _moment(parts: tuple[str | None, ...]) -> int:
    """Return a time in milliseconds."""
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
