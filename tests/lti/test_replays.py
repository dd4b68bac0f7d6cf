"""A launch works once, in the browser it began in."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from lti.models import LaunchState
from portal.directory.models import User
from tests.factories.lti import Launcher, Platform


def token_for(launcher, begun, **changes):
    return launcher.platform.sign(launcher.platform.claims(begun.nonce, launcher.activity, **changes))


def test_L25_replay_in_same_browser_is_refused(ona, refused):
    begun = ona.begin()
    cookies = dict(ona.client.cookies.items())
    token = token_for(ona, begun)
    assert ona.post(token, begun.state).status_code == 302
    key = ona.client.session.session_key
    for name, morsel in cookies.items():
        ona.client.cookies[name] = morsel.value

    refused.start()
    refused(ona.post(token, begun.state), "state_used")
    assert ona.client.session.session_key == key


def test_L25_an_old_token_with_a_fresh_state_is_refused(ona, refused):
    begun = ona.begin()
    token = token_for(ona, begun)
    ona.post(token, begun.state)
    again = ona.begin()
    refused.start()
    refused(ona.post(token, again.state), "nonce_of_another_launch")


def test_L26_replay_in_another_browser_is_refused(ona, refused):
    begun = ona.begin()
    token = token_for(ona, begun)
    assert ona.post(token, begun.state).status_code == 302
    refused.start()
    refused(ona.post(token, begun.state, client=Client()), "state_used")


def test_L27_replay_after_the_cache_was_emptied_is_refused(ona, refused):
    begun = ona.begin()
    token = token_for(ona, begun)
    ona.post(token, begun.state)
    cache.clear()
    refused.start()
    refused(ona.post(token, begun.state), "state_used")


@pytest.mark.parametrize("state", ["", "x", "x" * 43, "\x00", "x" * 5000, "ą"])
def test_L29_without_a_state_of_ours_it_is_refused(ona, refused, state):
    begun = ona.begin()
    refused.start()
    refused(
        ona.post(token_for(ona, begun), state),
        "state_unknown" if 0 < len(state) < 65 and state != "\x00" else "state_missing",
    )


def test_L30_the_state_of_another_browser_is_refused(ona, refused):
    begun = ona.begin()
    refused.start()
    refused(ona.post(token_for(ona, begun), begun.state, client=Client()), "binding_cookie_missing")

    victim = Client()
    victim.cookies[f"kelrodis_lti_{begun.state[:16]}"] = "guessed"
    refused(ona.post(token_for(ona, begun), begun.state, client=victim), "binding_cookie_wrong")
    assert LaunchState.objects.get().used_at is None


def test_L32_an_expired_state_is_refused(ona, refused):
    begun = ona.begin()
    LaunchState.objects.update(expires_at=now() - timedelta(seconds=1))
    refused.start()
    refused(ona.post(token_for(ona, begun), begun.state), "state_expired")


def test_a_state_lives_ten_minutes(ona):
    ona.begin()
    row = LaunchState.objects.get()
    assert (
        timedelta(minutes=9, seconds=59) < row.expires_at - row.created_at <= timedelta(minutes=10, seconds=1)
    )


def test_the_browsers_secret_itself_is_not_kept(ona):
    begun = ona.begin()
    secret = ona.client.cookies[f"kelrodis_lti_{begun.state[:16]}"].value
    assert secret and secret not in str(LaunchState.objects.values().get())


def test_a_bad_token_does_not_use_the_state_up(ona):
    begun = ona.begin()
    assert ona.post("a.b.c", begun.state).status_code == 400
    assert ona.post(token_for(ona, begun), begun.state).status_code == 302


def test_L61_opening_the_launch_address_is_a_405(ona, refused):
    refused.start()
    refused(ona.client.get("/lti/launch/"), "not_a_post", status=405)


def test_L61_other_methods_are_refused_too(ona):
    for method in ("put", "delete", "patch", "options"):
        assert getattr(ona.client, method)("/lti/launch/").status_code == 405
        assert getattr(ona.client, method)("/lti/login/").status_code == 405


def test_L63_a_garbage_post_keeps_an_existing_login(ona, austeja, refused):
    ona.client.force_login(austeja, backend="portal.directory.backends.EmailBackend")
    key = ona.client.session.session_key
    refused.start()
    refused(ona.client.post("/lti/launch/", {"id_token": "x", "state": "y"}), "state_unknown")
    refused(ona.client.post("/lti/launch/"), "state_missing")
    assert ona.client.session["_auth_user_id"] == str(austeja.pk)
    assert ona.client.session.session_key == key


@pytest.mark.parametrize("address", ["/", "/lti/jwks/", "/lti/login/", "/lt/"])
def test_L64_a_token_posted_elsewhere_is_ignored(ona, address):
    begun = ona.begin()
    form = {"id_token": token_for(ona, begun), "state": begun.state}
    response = ona.client.post(address, form, headers=ona.headers)
    assert response.status_code < 500
    assert not User.objects.exists() and "_auth_user_id" not in ona.client.session


def test_an_error_from_the_platform_is_told(ona, refused):
    begun = ona.begin()
    refused.start()
    response = ona.client.post(
        "/lti/launch/", {"error": "login_required<x>", "error_description": "eyJx", "state": begun.state}
    )
    refused(response, "platform_error_login_requiredx")


def test_an_error_from_elsewhere_is_not_believed(ona, refused):
    begun = ona.begin()
    refused.start()
    response = Client().post("/lti/launch/", {"error": "access_denied", "state": begun.state})
    refused(response, "binding_cookie_missing")


@pytest.mark.django_db(transaction=True)
def test_L28_a_hundred_parallel_replays_let_in_one(network, quiz):
    ona = Launcher(Platform("https://moodle.example", network), Client(), quiz)
    begun = ona.begin()
    token = token_for(ona, begun)
    cookies = {name: morsel.value for name, morsel in ona.client.cookies.items()}
    start, statuses = threading.Barrier(100), []

    def replay():
        client = Client(raise_request_exception=False)
        for name, value in cookies.items():
            client.cookies[name] = value
        start.wait()
        try:
            statuses.append(ona.post(token, begun.state, client=client).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=replay) for _number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [302] + [400] * 99
    assert Session.objects.count() == 1
    assert User.objects.count() == 1


def test_quiz_open_in_one_tab_is_saved_after_a_launch_in_another(ona):
    ona.client.handler.enforce_csrf_checks = True
    ona.launch()
    ona.client.get("/lt/learn/")
    session = ona.client.session
    session["_csrftoken"] = session.get("_csrftoken") or "a" * 32
    session.save()
    before, came = session["_csrftoken"], User.objects.get().last_login
    ona.launch()
    assert ona.client.session["_csrftoken"] == before
    assert User.objects.get().last_login > came
    answer = ona.client.post("/lt/accessibility/", {"size": "140"}, headers={"X-CSRFToken": before})
    assert answer.status_code == 400  # read, and found incomplete: not 403
