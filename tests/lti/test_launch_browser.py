"""Launches in real Chromium, the platform on 127.0.0.1, the portal on localhost: another site.

Debian's Chromium with a fresh profile lets no third-party cookies through, only partitioned ones.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.services]


@pytest.fixture
def quiz(portal, platform):
    """Ona's page of a quiz in a course of the platform."""
    row = portal.activities("quiz")[0]
    made = platform.post("/api/activities", title=row["title"], custom={"activity": row["uuid"]}, graded=True)
    return f"{platform.url}/course/{made['course']}/activity/{made['id']}?person=ona"


def login_url(platform, address):
    """Return the tool's login address of a fresh launch, as a link in a new tab would be."""
    activity = urlsplit(address).path.rpartition("/")[2]
    parameters = platform.login_request(
        person=parse_qs(urlsplit(address).query)["person"][0], activity=activity
    )
    return f"{platform.tool}/lti/login/?{urlencode(parameters)}"


def portal_cookies(page):
    return {cookie["name"]: cookie for cookie in page.context.cookies() if cookie["domain"] == "localhost"}


@pytest.mark.parametrize("method", ["post", "get"])
def test_in_the_frame_with_third_party_cookies_blocked_the_quiz_opens_and_takes_posts(
    open_page, platform, quiz, method
):
    page = open_page()
    hops = []
    page.on("request", lambda request: hops.append(request.url) if "/lti/" in request.url else None)
    page.goto(f"{quiz}&method={method}")

    frame = page.frame_locator("#contentframe")
    frame.locator("form[action$='/start/'] button").click()
    frame.locator(".attempt, form[action*='/attempt']").first.wait_for()

    cookies = portal_cookies(page)
    assert cookies["sessionid"]["sameSite"] == "None" and cookies["sessionid"].get("partitionKey")
    assert cookies["kelrodis_frame"].get("partitionKey")
    assert not [name for name in cookies if name.startswith("kelrodis_lti_")]
    assert [url.partition("?")[0].rpartition("/lti/")[2] for url in hops] == ["login/", "login/", "launch/"]

    hops.clear()
    page.goto(f"{quiz}&method={method}")
    page.frame_locator("#contentframe").locator("h1").first.wait_for()
    assert [url.partition("?")[0].rpartition("/lti/")[2] for url in hops] == ["login/", "launch/"]


def test_in_a_tab_the_launch_needs_no_partition(open_page, platform, quiz):
    page = open_page()
    page.goto(login_url(platform, quiz))

    page.locator("form[action$='/start/'] button").wait_for()

    cookies = portal_cookies(page)
    assert cookies["sessionid"]["sameSite"] == "Lax" and not cookies["sessionid"].get("partitionKey")
    assert "kelrodis_frame" not in cookies
    assert not [name for name in cookies if name.startswith("kelrodis_lti_")]


def test_where_no_cookie_lives_in_the_frame_a_new_tab_goes_on(open_page, platform, quiz):
    page = open_page(language="en")

    def without_cookies(route):
        answer = route.fetch(max_redirects=0)
        headers = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
        route.fulfill(response=answer, headers=headers)

    page.route("**/lti/login/**", without_cookies)
    page.goto(quiz)
    link = page.frame_locator("#contentframe").get_by_role("link", name="Open the activity in a new tab")

    with page.context.expect_page() as opened:
        link.click()

    tab = opened.value
    tab.locator("form[action$='/start/'] button").wait_for()
    assert tab.evaluate("window.opener") is None


def test_L63_a_post_from_another_site_does_not_end_a_session(open_page, platform, portal, quiz):
    page = open_page()
    page.goto(login_url(platform, quiz))
    page.locator("form[action$='/start/'] button").wait_for()
    before = portal_cookies(page)["sessionid"]["value"]

    page.goto(f"{platform.url}/")
    page.evaluate(
        """address => { const form = document.createElement('form'); form.method = 'post'; form.action = address;
        form.innerHTML = '<input name="id_token" value="x"><input name="state" value="y">';
        document.body.append(form); form.submit(); }""",
        f"{portal.url}/lti/launch/",
    )
    page.wait_for_url("**/lti/launch/")

    assert portal_cookies(page)["sessionid"]["value"] == before
    page.goto(f"{portal.url}/lt/learn/")
    assert "sign-in" not in page.url


def test_a_refused_launch_is_seen_in_the_frame(open_page, platform):
    made = platform.post("/api/activities", title="Nothing", custom={"activity": "nonsense"}, graded=False)
    page = open_page()

    page.goto(f"{platform.url}/course/{made['course']}/activity/{made['id']}?person=ona")

    heading = page.frame_locator("#contentframe").locator("h1")
    heading.wait_for()
    assert page.frame_locator("#contentframe").locator(".facts b").inner_text().count("-") == 1
