"""Platforms' keys: cached, fetched by one, served while the platform is down."""

from __future__ import annotations

import threading
import time

import pytest
from django.core.cache import cache
from freezegun import freeze_time

from lti.flows import http, keysets
from lti.flows.errors import KeysNotAvailable, NotTrusted
from tests.factories.lti import answer, jwk

JWKS = "https://moodle.example/jwks"


def key(moodle, kid="platform-key"):
    return keysets.public_key(registration=moodle.registration, kid=kid)


def test_a_warm_cache_makes_no_call(ona):
    ona.launch()
    ona.launch()
    assert ona.platform.keyset_calls == 1


def test_after_two_hours_the_keys_are_asked_for_anew(moodle):
    with freeze_time("2026-10-01 08:00") as clock:
        key(moodle)
        clock.tick(7100)
        key(moodle)
        assert moodle.keyset_calls == 1
        clock.tick(200)
        key(moodle)
        assert moodle.keyset_calls == 2


def test_L59_while_the_platform_is_down_its_old_keys_serve_for_days(moodle, network):
    with freeze_time("2026-10-01 08:00") as clock:
        key(moodle)
        network.answers[JWKS] = None
        clock.tick(3 * 24 * 3600)
        for _time in range(5):
            assert key(moodle)
        assert moodle.keyset_calls == 2  # once a minute, not once a launch


def test_a_rotated_key_is_taken_over_and_the_withdrawn_one_refused(moodle, network):
    with freeze_time("2026-10-01 08:00") as clock:
        key(moodle)
        network.answers[JWKS] = answer(body={"keys": [jwk("second")]})
        clock.tick(61)
        assert key(moodle, "second")
        with pytest.raises(NotTrusted):
            key(moodle)


BAD_KEYSETS = {
    "html": answer(body=b"<html>Error</html>"),
    "list": answer(body=[]),
    "empty": answer(body={}),
    "no keys": answer(body={"keys": []}),
    "keys null": answer(body={"keys": None}),
    "keys text": answer(body={"keys": "x"}),
    "keys of nonsense": answer(body={"keys": [None, 5, "x", {}, {"kid": "platform-key"}]}),
    "truncated": answer(body={"keys": [jwk("platform-key", n="AQ")]}),
    "not base64": answer(body={"keys": [jwk("platform-key", n="!!!")]}),
    "deep": answer(body=b"[" * 100_000),
    "error": answer(500, b""),
    "redirect": answer(302, b"", location="http://127.0.0.1/"),
    "too large": http.CallFailed("answer too large"),
    "tarpit": http.CallFailed("no answer in time"),
}


@pytest.mark.parametrize("name", BAD_KEYSETS)
def test_L59_a_key_set_that_is_none_refuses_the_launch(ona, network, refused, name):
    network.answers[JWKS] = BAD_KEYSETS[name]
    begun = ona.begin()
    token = ona.platform.sign(ona.platform.claims(begun.nonce, ona.activity))
    refused.start()
    refused(ona.post(token, begun.state), "keyset_unavailable")


@pytest.mark.parametrize("name", BAD_KEYSETS)
def test_L59_a_key_set_that_is_none_does_not_replace_the_good_one(moodle, network, name):
    with freeze_time("2026-10-01 08:00") as clock:
        key(moodle)
        network.answers[JWKS] = BAD_KEYSETS[name]
        clock.tick(7300)
        assert key(moodle)


def test_L59_a_person_waits_three_seconds_at_most(moodle, network):
    key(moodle)
    assert network.calls[0]["total"] <= 3


def test_without_any_key_the_platform_is_asked_again_soon(moodle, network):
    network.answers[JWKS] = None
    with freeze_time("2026-10-01 08:00") as clock:
        for _time in range(3):
            with pytest.raises(KeysNotAvailable):
                key(moodle)
        assert moodle.keyset_calls == 1
        network.answers[JWKS] = answer(body={"keys": [jwk("platform-key")]})
        clock.tick(11)
        assert key(moodle)


@pytest.mark.django_db(transaction=True)
def test_a_class_that_comes_at_once_asks_for_the_keys_once(moodle, network):
    def slow(**_request):
        time.sleep(0.3)
        return answer(body={"keys": [jwk("platform-key")]})

    network.answers[JWKS] = slow
    found, start = [], threading.Barrier(12)

    def come():
        from django.db import connection

        start.wait()
        try:
            found.append(key(moodle))
        finally:
            connection.close()

    threads = [threading.Thread(target=come) for _number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 12 and moodle.keyset_calls == 1


def test_one_platforms_keys_are_not_anothers(moodle, network):
    from tests.factories.lti import Platform

    key(moodle)
    other = Platform("https://kita.example", network, key="other")
    with pytest.raises(NotTrusted):
        key(other, "platform-key")
    cache.clear()
    assert key(other, "other")
