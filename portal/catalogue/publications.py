"""What follows when the list of resources is published (Wagtail's own signal)."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published

from portal.catalogue.flows import librarians
from portal.catalogue.models import ResourceIndexPage


@receiver(page_published, sender=ResourceIndexPage)
def open_to_librarians(sender: type, instance: ResourceIndexPage, **kwargs: Any) -> None:
    """Let the subject librarians work below it from its first publication; later the administrators decide."""
    if instance.first_published_at == instance.last_published_at:
        librarians.let_in(page=instance)
