"""What librarians may write, what is asked before publishing, previews and translations."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Locale
from wagtail_localize.models import Translation, TranslationSource

from portal.catalogue.models import ResourceListPage, ResourcePage, SubjectGuidePage
from portal.content.checking import findings_of
from tests.factories.library import access, reading, resource, section

pytestmark = pytest.mark.django_db


def test_subject_librarian_writes_and_publishes_own_pages_below_the_list_and_no_others(library, azuolas):
    own = SubjectGuidePage(
        title="Kartografija", slug="kartografija", locale=library.index.locale, owner=azuolas
    )
    library.index.add_child(instance=own)
    assert library.index.permissions_for_user(azuolas).can_add_subpage()
    assert own.permissions_for_user(azuolas).can_edit() and own.permissions_for_user(azuolas).can_publish()
    assert not library.guide.permissions_for_user(azuolas).can_edit()
    assert not library.home.permissions_for_user(azuolas).can_add_subpage()


@pytest.mark.parametrize(
    "fields", [{"kind": "search"}, {"address": ""}, {"search_address": "https://a.example/?q=x"}]
)
def test_resource_without_a_way_in_is_not_published(library, fields):
    with pytest.raises(ValidationError):
        resource(library.index, "Be kelio", **fields)


def test_warnings_name_a_proxy_that_is_not_set_up_unpublished_items_and_a_guide_without_a_librarian(library):
    library.database.access = ResourcePage.Access.PROXY
    assert any("tarpinis serveris" in finding.text for finding in findings_of(library.database))
    access(proxy_prefix="https://ezproxy.kelrodis.example/login?url=")
    assert not any("tarpinis serveris" in finding.text for finding in findings_of(library.database))
    library.database.unpublish()
    listed = ResourceListPage.objects.get(pk=library.list.pk)
    assert any("Žemėlapių bazė" in finding.text for finding in findings_of(listed))
    library.guide.librarian = None
    assert any("nenurodytas bibliotekininkas" in finding.text for finding in findings_of(library.guide))


@pytest.mark.parametrize("name", ["index", "database", "guide", "list"])
def test_every_kind_of_page_has_a_preview_in_its_own_language(library, name):
    page = getattr(library.others["en"], name)
    page.title = "A draft title"
    response = page.make_preview_request()
    assert response.status_code == 200
    assert 'lang="en"' in response.text and "A draft title" in response.text


def test_translated_list_keeps_its_items_identifiers_so_that_marks_hold(library):
    library.others["en"].list.delete()
    library.list.sections = [section("1 savaitė", reading("aaaaaaaa-0000-4000-8000-00000000000a", "Knyga"))]
    library.list.save_revision().publish()
    page = ResourceListPage.objects.get(pk=library.list.pk)
    source, _new = TranslationSource.get_or_create_from_instance(page)
    translation = Translation.objects.create(
        source=source, target_locale=Locale.objects.get(language_code="en")
    )
    translation.save_target(publish=False)
    made = translation.get_target_instance().get_latest_revision_as_object()
    item = made.sections[0].value["items"][0]
    assert item.id == "aaaaaaaa-0000-4000-8000-00000000000a"
    assert made.translation_key == library.list.translation_key
