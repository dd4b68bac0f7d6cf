"""An empty portal: what ``found`` makes of it, and how its first administrator gets in."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, Site

from courses.models import CataloguePage
from portal.content.models import HomePage
from portal.directory.flows.founding import make_administrator
from portal.directory.models import Library, Municipality, Role, RoleAssignment, Territory, User
from portal.founding import found
from portal.outbox.models import Delivery
from tests.signing_in import give_app, sign_in

pytestmark = pytest.mark.django_db
ADDRESS = "Rasa.Gintaute@biblioteka.example"


def told(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_founding_gives_both_languages_a_home_page_and_a_catalogue(client, settings):
    settings.SITE_URL = "https://mokymai.biblioteka.example"
    assert "/lt/kursai/" in told("found", "--name", "Mokymai")
    site = Site.objects.get()
    assert (site.hostname, site.port, site.site_name) == ("mokymai.biblioteka.example", 443, "Mokymai")
    for path, heading in {"/lt/": "Mokykitės savo tempu.", "/en/": "Learn at your own pace."}.items():
        answer = client.get(path)
        assert answer.status_code == 200
        assert heading in answer.content.decode()
    assert client.get("/lt/kursai/").status_code == client.get("/en/courses/").status_code == 200
    lithuanian, english = CataloguePage.objects.order_by("-locale__language_code")
    assert lithuanian.translation_key == english.translation_key


def test_founding_again_changes_no_page_and_adds_what_is_missing():
    found(name="Mokymai")
    home = HomePage.objects.get(locale__language_code="lt")
    home.opening = "Mūsų žodžiai."
    home.save_revision().publish()
    CataloguePage.objects.get(locale__language_code="en").delete()
    made = found(name="Kitas vardas")
    assert [(page.title, page.live) for page in made] == [("Courses", True)]
    assert HomePage.objects.get(pk=home.pk).opening == "Mūsų žodžiai."
    assert Site.objects.get().site_name == "Mokymai"
    assert found(name="Mokymai") == []


def test_founding_keeps_a_first_page_that_somebody_uses():
    root = Page.objects.get(slug="home", depth=2)
    root.add_child(instance=Page(title="Mūsų", slug="musu"))
    found(name="Mokymai")
    assert Page.objects.filter(slug="musu").exists()


def test_first_administrator_signs_in_by_the_address_and_needs_a_second_factor(client, settings):
    settings.SECOND_FACTOR = "staff"
    make_administrator(email=ADDRESS, first_name="Rasa", last_name="Gintautė", password="labai-slaptas-žodis")
    answer = client.post("/lt/sign-in/", {"login": ADDRESS.lower(), "password": "labai-slaptas-žodis"})
    assert answer.status_code == 302
    assert "second-factor" in client.get("/admin/").url


def test_administrator_command_makes_one_person_with_one_role():
    assert "No password yet" in told("administrator", ADDRESS, "--first-name", "Rasa")
    told("administrator", ADDRESS.lower())
    person = User.objects.get()
    assert (person.email, person.first_name, person.is_superuser) == (ADDRESS.lower(), "Rasa", True)
    assert RoleAssignment.objects.current().filter(user=person, role=Role.ADMINISTRATOR).count() == 1


def test_only_administrator_who_lost_the_device_gets_back_in_and_is_told_by_letter():
    person = make_administrator(email=ADDRESS, password="labai-slaptas-žodis")
    give_app(person)
    told("administrator", ADDRESS, "--keep-password", "--lost-device")
    assert not person.authenticator_set.exists()
    assert Delivery.objects.exists()


@pytest.mark.parametrize("arguments", [("administrator", "ne adresas"), ("createsuperuser", "--noinput")])
def test_what_would_make_nobody_able_to_sign_in_is_refused(arguments):
    with pytest.raises(CommandError):
        told(*arguments)
    assert not User.objects.exists()


def test_administrator_enters_a_library_and_can_delete_none(client):
    person = make_administrator(email=ADDRESS)
    sign_in(client, person)
    territory = Territory.objects.create(name_lt="Dzūkija")
    place = Municipality.objects.create(name_lt="Varėnos rajono savivaldybė", territory=territory)
    library = {"name_lt": "Varėnos biblioteka", "code": "VB", "city": "Varėna", "municipality": place.pk}
    answer = client.post("/admin/snippets/directory/library/add/", library)
    made = Library.objects.get()
    assert (answer.status_code, made.name_lt) == (302, "Varėnos biblioteka")
    client.post(f"/admin/snippets/directory/library/delete/{made.pk}/")
    assert Library.objects.filter(pk=made.pk).exists()


def test_portal_founded_with_two_names_bears_each_in_its_language(client):
    told("found", "--name", "Nemuno kursai", "--name-en", "Nemunas courses")
    assert "Nemuno kursai</title>" in client.get("/lt/").text
    english = client.get("/en/").text
    assert "Nemunas courses</title>" in english
    assert "Nemuno kursai" not in english
