"""Words as the search knows them: without endings and without diacritics, in the page's language.

Both what is indexed and what is asked go through ``forms``, so „šaltinių“, „šaltinis“ and „saltiniu“ find one
another on every database.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

from portal.collation import fold

STEMMERS = {"lt": "lithuanian", "en": "english"}
WORD = re.compile(r"[^\W_]+")
TAG = re.compile(r"<[^>]+>")
MOST_WORDS = 12  # of one question
LONGEST = 200  # characters of a question that are looked at
LONGEST_WORD = 60


@lru_cache(maxsize=20_000)
def forms(word: str, language: str) -> tuple[str, ...]:
    """Return what ``word`` is indexed and looked for as.

    Two forms where they differ: the stem without its diacritics, and the stem of the word written without them.
    Stems are Snowball's (snowballstem.org).
    """
    word = unicodedata.normalize("NFC", word.casefold())[:LONGEST_WORD]
    if language not in STEMMERS:
        return (fold(word),)
    stemmer = snowballstemmer.stemmer(STEMMERS[language])
    found = dict.fromkeys((fold(stemmer.stemWord(word)), stemmer.stemWord(fold(word))))
    return tuple(form for form in found if form)


def indexed(text: str, language: str) -> str:
    """Return the forms of all words of ``text`` (HTML or plain), for the index."""
    words = WORD.findall(TAG.sub(" ", text))
    return " ".join(form for word in words for form in forms(word, language))


def asked(question: str, language: str) -> list[tuple[str, ...]]:
    """Return the forms of each word of a question, at most so many words."""
    words = WORD.findall(question[:LONGEST].replace("\x00", " "))
    return list(dict.fromkeys(forms(word, language) for word in words))[:MOST_WORDS]
