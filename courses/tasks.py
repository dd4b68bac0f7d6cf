"""The courses' work by the clock."""

from celery import shared_task

from courses.flows import attempting


@shared_task
def close_overdue() -> int:
    """End the attempts whose time is up."""
    return attempting.close_overdue()
