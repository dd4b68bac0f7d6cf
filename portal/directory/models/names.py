"""What may be a person's name here."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 60  # of each part, as people type it here; a certificate has to hold both


def printable_name(value: str) -> None:
    """Refuse what cannot be printed as a name: no letter in it, or control and formatting characters."""
    if not any(character.isalpha() for character in value):
        raise ValidationError(_("Write it in letters."))
    if any(unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"} for character in value):
        raise ValidationError(_("It contains characters that cannot be printed."))


def is_plain(name: str) -> bool:
    """Whether a name holds nothing but letters and what joins them, and so cannot pass for an address or a number.

    Others are kept out of letters to somebody who may be a stranger.
    """
    return bool(name) and all(character.isalpha() or character in " -'’" for character in name)
