"""The demo's vocabularies: topics, audiences and the glossary."""

from __future__ import annotations

from portal.content.models import Audience, GlossaryTerm, Topic
from portal.demo.reading import read

VOCABULARIES: dict[str, type[Topic | Audience]] = {"topic": Topic, "audience": Audience}


def load() -> None:
    """Add the words that are not there yet."""
    words = read("words.yaml")
    for kind, model in VOCABULARIES.items():
        for place, row in enumerate(words[kind], start=1):
            names = {"name_lt": row["lt"], "name_en": row["en"], "place": place}
            model.objects.get_or_create(slug=row["slug"], defaults=names)
    for row in words["glossary"]:
        meaning = {name: row[name] for name in ("definition_lt", "definition_en")}
        GlossaryTerm.objects.get_or_create(term_lt=row["lt"], defaults=meaning | {"term_en": row["en"]})
