"""The two generic tasks of the outbox."""

from celery import shared_task
from django.utils.timezone import now

from portal.conf import conf
from portal.outbox import delivering
from portal.outbox.models import Heartbeat

SWEEP_SECONDS = conf.OUTBOX_SWEEP_SECONDS  # a setting for trials that cannot wait


@shared_task(expires=SWEEP_SECONDS)
def deliver_stream(handler: str, key: str) -> int:
    """Deliver one row at once, and what its stream holds after it.

    A nudge older than the time between two sweeps is dropped: the next sweep does its work, and must
    not itself wait behind a thousand nudges when a platform is slow.
    """
    return delivering.run_stream(handler, key)


@shared_task
def sweep() -> int:
    """Deliver whatever is due: what the broker lost, what is to be tried again."""
    Heartbeat.objects.update_or_create(name="sweep", defaults={"beat_at": now()})
    return delivering.run_due()
