import smtplib

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from portal.outbox import delivering, letters
from portal.outbox.models import Delivery
from tests.factories.people import UserFactory

CONTEXT = {
    "name": "Austėja <b>Žvirblytė</b>",
    "title": "Paieška & vertinimas",
    "number": "K-2026-000042",
    "verify_url": "https://kelrodis.example/verify/X/",
    "pdf_url": "https://kelrodis.example/lt/certificates/X/pdf/",
}


@pytest.fixture
def write(db):
    """Record a letter and let the worker come."""

    def write(to, key="letter:1", **context):
        with transaction.atomic():
            letters.send_letter(template="certificate_issued", to=to, key=key, context=CONTEXT | context)
        delivering.run_due()
        return Delivery.objects.get(handler="outbox.letter", key=key)

    return write


@pytest.mark.parametrize("language", ["lt", "en"])
def test_letter_is_text_and_html_in_the_readers_language(write, language):
    row = write(UserFactory(email="austeja@kelrodis.example", preferred_language=language))
    assert (row.state, row.last_status) == ("sent", "sent")
    (letter,) = mail.outbox
    assert letter.to == ["austeja@kelrodis.example"]
    html, kind = letter.alternatives[0]
    assert kind == "text/html"
    assert f'<html lang="{language}">' in html
    for body in (letter.body, html):
        assert CONTEXT["pdf_url"] in body and CONTEXT["verify_url"] in body
    assert letter.message()["Auto-Submitted"] == "auto-generated"


def test_language_is_the_one_of_the_day_it_is_sent(db):
    reader = UserFactory(preferred_language="lt")
    with transaction.atomic():
        letters.send_letter(template="certificate_issued", to=reader, key="a", context=CONTEXT)
    reader.preferred_language = "en"
    reader.save()
    delivering.run_due()
    assert "Your certificate" in mail.outbox[0].subject


def test_text_is_plain_and_html_is_escaped(write):
    write(UserFactory())
    (letter,) = mail.outbox
    assert "Paieška & vertinimas" in letter.subject
    assert "Paieška & vertinimas" in letter.body and "&amp;" not in letter.body
    html = letter.alternatives[0][0]
    assert "Paieška &amp; vertinimas" in html
    assert "<b>Žvirblytė</b>" not in html


def test_same_letter_has_the_same_message_id_and_another_another(write):
    reader = UserFactory()
    write(reader, key="letter:1")
    Delivery.objects.update(state="pending", lease_until=None)
    delivering.run_due()
    write(reader, key="letter:2")
    ids = [letter.message()["Message-ID"] for letter in mail.outbox]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].startswith("<") and ids[0].endswith("@localhost>")


def test_same_key_is_one_letter(write):
    reader = UserFactory()
    write(reader)
    write(reader)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "title", ["A\r\nBcc: visi@example.org", "A\n\nBody", "A\x0bX: y", "A\u2028X: y", "A\x00B"]
)
def test_line_breaks_in_what_a_letter_tells_add_no_header(write, title):
    write(UserFactory(), title=title)
    message = mail.outbox[0].message()
    assert message["Bcc"] is None and message["X"] is None
    assert len(mail.outbox[0].subject.splitlines()) == 1
    assert message.as_bytes()


@pytest.mark.parametrize("change", [{"email": None}, {"is_active": False}])
def test_nobody_to_write_to_is_the_end_of_it(write, change):
    reader = UserFactory(**change)
    row = write(reader)
    assert (row.state, row.last_status) == ("superseded", "nobody to write to")
    assert mail.outbox == []


def test_erased_person_gets_no_letter(db):
    reader = UserFactory()
    with transaction.atomic():
        letters.send_letter(template="certificate_issued", to=reader, key="a", context=CONTEXT)
    reader.delete()
    delivering.run_due()
    assert Delivery.objects.get().state == "superseded"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no such mailbox")}), "dead"),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (450, b"try later")}), "pending"),
        (smtplib.SMTPServerDisconnected("gone"), "pending"),
        (ConnectionRefusedError(), "pending"),
        (TimeoutError(), "pending"),
    ],
)
def test_mail_server_that_refuses_is_asked_again_unless_it_said_never(write, monkeypatch, error, state):
    def refuse(self, *args):
        raise error

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)
    row = write(UserFactory())
    assert row.state == state
    assert row.last_error


@pytest.mark.django_db(transaction=True)
def test_letter_belongs_to_the_transaction_that_tells_of_it():
    reader = UserFactory()
    with pytest.raises(transaction.TransactionManagementError):
        letters.send_letter(template="certificate_issued", to=reader, key="a", context=CONTEXT)
