"""The adapter's work by the clock."""

from celery import shared_task

from lti.flows import initiation, linking, rotation, tickets


@shared_task
def sweep_launches() -> int:
    """Delete begun launches that nobody can finish any more, and tickets and codes that nobody can use."""
    return initiation.sweep() + tickets.sweep() + linking.sweep()


@shared_task
def turn_keys() -> list[str]:
    """Announce, change and remove our keys as their terms say."""
    return rotation.turn()
