"""Login initiation: whom we send where, and what the browser keeps meanwhile."""

from __future__ import annotations

from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from django.test import Client
from lti_tool.models import LtiDeployment

from lti.models import LaunchState
from tests.factories.lti import TARGET, Launcher, Platform


def query_of(response):
    return dict(parse_qsl(urlsplit(response["Location"]).query, strict_parsing=True))


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_person_is_sent_to_sign_in_with_what_the_platform_gave(ona, method):
    response = ona.login(method=method)

    assert response.status_code == 302
    assert response["Location"].startswith("https://moodle.example/auth?")
    row = LaunchState.objects.get()
    assert query_of(response) == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": "kelrodis-1",
        "redirect_uri": TARGET,
        "state": row.state,
        "nonce": row.nonce,
        "login_hint": "2001",
        "lti_message_hint": '{"cmid":5,"launchid":"a&b=č"}',
    }
    assert "no-store" in response["Cache-Control"]


def test_states_and_nonces_are_long_and_never_the_same(ona):
    begun = [ona.begin() for _time in range(5)]
    made = {one.state for one in begun} | {one.nonce for one in begun}
    assert len(made) == 10 and min(map(len, made)) >= 43


def test_a_message_hint_is_not_invented(ona):
    assert "lti_message_hint" not in query_of(ona.login(lti_message_hint=None))
    assert "repost" not in query_of(ona.login(repost="1"))


def test_an_auth_address_with_a_query_keeps_it(ona):
    ona.platform.registration.auth_url += "?tenant=9"
    ona.platform.registration.save()

    assert ona.login()["Location"].startswith("https://moodle.example/auth?tenant=9&scope=openid")


def test_one_redirect_address_whatever_the_target(ona):
    response = ona.login(target_link_uri="http://localhost:8000/lt/kursai/?a=b")

    assert query_of(response)["redirect_uri"] == TARGET
    assert LaunchState.objects.get().target_link_uri == "http://localhost:8000/lt/kursai/?a=b"


def test_without_client_id_the_only_platform_of_the_issuer_is_meant(ona, network, refused):
    assert ona.login(client_id=None).status_code == 302

    Platform("https://moodle.example", network, client_id="kelrodis-2")
    refused.start()
    refused(ona.login(client_id=None), "platform_unknown", status=403)
    assert ona.login(client_id="kelrodis-2").status_code == 302


@pytest.mark.parametrize(
    "changes", [{"iss": None}, {"iss": ""}, {"iss": "https://m\x00"}, {"iss": "x" * 300}]
)
def test_L65_without_an_issuer_it_is_refused(ona, refused, changes):
    refused.start()
    refused(ona.login(**changes), "issuer_missing")


def test_L13_an_unknown_issuer_or_client_is_refused_alike(ona, refused):
    refused.start()
    refused(ona.login(iss="https://evil.example"), "platform_unknown", status=403)
    refused(ona.login(client_id="guessed"), "platform_unknown", status=403)


@pytest.mark.parametrize("hint", [None, "", "x" * 9000])
def test_L65_without_a_login_hint_it_is_refused(ona, refused, hint):
    refused.start()
    refused(ona.login(login_hint=hint), "login_hint_missing")


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "https://evil.example/",
        "javascript:alert(1)",
        "//evil.example/",
        "/lti/launch/",
        "http://localhost:8000@evil.example/",
        "http://evil.example\\@localhost:8000/",
        "http://localhost:8001/",
        "https://localhost:8000/",
        "http://localhost:8000.evil.example/",
        "http://localhost:8000/" + "x" * 3000,
        "http://localhost:8000/\r\nLocation: https://evil.example",
        "http://localhost:99999/",
    ],
)
def test_L65_a_target_elsewhere_never_reaches_the_platform(ona, refused, target):
    refused.start()
    refused(ona.login(target_link_uri=target), "target_link_uri_not_ours")
    assert not LaunchState.objects.exists()


def test_in_a_tab_the_cookie_comes_back_with_a_post_from_another_site(ona):
    begun = ona.begin()
    cookie = begun.response.cookies[f"kelrodis_lti_{begun.state[:16]}"]

    assert (cookie["samesite"], cookie["secure"], cookie["httponly"], cookie["max-age"]) == (
        "None",
        True,
        True,
        600,
    )
    assert "Partitioned" not in cookie.OutputString()
    assert "kelrodis_frame" not in begun.response.cookies


@pytest.mark.parametrize("dest", ["iframe", "frame", "embed", "object", None])
def test_in_a_frame_cookies_are_tried_before_the_platform_is_asked(moodle, quiz, dest):
    browser = Launcher(moodle, Client(), quiz, dest)

    hop = browser.login(method="post", unheard_of="a b&č=+")

    assert hop.status_code == 302 and not LaunchState.objects.exists()
    sent = parse_qs(urlsplit(hop["Location"]).query)
    assert urlsplit(hop["Location"])[:3] == ("", "", "/lti/login/")
    assert sent["unheard_of"] == ["a b&č=+"] and sent["lti_message_hint"] == ['{"cmid":5,"launchid":"a&b=č"}']
    assert sent["cookie_check"] == ["1"] and "repost" not in sent
    marker = hop.cookies["kelrodis_frame"].OutputString()
    assert "SameSite=None" in marker and "Secure" in marker and "Partitioned" in marker

    second = browser.client.get(hop["Location"], headers=browser.headers)
    assert second["Location"].startswith("https://moodle.example/auth?")
    state = LaunchState.objects.get().state
    assert "Partitioned" in second.cookies[f"kelrodis_lti_{state[:16]}"].OutputString()
    assert "unheard_of" not in second["Location"] and "cookie_check" not in second["Location"]


def test_with_the_marker_there_is_no_extra_hop(ona):
    ona.dest = "iframe"
    ona.client.cookies["kelrodis_frame"] = "1"

    assert ona.login()["Location"].startswith("https://moodle.example/auth?")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Open the activity in a new tab"), ("lt", 'lang="lt"')]
)
def test_where_cookies_do_not_live_a_new_tab_is_offered(moodle, quiz, language, words):
    browser = Launcher(moodle, Client(), quiz, "iframe")
    hop = browser.login()

    page = Client().get(hop["Location"], headers={"Sec-Fetch-Dest": "iframe", "Accept-Language": language})

    text = page.content.decode()
    assert page.status_code == 200 and words in text and not LaunchState.objects.exists()
    assert 'target="_blank"' in text and 'rel="noopener"' in text
    assert "cookie_check" not in text and "%22launchid%22%3A%22a%26b%3D%C4%8D%22" in text
    assert "frame-ancestors https://moodle.example" in page["Content-Security-Policy"]
    assert "X-Frame-Options" not in page
    address = text.partition('href="/lti/login/')[2].partition('"')[0].replace("&amp;", "&")
    in_tab = Client().get(f"/lti/login/{address}", headers={"Sec-Fetch-Dest": "document"})
    assert in_tab["Location"].startswith("https://moodle.example/auth?")


def test_hostile_parameters_do_not_get_into_the_page(moodle, quiz):
    browser = Launcher(moodle, Client(), quiz, "iframe")

    page = browser.login(cookie_check="1", lti_message_hint='"><script>alert(1)</script>')

    assert page.status_code == 200 and "<script>alert" not in page.content.decode()


def test_a_session_of_another_platform_does_not_hide_the_page_from_this_one(ona, network, quiz):
    """Two platforms of one site share the frame's cookies."""
    ona.dest = "iframe"
    ona.client.cookies["kelrodis_frame"] = "1"
    ona.launch()
    other = Launcher(Platform("https://kita.example", network), ona.client, quiz, "iframe")

    page = other.launch(version="9")

    assert "frame-ancestors https://kita.example" in page["Content-Security-Policy"]


def test_the_platforms_deployment_need_not_be_known_yet_to_begin(ona):
    LtiDeployment.objects.all().delete()
    assert ona.login().status_code == 302
