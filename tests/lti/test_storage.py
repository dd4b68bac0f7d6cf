"""Where no cookie lives in the frame, the platform keeps the launch's secret."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.timezone import now

from lti.models import EntryTicket, LaunchState
from portal.directory.models import User
from tests.factories.lti import Launcher
from tests.lti.keeping_platform import FROM_US, begin, fields, told


@pytest.fixture
def framed(moodle, quiz):
    """Ona's browser, with the quiz in Moodle's frame."""
    return Launcher(moodle, Client(), quiz, "iframe")


def test_the_platform_keeps_the_secret_where_it_offers_to(framed):
    kept = begin(framed)

    data, row = told(kept.page), LaunchState.objects.get()
    assert kept.page.status_code == 200 and not kept.page.cookies
    assert (data["target"], data["origin"]) == ("_parent", "https://moodle.example")
    assert data["key"] == f"kelrodis_lti_{row.state[:16]}" and len(data["value"]) >= 43
    assert data["onward"].startswith("https://moodle.example/auth?") and data["value"] not in data["onward"]
    assert row.storage_target == "_parent" and data["value"] not in row.binding_sha256
    assert "frame-ancestors https://moodle.example" in kept.page["Content-Security-Policy"]
    assert "no-store" in kept.page["Cache-Control"]


def test_the_new_tab_stays_on_the_page_and_begins_a_launch_of_its_own(framed):
    text = begin(framed).page.content.decode()

    address = text.partition('href="/lti/login/')[2].partition('"')[0].replace("&amp;", "&")
    in_tab = Client().get(f"/lti/login/{address}", headers={"Sec-Fetch-Dest": "document"})
    assert in_tab["Location"].startswith("https://moodle.example/auth?")
    assert LaunchState.objects.order_by("pk").last().storage_target == ""


@pytest.mark.parametrize("target", ["lti_storage", "post_message_forwarding", "rėmelis-2"])
def test_a_frame_beside_ours_may_keep_it(framed, target):
    assert told(begin(framed, lti_storage_target=target).page)["target"] == target


@pytest.mark.parametrize(
    "target", [None, "", "_top", "_blank", "_self", "a b", "x" * 300, "\x00", '"><script>alert(1)</script>']
)
def test_without_a_frame_that_can_be_named_a_new_tab_is_left(framed, target):
    page = framed.login(client=Client(), cookie_check="1", lti_storage_target=target)

    assert page.status_code == 200 and not told(page) and "<script" not in page.content.decode()
    assert not LaunchState.objects.exists()


@pytest.mark.parametrize(("dest", "marker"), [("iframe", True), ("document", False)])
def test_where_cookies_live_storage_is_not_asked(framed, dest, marker):
    framed.dest = dest
    if marker:
        framed.client.cookies["kelrodis_frame"] = "1"

    assert framed.login(lti_storage_target="_parent").status_code == 302
    assert LaunchState.objects.get().storage_target == ""


def test_the_message_waits_in_the_page_until_the_secret_is_back(framed, quiz):
    kept = begin(framed)
    token = kept.token()

    page = kept.answer(token)

    assert page.status_code == 200 and not page.cookies
    assert fields(page) == {"state": kept.state, "id_token": token, "binding": ""}
    assert told(page) == {name: value for name, value in told(kept.page).items() if name in told(page)}
    assert kept.binding not in page.content.decode() and 'method="post"' in page.content.decode()
    assert "frame-ancestors https://moodle.example" in page["Content-Security-Policy"]
    assert "no-store" in page["Cache-Control"]
    assert LaunchState.objects.get().used_at is None
    assert not User.objects.exists() and not EntryTicket.objects.exists()


def test_with_the_secret_the_launch_goes_through_and_leads_to_a_new_tab(framed):
    kept = begin(framed)

    page = kept.prove()

    text = page.content.decode()
    assert page.status_code == 200 and not page.cookies and not Session.objects.exists()
    assert 'action="/lti/enter/"' in text and 'target="_blank"' in text and 'rel="noopener"' in text
    assert "eyJ" not in text and fields(page).keys() == {"ticket"}
    assert "frame-ancestors https://moodle.example" in page["Content-Security-Policy"]
    assert User.objects.get().last_name == "Kazlauskaitė" and LaunchState.objects.get().used_at


def test_L30_without_the_secret_or_with_another_browsers_it_is_refused(framed, refused):
    kept, other = begin(framed), begin(framed)
    refused.start()
    refused(kept.answer(headers=FROM_US, binding=""), "binding_storage_missing")
    refused(kept.answer(headers=FROM_US, binding=other.binding), "binding_storage_wrong")
    refused(kept.answer(headers=FROM_US, binding="ž" * 5000), "binding_storage_wrong")
    assert not LaunchState.objects.filter(used_at__isnull=False).exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://moodle.example"},
        {"Origin": "http://localhost:8000.evil.example"},
        FROM_US | {"Sec-Fetch-Site": "cross-site"},
        FROM_US | {"Sec-Fetch-Site": "same-site"},
        FROM_US | {"Sec-Fetch-Site": "none"},
    ],
)
def test_L30_a_launch_begun_elsewhere_cannot_be_sent_through_this_browser(framed, refused, headers):
    """Whoever began it knows its secret, as nobody knows another browser's cookie."""
    kept = begin(framed)
    refused.start()
    refused(kept.answer(headers=headers, binding=kept.binding), "binding_storage_not_from_our_page")


def test_L30_a_secret_in_the_form_is_no_cookie(ona, refused):
    begun = ona.begin()
    secret = ona.client.cookies[f"kelrodis_lti_{begun.state[:16]}"].value
    form = {"id_token": "x.y.z", "state": begun.state, "binding": secret}
    refused.start()
    refused(Client().post("/lti/launch/", form, headers=ona.headers | FROM_US), "binding_cookie_missing")


def test_L30_a_cookie_is_no_secret_of_the_platforms(framed, refused):
    kept = begin(framed)
    browser = Client()
    browser.cookies[f"kelrodis_lti_{kept.state[:16]}"] = kept.binding
    form = {"id_token": kept.token(), "state": kept.state}
    refused.start()
    refused(
        browser.post("/lti/launch/", form, headers={"Sec-Fetch-Dest": "document"}), "binding_storage_missing"
    )


def test_L25_L26_a_launch_by_storage_works_once(framed, refused):
    kept = begin(framed)
    token = kept.token()
    assert kept.answer(token, FROM_US, binding=kept.binding).status_code == 200
    refused.start()
    refused(kept.answer(token, FROM_US, binding=kept.binding), "state_used")
    refused(kept.answer(token), "state_used")


def test_L32_a_launch_that_is_too_old_is_refused_before_the_platform_is_asked(framed, refused):
    kept = begin(framed)
    LaunchState.objects.update(expires_at=now() - timedelta(seconds=1))
    refused.start()
    refused(kept.answer(), "state_expired")
    refused(kept.prove(), "state_expired")


def test_L46_a_platform_that_is_switched_off_is_refused(framed, refused):
    kept = begin(framed)
    framed.platform.registration.is_active = False
    framed.platform.registration.save()
    refused.start()
    refused(kept.answer(), "platform_disabled", status=403)


def test_L08_a_changed_message_is_refused_with_the_right_secret_too(framed, refused):
    kept = begin(framed)
    head, body, signature = kept.token().split(".")
    refused.start()
    response = kept.answer(f"{head}.{body[:-4]}AAAA.{signature}", FROM_US, binding=kept.binding)
    assert response.status_code == 400 and not EntryTicket.objects.exists()


def test_an_error_of_the_platform_is_told_without_a_secret(framed, refused):
    kept = begin(framed)
    refused.start()
    refused(kept.answer(error="access_denied"), "platform_error_access_denied")


def test_hostile_messages_do_not_get_into_the_page(framed):
    page = begin(framed).answer('"><script>alert(1)</script>')

    assert page.status_code == 200 and "<script>alert" not in page.content.decode()
