"""Getting what a reader asks for, with permission: what is not for them is not found."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from wagtail.models import Page

from portal.catalogue.models import Question
from portal.content.serving import admits, language_here

Kind = TypeVar("Kind", bound=Page)


def page_here(request: HttpRequest, model: type[Kind], key: UUID) -> Kind:
    """Return the live page of ``model`` in the address's language that the visitor may read. Raises Http404."""
    pages = model._default_manager.live().filter(translation_key=key, locale__language_code=language_here())
    page = pages.select_related("locale").first()
    if page is None or not admits(request, page):
        raise Http404
    return page


def question_here(request: HttpRequest, pk: int) -> Question:
    """Return a question that is the visitor's to read and answer. Raises Http404."""
    questions = Question.objects.visible_to(request.user)
    return get_object_or_404(questions.select_related("librarian", "settled_by", "guide"), pk=pk)
