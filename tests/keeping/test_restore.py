"""P12: a backup made while others write, restored elsewhere: whole, running, and repeating nothing."""

import signal
import sqlite3
import subprocess
import time

import pytest
import requests

from tests.keeping.writers import whole, writing
from tests.stack import PYTHON, ROOT, Stack

pytestmark = pytest.mark.services

# Three letters: one that was sent, one that waits, one that a worker was about to send when the machine died.
LETTERS = """
from datetime import timedelta
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.timezone import now
from portal.directory.models import User
from portal.outbox.letters import send_letter
from portal.outbox.models import Delivery
ruta = User.objects.create(first_name="Rūta", last_name="Ąžuolaitė", email="ruta@kelrodis.example")
for key in ("sent", "waiting", "leased"):
    with transaction.atomic():
        send_letter(template="password_changed", to=ruta, context={"forgotten": key}, key=key)
Delivery.objects.filter(key="sent").update(state="sent", settled_at=now())
Delivery.objects.filter(key="leased").update(lease_owner="dead", lease_until=now() + timedelta(hours=9))
Session.objects.create(session_key="k" * 32, session_data="x", expire_date=now() + timedelta(days=9))
"""
DELIVER = "from portal.outbox.delivering import run_due; print(run_due())"
STANDING = """
from certificates.models import Register
from django.contrib.sessions.models import Session
from portal.outbox.models import Delivery
print(dict(Delivery.objects.values_list("key", "state")), Session.objects.count(), Register.objects.get().last_number)
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory, demo_var):
    """A portal with the demo and the three letters."""
    with Stack(tmp_path_factory.mktemp("source"), like=demo_var) as stack:
        stack.env["KELRODIS_SECRET_KEY"] = "the-same-before-and-after-0123456789-abcdefghijk"
        stack.manage("shell", "--no-imports", "-c", LETTERS)
        yield stack


@pytest.fixture(scope="module")
def backup(source, tmp_path_factory):
    """A backup made while two processes write."""
    folder = tmp_path_factory.mktemp("backup")
    with writing(source, folder) as rounds:
        before = rounds()
        source.manage("backup", str(folder / "whole.tar"))
        after = rounds()
    assert after > before, "the writers stood still while the backup was made"
    return folder / "whole.tar", before, after


def empty(tmp_path, source) -> Stack:
    """Return a portal that has nothing yet, not even tables."""
    return Stack(var=tmp_path / "target", KELRODIS_SECRET_KEY=source.env["KELRODIS_SECRET_KEY"])


def run(stack, code):
    return stack.manage("shell", "--no-imports", "-c", code)


def test_P12_a_backup_made_under_load_is_restored_whole_and_repeats_nothing(source, backup, tmp_path):
    path, before, after = backup
    target = empty(tmp_path, source)
    began = time.monotonic()
    said = target.manage("restore", str(path))
    assert time.monotonic() - began < 300
    assert "Rows and files are those of the backup" in said
    pairs, torn, lost = whole(target)
    assert before <= pairs <= after and (torn, lost) == (0, 0)
    states, sessions_and_numbers = run(target, STANDING).rsplit("}", 1)
    assert "'sent': 'sent'" in states and "'leased': 'pending'" in states
    assert sessions_and_numbers.split() == ["0", "1000"]  # everybody signs in anew; no number is given twice
    assert run(target, DELIVER).split()[-1] == "2"
    letters = [letter.read_text() for letter in (target.var / "mail").iterdir()]
    assert sorted(text.count("Message-ID") for text in letters) == [1, 1]
    assert run(target, DELIVER).split()[-1] == "0"
    try:
        target.start("web")
        assert "Kelrodis" in requests.get(f"{target.url}/lt/", timeout=20).text
    finally:
        target.stop("web")


def test_a_portal_that_is_there_is_replaced_only_when_that_is_said_and_then_wholly(source, backup, tmp_path):
    """The operator also wants to look at the letters first, and knows how many numbers may have been given."""
    target = empty(tmp_path, source)
    (target.var / "private").mkdir()
    (target.var / "private" / "old.txt").write_text("senas")
    with sqlite3.connect(target.var / "kelrodis.sqlite3") as database:
        database.execute("CREATE TABLE somebodys (data TEXT)")
    with pytest.raises(RuntimeError, match="not empty"):
        target.manage("restore", str(backup[0]))
    assert (target.var / "private" / "old.txt").exists()
    target.manage("restore", str(backup[0]), "--replace", "--hold-letters", "--number-gap", "50")
    assert not (target.var / "private" / "old.txt").exists()
    assert whole(target)[1:] == (0, 0)
    assert run(target, DELIVER).split()[-1] == "0"
    states, rest = run(target, STANDING).rsplit("}", 1)
    assert states.count("'dead'") == 2 and rest.split()[-1] == "50"


def test_a_backup_killed_in_the_middle_is_never_taken_for_one(source, tmp_path):
    target = tmp_path / "killed"
    process = subprocess.Popen([PYTHON, "manage.py", "backup", str(target)], cwd=ROOT, env=source.env)
    source.wait_for(lambda: list(tmp_path.glob(".killed-*/backup/database.sqlite3")), "the backup to begin")
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not target.exists()
    for left in tmp_path.glob(".killed-*/backup"):
        with pytest.raises(RuntimeError, match="not a whole backup"):
            source.manage("backup", str(left), "--verify")
    source.manage("backup", str(target))
    assert "is whole" in source.manage("backup", str(target), "--verify")
