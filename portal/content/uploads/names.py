"""Names of files and titles made of them (U14)."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from django.utils.text import slugify

LONGEST = 60
LONGEST_TITLE = 255
EXTENSION = re.compile(r"\.[a-z0-9]{1,5}")


def tidy_name(name: str) -> str:
    """Return a name that is safe in every store and header: small ASCII letters, digits and hyphens, at most 66 signs.

    Folders, control signs, marks that turn the direction of writing, and all but the last extension are gone.
    """
    path = PurePosixPath(_plain(name).replace("\\", "/"))
    extension = path.suffix.lower() if EXTENSION.fullmatch(path.suffix.lower()) else ""
    return f"{slugify(path.stem)[:LONGEST].strip('-') or 'failas'}{extension}"


def tidy_title(title: str) -> str:
    """Return a title on one line, without signs that cannot be seen, no longer than a title may be."""
    return " ".join(_plain(title).split())[:LONGEST_TITLE]


def _plain(text: str) -> str:
    """Return ``text`` without control and format signs (Unicode categories Cc, Cf, Cs)."""
    spaced = re.sub(r"[\r\n\t]+", " ", text)
    return "".join(sign for sign in spaced if unicodedata.category(sign) not in {"Cc", "Cf", "Cs"})
