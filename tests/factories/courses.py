"""A small published course: two lessons (the second with a check) and a quiz of all four kinds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wagtail.models import Collection, Locale, Page, Site

from courses.models import Activity, CataloguePage, CoursePage, LessonPage, ModulePage, QuizPage
from portal.content.models import HomePage
from tests.factories.again import Again

CHECK = "11111111-1111-4111-8111-111111111111"
SINGLE = "22222222-2222-4222-8222-222222222222"
MULTIPLE = "33333333-3333-4333-8333-333333333333"
NUMERIC = "44444444-4444-4444-8444-444444444444"
SHORT = "55555555-5555-4555-8555-555555555555"


def option(identifier: str, **value: Any) -> dict[str, Any]:
    return {"type": "item", "id": identifier, "value": value}


BASE = {"prompt": "<p>Klausimas</p>", "points": "1", "explanation": "<p>Nes taip yra.</p>", "lesson": None}


def item(kind: str, identifier: str, **value: Any) -> dict[str, Any]:
    return {"type": kind, "id": identifier, "value": BASE | value}


def quiz_items() -> list[dict[str, Any]]:
    return [
        item(
            "single",
            SINGLE,
            options=[
                option("s-right", text="Teisingas", correct=True, feedback="Puiku"),
                option("s-wrong", text="Klaidingas", correct=False, feedback="Deja"),
            ],
        ),
        item(
            "multiple",
            MULTIPLE,
            options=[
                option("m-a", text="A", fraction="0.5", feedback=""),
                option("m-b", text="B", fraction="0.5", feedback=""),
                option("m-c", text="C", fraction="-0.5", feedback=""),
            ],
        ),
        item("numeric", NUMERIC, answer="4711.5", tolerance="0.5", unit="km"),
        item(
            "short", SHORT, accepted=[{"type": "item", "id": "a1", "value": "ąžuolas"}], fold_diacritics=True
        ),
    ]


def lesson_body(text: str, *, check: bool) -> list[dict[str, Any]]:
    blocks = [{"type": "text", "id": f"text-{text}", "value": f"<p>{text}</p>"}]
    if check:
        blocks.append(
            {
                "type": "check",
                "id": CHECK,
                "value": {
                    "question": "Ar tiesa?",
                    "multiple": False,
                    "explanation": "Tiesa.",
                    "options": [
                        option("c-yes", text="Taip", correct=True, feedback="Taip!"),
                        option("c-no", text="Ne", correct=False, feedback="Ne."),
                    ],
                },
            }
        )
    return blocks


@dataclass
class Course:
    """The pages of the course in one language, and the activities behind them."""

    page: CoursePage
    lessons: list[LessonPage]
    quiz: QuizPage
    home: HomePage
    catalogue: CataloguePage
    others: dict[str, Any] = field(default_factory=dict)

    @property
    def activity(self) -> Activity:
        return Activity.objects.get(translation_key=self.page.translation_key)

    @property
    def quiz_activity(self) -> Activity:
        return Activity.objects.get(translation_key=self.quiz.translation_key)

    def lesson_activity(self, number: int) -> Activity:
        return Activity.objects.get(translation_key=self.lessons[number].translation_key)


def add(parent: Page, page: Page, source: Page | None = None) -> Any:
    if source is not None:
        page.translation_key = source.translation_key
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def make_site() -> tuple[HomePage, HomePage]:
    """Return the home pages in Lithuanian (the site's root) and English."""
    root = Page.objects.filter(depth=1).first() or Page.add_root(instance=Page(title="Root", slug="root"))
    Collection.objects.filter(depth=1).first() or Collection.add_root(name="Root")
    lt = Locale.objects.get_or_create(language_code="lt")[0]
    en = Locale.objects.get_or_create(language_code="en")[0]
    home = HomePage.objects.child_of(root).filter(locale=lt).first()
    if home is None:
        home = add(root, HomePage(title="Kelrodis", slug="home-lt", opening="Rasti.", locale=lt))
        add(root, HomePage(title="Kelrodis", slug="home-en", opening="Find.", locale=en), home)
        Site.objects.all().delete()
        Site.objects.create(hostname="localhost", port=80, root_page=home, is_default_site=True)
    return home, HomePage.objects.child_of(root).get(locale=en)


def make_course(slug: str = "kursas", **quiz: Any) -> Course:
    """Return a published course in both languages; the English pages stand in ``others["en"]``."""
    return _usual() if slug == "kursas" and not quiz else _make(slug, quiz)


def _make(slug: str, quiz: dict[str, Any]) -> Course:
    homes = make_site()
    made = []
    for home, language in zip(homes, ("lt", "en"), strict=True):
        made.append(_in_language(home, language, slug, made[0] if made else None, quiz))
    made[0].others["en"] = made[1]
    return made[0]


def _in_language(home: HomePage, language: str, slug: str, source: Course | None, quiz: Any) -> Course:
    locale = home.locale
    catalogue = CataloguePage.objects.child_of(home).first() or add(
        home,
        CataloguePage(title="Kursai", slug="kursai", locale=locale, show_in_menus=True),
        source.catalogue if source else None,
    )
    page = CoursePage(
        title=f"Kursas {slug} {language}", slug=slug, locale=locale, hours=2, competences="paieškos"
    )
    course = add(catalogue, page, source.page if source else None)
    module = add(
        course,
        ModulePage(title="Modulis", slug="modulis", locale=locale),
        source.lessons[0].get_parent() if source else None,
    )
    lessons = _lessons(module, {"lt": "Pamoka", "en": "Lesson"}[language], source)
    fields = {"shuffle": False, "pass_percent": 60, "attempts_allowed": 2, "time_limit_minutes": 20} | quiz
    test = QuizPage(title="Testas", slug="testas", locale=locale, items=quiz_items(), **fields)
    add(module, test, source.quiz if source else None)
    return Course(page=course, lessons=lessons, quiz=test, home=home, catalogue=catalogue)


def _lessons(module: ModulePage, word: str, source: Course | None) -> list[LessonPage]:
    made = []
    for number in (1, 2):
        body = lesson_body(f"{word} {number} tekstas", check=number == 2)
        page = LessonPage(
            title=f"{word} {number}",
            slug=f"{word.lower()}-{number}",
            locale=module.locale,
            minutes=7,
            body=body,
        )
        made.append(add(module, page, source.lessons[number - 1] if source else None))
    return made


def _keys(course: Course) -> dict[str, Any]:
    pages = [course.page, *course.lessons, course.quiz, course.home, course.catalogue]
    keys = {"pages": [(type(page), page.pk) for page in pages]}
    return keys | {"others": {language: _keys(other) for language, other in course.others.items()}}


def _find(keys: dict[str, Any]) -> Course:
    page, *lessons, quiz, home, catalogue = (kind.objects.get(pk=pk) for kind, pk in keys["pages"])
    others = {language: _find(other) for language, other in keys["others"].items()}
    return Course(page=page, lessons=lessons, quiz=quiz, home=home, catalogue=catalogue, others=others)


_usual = Again(lambda: _make("kursas", {}), _keys, _find)
