"""Finding a library among all: by its name, its city, its municipality, or the name of a branch."""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.collation import fold, sort_key
from portal.directory.models import Branch, Library

MOST_WORDS = 8


@dataclass
class Found:
    """A library, with those of its branches that were asked for."""

    library: Library
    branches: list[Branch] = field(default_factory=list)


def find(question: str) -> list[Found]:
    """Return the libraries that answer ``question`` (all of them where it is empty), in Lithuanian order.

    Every word has to occur in the names of the library and its place, or in these together with the name of a branch.
    Two queries, whatever is asked: there are tens of libraries, and their branches number about a thousand.
    """
    words = fold(question.replace("\x00", " ")).split()[:MOST_WORDS]
    libraries = list(Library.objects.in_order())
    texts = {library.pk: _text(library) for library in libraries}
    branches: dict[int, list[Branch]] = {}
    for branch in Branch.objects.all() if words else []:
        text = f"{texts[branch.library_id]} {fold(f'{branch.name_lt} {branch.name_en}')}"
        if all(word in text for word in words):
            branches.setdefault(branch.library_id, []).append(branch)
    found = []
    for library in libraries:
        is_itself = all(word in texts[library.pk] for word in words)
        if is_itself:
            found.append(Found(library))
        elif library.pk in branches:
            asked = sorted(branches[library.pk], key=lambda row: sort_key(row.name_lt, "lt"))
            found.append(Found(library, asked))
    return found


def _text(library: Library) -> str:
    place = library.municipality
    parts = [library.name_lt, library.name_en, library.city, place.name_lt, place.name_en, library.code]
    return fold(" ".join(parts))
