"""Header and foot: what editors arrange, what is left out, where one is, and what it costs."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction, Site
from wagtail.test.utils.form_data import nested_form_data, streamfield

from portal.content import edition, sitewide
from portal.content.models import Branding, Navigation
from portal.directory.models import Role
from tests.factories.courses import make_course
from tests.queries import counted
from tests.security.world import BACKEND, somebody

pytestmark = pytest.mark.django_db


def link(page=None, address="", title=""):
    return ("link", {"page": page.pk if page else "", "address": address, "title": title})


def arrange(**places):
    """Arrange the navigation; pages alone, lists of links by place and language."""
    return Navigation.objects.create(site=Site.objects.get(), **places)


def header(client, url="/lt/"):
    return re.search(r"<header.*?</header>", client.get(url).text, re.DOTALL)[0]


def foot(client, url="/lt/"):
    return re.search(r"<footer.*?</footer>", client.get(url).text, re.DOTALL)[0]


def raw(*links):
    return [{"type": kind, "value": value | {"page": value["page"] or None}} for kind, value in links]


@pytest.fixture
def editor(client, db):
    """A browser in which Tomas, an editor, is signed in."""
    client.force_login(somebody("Tomas", "Šimkus", role=Role.EDITOR), backend=BACKEND)
    return client


def sent(browser, **places):
    """Send the form as the browser does; ``places`` give lists of links."""
    data = {name: streamfield(places.get(name, [])) for name in ("main_lt", "main_en", "foot_lt", "foot_en")}
    url = reverse("wagtailsettings:edit", args=["content", "navigation", Site.objects.get().pk])
    single = dict.fromkeys(["sign_language", "easy_language", "statement", "privacy"], "")
    return browser.post(url, nested_form_data(data) | single)


def test_editor_arranges_pages_and_addresses(editor, course):
    places = [link(course.page), link(address="https://www.ibiblioteka.lt/", title="iBiblioteka")]
    assert sent(editor, main_lt=places).status_code == 302
    shown = header(editor)
    assert f'<a href="{course.page.url}">{course.page.title}</a>' in shown
    assert '<a href="https://www.ibiblioteka.lt/">iBiblioteka</a>' in shown
    assert "iBiblioteka" not in header(editor, "/en/")


@pytest.mark.parametrize(
    ("aim", "words"),
    [
        (link(), "Pasirinkite puslapį arba"),
        (link(address="https://a.lt/"), "Parašykite, kaip adresas vadinasi"),
        (link(address="javascript:alert(1)", title="x"), "prasideda"),
        (link(address="//kitur.lt", title="x"), "prasideda"),
        (link(address="/\\kitur.lt", title="x"), "prasideda"),
        (link(address="ftp://kitur.lt", title="x"), "prasideda"),
    ],
)
def test_link_that_leads_nowhere_is_refused(editor, course, aim, words):
    answer = sent(editor, main_lt=[aim])
    assert answer.status_code == 200
    assert words in re.sub(r"\\u([0-9a-f]{4})", lambda sign: chr(int(sign[1], 16)), answer.text)
    assert not any(row.main_lt for row in Navigation.objects.all())


def test_more_links_than_fit_are_refused(editor, course):
    assert sent(editor, main_lt=[link(course.page)] * 7).status_code == 200
    assert not any(row.main_lt for row in Navigation.objects.all())


def test_navigation_that_nobody_arranged_shows_what_is_shown_in_menus(client, course):
    shown = header(client)
    assert f'href="{course.catalogue.url}"' in shown
    assert course.page.url not in shown
    assert header(client, "/en/").count(course.others["en"].catalogue.url) == 1


def test_page_one_is_on_and_the_part_one_is_in_are_marked(client, course):
    url = course.catalogue.url
    assert f'<a href="{url}" aria-current="page">' in header(client, url)
    assert f'<a href="{url}" aria-current="true">' in header(client, course.page.url)
    assert "aria-current" not in header(client)


def test_F08_draft_or_page_of_others_is_not_named(client, austeja, course):
    PageViewRestriction.objects.create(page=course.page, restriction_type=PageViewRestriction.LOGIN)
    course.lessons[1].unpublish()
    links = raw(link(course.page, title="Kolegoms"), link(course.lessons[1], title="Juodraštis"))
    arrange(main_lt=links, foot_lt=links)
    for part in (header, foot):
        assert "Kolegoms" not in part(client)
        assert "Juodraštis" not in part(client)
    client.force_login(austeja, backend=BACKEND)
    assert "Kolegoms" in header(client)


def test_page_that_becomes_private_is_left_out_at_once(client, course):
    arrange(main_lt=raw(link(course.page, title="Paieška")))
    assert "Paieška" in header(client)
    PageViewRestriction.objects.create(page=course.page, restriction_type=PageViewRestriction.LOGIN)
    assert "Paieška" not in header(client)


def test_page_in_the_other_language_is_translated_or_marked(client, course):
    arrange(main_en=raw(link(course.page)))
    english = course.others["en"].page
    assert f'<a href="{english.url}">{english.title}</a>' in header(client, "/en/")
    english.unpublish()
    assert f'<a href="{course.page.url}" hreflang="lt" lang="lt">' in header(client, "/en/")


def test_aids_are_shown_only_when_they_were_chosen(client, course):
    for language, words in (("lt", "Gestų kalba"), ("en", "Sign language")):
        assert words not in header(client, f"/{language}/")
    assert "Prieinamumo nuostatos" in header(client)
    navigation = arrange(
        sign_language=course.page, easy_language=course.lessons[0], statement=course.lessons[1]
    )
    assert f'<a href="{course.page.url}">Gestų kalba</a>' in header(client)
    assert f'<a href="{course.others["en"].page.url}">Sign language</a>' in header(client, "/en/")
    assert "Lengvai suprantama kalba" in header(client)
    assert "Prieinamumo pareiškimas" in foot(client)
    course.others["en"].page.unpublish()
    assert "Sign language" not in header(client, "/en/")  # rather than a page in the wrong language
    navigation.sign_language = None
    navigation.save()
    assert "Gestų kalba" not in header(client)


def test_somebody_signed_in_finds_their_learning_in_the_header(as_austeja, course):
    shown = header(as_austeja)
    assert '<a href="/lt/learn/">Mano mokymasis</a>' in shown
    assert '<a href="/lt/learn/" aria-current="page">' in header(as_austeja, "/lt/learn/")
    as_austeja.logout()
    assert "/lt/learn/" not in header(as_austeja)


def test_change_of_a_page_is_seen_in_the_navigation_at_once(
    client, course, django_capture_on_commit_callbacks
):
    arrange(main_lt=raw(link(course.page)))
    assert course.page.title in header(client)
    course.page.title = "Nauja antraštė"
    course.page.save_revision().publish()
    assert "Nauja antraštė" in header(client)
    course.page.slug = "naujas-adresas"
    course.page.save_revision().publish()
    assert "/lt/kursai/naujas-adresas/" in header(client)
    other = make_course("kitas")
    course.page.move(other.page.get_parent(), pos="last-child")
    course.page.delete()
    assert "Nauja antraštė" not in header(client)


def test_what_was_read_before_a_change_was_committed_is_not_kept(course, django_capture_on_commit_callbacks):
    site = Site.objects.get().pk
    with django_capture_on_commit_callbacks(execute=True):
        Branding.objects.create(site_id=site, name="Nauja")
        held = sitewide.read(site, "lt")  # another process, reading while the change is under way
        assert held.name == "Nauja"
        before = edition.begin()
    assert edition.begin() != before


def test_header_and_foot_cost_one_query_however_many_links_there_are(client, course):
    def cost():
        client.get("/lt/search/")
        with counted() as statements:
            client.get("/lt/search/")
        return len(statements)

    arrange()
    few = cost()
    Navigation.objects.all().delete()
    pages = [course.page, *course.lessons, course.catalogue, course.quiz]
    arrange(
        main_lt=raw(*(link(page) for page in pages)),
        foot_lt=raw(*(link(page) for page in pages)),
        sign_language=course.page,
        easy_language=course.lessons[0],
        statement=course.lessons[1],
    )
    assert cost() == few == 1


def test_portal_without_a_site_still_answers(client, course):
    Site.objects.all().delete()
    assert client.get("/lt/sign-in/").status_code == 200


def test_editor_finds_the_way_from_a_page_to_its_form_and_from_elsewhere_to_the_staffs_home(course):
    browser = Client()
    author = somebody("Eglė", "Įmantė", role=Role.AUTHOR)
    browser.force_login(author, backend=BACKEND)
    edit = f'<a href="/admin/pages/{course.page.pk}/edit/">'
    assert edit not in browser.get(course.page.url).text  # another's page
    assert '<a href="/admin/">Redagavimas</a>' in browser.get(course.page.url).text
    browser.force_login(somebody("Tomas", "Šimkus", role=Role.EDITOR), backend=BACKEND)
    assert f"{edit}Redaguoti šį puslapį</a>" in browser.get(course.page.url).text
    assert '<a href="/admin/">Redagavimas</a>' in browser.get("/lt/search/").text


def test_learner_has_no_link_to_the_staffs_screens(as_austeja, client, course):
    for browser in (as_austeja, client):
        assert "/admin/" not in browser.get(course.page.url).text
