"""The standard page: below the home page and below itself, found, mapped, shared, in both languages."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import PageViewRestriction

from courses.models import CataloguePage, CoursePage, LessonPage
from portal.content.models import HomePage, StandardPage
from tests.content.test_for_machines import the_map
from tests.factories.content import block, picture, standard_page
from tests.queries import counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def about(course):
    """The page "Apie" with one below it, and its translation."""
    page = standard_page(
        course.home, "Apie portalą", introduction="Kam jis skirtas.", summary="Trumpai apie portalą."
    )
    below = standard_page(page, "Prieinamumas", slug="prieinamumas", summary="Kaip skaityti.")
    english = standard_page(course.others["en"].home, "About the portal", page, slug="about")
    return page, below, english


@pytest.mark.parametrize("slug", ["accessibility", "learn", "sign-in", "verify", "styleguide"])
def test_page_does_not_hide_behind_an_address_of_the_portal_itself(course, slug):
    with pytest.raises(ValidationError) as refused:
        standard_page(course.home, "Prieinamumas", slug=slug)
    assert list(refused.value.message_dict) == ["slug"]
    course.home.refresh_from_db()
    made = course.home.add_child(instance=StandardPage(title=slug, locale=course.home.locale))
    assert made.slug == f"{slug}-2"  # one that is made of the title steps aside


def test_it_stands_below_the_home_page_and_below_itself():
    assert set(StandardPage.allowed_parent_page_models()) == {HomePage, StandardPage}
    assert StandardPage.allowed_subpage_models() == [StandardPage]
    for model in (CataloguePage, CoursePage, LessonPage):
        assert StandardPage not in model.allowed_subpage_models()


def test_page_shows_its_way_here_and_what_is_below_it(client, course, about):
    page, below, _english = about
    text = client.get(page.get_url()).text
    assert "<h1>Apie portalą</h1>" in text and "Kam jis skirtas." in text
    assert f'<a href="{below.get_url()}">Prieinamumas</a>' in text
    text = client.get(below.get_url()).text
    steps = text.partition('class="breadcrumb"')[2].partition("</nav>")[0]
    assert f'href="{course.home.get_url()}"' in steps and f'href="{page.get_url()}"' in steps
    assert '<li aria-current="page">Prieinamumas</li>' in steps


def test_restricted_or_unpublished_page_below_is_not_listed(client, about):
    page, below, _english = about
    PageViewRestriction.objects.create(page=below, restriction_type=PageViewRestriction.LOGIN)
    assert ">Prieinamumas<" not in client.get(page.get_url()).text
    PageViewRestriction.objects.all().delete()
    below.unpublish()
    assert ">Prieinamumas<" not in client.get(page.get_url()).text


def test_page_is_found_mapped_and_led_to_in_the_other_language(client, about):
    page, below, english = about
    assert page.get_url() in client.get("/lt/search/", {"q": "portalą"}).text
    assert the_map(client)[page.full_url] == {"lt": page.full_url, "en": english.full_url}
    assert below.full_url in the_map(client)
    led = client.get(f"/en/same/{page.translation_key}/")
    assert led.url == english.get_url()


def test_contents_lead_to_the_headings_where_they_are_asked_for(client, course):
    body = [
        block("heading", "Ką čia rasite", "h1"),
        block("text", "<p>A</p>"),
        block("heading", "Klausimai", "h2"),
    ]
    page = standard_page(course.home, body=body, has_contents=True)
    text = client.get(page.get_url()).text
    assert '<a href="#ka-cia-rasite">Ką čia rasite</a>' in text
    assert '<h2 id="ka-cia-rasite">Ką čia rasite</h2>' in text
    page.has_contents = False
    page.save_revision().publish()
    assert "#ka-cia-rasite" not in client.get(page.get_url()).text


def test_page_is_shared_with_its_own_picture_or_the_portals(client, course):
    page = standard_page(course.home, picture=picture())
    text = client.get(page.get_url()).text
    assert "fill-1200x630" in text.partition('property="og:image" content="')[2].partition('"')[0]
    page.picture = None
    page.save_revision().publish()
    assert "card" in client.get(page.get_url()).text.partition('property="og:image" content="')[2][:80]


def test_page_asks_as_little_however_much_is_below_it(client, about):
    page, _below, _english = about
    client.get(page.get_url())
    with counted() as before:
        client.get(page.get_url())
    for number in range(5):
        standard_page(page, f"Dar {number}", slug=f"dar-{number}")
    client.get(page.get_url())
    with counted() as after:
        client.get(page.get_url())
    assert len(after) == len(before) <= 12


def test_address_of_a_page_is_made_without_the_letters_that_other_keyboards_lack(admin_of_portal, course):
    page = StandardPage(title="Šventinis ąžuolas", locale=course.home.locale)
    course.home.add_child(instance=page)
    assert page.get_url() == "/lt/sventinis-azuolas/"
    form = admin_of_portal.get(f"/admin/pages/{page.pk}/edit/").text
    assert "data-w-slug-allow-unicode-value" not in form  # the field fills itself by the same rule
