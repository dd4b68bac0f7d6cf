"""The demo's library resources: their list, a subject guide with its librarian, a study module's list, rules."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page, Site

from courses.models import CoursePage, LessonPage
from portal.catalogue.models import (
    LibraryAccess,
    MatchingRule,
    ResourceIndexPage,
    ResourceListPage,
    ResourcePage,
    SubjectGuidePage,
    SubjectLibrarian,
)
from portal.content.models import HomePage, Topic
from portal.demo.reading import LANGUAGES, Data, course, lessons, read, stable_id
from portal.directory.models import User

TEXTS = ("title", "slug", "summary", "description", "access_help", "accessibility", "intro", "module")
PROXY = "https://ezproxy.kelrodis.example/login?url="


def load(*, homes: dict[str, HomePage], site: Site) -> dict[str, ResourceIndexPage]:
    """Write the library's pages below each language's home, unless they are there; return their lists."""
    data = read("library/shelves.yaml")
    source = ResourceIndexPage.objects.child_of(homes[LANGUAGES[0]]).first()
    if source is not None:  # once the source is there, the rest is the editors' business
        found = {code: ResourceIndexPage.objects.child_of(home).first() for code, home in homes.items()}
        return {code: page for code, page in found.items() if page is not None}
    librarian = _librarian(data["librarian"])
    writers: dict[str, _Writer] = {}
    for language in LANGUAGES:
        writers[language] = _Writer(language, homes[language], writers.get(LANGUAGES[0]))
        writers[language].write(data, librarian)
    first = writers[LANGUAGES[0]].made
    LibraryAccess.objects.create(
        site=site, search=first[data["search"]], fallback_email=data["fallback"], proxy_prefix=PROXY
    )
    for rule in data["rules"]:
        aim = {"reading_list": first["list"]} if rule["list"] else {"guide": first["guide"]}
        MatchingRule.objects.create(field=rule["field"], way=rule["way"], text=rule["text"], **aim)
    return {language: writer.made["index"] for language, writer in writers.items()}


def _librarian(data: Data) -> SubjectLibrarian:
    """Make the card of the demo's subject librarian."""
    person = next(row for row in read("people.yaml")["people"] if row["key"] == data["person"])
    fields = {name: value for name, value in data.items() if name != "person"}
    user = User.objects.get(email=person["email"])
    return SubjectLibrarian.objects.create(user=user, **fields)


class _Writer:
    """Writes the pages of one language, as translations of the source's where there is one."""

    def __init__(self, language: str, home: HomePage, source: _Writer | None) -> None:
        self.language, self.home, self.source = language, home, source
        self.made: dict[str, Any] = {}

    def write(self, data: Data, librarian: SubjectLibrarian) -> None:
        """Write the list of resources and all below it."""
        index = self._add(self.home, ResourceIndexPage, "index", data["index"], {"show_in_menus": True})
        resources: Any = read("library/resources.yaml")
        for row in resources:
            fields: Data = {name: row[name] for name in ("kind", "access", "address")}
            fields |= {"search_address": row.get("search_address", "")}
            fields |= {"tutorial": self._lesson(row["tutorial"])} if row.get("tutorial") else {}
            self._add(index, ResourcePage, row["key"], row, fields)
        guide = data["guide"]
        fields = {"sections": self._sections("guide", guide), "learning": self._learning(guide["learning"])}
        fields |= {"librarian": librarian, "owner": librarian.user}
        self._add(index, SubjectGuidePage, "guide", guide, fields)
        fields = {"sections": self._sections("list", data["list"]), "guide": self.made["guide"]}
        self._add(index, ResourceListPage, "list", data["list"], fields | {"owner": librarian.user})

    def _add(self, parent: Page, model: type[Any], key: str, data: Data, fields: Data) -> Any:
        said = data[self.language]
        texts = {name: said[name] for name in TEXTS if name in said}
        page = model(locale=self.home.locale, **texts, **fields)
        if self.source is not None:
            page.translation_key = self.source.made[key].translation_key
        parent.add_child(instance=page)
        if data.get("topics"):
            page.topics = list(Topic.objects.filter(slug__in=data["topics"]))
        page.save_revision().publish()
        parent.refresh_from_db(fields=["numchild"])
        self.made[key] = page
        return page

    def _lesson(self, key: str) -> LessonPage | None:
        """Return a lesson of the first course."""
        slug = lessons("finding", self.language)[key]["slug"]
        return LessonPage.objects.filter(slug=slug, locale=self.home.locale).first()

    def _learning(self, names: list[str]) -> list[Data]:
        slugs = [course(name, self.language)["slug"] for name in names]
        pages = CoursePage.objects.filter(slug__in=slugs, locale=self.home.locale)
        return [
            {"type": "page", "id": stable_id("guide", "learning", page.slug), "value": page.pk}
            for page in pages
        ]

    def _sections(self, page: str, data: Data) -> list[Data]:
        """Return raw StreamField data; identifiers are the same in both languages, so that marks hold in both."""
        return [
            {
                "type": "section",
                "id": stable_id(page, row["id"]),
                "value": {
                    "title": row[self.language]["title"],
                    "text": row[self.language].get("text", ""),
                    "items": [self._item(page, item) for item in row["items"]],
                },
            }
            for row in data["sections"]
        ]

    def _item(self, page: str, row: Data) -> Data:
        value = {"importance": row["importance"], "note": row[self.language]}
        if "resource" in row:
            value["page"] = self.made[row["resource"]].pk
        else:
            value |= {"url": "", **row["reading"]}
            value["language"] = "" if value["language"] == self.language else value["language"]
        kind = "resource" if "resource" in row else "reading"
        return {"type": kind, "id": stable_id(page, "item", row["id"]), "value": value}
