"""What the clock does to pages."""

from __future__ import annotations

from celery import shared_task

from portal.content.flows import scheduling


@shared_task
def keep_dates() -> None:
    """Publish and take down what is due."""
    scheduling.keep_dates()
