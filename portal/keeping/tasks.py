"""The app's work by the clock."""

from celery import shared_task

from portal.keeping.flows import erasing, retention


@shared_task
def begin_erasures() -> int:
    """Begin the erasures that have been thought over."""
    return erasing.begin_due()


@shared_task(soft_time_limit=540, time_limit=570)
def remove_old() -> None:
    """Remove what has been kept long enough."""
    retention.run()
