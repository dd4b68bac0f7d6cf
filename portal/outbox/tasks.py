"""The two generic tasks of the outbox."""

from celery import shared_task
from django.utils.timezone import now

from portal.outbox import delivering
from portal.outbox.models import Heartbeat


@shared_task
def deliver_stream(handler: str, key: str) -> int:
    """Deliver one row at once, and what its stream holds after it."""
    return delivering.run_stream(handler, key)


@shared_task
def sweep() -> int:
    """Deliver whatever is due: what the broker lost, what is to be tried again."""
    Heartbeat.objects.update_or_create(name="sweep", defaults={"beat_at": now()})
    return delivering.run_due()
