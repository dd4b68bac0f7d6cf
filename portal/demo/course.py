"""The demo's courses, in Lithuanian first and in English as its translation."""

from __future__ import annotations

from typing import Any

from django.core.files.images import ImageFile
from wagtail.images import get_image_model
from wagtail.models import Locale, Page

from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage, QuizPage
from portal.content.models import Audience, Topic
from portal.demo import reading
from portal.demo.reading import Data

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
    """Write each course below each language's catalogue, unless it is there.

    ``catalogues`` maps a language to its catalogue page; the Lithuanian one is the source.
    """
    for name in reading.COURSES:
        _load(name, catalogues)


def _load(name: str, catalogues: dict[str, CataloguePage]) -> None:
    """Write one course; once its source is there, its translations are the editors' business."""
    missing = [language for language in reading.LANGUAGES if not _is_there(name, catalogues[language])]
    if reading.LANGUAGES[0] not in missing:
        return
    images = _images(name)
    source: dict[str, Page] = {}
    for language in missing:
        _Writer(name, language, images, source).write(catalogues[language])


def _is_there(name: str, catalogue: CataloguePage) -> bool:
    slug = reading.course(name, catalogue.locale.language_code)["slug"]
    return CoursePage.objects.child_of(catalogue).filter(slug=slug).exists()


def _images(name: str) -> dict[str, int]:
    """Return the primary keys of a course's pictures by file name, storing them once."""
    keys = {}
    for path in reading.pictures(name):
        title = f"demo/{name}/{path.name}"
        image = Image.objects.filter(title=title).first()
        if image is None:
            with path.open("rb") as file:
                image = Image(title=title, file=ImageFile(file, name=f"{name}-{path.name}"))
                image.save()
        keys[path.name] = image.pk
    return keys


class _Writer:
    """Writes a course's pages of one language, as translations of the source where there is one."""

    def __init__(self, name: str, language: str, images: dict[str, int], source: dict[str, Page]) -> None:
        self.name = name
        self.language = language
        self.locale = Locale.objects.get(language_code=language)
        self.images = images
        self.source = source
        self.lesson_pages: dict[str, int] = {}

    def write(self, catalogue: CataloguePage) -> None:
        """Write course, modules, lessons and quizzes.

        The course goes live last: while it is a draft, its outline is not frozen anew with every part.
        """
        data = reading.course(self.name, self.language)
        texts = reading.lessons(self.name, self.language)
        course = self._add(catalogue, CoursePage, "course", data, self._course_fields(data), live=False)
        for module in data["modules"]:
            page = self._add(course, ModulePage, module["key"], module, {})
            for key in module["lessons"]:
                lesson = texts[key]
                fields = {"minutes": lesson["minutes"], "body": reading.body(self.name, lesson, self.images)}
                self.lesson_pages[key] = self._add(page, LessonPage, f"lesson-{key}", lesson, fields).pk
            if module.get("quiz"):
                self._quiz(page, module["quiz"])
        course.topics = list(Topic.objects.filter(slug__in=data["topics"]))
        course.audiences = list(Audience.objects.filter(slug__in=data["audiences"]))
        course.save_revision().publish()

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
        data = reading.quiz(self.name, key, self.language)
        fields = {name: data[name] for name in QUIZ_FIELDS}
        fields |= {"intro": data["intro"], "items": reading.items(self.name, data, self.lesson_pages)}
        self._add(parent, QuizPage, f"quiz-{key}", data, fields)

    def _add(
        self, parent: Page, model: type[Any], key: str, data: Data, fields: Data, *, live: bool = True
    ) -> Any:
        """Add a page below ``parent`` and publish it, unless it shall not be live yet."""
        page = model(
            title=data["title"],
            slug=data["slug"],
            summary=data.get("summary") or "",
            locale=self.locale,
            live=live,
            **fields,
        )
        if key in self.source:
            page.translation_key = self.source[key].translation_key
        else:
            self.source[key] = page
        parent.add_child(instance=page)
        if live:
            page.save_revision().publish()
        parent.refresh_from_db(fields=["numchild"])
        return page
