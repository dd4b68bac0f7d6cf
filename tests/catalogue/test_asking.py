"""A question to the librarian: asked, routed, answered by mail, kept; and what keeps machines away."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from portal.catalogue.flows import questions
from portal.catalogue.models import Question
from portal.directory.models import User
from portal.outbox.models import Delivery
from tests.directory.mail import letters
from tests.factories.library import access, subject_librarian
from tests.factories.people import UserFactory
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
WORDS = "Kur rasti 1938 metų žemėlapius?"


@pytest.fixture
def url(library):
    return f"/lt/ask/{library.guide.translation_key}/"


@pytest.fixture
def sent(stamped):
    return {
        "text": WORDS,
        "name": "Rūta",
        "email": "ruta@kelrodis.example",
        "stamp": stamped(),
        "website": "",
    }


def ask(library, **fields):
    given = {"text": WORDS, "email": "ruta@kelrodis.example", "language": "lt", "name": "Rūta"}
    return questions.ask(guide=library.guide, **given | fields)


def test_visitors_question_goes_to_the_librarian_and_the_answer_to_the_visitor(
    client, library, azuolas, url, sent
):
    answer = client.post(url, sent)
    assert answer.url == library.guide.get_url()
    assert "Atsakymas ateis adresu ruta@kelrodis.example" in client.get(answer.url).text
    (letter,) = letters()
    question = Question.objects.get()
    assert letter.to == [azuolas.email]
    assert WORDS in letter.body and f"/admin/questions/{question.pk}/" in letter.body
    questions.answer(question=question, text="Archyvo skaitykloje.", by=azuolas)
    (letter,) = letters()
    assert letter.to == ["ruta@kelrodis.example"]
    assert "Archyvo skaitykloje." in letter.body and WORDS in letter.body
    question.refresh_from_db()
    assert (question.state, question.answer, question.settled_by) == (
        "answered",
        "Archyvo skaitykloje.",
        azuolas,
    )


def test_answer_comes_in_the_language_of_the_question(client, library, azuolas, sent):
    english = library.others["en"].guide
    client.post(f"/en/ask/{english.translation_key}/", sent)
    letters()
    questions.answer(question=Question.objects.get(), text="In the archive.", by=azuolas)
    (letter,) = letters()
    assert letter.subject == "The librarian’s answer: Geography"


def test_signed_in_person_is_asked_for_no_address(as_austeja, austeja, library, url, stamped):
    page = as_austeja.get(url).text
    assert 'name="email"' not in page and austeja.email in page
    as_austeja.post(url, {"text": WORDS, "stamp": stamped(), "email": "kitas@kelrodis.example"})
    question = Question.objects.get()
    assert (question.user, question.email) == (austeja, austeja.email)


def test_person_without_an_address_says_where_the_answer_shall_come(client, library, url, stamped):
    person = UserFactory(email=None)
    client.force_login(person, backend="portal.directory.backends.EmailBackend")
    assert client.post(url, {"text": WORDS, "stamp": stamped()}).status_code == 400
    client.post(url, {"text": WORDS, "stamp": stamped(), "email": "cia@kelrodis.example"})
    assert Question.objects.get().email == "cia@kelrodis.example"


def test_question_without_a_librarian_goes_to_the_fallback_address(client, library, url, sent):
    library.guide.librarian = None
    library.guide.save_revision().publish()
    assert client.get(url).status_code == 404
    assert "/ask/" not in client.get(library.guide.get_url()).text
    access(fallback_email="klauskite@kelrodis.example")
    client.post(url, sent)
    (letter,) = letters()
    assert letter.to == ["klauskite@kelrodis.example"]


def test_question_to_a_librarian_who_left_goes_to_the_card_or_the_fallback_address(library, azuolas):
    User.objects.filter(pk=azuolas.pk).update(is_active=False)
    access(fallback_email="klauskite@kelrodis.example")
    ask(library)
    assert [letter.to for letter in letters()] == [["klauskite@kelrodis.example"]]


def test_no_delivery_holds_what_was_asked_or_who_asked(library, azuolas):
    questions.answer(question=ask(library), text="Atsakymas", by=azuolas)
    held = "".join(map(str, Delivery.objects.values_list("payload", "key")))
    assert not {"ruta", "žemėlapi", "Rūta"} & {word for word in ("ruta", "žemėlapi", "Rūta") if word in held}


# What keeps machines away -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"website": "https://reklama.example"}, "turi likti tuščias"),
        ({"stamp": ""}, "per greitai"),
        ({"stamp": "ask:1xyz:AAAA"}, "per greitai"),
        ({"text": "  "}, "Parašykite klausimą."),
        ({"email": "ruta"}, "ne visas el. pašto adresas"),
        ({"email": ""}, "kuriuo siųsti atsakymą"),
        ({"text": "a" * 4001}, "4"),
    ],
)
def test_U01_what_cannot_be_a_persons_question_is_refused_and_kept_in_the_form(
    client, url, sent, change, said
):
    answer = client.post(url, sent | change)
    assert answer.status_code == 400
    assert said in answer.text and "Rūta" in answer.text
    assert not Question.objects.exists()


@pytest.mark.parametrize("seconds", [0, 25 * 60 * 60])
def test_form_sent_at_once_or_a_day_later_is_asked_for_again(client, url, sent, stamped, seconds):
    answer = client.post(url, sent | {"stamp": stamped(seconds)})
    assert answer.status_code == 400
    assert not Question.objects.exists()


def test_U04_header_in_a_name_or_subject_starts_no_other_letter(client, library, url, sent):
    client.post(url, sent | {"name": "Rūta\r\nBcc: visi@kelrodis.example"})
    (letter,) = letters()
    assert letter.recipients() == [library.librarian.user.email]


def test_sixth_question_from_one_address_within_an_hour_waits(client, url, sent):
    for _ in range(5):
        assert client.post(url, sent).status_code == 302
    answer = client.post(url, sent)
    assert answer.status_code == 429
    assert WORDS in answer.text
    cache.clear()
    assert Question.objects.count() == 5


def test_asking_is_not_for_robots_and_never_kept(client, url):
    answer = client.get(url)
    assert "noindex" in answer.text and "no-cache" in answer["Cache-Control"]
    assert "Disallow: /*/ask/" in client.get("/robots.txt").text


# The librarian's screens --------------------------------------------------------------------------
@pytest.fixture
def desk(client, azuolas):
    sign_in(client, azuolas)
    return client


def test_librarian_reads_and_answers_on_the_screen(desk, library):
    question = ask(library)
    assert "Klausimai, laukiantys atsakymo" in desk.get("/admin/").text
    listed = desk.get("/admin/questions/").text
    assert f"/admin/questions/{question.pk}/" in listed
    assert WORDS in desk.get(f"/admin/questions/{question.pk}/").text
    assert desk.post(f"/admin/questions/{question.pk}/", {"answer": ""}).status_code == 200
    answer = desk.post(f"/admin/questions/{question.pk}/", {"answer": "Archyve."})
    assert answer.url == "/admin/questions/"
    assert "Archyve." in desk.get(f"/admin/questions/{question.pk}/").text


def test_question_put_aside_writes_to_nobody(desk, library):
    question = ask(library)
    letters()
    desk.post(f"/admin/questions/{question.pk}/aside/")
    question.refresh_from_db()
    assert question.state == "aside"
    assert letters() == []


def test_of_two_librarians_who_answer_at_once_one_is_told(desk, library, azuolas):
    question = ask(library)
    questions.answer(question=question, text="Pirmas.", by=azuolas)
    page = desk.post(f"/admin/questions/{question.pk}/", {"answer": "Antras."}, follow=True)
    assert "Niekas nepakeista" in page.text
    question.refresh_from_db()
    assert question.answer == "Pirmas."


def test_M02_question_routed_to_another_librarian_is_not_found(client, library):
    question = ask(library)
    sign_in(client, subject_librarian(first_name="Eglė"))
    assert client.get(f"/admin/questions/{question.pk}/").status_code == 404
    assert client.post(f"/admin/questions/{question.pk}/", {"answer": "x"}).status_code == 404
    assert client.post(f"/admin/questions/{question.pk}/aside/").status_code == 404
    assert WORDS not in client.get("/admin/questions/").text
    Question.objects.update(librarian=None)
    assert client.get(f"/admin/questions/{question.pk}/").status_code == 200
