"""What the holder sees: My learning, the download, the name."""

import hashlib
import logging
import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from certificates import reports
from certificates.flows.rendering import render
from certificates.models import Credential
from tests.factories.certificates import CompletionFactory, CourseVersionFactory
from tests.factories.people import UserFactory

BACKEND = "portal.directory.backends.EmailBackend"


@pytest.fixture
def sign_in(client):
    def enter(person):
        client.force_login(person, backend=BACKEND)
        return client

    return enter


@pytest.fixture
def nameless(db):
    return UserFactory(first_name="", last_name="", email=None)


def pdf_page(credential):
    return f"/lt/certificates/{credential.uuid}/pdf/"


class TestDownload:
    """C10: a certificate is downloaded by its holder and by nobody else."""

    def test_holder_gets_the_stored_file(self, rendered, sign_in):
        response = sign_in(rendered.holder).get(pdf_page(rendered))
        body = b"".join(response.streaming_content)
        assert hashlib.sha256(body).hexdigest() == rendered.file.sha256
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == 'attachment; filename="K-2026-000001.pdf"'
        assert response["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize("powers", [{}, {"is_superuser": True, "is_staff": True}])
    def test_others_are_told_there_is_none(self, rendered, sign_in, powers):
        response = sign_in(UserFactory(**powers)).get(pdf_page(rendered))
        assert response.status_code == 404

    def test_stranger_is_asked_to_sign_in_whether_it_exists_or_not(self, client, rendered):
        for address in (pdf_page(rendered), "/lt/certificates/00000000-0000-4000-8000-000000000000/pdf/"):
            response = client.get(address)
            assert response.status_code == 302
            assert response.headers["Location"].startswith(reverse("account_login"))

    def test_media_address_does_not_reach_it(self, client, rendered):
        for path in (rendered.file.path, f"../private/{rendered.file.path}", f"private/{rendered.file.path}"):
            assert client.get(f"/media/{path}").status_code in (400, 404)

    def test_certificate_in_the_making_says_so(self, credential, sign_in):
        response = sign_in(credential.holder).get(pdf_page(credential))
        assert response.headers["Location"] == "/lt/learn/"

    @pytest.mark.parametrize("damage", ["changed", "lost"])
    def test_damaged_file_is_never_given_out(self, rendered, sign_in, private_storage, caplog, damage):
        private_storage.delete(rendered.file.path)
        if damage == "changed":
            with private_storage.open(rendered.file.path, "wb") as file:
                file.write(b"%PDF-1.7 forged")
        with caplog.at_level(logging.ERROR):
            response = sign_in(rendered.holder).get(pdf_page(rendered))
        assert response.headers["Location"] == "/lt/learn/"
        assert rendered.number in caplog.text


class TestMine:
    """My learning lists what one holds and waits for."""

    def test_rendered_certificate_can_be_downloaded_and_shown(self, rendered):
        with override("lt"):
            mine = reports.of(rendered.holder)
        (row,) = mine.issued
        assert (row.number, row.title, row.hours) == (rendered.number, rendered.snapshot["title"], 16)
        assert row.pdf_url == pdf_page(rendered)
        assert row.verify_url == f"/lt/verify/{rendered.token}/"
        assert mine.waiting == [] and mine.name_url is None

    def test_certificate_in_the_making_has_no_file_yet(self, credential):
        assert reports.of(credential.holder).issued[0].pdf_url is None

    def test_completion_not_yet_issued_is_being_prepared(self, completion):
        mine = reports.of(completion.enrolment.user)
        assert mine.waiting == [("Informacijos paieška ir vertinimas", "lt")]
        assert mine.name_url is None

    def test_completion_of_a_nameless_person_asks_for_the_name(self, nameless):
        CompletionFactory(enrolment__user=nameless)
        with override("en"):
            assert reports.of(nameless).name_url == "/en/certificates/name/"

    def test_course_without_certificate_is_not_waited_for(self, db):
        completion = CompletionFactory(version=CourseVersionFactory(payload__certificate=False))
        assert not reports.of(completion.enrolment.user)

    def test_report_costs_two_queries_however_much_one_holds(self, db, django_assert_num_queries):
        person = UserFactory()
        for _ in range(6):
            completion = CompletionFactory(enrolment__user=person)
            from certificates.flows.issuing import issue

            render(credential=issue(completion=completion))
        with django_assert_num_queries(2):
            mine = reports.of(person)
        with django_assert_num_queries(0):
            render_to_string("certificates/mine.html", {"certificates": mine})
        assert len(mine.issued) == 6

    @pytest.mark.parametrize("language", ["lt", "en"])
    def test_page_shows_them(self, rendered, sign_in, language):
        text = sign_in(rendered.holder).get(f"/{language}/learn/").content.decode()
        assert rendered.number in text
        assert f"/{language}/certificates/{rendered.uuid}/pdf/" in text

    def test_nobody_has_none(self, client):
        from django.contrib.auth.models import AnonymousUser

        assert not reports.of(AnonymousUser())


class TestNamePage:
    """A learner without a name types it and gets what waited."""

    @pytest.mark.parametrize("language", ["lt", "en"])
    def test_typing_it_issues(self, nameless, sign_in, language):
        CompletionFactory(enrolment__user=nameless)
        client = sign_in(nameless)
        assert client.get(f"/{language}/certificates/name/").status_code == 200
        typed = {"first_name": " Jonas ", "last_name": "Rūkas  Kalnas"}
        shown = client.post(f"/{language}/certificates/name/", typed)
        assert "<strong>Jonas Rūkas Kalnas</strong>" in shown.content.decode()
        assert not Credential.objects.exists(), "nothing is kept before it is confirmed"
        hidden = dict(re.findall(r'type="hidden" name="(\w+_name)" value="([^"]*)"', shown.content.decode()))
        assert hidden == {"first_name": "Jonas", "last_name": "Rūkas Kalnas"}
        response = client.post(f"/{language}/certificates/name/", {**hidden, "step": "confirm"})
        assert response.headers["Location"] == f"/{language}/learn/"
        assert Credential.objects.get().holder_name == "Jonas Rūkas Kalnas"

    @pytest.mark.parametrize(
        ("first", "last"),
        [("", "Rūkas"), ("Jonas", "—"), ("12", "34"), ("Jo\u202enas", "Rūkas"), ("J" * 61, "R")],
    )
    @pytest.mark.parametrize("step", ["", "confirm"])
    def test_what_is_no_name_is_refused_and_kept_in_the_form(self, nameless, sign_in, first, last, step):
        CompletionFactory(enrolment__user=nameless)
        typed = {"first_name": first, "last_name": last, "step": step}
        response = sign_in(nameless).post("/lt/certificates/name/", typed)
        assert response.status_code == 400
        assert "field-error" in response.content.decode()
        assert not Credential.objects.exists()

    def test_name_can_be_corrected_before_it_is_printed(self, nameless, sign_in):
        typed = {"first_name": "Jonss", "last_name": "Rūkas", "step": "correct"}
        response = sign_in(nameless).post("/en/certificates/name/", typed)
        assert response.status_code == 200
        assert 'type="text" name="first_name" id="id_first_name" value="Jonss"' in response.content.decode()
        nameless.refresh_from_db()
        assert not nameless.has_name

    @pytest.mark.parametrize("name", ["Saoirse O’Brien", "Юлия Петрова", "Nguyễn Thị", "Jean-Luc", "王小明"])
    def test_names_of_all_countries_are_names(self, nameless, sign_in, name):
        typed = {"first_name": name, "last_name": name, "step": "confirm"}
        sign_in(nameless).post("/lt/certificates/name/", typed)
        nameless.refresh_from_db()
        assert nameless.first_name == name

    def test_person_with_a_name_is_not_asked(self, austeja, as_austeja):
        assert as_austeja.get("/lt/certificates/name/").headers["Location"] == "/lt/learn/"
        as_austeja.post(
            "/lt/certificates/name/", {"first_name": "Kita", "last_name": "Kita", "step": "confirm"}
        )
        austeja.refresh_from_db()
        assert austeja.first_name == "Austėja"

    def test_stranger_is_asked_to_sign_in(self, client, db):
        assert client.get("/lt/certificates/name/").status_code == 302
