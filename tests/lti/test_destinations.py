"""What a link opens: activities, modules, pages of the library, the library of the course, what was chosen here."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from courses.models import Enrolment
from lti.models import GradeLine, PlacedLink, Selection
from portal.catalogue.models import MatchingRule
from tests.factories.library import make_library
from tests.factories.lti import TARGET, Launcher, Platform
from tests.lti.choosing import TEACHER, chooser


@pytest.fixture
def library(db):
    return make_library()


@pytest.fixture
def ona(moodle, course):
    """Ona's browser, on a link that names nothing by itself."""
    return Launcher(moodle, Client())


@pytest.fixture
def opens(ona):
    """Launch with a custom parameter and return where it leads."""

    def launch(item, **claims):
        response = ona.launch(custom={"activity": str(item)}, **claims)
        assert response.status_code == 302, response.content.decode()
        return response["Location"]

    return launch


def at(target):
    """Return a way to launch with ``target`` as the address that both steps name."""

    def launch(launcher, **claims):
        query = parse_qs(urlsplit(launcher.login(target_link_uri=target)["Location"]).query)
        told = launcher.platform.claims(query["nonce"][0], None, target_link_uri=target, **claims)
        return launcher.post(launcher.platform.sign(told), query["state"][0])

    return launch


def test_a_module_opens_and_enrols_in_its_course(opens, course):
    module = course.lessons[0].get_parent()

    assert opens(module.translation_key) == module.get_url()
    assert Enrolment.objects.get().course == course.activity
    assert not GradeLine.objects.exists()


@pytest.mark.parametrize("which", ["database", "list", "guide"])
def test_pages_of_the_library_open_in_the_persons_language(opens, library, which):
    key = getattr(library, which).translation_key

    assert opens(key) == getattr(library, which).get_url()
    assert opens(key, launch_presentation={"locale": "en"}) == getattr(library.others["en"], which).get_url()
    assert not Enrolment.objects.exists()


def test_a_link_goes_on_working_when_the_page_is_edited_and_moved(opens, library):
    library.list.title = "Kitas pavadinimas"
    library.list.slug = "kitur"
    library.list.save_revision().publish()

    assert opens(library.list.translation_key).endswith("/kitur/")


def test_a_copied_link_in_another_course_still_names_its_activity(opens, course):
    opens(course.quiz_activity.uuid)

    address = opens(
        course.quiz_activity.uuid, context={"id": "99"}, resource_link={"id": "1234", "title": "Kopija"}
    )

    assert address == course.quiz.get_url()


@pytest.mark.parametrize("page", ["page", "quiz"])
def test_a_page_of_an_activity_is_not_named_by_its_translations(ona, refused, course, page):
    refused.start()
    key = getattr(course, page).translation_key
    refused(ona.launch(custom={"activity": str(key)}), "activity_unknown", status=404)


def test_D13_a_tampered_parameter_opens_no_draft(ona, refused, course):
    course.quiz.unpublish()
    course.others["en"].quiz.unpublish()
    refused.start()
    response = ona.launch(custom={"activity": str(course.quiz_activity.uuid)})
    refused(response, "activity_not_published", status=404)


def test_D13_parameters_give_nobody_another_role(opens, ona, course):
    ona.launch(custom={"activity": str(course.activity.uuid), "role": "Instructor", "roles": "Instructor"})

    assert ona.client.session["launch"]["role"] == "learner"


def test_the_address_alone_names_the_activity(ona, course):
    uuid = course.quiz_activity.uuid
    response = at(f"{TARGET}?activity={uuid}")(ona, custom={})

    assert response["Location"] == course.quiz.get_url()


def test_address_and_parameter_agree_or_the_launch_is_refused(ona, refused, course):
    target = f"{TARGET}?activity={course.quiz_activity.uuid}"
    launch = at(target)
    agreed = launch(ona, custom={"activity": str(course.quiz_activity.uuid).upper()})
    assert agreed["Location"] == course.quiz.get_url()
    ona.client = Client()
    refused.start()

    refused(launch(ona, custom={"activity": str(course.activity.uuid)}), "activity_not_of_the_address")


def test_an_address_that_names_two_activities_is_refused(ona, refused, course):
    target = f"{TARGET}?activity={course.quiz_activity.uuid}&activity={course.activity.uuid}"
    refused.start()
    refused(at(target)(ona, custom={}), "activity_not_of_the_address")


def test_library_link_opens_the_list_that_the_rules_give_the_course(opens, library):
    rule = {"way": MatchingRule.Way.EXACT, "field": MatchingRule.Field.LABEL}
    MatchingRule.objects.create(text="inf1", reading_list=library.list, **rule)

    assert opens("library") == library.list.get_url()
    assert opens("library", launch_presentation={"locale": "en"}) == library.others["en"].list.get_url()


def test_library_link_of_a_course_without_a_rule_opens_all_the_library_has(opens, library):
    MatchingRule.objects.all().delete()

    assert opens("library") == library.index.get_url()


def test_library_link_says_so_where_there_is_no_library(ona, refused):
    refused.start()
    refused(ona.launch(custom={"activity": "library"}), "activity_not_published", status=404)


def test_a_student_is_told_kindly_that_nothing_was_chosen(ona):
    response = ona.launch()

    assert response.status_code == 200
    assert "mokytojas" in response.content.decode() or "dėstytojas" in response.content.decode()
    assert not Selection.objects.exists()


def test_a_teacher_chooses_once_for_everybody_and_may_change_it(moodle, ona, course):
    rasa = chooser(moodle)
    picker = rasa.launch(roles=TEACHER, sub="77")["Location"]
    assert rasa.client.get(picker).status_code == 200

    opened = rasa.put(picker, course.quiz_activity.uuid)

    assert opened["Location"] == course.quiz.get_url()
    assert ona.launch()["Location"] == course.quiz.get_url()
    assert Enrolment.objects.filter(course=course.activity).exists()
    page = rasa.client.get(course.quiz.get_url(), follow=True).content.decode()
    assert f'href="{picker}"' in page
    rasa.put(picker, course.lesson_activity(0).uuid)
    assert ona.launch()["Location"] == course.lessons[0].get_url()
    assert PlacedLink.objects.get().item == str(course.lesson_activity(0).uuid)


def test_a_teacher_chooses_anew_where_the_choice_is_gone(moodle, ona, course):
    rasa = chooser(moodle)
    rasa.put(rasa.launch(roles=TEACHER, sub="77")["Location"], course.quiz_activity.uuid)
    for page in (course.quiz, course.others["en"].quiz):
        page.unpublish()

    picker = rasa.launch(roles=TEACHER, sub="77")["Location"]

    assert ona.launch().status_code == 404
    assert "/choose/" in picker
    assert rasa.put(picker, course.activity.uuid)["Location"] == course.page.get_url()
    assert ona.launch()["Location"] == course.page.get_url()


def test_what_was_chosen_for_one_link_opens_from_no_other(moodle, network, ona, course):
    rasa = chooser(moodle)
    rasa.put(rasa.launch(roles=TEACHER, sub="77")["Location"], course.quiz_activity.uuid)

    assert ona.launch(resource_link={"id": "35"}).status_code == 200
    assert ona.launch(context={"id": "13"}).status_code == 200
    other = Launcher(Platform("https://kitas.example", network, client_id="kelrodis-2"), Client())
    assert other.launch().status_code == 200


def test_only_one_thing_opens_from_a_link(moodle, course):
    rasa = chooser(moodle)
    picker = rasa.launch(roles=TEACHER)["Location"]

    assert rasa.put(picker, course.quiz_activity.uuid, course.activity.uuid).status_code == 400
    assert not PlacedLink.objects.exists()


def test_a_learners_column_is_closed_when_the_link_opens_something_without_a_grade(
    ona, opens, course, library
):
    opens(course.quiz_activity.uuid)
    assert GradeLine.objects.get().lineitem_url

    opens(library.guide.translation_key)

    assert not GradeLine.objects.get().lineitem_url
