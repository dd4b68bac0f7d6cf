"""The adapter's work by the clock."""

from celery import shared_task

from lti.flows import initiation, rotation


@shared_task
def sweep_launches() -> int:
    """Delete begun launches that nobody can finish any more."""
    return initiation.sweep()


@shared_task
def turn_keys() -> list[str]:
    """Announce, change and remove our keys as their terms say."""
    return rotation.turn()
