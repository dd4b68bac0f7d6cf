"""What follows when a page is published, moved, renamed or taken down (Wagtail's own signals)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.query import PageQuerySet
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from courses.flows import publishing
from courses.models import CoursePage, LessonPage, ModulePage, QuizPage


@receiver(page_published)
def freeze_published(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Freeze what was published."""
    publishing.publish(page=instance)


@receiver(page_unpublished)
def renew_outline(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Leave what was taken down or deleted out of its course's outline."""
    course = publishing.course_of(instance)
    if course is not None and course.pk != instance.pk:
        transaction.on_commit(lambda: _renew(CoursePage.objects.filter(pk=course.pk)))


@receiver(page_slug_changed)
def renew_addresses(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Keep the addresses in the outlines of the courses below or above the page right."""
    _renew(CoursePage.objects.descendant_of(instance, inclusive=True))
    _renew(CoursePage.objects.ancestor_of(instance))


@receiver(post_page_move)
def follow_move(sender: type[Page], instance: Page, parent_page_before: Page, **kwargs: Any) -> None:
    """Renew the outlines of the course the page left and the one it came to; what is learned belongs there.

    Wagtail hands over plain pages, and tells of a change of order as of a move.
    """
    page = instance.specific
    if isinstance(page, (ModulePage, LessonPage, QuizPage)):
        for model in (LessonPage, QuizPage):
            for part in model.objects.live().descendant_of(page, inclusive=True):
                publishing.publish(page=part)
    _renew(CoursePage.objects.ancestor_of(parent_page_before, inclusive=True))
    renew_addresses(sender=type(page), instance=page)


def _renew(courses: PageQuerySet) -> None:
    """Freeze these courses' outlines anew, of those that are still there and published."""
    for course in courses.live():
        publishing.publish(page=course)
