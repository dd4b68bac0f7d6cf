"""Keys in turn: announced, signing, retired, gone, and what a platform sees of it meanwhile."""

from __future__ import annotations

import json
from datetime import timedelta

import jwt
import pytest
from django.core.management import call_command
from django.utils.timezone import now
from lti_tool.models import Key, LtiRegistration
from wagtail.models import ModelLogEntry

from lti.flows import keys, rotation
from lti.tasks import turn_keys
from portal.celery import app

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def roles():
    return [row.role for row in rotation.published()]


def kids(client):
    return {key["kid"]: key for key in client.get("/lti/jwks/").json()["keys"]}


def signed():
    return keys.signer(registration=LtiRegistration()).sign({"sub": "x"})


def checked(token, known):
    header = jwt.get_unverified_header(token)
    return jwt.decode(token, jwt.PyJWK(known[header["kid"]]), algorithms=["RS256"])["sub"] == "x"


def test_a_key_is_announced_signs_and_retires_by_its_terms(client):
    start = now()
    seen = []
    for day in range(0, 420):
        done = rotation.turn(moment=start + day * DAY)
        if done:
            seen.append((day, done, roles()))
        assert checked(signed(), kids(client)) if day % 30 == 0 else True
    assert seen == [
        (167, ["announced"], ["signing", "next"]),
        (181, ["promoted"], ["signing", "retired"]),
        (211, ["removed"], ["signing"]),
        (347, ["announced"], ["signing", "next"]),
        (361, ["promoted"], ["signing", "retired"]),
        (391, ["removed"], ["signing"]),
    ]
    assert Key.objects.count() == 1


def test_what_was_signed_before_a_change_can_be_checked_after_it_and_the_next_key_is_known_before(client):
    keys.current()
    before = signed()
    rotation.turn(moment=now() + 170 * DAY)
    kept = kids(client)  # a platform that asks now and never again
    assert len(kept) == 2
    rotation.turn(moment=now() + 190 * DAY)
    after = signed()
    assert jwt.get_unverified_header(before)["kid"] != jwt.get_unverified_header(after)["kid"]
    assert checked(before, kept) and checked(after, kept) and checked(before, kids(client))


def test_a_key_that_was_announced_late_is_known_for_its_term_before_it_signs():
    keys.current()
    late = now() + 400 * DAY
    assert rotation.turn(moment=late) == ["announced"]
    assert rotation.turn(moment=late + 13 * DAY) == []
    assert rotation.turn(moment=late + 14 * DAY) == ["promoted"]


def test_terms_are_settings(settings):
    settings.SIGNING_KEYS = {"signs": 10, "announced": 3}
    keys.current()
    assert rotation.turn(moment=now() + 6 * DAY) == []
    assert rotation.turn(moment=now() + 8 * DAY) == ["announced"]


def test_a_retired_key_has_no_secret_any_more(client):
    keys.current()
    rotation.rotate()
    former = Key.objects.order_by("pk").first()
    assert former.private_key == "" and str(former) in kids(client)


def run(capsys, *arguments):
    call_command("lti_keys", *arguments)
    return json.loads(capsys.readouterr().out)["keys"]


def test_by_command_a_key_changes_at_once_and_a_lost_one_is_withdrawn(capsys, client):
    [first] = run(capsys, "list")
    second, former = run(capsys, "rotate")
    assert (second["role"], former["role"], former["kid"]) == ("signing", "retired", first["kid"])
    assert [row["kid"] for row in run(capsys, "withdraw", former["kid"])] == [second["kid"]]
    assert list(kids(client)) == [second["kid"]]
    for unknown in (second["kid"], "x"):
        with pytest.raises(SystemExit):
            call_command("lti_keys", "withdraw", unknown)
    assert [row["role"] for row in run(capsys, "turn")] == ["signing"]
    assert list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "lti.key_rotated",
        "lti.key_withdrawn",
    ]


def test_no_secret_is_printed(capsys):
    run(capsys, "rotate")
    call_command("lti_keys", "list")
    assert "PRIVATE" not in capsys.readouterr().out


def test_the_clock_turns_keys_each_night():
    assert app.conf.beat_schedule["turn-keys"]["task"] == turn_keys.name
    assert turn_keys() == []
