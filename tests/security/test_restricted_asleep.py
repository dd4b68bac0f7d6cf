"""What is restricted to the group of a role stays shut until the second factor is passed, wherever it is given out."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from portal.directory.models import Role
from tests.factories.content import recording
from tests.security.test_restricted import GROUPS, PASSWORD, restrict
from tests.security.world import somebody
from tests.signing_in import BACKEND, sign_in

pytestmark = pytest.mark.django_db
SECOND_FACTOR = ("/lt/sign-in/again/", "/lt/second-factor/set-up/")  # with an app and without


@pytest.fixture(params=[Role.EDITOR, Role.ADMINISTRATOR])
def person(request):
    return somebody("Tomas", "Šimkus", role=request.param)


@pytest.fixture
def asleep(person):
    """A browser in which the person is signed in by a password alone."""
    browser = Client()
    browser.force_login(person, backend=BACKEND)
    return browser


@pytest.fixture
def awake(person):
    browser = Client()
    sign_in(browser, person)
    return browser


@pytest.fixture
def editors(db):
    return Group.objects.get_or_create(name="role:ED")[0]


@pytest.fixture
def shelf(editors):
    """A collection that editors may read."""
    collection = Collection.get_first_root_node().add_child(name="Redaktoriams")
    restriction = CollectionViewRestriction.objects.create(collection=collection, restriction_type=GROUPS)
    restriction.groups.add(editors)
    return collection


@pytest.fixture
def closed(course, editors):
    restrict(course.page, GROUPS, editors)
    return course


def test_page_leads_to_the_second_factor_and_then_opens(asleep, awake, closed):
    url = closed.lessons[1].url
    led = asleep.get(url, follow=True)
    assert led.redirect_chain[-1][0].startswith(SECOND_FACTOR) and "Pamoka 2 tekstas" not in led.text
    assert led.redirect_chain[-1][0].endswith(url.replace("/", "%2F"))
    assert "Pamoka 2 tekstas" in awake.get(url).text


def test_launched_page_is_refused(asleep, closed):
    session = asleep.session
    session["launch"] = {"origins": [], "framed": False, "role": "teacher"}
    session.save()
    refused = asleep.get(closed.lessons[1].url, follow=True)
    assert refused.status_code == 403 and "Pamoka 2 tekstas" not in refused.text


def test_document_leads_to_the_second_factor_and_then_opens(asleep, awake, shelf):
    file = ContentFile(b"%PDF-1.7 vidinis", name="vidinis.pdf")
    document = get_document_model().objects.create(title="Vidinis", file=file, collection=shelf)
    assert asleep.get(document.url, follow=True).redirect_chain[-1][0].startswith(SECOND_FACTOR)
    assert b"vidinis" in b"".join(awake.get(document.url).streaming_content)


def test_recording_is_not_found(asleep, awake, shelf):
    url = recording(collection=shelf).url
    assert (asleep.get(url).status_code, awake.get(url).status_code) == (404, 200)


def test_lists_and_search_name_it_to_those_awake_only(asleep, awake, closed):
    for url in (closed.home.url, closed.catalogue.url, f"{reverse('search')}?q={closed.page.title}"):
        link = f'href="{closed.page.url}"'
        assert link not in asleep.get(url).text
        assert link in awake.get(url).text


def test_what_learners_do_there_is_not_found(asleep, awake, closed):
    url = reverse("courses:enrol", args=[closed.activity.uuid])
    assert (asleep.post(url).status_code, awake.post(url).status_code) == (404, 302)


def test_group_that_no_role_gives_needs_no_second_factor(client, course, austeja):
    readers = Group.objects.create(name="Darbuotojai")
    restrict(course.page, GROUPS, readers)
    austeja.groups.add(readers)
    client.force_login(austeja, backend=BACKEND)
    assert client.get(course.lessons[1].url).status_code == 200


def test_group_that_opens_the_admin_sleeps_though_no_role_gives_it(client, course, austeja):
    editors = Group.objects.get(name="Editors")
    restrict(course.page, GROUPS, editors)
    austeja.groups.add(editors)
    client.force_login(austeja, backend=BACKEND)
    assert client.get(course.lessons[1].url, follow=True).redirect_chain[-1][0].startswith(SECOND_FACTOR)


def test_page_behind_a_password_asks_those_asleep_for_it(asleep, course):
    restrict(course.page, PASSWORD)
    assert "Reikia slaptažodžio" in asleep.get(course.lessons[1].url).text
