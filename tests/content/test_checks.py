"""Checks of content: errors keep a page from being published, whichever way; warnings only tell the editor."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import Locale, TaskState, Workflow, WorkflowPage
from wagtail_localize.models import String, StringTranslation, Translation, TranslationContext

from portal.content.checking import Unfinished, errors_of, findings_of
from portal.content.models import StandardPage
from portal.directory.models import Role
from tests.content.forms import post_page
from tests.factories.content import (
    block,
    document_block,
    every_block,
    recording,
    recording_block,
    standard_page,
)
from tests.security.world import BACKEND, somebody

pytestmark = pytest.mark.django_db


def text(html):
    return block("text", html)


def heading(said):
    return block("heading", said, f"id-{said}")


def told(*body, **fields):
    """Return what the checks tell of a page with these blocks: level and sentence."""
    page = StandardPage(
        title="Apie", locale=Locale.objects.get(language_code="lt"), summary="Trumpai.", **fields
    )
    page.body = list(body)
    return [(finding.level, finding.text) for finding in findings_of(page)]


@pytest.fixture
def lithuanian(db):
    Locale.objects.get_or_create(language_code="lt")


@pytest.mark.usefixtures("lithuanian")
class TestFindings:
    """What is found in a page, and what is not."""

    def test_finished_page_has_nothing_to_mend(self):
        assert told(*every_block()) == []

    def test_picture_needs_a_description_or_the_mark_of_decoration(self):
        value = {"image": None, "alt": " ", "decorative": False, "caption": ""}
        ((level, said),) = told(block("figure", value))
        assert level == "error" and "aprašymo" in said

    @pytest.mark.parametrize(
        ("made", "count"),
        [
            ({"captions": ("en",)}, 2),
            ({"captions": ("lt",), "transcript_lt": " "}, 1),
            ({"captions": (), "kind": "audio"}, 1),
            ({"captions": (), "kind": "audio", "transcript_lt": "Garsas."}, 0),
        ],
    )
    def test_recording_needs_captions_and_a_transcript_in_the_pages_language(self, made, count):
        found = told(recording_block(recording(**made)))
        assert [level for level, _said in found] == ["error"] * count

    def test_empty_heading_is_an_error(self):
        assert [level for level, _said in told(text("<h3> </h3><p>A</p>"))] == ["error"]

    def test_skipped_level_is_a_warning(self):
        ((level, said),) = told(text("<h3>Smulki</h3>"))
        assert level == "warning" and "„Smulki“" in said
        assert told(heading("Stambi"), text("<h3>Smulki</h3>")) == []

    def test_two_chapters_of_one_name_are_a_warning(self):
        ((level, said),) = told(heading("Įvadas"), heading("Pabaiga"), heading("Įvadas"))
        assert level == "warning" and "Įvadas" in said

    @pytest.mark.parametrize("said", ["čia", "Čia.", "Skaityti daugiau…", "click here", "Here", "<b>čia</b>"])
    def test_link_that_says_nothing_is_a_warning(self, said):
        ((level, _text),) = told(text(f'<p>Gairės – <a href="https://kelrodis.example/">{said}</a></p>'))
        assert level == "warning"

    def test_link_without_text_is_an_error(self):
        ((level, _text),) = told(text('<p>A <a href="https://kelrodis.example/"></a></p>'))
        assert level == "error"

    def test_links_and_headings_of_other_blocks_are_looked_at_too(self):
        part = document_block()
        part["value"]["title"] = "čia"
        assert [level for level, _said in told(part)] == ["warning"]

    def test_page_that_says_nothing_of_itself_is_a_warning(self):
        page = StandardPage(title="Apie", locale=Locale.objects.get(language_code="lt"))
        assert [finding.level for finding in findings_of(page)] == ["warning"]
        page.search_description = "Kas tai."
        assert findings_of(page) == []


@pytest.fixture
def uncaptioned(course):
    """A draft with a video that has captions in English only."""
    body = [recording_block(recording(captions=("en",)))]
    page = StandardPage(title="Filmas", slug="filmas", locale=course.home.locale, body=body, live=False)
    course.home.add_child(instance=page)
    page.save_revision()
    return page


def is_live(page):
    return StandardPage.objects.get(pk=page.pk).live


def test_page_with_an_error_is_not_published_by_code(uncaptioned):
    with pytest.raises(Unfinished, match="subtitrų"):
        uncaptioned.get_latest_revision().publish()
    assert not is_live(uncaptioned)


def test_draft_with_an_error_is_saved_and_the_editor_is_told_where_it_is(admin_of_portal, uncaptioned):
    assert post_page(admin_of_portal, uncaptioned).status_code == 302
    shown = admin_of_portal.get(f"/admin/pages/{uncaptioned.pk}/edit/").text
    assert "neturi subtitrų šio puslapio kalba" in shown
    assert 'href="#block-id-recording-section"' in shown


@pytest.mark.parametrize("action", ["publish", "submit"])
def test_page_with_an_error_is_neither_published_nor_sent_for_approval_from_its_form(
    admin_of_portal, uncaptioned, action
):
    answer = post_page(admin_of_portal, uncaptioned, action)
    assert answer.status_code == 200
    errors = answer.context["form"].errors.as_data()["body"]
    assert "neturi subtitrų" in str(errors[0].as_json_data())
    assert not is_live(uncaptioned)
    made = recording()
    uncaptioned.body = [recording_block(made)]
    uncaptioned.save_revision()
    assert post_page(admin_of_portal, uncaptioned, action).status_code == 302
    assert is_live(uncaptioned) == (action == "publish")


def test_page_with_a_warning_is_published(admin_of_portal, course):
    page = standard_page(course.home, body=[text('<p><a href="https://kelrodis.example/">čia</a></p>')])
    assert post_page(admin_of_portal, page, "publish").status_code == 302
    assert "nepasako, kur ji veda" in admin_of_portal.get(f"/admin/pages/{page.pk}/edit/").text


def test_finished_page_has_no_panel_of_checks(admin_of_portal, course):
    page = standard_page(course.home, body=every_block(), summary="Trumpai.")
    assert "Paskutinį kartą išsaugotame" not in admin_of_portal.get(f"/admin/pages/{page.pk}/edit/").text


def test_page_that_lost_its_captions_is_not_approved_and_the_editor_is_led_to_it(client, course):
    made = recording()
    author, editor = (
        somebody("Rasa", "Stonkutė", role=Role.AUTHOR),
        somebody("Eglė", "Drąsutytė", role=Role.EDITOR),
    )
    page = StandardPage(
        title="F", slug="f", locale=course.home.locale, body=[recording_block(made)], live=False
    )
    page.owner = author
    course.home.add_child(instance=page)
    page.save_revision(user=author)
    workflow = Workflow.objects.get(active=True)
    WorkflowPage.objects.get_or_create(page=page.get_root(), defaults={"workflow": workflow})
    workflow.start(page, author)
    made.captions_lt.delete()
    client.force_login(editor, backend=BACKEND)
    state = TaskState.objects.get()
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    answer = client.post(address, {"comment": ""}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/admin/pages/{page.pk}/edit/"
    assert "„F“ nepaskelbtas" in answer.text
    assert not is_live(page)
    assert TaskState.objects.get().status == "in_progress"
    window = client.post(address, {"comment": ""}, headers={"X-Requested-With": "XMLHttpRequest"})
    assert window.json() == {"step": "success", "redirect": f"/admin/pages/{page.pk}/edit/"}


@pytest.fixture
def translated(admin_of_portal, course):
    """A Lithuanian page, and its English draft begun on Wagtail's screen."""
    page = standard_page(
        course.home, body=[text("<p>Pirmas.</p>")], introduction="Įvadas", summary="Trumpai."
    )
    english = Locale.objects.get(language_code="en").pk
    admin_of_portal.post(
        reverse("wagtail_localize:submit_page_translation", args=[page.pk]), {"locales": [english]}
    )
    return page


def english_of(page):
    return StandardPage.objects.get(translation_key=page.translation_key, locale__language_code="en")


def translate(page, source, words):
    """Give a text its English words."""
    StringTranslation.objects.update_or_create(
        translation_of=String.objects.filter(data=source).get(),
        locale=Locale.objects.get(language_code="en"),
        context=TranslationContext.objects.filter(
            object_id=page.translation_key, stringsegment__string__data=source
        ).first(),
        defaults={"data": words},
    )


def test_untranslated_texts_are_counted_for_the_editor(translated):
    found = [finding.text for finding in findings_of(english_of(translated))]
    total, done = Translation.objects.get().get_progress()
    assert found == [f"Dar neišversti {total - done} tekstai."]
    translate(translated, "Pirmas.", "First.")
    assert findings_of(english_of(translated))[0].text == f"Dar neišversti {total - done - 1} tekstai."
    assert errors_of(english_of(translated)) == []


def test_original_published_anew_is_told_at_its_translation(translated):
    translated.title = "Kitaip"
    translated.save_revision().publish()
    assert "Originalas po to paskelbtas iš naujo" in findings_of(english_of(translated))[-1].text


def test_original_published_anew_is_told_at_a_translation_made_by_hand(course):
    english = course.others["en"].lessons[0]
    assert not [finding for finding in findings_of(english) if "Originalas" in finding.text]
    course.lessons[0].title = "Kitaip"
    course.lessons[0].save_revision().publish()
    assert [finding for finding in findings_of(english) if "Originalas" in finding.text]


def test_every_block_is_saved_by_its_form_as_it_is(admin_of_portal, course):
    page = standard_page(course.home, body=every_block())
    before = [(child.block_type, str(child.value)) for child in page.body]
    assert post_page(admin_of_portal, page, "publish").status_code == 302
    page = StandardPage.objects.get(pk=page.pk)
    kinds = [(child.block_type, str(child.value)) for child in page.body]
    assert [kind for kind, _value in kinds] == [kind for kind, _value in before]
    assert page.body[9].value["table"].caption == "Šaltinių rūšys"
    assert [term.term_en for term in page.body[10].value["terms"]] == ["metadata"]


def publishing(browser, page, **more):
    address = f"/admin/pages/{english_of(page).pk}/edit/"
    return browser.post(address, {"action": "publish"} | more, follow=True)


@pytest.mark.django_db(transaction=True)
def test_translation_with_parts_missing_is_published_only_by_a_clear_word(admin_of_portal, translated):
    translate(translated, "Įvadas", "Introduction")
    asked = publishing(admin_of_portal, translated)
    assert "Kai kurie tekstai neišversti" in asked.text
    assert '<li lang="lt">Pirmas.</li>' in asked.text
    assert "(puslapio adrese)</li>" in asked.text
    assert "Įvadas</li>" not in asked.text
    assert not english_of(translated).live
    publishing(admin_of_portal, translated, anyway="1")
    assert english_of(translated).live


@pytest.mark.django_db(transaction=True)
def test_whole_translation_is_published_at_once(admin_of_portal, translated):
    for segment in Translation.objects.get().source.stringsegment_set.all():
        translate(translated, segment.string.data, f"{segment.string.data} en")
    publishing(admin_of_portal, translated)
    assert english_of(translated).live
    assert english_of(translated).slug == f"{translated.slug}-en"


@pytest.mark.django_db(transaction=True)
def test_update_of_translations_publishes_none_with_parts_missing(admin_of_portal, translated):
    address = reverse("wagtail_localize:update_translations", args=[Translation.objects.get().source_id])
    answer = admin_of_portal.post(address, {"publish_translations": "on"}, follow=True)
    assert "kai kurie tekstai neišversti" in answer.text
    assert not english_of(translated).live
