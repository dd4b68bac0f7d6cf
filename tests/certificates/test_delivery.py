import pytest
from django.conf import settings
from django.core import mail
from django.test import override_settings

from certificates.models import Credential, CredentialFile
from portal.outbox.models import Delivery
from portal.outbox.recording import record
from tests.factories.certificates import CompletionFactory, CourseVersionFactory, EnglishVersionFactory
from tests.factories.people import UserFactory


def complete(completion):
    record("courses.enrolment_completed", completion_id=completion.pk)


def test_completion_ends_in_a_file_and_a_letter(completion, deliver):
    complete(completion)
    deliver()
    credential = Credential.objects.get(completion=completion)
    assert CredentialFile.objects.filter(credential=credential).exists()
    (letter,) = mail.outbox
    assert letter.to == ["zivile@kelrodis.example"]
    assert "Informacijos paieška ir vertinimas" in letter.subject
    html = letter.alternatives[0][0]
    for body in (letter.body, html):
        assert f"{settings.SITE_URL}/verify/{credential.token}/" in body
        assert f"{settings.SITE_URL}/lt/certificates/{credential.uuid}/pdf/" in body
        assert credential.number in body
    assert {row.state for row in Delivery.objects.all()} == {"sent"}


def test_fact_told_twice_has_one_effect(completion, deliver):
    complete(completion)
    deliver()
    complete(completion)
    Delivery.objects.update(state="pending")
    deliver()
    assert Credential.objects.count() == CredentialFile.objects.count() == 1
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 1


def test_letter_is_in_the_readers_language_the_certificate_in_the_courses(db, deliver):
    reader = UserFactory(preferred_language="en")
    complete(CompletionFactory(enrolment__user=reader))
    deliver()
    assert Credential.objects.get().language == "lt"
    assert "/en/certificates/" in mail.outbox[0].body
    assert 'lang="en"' in mail.outbox[0].alternatives[0][0]


def test_student_who_cannot_sign_in_is_led_back_to_the_platform(db, deliver):
    student = UserFactory(preferred_language="en")
    student.set_unusable_password()
    student.save()
    complete(CompletionFactory(enrolment__user=student))
    deliver()
    (letter,) = mail.outbox
    for body in (letter.body, letter.alternatives[0][0]):
        assert "open the course in your learning platform" in body
        assert "/pdf/" not in body
        assert "Hello Austėja Žvirblytė," in body


def test_lithuanian_letter_does_not_put_the_name_in_the_nominative(completion, deliver):
    complete(completion)
    deliver()
    assert "Živilė" not in mail.outbox[0].body


def test_title_is_marked_with_the_language_it_is_in(db, deliver):
    complete(CompletionFactory(enrolment__user__preferred_language="en"))
    deliver()
    assert '<span lang="lt">Informacijos paieška ir vertinimas</span>' in mail.outbox[0].alternatives[0][0]


def test_person_without_address_gets_the_file_and_no_letter(db, deliver):
    complete(CompletionFactory(enrolment__user__email=None, version=EnglishVersionFactory()))
    deliver()
    assert CredentialFile.objects.count() == 1
    assert mail.outbox == []
    assert not Delivery.objects.filter(handler="outbox.letter").exists()


def test_course_without_certificate_ends_quietly(db, deliver):
    complete(CompletionFactory(version=CourseVersionFactory(payload__certificate=False)))
    deliver()
    assert Delivery.objects.get().last_status == "none due"


def test_person_erased_before_the_worker_came_gets_nothing(completion, deliver):
    complete(completion)
    completion.enrolment.user.delete()
    deliver()
    assert Delivery.objects.get().state == "superseded"
    assert not Credential.objects.exists()


def test_layout_that_fails_is_kept_and_tried_again(completion, deliver, monkeypatch):
    """C07: what breaks the layout is an error on the staff's screen, not a lost certificate."""
    nested = "<table><tr><td>" * 60
    loader = ("django.template.loaders.locmem.Loader", {"pdf/certificate.html": nested})
    engine = {**settings.TEMPLATES[0], "APP_DIRS": False}
    engine["OPTIONS"] = {
        **engine["OPTIONS"],
        "loaders": [loader, "django.template.loaders.filesystem.Loader"],
    }
    complete(completion)
    with override_settings(TEMPLATES=[engine]):
        deliver()
    row = Delivery.objects.get(handler="certificates.render")
    assert row.state == "pending"
    assert "RecursionError" in row.last_error
    assert Credential.objects.get().number.endswith("000001")
    Delivery.objects.update(next_at=row.created_at)
    deliver()
    assert CredentialFile.objects.count() == 1


@pytest.mark.parametrize("title", ["Kursas\r\nBcc: visi@example.org", "Kursas\nX: y"])
def test_title_with_line_breaks_adds_no_header(db, deliver, title):
    complete(CompletionFactory(version=CourseVersionFactory(payload__title=title)))
    deliver()
    (letter,) = mail.outbox
    assert "\n" not in letter.subject and "\r" not in letter.subject
    assert letter.message()["Bcc"] is None
    assert letter.recipients() == letter.to
