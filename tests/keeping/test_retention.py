"""What has been kept long enough is removed at night, in batches, and told of; the rest stays."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.utils.timezone import now
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from portal.custody import custody
from portal.directory.models import User
from portal.keeping.flows import erasing, retention
from portal.keeping.models import Erasure, Night
from portal.outbox.delivering import run_due
from portal.outbox.letters import send_letter
from portal.outbox.models import Delivery
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def session(key, days):
    return Session.objects.create(session_key=key, session_data="", expire_date=now() + timedelta(days=days))


def newcomer(days_ago, **more):
    """Somebody who signed up and never confirmed the address."""
    user = UserFactory(proved=False, **more)
    user.emailaddress_set.create(email=user.email, verified=False, primary=True)
    User.objects.filter(pk=user.pk).update(date_joined=now() - timedelta(days=days_ago))
    return user


def test_ended_sessions_go_and_running_ones_stay():
    session("a" * 32, -3), session("b" * 32, 3)
    assert retention.run().removed["sessions"] == 1
    assert Session.objects.get().session_key == "b" * 32


def test_contents_of_old_letters_go_and_their_rows_stay_so_that_none_is_sent_twice(rasa):
    send_letter(template="password_changed", to=rasa, context={"forgotten": "x"}, key="once")
    Delivery.objects.update(state="sent", settled_at=now() - timedelta(days=31))
    retention.run()
    assert (Delivery.objects.get().payload, Delivery.objects.get().key) == ({}, "once")
    send_letter(template="password_changed", to=rasa, context={"forgotten": "x"}, key="once")
    assert run_due() == 0
    assert retention.run().removed["deliveries"] == 0


@pytest.mark.parametrize("state", ["pending", "dead"])
def test_what_has_not_arrived_is_never_emptied(rasa, state):
    send_letter(template="password_changed", to=rasa, context={"forgotten": "x"}, key="once")
    Delivery.objects.update(state=state, settled_at=now() - timedelta(days=3000))
    retention.run()
    assert Delivery.objects.get().payload["key"] == "once"


def test_accounts_nobody_confirmed_go_unless_they_are_new_or_left_anything_behind(rasa):
    old, new, learner = newcomer(31), newcomer(2), newcomer(31)
    Erasure.objects.create(user=learner, due_at=now())
    assert retention.run().removed["never_confirmed"] == 1
    assert not User.objects.filter(pk=old.pk).exists()
    assert User.objects.filter(pk__in=[new.pk, learner.pk, rasa.pk]).count() == 3


def test_entries_of_the_log_go_after_five_years(rasa):
    log(rasa, "directory.role_granted", data={"role": "ED"})
    ModelLogEntry.objects.update(timestamp=now() - timedelta(days=5 * 365 + 1))
    log(rasa, "directory.role_ended", data={"role": "ED"})
    retention.run()
    assert ModelLogEntry.objects.get().action == "directory.role_ended"


def test_batches_remove_all_there_is(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    for number in range(5):
        session(f"{number}" * 32, -3)
    assert retention.run().removed["sessions"] == 5


def test_a_rule_that_fails_is_named_and_keeps_no_other_from_running(monkeypatch):
    def fail(*args):
        raise RuntimeError("broken")

    monkeypatch.setitem(custody.rules, "launches", replace(custody.rules["launches"], remove=fail))
    session("a" * 32, -3)
    with pytest.raises(CommandError, match="launches"):
        call_command("retention")
    assert Night.objects.get().failed == ["launches"] and not Session.objects.exists()


def test_a_dry_run_counts_and_removes_nothing(capsys):
    session("a" * 32, -3)
    call_command("retention", "--dry-run")
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("sessions"))
    assert line.endswith("1") and Session.objects.exists() and not Night.objects.exists()


def test_dormant_accounts_stay_where_nobody_set_a_term(rasa):
    User.objects.update(last_login=now() - timedelta(days=3000))
    assert "dormant" not in retention.run().removed and not Erasure.objects.exists()


@pytest.fixture
def dormant(rasa, settings, mailoutbox):
    """Rasa has not come for three years, and is warned."""
    settings.RETENTION = settings.RETENTION | {"dormant": 730}
    User.objects.filter(pk=rasa.pk).update(last_login=now() - timedelta(days=1100))
    retention.run()
    while run_due():
        pass
    return rasa


def test_who_has_not_come_for_long_is_warned_once_and_then_erased(dormant, mailoutbox):
    retention.run()
    assert len(mailoutbox) == 1 and "seniai" in mailoutbox[0].body
    assert erasing.begin_due() == 0
    Erasure.objects.update(due_at=now() - timedelta(minutes=1))
    erasing.begin_due()
    while run_due():
        pass
    assert User.objects.get(pk=dormant.pk).erased_at


def test_who_signs_in_after_the_warning_stays(dormant):
    User.objects.filter(pk=dormant.pk).update(last_login=now())
    Erasure.objects.update(due_at=now() - timedelta(minutes=1))
    assert erasing.begin_due() == 0
    assert Erasure.objects.get().state == "cancelled"


def test_names_are_not_kept_without_a_law(settings):
    settings.RETENTION = settings.RETENTION | {"register_names": 3650}
    assert "kelrodis.E010" in [message.id for message in run_checks()]
    settings.REGISTER_NAMES_BASIS = "Dokumentų saugojimo tvarka"
    assert "kelrodis.E010" not in [message.id for message in run_checks()]
