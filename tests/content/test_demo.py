"""The demo: loading it twice changes nothing; both languages say the same; production refuses it."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from wagtail.images import get_image_model

from courses.models import Activity, Attempt, Completion, CoursePage
from courses.versions import latest, payload_of
from portal.demo import people, reading
from portal.directory.models import Role, User

Image = get_image_model()


def told(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def counts():
    """Return how many rows there are of everything."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def course(title):
    """Return the Lithuanian course of that title."""
    return CoursePage.objects.get(title=title)


def told_courses():
    """Return what ``activities`` tells of the Lithuanian courses."""
    rows = json.loads(told("activities", "--json"))
    return [row for row in rows if row["kind"] == "course" and row["language"] == "lt"]


def right(item):
    """Return what earns all points of a published item."""
    if "options" in item:
        return [option["id"] for option in item["options"] if float(option["fraction"]) > 0]
    return item["answer"] if "answer" in item else item["accepted"][0]


def take(browser, part, *, well):
    """Finish a part of a course's outline as a learner does; ``well`` says whether a quiz is passed."""
    if part["kind"] == "lesson":
        return browser.post(reverse("courses:finish_lesson", args=[part["uuid"]]))
    browser.post(reverse("courses:start", args=[part["uuid"]]))
    attempt = Attempt.objects.running().select_related("version").get()
    if well:
        items = {item["id"]: right(item) for item in payload_of(attempt.version)["items"]}
        answers = {f"r-{name}": answer for name, answer in items.items()}
        browser.post(
            reverse("courses:attempt", args=[attempt.uuid]), {"items": list(items), "to": "review"} | answers
        )
    return browser.post(reverse("courses:finish", args=[attempt.uuid]))


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demo, loaded once for all tests here and taken away after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        told("demo")
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
class TestLoaded:
    """What is there once the demo is loaded."""

    def test_loading_twice_changes_nothing(self, demo):
        before = counts()
        assert "in place" in told("demo")
        assert counts() == before
        assert before["courses.ActivityVersion"] > 20

    @pytest.mark.parametrize("language", ["lt", "en"])
    @pytest.mark.parametrize("name", reading.COURSES)
    def test_every_page_of_the_course_opens(self, demo, name, language):
        course = CoursePage.objects.get(
            slug=reading.course(name, language)["slug"], locale__language_code=language
        )
        browser = Client()
        for page in course.get_descendants(inclusive=True):
            assert browser.get(page.get_url(), follow=True).status_code == 200

    def test_course_that_is_not_there_yet_is_added(self, demo):
        first, second = (reading.course(name, "lt")["title"] for name in reading.COURSES)
        kept = list(CoursePage.objects.exclude(translation_key=course(second).translation_key).order_by("pk"))
        images = Image.objects.count()
        for page in CoursePage.objects.filter(translation_key=course(second).translation_key):
            page.delete()
        told("demo")
        assert [row["title"] for row in told_courses()] == [first, second]
        assert list(CoursePage.objects.exclude(translation_key=course(second).translation_key)) == kept
        assert CoursePage.objects.filter(translation_key=course(second).translation_key).count() == 2
        assert Image.objects.count() == images

    def test_first_course_is_told_first(self, demo):
        titles = [reading.course(name, "lt")["title"] for name in reading.COURSES]
        assert [row["title"] for row in told_courses()] == titles

    def test_first_course_is_completed_by_every_lesson_and_passing_every_quiz(self, demo):
        student = User.objects.get(username="demo-student")
        activity = Activity.objects.filter(kind="course").order_by("pk")[0]
        outline = payload_of(latest(activity_id=activity.pk, language="lt"))["outline"]
        first, *parts = [part for module in outline for part in module["items"]]
        browser = Client()
        browser.force_login(student)
        browser.post(reverse("courses:enrol", args=[activity.uuid]))
        for part in parts:
            take(browser, part, well=part is not parts[-1])
        take(browser, first, well=True)
        assert not Completion.objects.filter(enrolment__user=student)  # the last quiz was not passed
        take(browser, parts[-1], well=True)
        assert len(Completion.objects.get(enrolment__user=student).evidence) == len(parts) + 1

    def test_each_person_signs_in_with_the_password_told(self, demo):
        for _name, _title, email in people.sign_ins():
            browser = Client()
            response = browser.post("/lt/sign-in/", {"login": email, "password": people.PASSWORD})
            assert response.status_code == 302 and response.url == "/lt/learn/", email

    def test_administrator_of_the_demo_is_one_and_learners_are_nothing(self, demo):
        administrators = User.objects.filter(role_assignments__role=Role.ADMINISTRATOR)
        assert set(User.objects.filter(is_superuser=True)) == set(administrators)
        assert administrators.count() >= 1

    def test_activities_are_told_as_json(self, demo):
        rows = json.loads(told("activities", "--json"))
        assert {frozenset(row) for row in rows} == {frozenset({"uuid", "kind", "title", "language", "url"})}
        assert {row["kind"] for row in rows} == {"course", "lesson", "quiz"}
        by_language = [{row["uuid"] for row in rows if row["language"] == code} for code in ("lt", "en")]
        assert by_language[0] == by_language[1]
        assert all(row["url"].startswith(f"http://localhost:8000/{row['language']}/") for row in rows)
        paths = [row["url"].removeprefix("http://localhost:8000") for row in rows]
        assert all(Client().get(path).status_code == 200 for path in paths)

    def test_activities_are_told_as_lines(self, demo):
        lines = told("activities").splitlines()
        assert len(lines) == len(json.loads(told("activities", "--json")))


@pytest.mark.django_db
def test_demo_with_its_public_password_is_refused_in_production(settings):
    settings.ENVIRONMENT = "production"
    before = counts()
    for arguments in (["demo"], ["demo", "--people"]):
        with pytest.raises(CommandError, match="not for production"):
            call_command(*arguments)
    assert counts() == before


def test_people_are_listed_with_their_password():
    listed = told("demo", "--people")
    assert people.PASSWORD in listed
    assert all(email in listed for _name, _title, email in people.sign_ins())


KEPT = {"id", "key", "type", "kind", "image", "lesson", "level", "quiz", "grade_method"}


def marks(value):
    """Yield, in order, whatever must be the same in both languages."""
    if isinstance(value, dict):
        for key in sorted(value):
            if key in KEPT and isinstance(value[key], str):
                yield key, value[key]
            else:
                yield from marks(value[key])
    elif isinstance(value, list):
        for part in value:
            yield from marks(part)


FILES = sorted(path.relative_to(reading.CONTENT) for path in reading.CONTENT.rglob("*.lt.yaml"))


@pytest.mark.parametrize("name", FILES, ids=str)
def test_both_languages_have_the_same_content(name):
    lithuanian = reading.read(str(name))
    english = reading.read(str(name).replace(".lt.", ".en."))
    assert list(marks(lithuanian)) == list(marks(english))
    assert counted(lithuanian) == counted(english)


FREE = {"accepted", "language"}  # each language accepts its own words, and may cite in another


def counted(value):
    """Return how many things there are at each place, and every number and yes or no."""
    if isinstance(value, dict):
        return {key: counted(part) for key, part in sorted(value.items()) if key not in FREE}
    if isinstance(value, list):
        return [counted(part) for part in value]
    return "text" if isinstance(value, str) else value


def test_no_file_of_content_lacks_its_other_language():
    names = {str(path.relative_to(reading.CONTENT)) for path in reading.CONTENT.rglob("*.yaml")} - {
        "face.yaml",
        "people.yaml",
        "words.yaml",
        "library/resources.yaml",
        "library/shelves.yaml",
    }
    assert {name.replace(".en.", ".lt.") for name in names} == {str(name) for name in FILES}
    assert len(names) == 2 * len(FILES)


def test_library_says_the_same_in_both_languages():
    shelves = reading.read("library/shelves.yaml")
    rows = [*reading.read("library/resources.yaml"), shelves["index"], shelves["guide"], shelves["list"]]
    for part in (shelves["guide"], shelves["list"]):
        rows += part["sections"]
        rows += [item for section in part["sections"] for item in section["items"]]
    for row in rows:
        assert bool(row["lt"]) == bool(row["en"])
        assert isinstance(row["lt"], str) or set(row["lt"]) == set(row["en"])


@pytest.mark.parametrize("name", [name for name in FILES if name.parts[1] == "lessons"], ids=str)
def test_every_check_of_a_lesson_has_a_right_answer(name):
    for block in reading.read(str(name))["blocks"]:
        if block["type"] == "check":
            right = sum(bool(option["correct"]) for option in block["options"])
            assert right >= 1 if block["multiple"] else right == 1


def test_first_course_has_four_modules_with_lessons_enough_and_three_quizzes():
    modules = reading.course(reading.COURSES[0], "lt")["modules"]
    lessons = [key for module in modules for key in module["lessons"]]
    assert (len(modules), len(lessons) >= 12, sum(bool(module["quiz"]) for module in modules)) == (4, True, 3)
    assert list(reading.lessons(reading.COURSES[0], "lt")) == lessons


@pytest.mark.parametrize("name", reading.COURSES)
def test_every_lesson_has_a_check_and_is_asked_about_and_every_answer_leads_back_to_one_read_before(name):
    texts, read, asked = reading.lessons(name, "lt"), set(), set()
    for module in reading.course(name, "lt")["modules"]:
        read |= set(module["lessons"])
        for item in reading.quiz(name, module["quiz"], "lt")["items"] if module["quiz"] else []:
            assert item["explanation"] and item["lesson"] in read, item["id"]
            asked.add(item["lesson"])
    assert asked == read == set(texts)
    assert all(any(block["type"] == "check" for block in text["blocks"]) for text in texts.values())


QUIZZES = [name for name in FILES if name.parts[1] == "quizzes"]


@pytest.mark.parametrize("name", QUIZZES, ids=str)
def test_every_choice_of_a_quiz_says_why_and_choosing_all_earns_nothing(name):
    for item in reading.read(str(name))["items"]:
        options = item.get("options", [])
        assert all(option["feedback"] for option in options)
        if item["type"] == "multiple":
            assert sum(option["fraction"] for option in options) <= 0
