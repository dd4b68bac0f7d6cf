"""Private pages, drafts and documents: shown and named to nobody who may not see them (M03)."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from courses.models import Attempt, CheckResponse, Enrolment
from portal.directory.models import Role
from tests.factories.content import picture
from tests.factories.courses import CHECK, make_course
from tests.queries import counted
from tests.security.world import BACKEND, somebody
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
LOGIN, GROUPS, PASSWORD = "login", "groups", "password"


def restrict(page, kind, *groups):
    made = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="slapta")
    made.groups.set(groups)
    return made


@pytest.fixture
def staff(db):
    """The group that may read what is restricted to groups."""
    return Group.objects.create(name="Darbuotojai")


def places(course):
    return {"course": course.page, "module": course.lessons[0].get_parent(), "lesson": course.lessons[1]}


@pytest.mark.parametrize("kind", [LOGIN, GROUPS])
@pytest.mark.parametrize("where", ["course", "module", "lesson"])
def test_M03_restricted_page_is_not_shown_to_a_visitor(client, course, kind, where):
    restrict(places(course)[where], kind)
    response = client.get(course.lessons[1].url)
    assert response.status_code == 302
    shown = client.get(response.url, follow=True)
    assert shown.redirect_chain[-1][0].startswith("/lt/sign-in/")
    assert "Pamoka 2 tekstas" not in shown.text


def test_M03_restricted_page_is_shown_to_those_it_is_for(client, course, austeja, benas, staff):
    restrict(course.page, GROUPS, staff)
    austeja.groups.add(staff)
    for person, status in ((austeja, 200), (benas, 403)):
        client.force_login(person, backend=BACKEND)
        assert client.get(course.lessons[1].url, follow=True).status_code == status


def test_M03_page_behind_a_shared_password_asks_for_it(client, course):
    restriction = restrict(course.page, PASSWORD)
    asked = client.get(course.lessons[1].url)
    assert "Pamoka 2 tekstas" not in asked.text
    door = reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, course.page.pk])
    wrong = client.post(door, {"password": "spėju", "return_url": course.lessons[1].url})
    assert wrong.status_code == 200
    opened = client.post(door, {"password": "slapta", "return_url": course.lessons[1].url}, follow=True)
    assert "Pamoka 2 tekstas" in opened.text
    evil = client.post(door, {"password": "slapta", "return_url": "https://evil.example/"})
    assert "evil" not in evil.url


ACTIONS = [
    ("enrol", lambda course: [course.activity.uuid]),
    ("finish_lesson", lambda course: [course.lesson_activity(1).uuid]),
    ("answer_check", lambda course: [course.lesson_activity(1).uuid, CHECK]),
    ("start", lambda course: [course.quiz_activity.uuid]),
]


@pytest.mark.parametrize("kind", [GROUPS, PASSWORD])
@pytest.mark.parametrize(("action", "arguments"), ACTIONS, ids=[name for name, _made in ACTIONS])
def test_M03_what_learners_do_is_not_found_where_they_may_not_read(
    as_austeja, course, kind, action, arguments
):
    restrict(course.page, kind)
    headers = {"X-Requested-With": "fetch"}
    response = as_austeja.post(
        reverse(f"courses:{action}", args=arguments(course)), {"o": "c-yes"}, headers=headers
    )
    assert response.status_code == 404
    assert "Tiesa." not in response.text
    assert not (Enrolment.objects.exists() or Attempt.objects.exists() or CheckResponse.objects.exists())


@pytest.mark.parametrize(("action", "arguments"), ACTIONS, ids=[name for name, _made in ACTIONS])
def test_what_learners_do_works_where_they_may_read(as_austeja, austeja, course, staff, action, arguments):
    restrict(course.page, GROUPS, staff)
    austeja.groups.add(staff)
    response = as_austeja.post(reverse(f"courses:{action}", args=arguments(course)), {"o": "c-yes"})
    assert response.status_code == 302


def test_lesson_taken_down_in_one_language_is_still_finished_in_the_other(as_austeja, course):
    course.lessons[0].unpublish()
    url = reverse("courses:finish_lesson", args=[course.lesson_activity(0).uuid])
    assert as_austeja.post(url).status_code == 404
    assert as_austeja.post(url.replace("/lt/", "/en/")).status_code == 302


@pytest.mark.parametrize("kind", [LOGIN, GROUPS, PASSWORD])
def test_M03_restricted_course_is_in_no_list_of_a_visitor(client, course, kind):
    open_course = make_course("atviras")
    restrict(course.page, kind)
    for url in (course.home.url, course.catalogue.url):
        page = client.get(url).text
        assert course.page.title not in page
        assert open_course.page.title in page


@pytest.mark.parametrize("kind", [LOGIN, GROUPS])
def test_restricted_course_is_listed_for_those_it_is_for(as_austeja, austeja, course, kind, staff):
    restrict(course.page, kind, staff)
    austeja.groups.add(staff)
    for url in (course.home.url, course.catalogue.url):
        assert course.page.title in as_austeja.get(url).text


def test_M03_course_restricted_to_others_is_not_listed_for_a_learner(as_austeja, course, staff):
    restrict(course.page, GROUPS, staff)
    assert course.page.title not in as_austeja.get(course.catalogue.url).text


def test_M03_restricted_lesson_is_left_out_of_the_outline(client, course, austeja):
    restrict(course.lessons[1], LOGIN)
    for page in (course.page, course.lessons[0], course.quiz):
        shown = client.get(page.url).text
        assert course.lessons[1].title not in shown
        assert course.lessons[1].url not in shown
        assert course.lessons[0].title in shown
    client.force_login(austeja, backend=BACKEND)
    assert course.lessons[1].title in client.get(course.page.url).text


def test_M03_restricted_module_is_left_out_of_the_outline(client, course):
    module = course.lessons[0].get_parent()
    restrict(module, LOGIN)
    page = client.get(course.page.url)
    assert page.status_code == 200
    assert module.title not in page.text.split("<main")[1]


def test_M03_restricted_catalogue_is_not_in_a_visitors_menu(client, course, austeja):
    restrict(course.catalogue, LOGIN)
    link = f'href="{course.catalogue.url}"'
    assert link not in client.get(course.home.url).text
    client.force_login(austeja, backend=BACKEND)
    assert link in client.get(course.home.url).text


def test_lists_ask_as_little_whatever_is_restricted(client, course):
    client.get(course.catalogue.url)
    with counted() as before:
        client.get(course.catalogue.url)
    restrict(make_course("slaptas").page, LOGIN)
    client.get(course.catalogue.url)
    with counted() as after:
        client.get(course.catalogue.url)
    assert len(after) == len(before)


def test_M09_draft_is_not_shown(as_austeja, course):
    course.lessons[1].unpublish()
    assert as_austeja.get(course.lessons[1].url).status_code == 404
    for path in ("", "edit/preview/", "view_draft/"):
        preview = as_austeja.get(f"/admin/pages/{course.lessons[1].pk}/{path}", follow=True)
        assert preview.status_code == 403
        assert "Pamoka 2 tekstas" not in preview.text


APIS = [
    "/admin/api/main/pages/",
    "/admin/api/main/images/",
    "/admin/api/main/documents/",
    "/admin/choose-page/",
    "/admin/images/chooser/",
    "/admin/documents/chooser/",
    "/admin/media/",
    "/admin/media/chooser/",
    "/admin/media/chooser/video/",
    "/admin/bulk/wagtailcore/page/delete/",
    "/admin/tag-autocomplete/",
]


@pytest.mark.parametrize("url", APIS)
def test_M03_choosers_and_apis_tell_nothing_to_visitors_and_learners(client, course, austeja, url):
    visitor = client.get(url)
    assert visitor.status_code == 302
    client.force_login(austeja, backend=BACKEND)
    for headers in ({}, {"X-Requested-With": "XMLHttpRequest"}):
        learner = client.get(url, headers=headers, follow=True)
        assert learner.status_code == 403
        assert course.lessons[0].title not in learner.text


@pytest.fixture
def private_document(db):
    """A document that only people signed in may read."""
    shelf = Collection.get_first_root_node().add_child(name="Vidiniai")
    CollectionViewRestriction.objects.create(collection=shelf, restriction_type=LOGIN)
    file = ContentFile(b"%PDF-1.7 vidinis", name="vidinis.pdf")
    return get_document_model().objects.create(title="Vidinis", file=file, collection=shelf)


def test_M03_private_document_is_given_to_those_signed_in_only(client, private_document, austeja):
    refused = client.get(private_document.url)
    assert refused.status_code == 302
    assert "login" in refused.url
    client.force_login(austeja, backend=BACKEND)
    given = client.get(private_document.url)
    assert b"vidinis" in b"".join(given.streaming_content)


@pytest.mark.parametrize(
    "road", ["/media/{}", "/media//{}", "/media/./{}", "/media/images/../{}", "/media/%2e/{}"]
)
def test_M03_private_document_is_not_given_away_among_the_media(client, private_document, road, austeja):
    client.force_login(austeja, backend=BACKEND)
    response = client.get(road.format(private_document.file.name))
    assert response.status_code == 404


CHOOSERS = ["/admin/documents/chooser/", "/admin/documents/chooser/results/"]


@pytest.mark.parametrize("url", CHOOSERS)
def test_M03_chooser_names_what_is_private_only_to_those_it_is_for(client, private_document, staff, url):
    rule = CollectionViewRestriction.objects.get()
    rule.restriction_type = GROUPS
    rule.save()
    rule.groups.add(staff)
    for role, others, listed in (
        (Role.AUTHOR, [], False),
        (Role.AUTHOR, [staff], True),
        (Role.EDITOR, [], True),  # looks after others' documents
        (Role.ADMINISTRATOR, [], True),
    ):
        person = somebody("Eglė", "Įmantė", role=role)
        person.groups.add(*others)
        sign_in(client, person)
        assert (private_document.title in client.get(url).text) is listed, (role, others)
    author = somebody("Eglė", "Įmantė", role=Role.AUTHOR)
    private_document.uploaded_by_user = author
    private_document.save()
    sign_in(client, author)
    assert private_document.title in client.get(url).text


def test_chooser_of_pictures_leaves_private_ones_out(client, private_document):
    CollectionViewRestriction.objects.update(restriction_type=GROUPS)
    secret = picture(collection=private_document.collection)
    secret.title = "Slapta nuotrauka"
    secret.save()
    for role, listed in ((Role.AUTHOR, False), (Role.EDITOR, True)):
        sign_in(client, somebody("Eglė", "Įmantė", role=role))
        chooser = client.get(reverse("wagtailimages_chooser:choose")).text
        assert ("Slapta nuotrauka" in chooser) is listed, role


def test_author_reads_no_role_in_the_admins_history(client, db):
    somebody("Rasa", "Stonkutė", role=Role.ADMINISTRATOR)
    author = somebody("Eglė", "Įmantė", role=Role.AUTHOR)
    sign_in(client, author)
    page = client.get(reverse("wagtailadmin_reports:site_history"))
    assert page.status_code == 200
    assert "Stonkutė" not in page.text


def test_M03_listing_of_activities_by_the_admins_api_is_json_only_for_staff(client, course, db):
    editor = somebody("Tomas", "Šimkus", role=Role.EDITOR)
    sign_in(client, editor)
    body = json.loads(client.get("/admin/api/main/pages/").content)
    assert body["meta"]["total_count"] > 0
