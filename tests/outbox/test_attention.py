"""The staff's home says what has not arrived, to those who can do something about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from portal.directory.models import Role
from portal.outbox.models import Delivery, Heartbeat
from tests.security.world import BACKEND, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def working(db):
    """Workers at work."""
    Heartbeat.objects.update_or_create(name="sweep", defaults={"beat_at": now()})


def home(client, role):
    client.force_login(somebody("Lina", "Ėringytė", role=role), backend=BACKEND)
    return client.get("/admin/").text


def test_home_is_silent_while_everything_arrives(client, working):
    assert "Reikia dėmesio" not in home(client, Role.ADMINISTRATOR)


def test_home_tells_of_what_was_given_up(client, working):
    Delivery.objects.create(handler="x", key="1", payload={}, state="dead")
    page = home(client, Role.ADMINISTRATOR)
    assert "Reikia dėmesio" in page
    assert "/admin/deliveries/" in page


def test_home_tells_of_what_waits_too_long(client, working):
    Delivery.objects.create(handler="x", key="1", payload={}, created_at=now() - timedelta(hours=1))
    assert "daugiau kaip ketvirtį valandos" in home(client, Role.ADMINISTRATOR)


def test_home_tells_when_no_worker_is_at_work(client, db):
    assert "niekas nepristatoma" in home(client, Role.ADMINISTRATOR)


def test_editors_are_not_told_what_they_cannot_change(client, db):
    Delivery.objects.create(handler="x", key="1", payload={}, state="dead")
    assert "Reikia dėmesio" not in home(client, Role.EDITOR)
