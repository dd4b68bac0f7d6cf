"""What follows when a page is published, moved, renamed or taken down (Wagtail's own signals)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from courses.flows import publishing
from courses.models import CoursePage


@receiver(page_published)
def freeze_published(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Freeze what was published."""
    publishing.publish(page=instance)


@receiver(page_unpublished)
def renew_outline(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Leave what was taken down out of its course's outline."""
    course = publishing.course_of(instance)
    if course is not None and course.pk != instance.pk:
        transaction.on_commit(lambda: publishing.publish(page=CoursePage.objects.get(pk=course.pk)))


@receiver(page_slug_changed)
@receiver(post_page_move)
def renew_addresses(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Keep the addresses in the outlines of the courses below or above the page right."""
    courses = {
        course.pk: course for course in CoursePage.objects.live().descendant_of(instance, inclusive=True)
    }
    above = publishing.course_of(instance)
    if above is not None and above.live:
        courses[above.pk] = above
    for course in courses.values():
        publishing.publish(page=course)
