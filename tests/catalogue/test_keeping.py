"""What is kept of readers and librarians, for how long, and what goes when they do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now
from wagtail.images import get_image_model

from portal.catalogue.flows import questions, reading
from portal.catalogue.models import Question, ReadMark, SubjectLibrarian
from portal.custody import custody
from portal.keeping.flows import retention
from tests.factories.content import picture
from tests.factories.library import READING

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(library, austeja):
    return questions.ask(guide=library.guide, text="Kur?", email=austeja.email, language="lt", user=austeja)


def test_own_marks_and_questions_are_handed_over_and_erased(library, austeja, benas, question):
    reading.mark(page=library.list, item=READING, user=austeja, read=True)
    reading.mark(page=library.list, item=READING, user=benas, read=True)
    assert custody.holdings["reading"].export(austeja)["read"][0]["item"] == READING
    assert custody.holdings["questions"].export(austeja)["questions"][0]["text"] == "Kur?"
    for name in ("reading", "questions"):
        assert custody.holdings[name].erase(austeja) == 1
        assert custody.holdings[name].erase(austeja) == 0
    assert not Question.objects.exists()
    assert list(ReadMark.objects.values_list("user", flat=True)) == [benas.pk]


def test_librarians_card_goes_with_its_photo_and_the_guide_stays(library, azuolas, client):
    SubjectLibrarian.objects.update(photo=picture())
    assert custody.holdings["librarian_card"].export(azuolas)["cards"][0]["name"] == "Ąžuolas Bružas"
    assert custody.holdings["librarian_card"].erase(azuolas) == 1
    assert "Ąžuolas" not in client.get(library.guide.get_url()).text
    assert not get_image_model().objects.exists()


def test_questions_go_after_two_years(question, library):
    Question.objects.filter(pk=question.pk).update(asked_at=now() - timedelta(days=731))
    newer = questions.ask(guide=library.guide, text="Kada?", email="a@kelrodis.example", language="lt")
    assert retention.run().removed["questions"] == 1
    assert Question.objects.get() == newer
