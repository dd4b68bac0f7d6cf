"""The demo's vocabularies: topics and audiences."""

from __future__ import annotations

from portal.content.models import Audience, Topic
from portal.demo.reading import read

VOCABULARIES: dict[str, type[Topic | Audience]] = {"topic": Topic, "audience": Audience}


def load() -> None:
    """Add the words that are not there yet."""
    for kind, rows in read("words.yaml").items():
        for place, row in enumerate(rows, start=1):
            names = {"name_lt": row["lt"], "name_en": row["en"], "place": place}
            VOCABULARIES[kind].objects.get_or_create(slug=row["slug"], defaults=names)
