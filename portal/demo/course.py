"""The demo's course, in Lithuanian first and in English as its translation."""

from __future__ import annotations

from typing import Any

from django.core.files.images import ImageFile
from wagtail.images import get_image_model
from wagtail.models import Locale, Page

from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage, QuizPage
from portal.demo import reading
from portal.demo.reading import CONTENT, Data

Image = get_image_model()
QUIZ_FIELDS = (
    "minutes",
    "time_limit_minutes",
    "attempts_allowed",
    "grade_method",
    "pass_percent",
    "shuffle",
)


def load(*, catalogues: dict[str, CataloguePage]) -> None:
    """Write the course below each language's catalogue, unless it is there.

    ``catalogues`` maps a language to its catalogue page; the Lithuanian one is the source.
    """
    images = _images()
    source: dict[str, Page] = {}
    for language in ("lt", "en"):
        slug = reading.read(f"course.{language}.yaml")["slug"]
        if not CoursePage.objects.child_of(catalogues[language]).filter(slug=slug).exists():
            _Writer(language, images, source).write(catalogues[language])
        elif language == "lt":
            return


def _images() -> dict[str, int]:
    """Return the primary keys of the demo's pictures by file name, storing them once."""
    keys = {}
    for path in sorted((CONTENT / "images").glob("*.svg")):
        image = Image.objects.filter(title=f"demo/{path.name}").first()
        if image is None:
            with path.open("rb") as file:
                image = Image(title=f"demo/{path.name}", file=ImageFile(file, name=path.name))
                image.save()
        keys[path.name] = image.pk
    return keys


class _Writer:
    """Writes the pages of one language, as translations of the source where there is one."""

    def __init__(self, language: str, images: dict[str, int], source: dict[str, Page]) -> None:
        self.language = language
        self.locale = Locale.objects.get(language_code=language)
        self.images = images
        self.source = source
        self.lesson_pages: dict[str, int] = {}

    def write(self, catalogue: CataloguePage) -> None:
        """Write course, modules, lessons and quizzes."""
        data = reading.read(f"course.{self.language}.yaml")
        texts = reading.lessons(self.language)
        course = self._add(catalogue, CoursePage, "course", data, self._course_fields(data))
        for module in data["modules"]:
            page = self._add(course, ModulePage, module["key"], module, {})
            for key in module["lessons"]:
                lesson = texts[key]
                fields = {"minutes": lesson["minutes"], "body": reading.body(lesson, self.images)}
                self.lesson_pages[key] = self._add(page, LessonPage, f"lesson-{key}", lesson, fields).pk
            if module.get("quiz"):
                self._quiz(page, module["quiz"])
        course.get_latest_revision_as_object().save_revision().publish()

    def _course_fields(self, data: Data) -> Data:
        return {
            "intro": data["intro"],
            "outcomes": "\n".join(data["outcomes"]),
            "audience": data["audience"],
            "competences": data["competences"],
            "level": data["level"],
            "hours": data["hours"],
            "cover_id": self.images["cover.svg"],
        }

    def _quiz(self, parent: Page, key: str) -> None:
        data = reading.read(f"quizzes/{key}.{self.language}.yaml")
        fields = {name: data[name] for name in QUIZ_FIELDS}
        fields |= {"intro": data["intro"], "items": reading.items(data, self.lesson_pages)}
        self._add(parent, QuizPage, f"quiz-{key}", data, fields)

    def _add(self, parent: Page, model: type[Any], key: str, data: Data, fields: Data) -> Any:
        """Add a page below ``parent`` and publish it."""
        page = model(
            title=data["title"],
            slug=data["slug"],
            summary=data.get("summary") or "",
            locale=self.locale,
            **fields,
        )
        if key in self.source:
            page.translation_key = self.source[key].translation_key
        else:
            self.source[key] = page
        parent.add_child(instance=page)
        page.save_revision().publish()
        parent.refresh_from_db(fields=["numchild"])
        return page
