"""The order of words in lists, by the alphabet of the reader's language; and words without their diacritics.

Stands below all apps: people, pages and courses are all put in order.
"""

from __future__ import annotations

import unicodedata

# CLDR's collation for Lithuanian (common/collation/lt.xml): č, š and ž are letters of their own; y stands with i.
# Accents that make no letter of their own decide only between words otherwise the same.
_OWN_LETTERS = {"c\u030c": "c\uffff", "s\u030c": "s\uffff", "z\u030c": "z\uffff"}

SortKey = tuple[str, str, str]


def sort_key(text: str, language: str) -> SortKey:
    """Return what to sort ``text`` by in ``language``: its letters, then its accents, then its capitals."""
    spread = unicodedata.normalize("NFD", text.casefold())
    letters = spread
    if language == "lt":
        for written, key in _OWN_LETTERS.items():
            letters = letters.replace(written, key)
        letters = letters.replace("y", "i\u036f")
    plain = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return plain, letters, text.swapcase()


def fold(word: str) -> str:
    """Return ``word`` in small letters without diacritics: „Žvaigždė“ becomes „zvaigzde“."""
    spread = unicodedata.normalize("NFD", word.casefold())
    return "".join(sign for sign in spread if not unicodedata.combining(sign))
