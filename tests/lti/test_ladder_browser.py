"""The ladder of launches in real Chromium: partitioned cookies, platform storage with a ticket, a new tab.

The platform is on 127.0.0.1, the portal on localhost: another site. Three profiles: third-party cookies blocked (only
partitioned ones live), allowed, and none at all for the portal inside the platform's pages.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil

import pytest
from playwright.sync_api import TimeoutError

from tests.browser.conftest import axe
from tests.browser.moves import go

pytestmark = [pytest.mark.browser, pytest.mark.services]
NUMBERS = itertools.count(1)
NEW_TAB = {"lt": "Atverti veiklą naujame skirtuke", "en": "Open the activity in a new tab"}
BLOCKED, ALLOWED, NONE = "third-party cookies blocked", "all cookies allowed", "no cookie in the frame"


@pytest.fixture
def platform(platform):
    """The trial platform, its storage switched off at the end."""
    yield platform
    platform.post("/api/manners", storage=None)


@pytest.fixture
def open_page(chromium, portal, platform, tmp_path):
    """Open a page in a profile of its own, which treats cookies as ``cookies`` says."""
    contexts = []

    def opener(cookies=BLOCKED, language="lt", width=1280, scheme="light"):
        rules = {f"{portal.url},{platform.url}": {"setting": 2}} if cookies == NONE else {}
        wanted = {
            "cookie_controls_mode": {BLOCKED: 1, ALLOWED: 0, NONE: 0}[cookies],
            "content_settings": {"exceptions": {"cookies": rules}},
        }
        profile = tmp_path / f"profile-{len(contexts)}"
        (profile / "Default").mkdir(parents=True)
        (profile / "Default" / "Preferences").write_text(json.dumps({"profile": wanted}), encoding="utf-8")
        context = chromium.browser_type.launch_persistent_context(
            profile,
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
            viewport={"width": width, "height": 900 if width > 600 else 640},
            locale={"lt": "lt-LT", "en": "en-GB"}[language],
            color_scheme=scheme,
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        return context.pages[0]

    yield opener
    for context in contexts:
        context.close()


@pytest.fixture
def quiz(portal, platform):
    """Return the address of somebody's page of a quiz on the platform; a new student's unless a person is named."""

    def address(person="", language="lt"):
        name = person or f"studente-{next(NUMBERS)}"
        if not person:
            about = {"given": "Gabija", "family": "Šešelgytė", "role": "student", "locale": language}
            platform.post("/api/people", username=name, **about)
        row = portal.activities("quiz")[0]
        made = platform.post(
            "/api/activities", title=row["title"], custom={"activity": row["uuid"]}, graded=True
        )
        return f"{platform.url}/course/{made['course']}/activity/{made['id']}?person={name}"

    return address


def frame_of(page):
    """Return the frame the portal is in."""
    return page.wait_for_selector("#contentframe").content_frame()


def arrive(page, address, selector):
    """Go there and return the portal's frame once it has ``selector``.

    The frame is handed from process to process, and on a slow machine Playwright may lose sight of it (a picture of the
    page shows what is waited for in vain): then the page is opened anew, which is another launch.
    """
    for _time in range(3):
        page.goto(address)
        frame = frame_of(page)
        with contextlib.suppress(TimeoutError):
            frame.wait_for_selector(selector, state="attached", timeout=12_000)
            return frame
    raise AssertionError(f"no {selector}")


def answer_and_submit(place):
    """Start the quiz, answer, see every answer saved before going on, and finish."""
    place.wait_for_selector("form[action$='/start/'] button")
    go(place, "form[action$='/start/'] button")
    for _step in range(10):
        if place.query_selector("form[action$='/finish/']"):
            break
        for item in place.query_selector_all("fieldset.item"):
            option = item.query_selector("input[type=radio], input[type=checkbox]")
            if option:
                option.check()
            else:
                item.query_selector("input[name^='r-']").fill("7")
        place.wait_for_selector("[data-saved]:not(.problem) >> text=Išsaugota")
        go(place, ".pager button.btn:not(.quiet)")
    go(place, "form[action$='/finish/'] button")
    place.wait_for_selector(".results")


def press(page, frame, language="lt"):
    """Press what opens the new tab; return the tab."""
    frame.wait_for_selector(f"text='{NEW_TAB[language]}' >> visible=true")
    with page.context.expect_page() as opened:
        frame.click(f"text='{NEW_TAB[language]}' >> visible=true")
    return opened.value


@pytest.mark.parametrize("cookies", [BLOCKED, ALLOWED])
def test_where_cookies_live_the_quiz_is_answered_in_the_frame(open_page, platform, quiz, cookies):
    platform.post("/api/manners", storage={"target": "_parent"})  # not used: the rung above holds
    page = open_page(cookies)
    page.goto(quiz())
    frame = frame_of(page)

    answer_and_submit(frame)

    assert frame.evaluate("document.hasStorageAccess()") is (cookies == ALLOWED)
    assert len(page.context.pages) == 1 and page.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize("setting", [{"target": "_parent"}, {"target": "lti_storage"}, {"fault": "twice"}])
def test_where_none_lives_the_platform_keeps_the_secret_and_a_ticket_leads_to_a_new_tab(
    open_page, portal, platform, quiz, setting
):
    platform.post("/api/manners", storage=setting)
    page = open_page(NONE)
    urls = []
    page.context.on("request", lambda request: urls.append(request.url))
    frame = arrive(page, quiz(), "input[name=ticket]")

    ticket = frame.get_attribute("input[name=ticket]", "value")
    kept = page.evaluate("Object.entries(sessionStorage)")
    tab = press(page, frame)
    answer_and_submit(tab)

    assert kept and all(name.startswith(f"lti {portal.url} kelrodis_lti_") for name, _secret in kept)
    secrets = [ticket, "eyJ", *(secret for _name, secret in kept)]
    assert not [url for url in urls if any(secret in url for secret in secrets)]
    assert tab.evaluate("window.opener") is None and "eyJ" not in frame.content()
    frame.wait_for_selector("text=Veikla atverta naujame skirtuke")
    assert frame.query_selector("input[name=ticket]") is None
    assert not page.context.cookies(portal.url)[0].get("partitionKey")


def test_a_teacher_comes_in_by_a_ticket_too(open_page, platform, quiz):
    platform.post("/api/manners", storage={"target": "_parent"})
    page = open_page(NONE)

    tab = press(page, arrive(page, quiz("rasa"), "input[name=ticket]"))

    tab.wait_for_selector("form[action$='/start/'] button")


@pytest.mark.parametrize("cookies", [ALLOWED, NONE])
def test_D12_what_a_teacher_chooses_gets_into_the_course(open_page, platform, cookies):
    """With no cookie in the frame the picker is in the new tab, and its answer goes to the platform from there."""
    platform.post("/api/manners", storage={"target": "_parent"})
    page = open_page(cookies)
    address = f"{platform.url}/course/1/select?person=rasa"
    before = len(platform.get("/api/state")["activities"])
    if cookies == NONE:
        place = press(page, arrive(page, address, "input[name=ticket]"))
    else:
        place = arrive(page, address, ".offer")
    place.locator(".offer", has_text="Kursas kursas lt").first.get_by_role("button", name="Pridėti").click()
    place.get_by_role("button", name="Toliau").click()
    place.get_by_role("button", name="Įdėti į kursą").click()
    place.locator("#made li").first.wait_for()
    assert len(platform.get("/api/state")["activities"]) == before + 1


@pytest.mark.parametrize("fault", ["silent", "error", "elsewhere", "forgets"])
def test_where_the_platform_does_not_keep_it_a_new_tab_begins_anew(open_page, platform, quiz, fault):
    """``elsewhere``: everything is answered as it should be, but from another origin."""
    platform.post("/api/manners", storage={"fault": fault})
    before = len(platform.calls(service="auth"))
    page = open_page(NONE)
    page.goto(quiz())

    tab = press(page, frame_of(page))
    answer_and_submit(tab)

    assert len(platform.calls(service="auth")) == before + 1  # its launch id was not used up in the frame
    assert tab.evaluate("window.opener") is None


def test_where_the_keepers_frame_does_not_load_a_new_tab_begins_anew(open_page, platform, quiz):
    platform.post("/api/manners", storage={"target": "lti_storage"})
    page = open_page(NONE)
    page.route("**/storage-frame", lambda route: route.abort())
    page.goto(quiz())

    press(page, frame_of(page)).wait_for_selector("form[action$='/start/'] button")


def test_without_our_script_a_new_tab_begins_anew(open_page, portal, platform, quiz):
    platform.post("/api/manners", storage={"target": "_parent"})
    page = open_page(NONE)
    page.route(f"{portal.url}/**/storage*.js", lambda route: route.abort())
    page.goto(quiz())

    press(page, frame_of(page)).wait_for_selector("form[action$='/start/'] button")


@pytest.mark.parametrize("fault", ["changes_later", "forgets_later"])
def test_L30_another_browsers_value_is_refused(open_page, platform, portal, quiz, fault):
    platform.post("/api/manners", storage={"fault": fault})
    page = open_page(NONE)

    arrive(page, quiz(), ".facts b")

    assert not page.context.cookies(portal.url)


def test_the_platform_answers_the_tools_origin_only(open_page, platform, quiz):
    platform.post("/api/manners", storage={"target": "_parent"})
    page = open_page(NONE)
    arrive(page, quiz(), "input[name=ticket]")

    heard = page.evaluate("""() => new Promise((resolve) => {
        addEventListener("message", (event) => event.data.subject?.endsWith(".response") && resolve("answered"));
        for (const subject of ["lti.capabilities", "lti.get_data"])
          postMessage({ subject, message_id: "1", key: Object.keys(sessionStorage)[0] }, "*");
        setTimeout(() => resolve("silence"), 500);
    })""")

    assert heard == "silence"


def test_L30_a_page_of_another_site_cannot_use_a_ticket(open_page, platform, portal, quiz):
    platform.post("/api/manners", storage={"target": "_parent"})
    page = open_page(NONE)
    frame = arrive(page, quiz(), "input[name=ticket]")
    other = page.context.new_page()
    other.goto(f"{platform.url}/")

    other.evaluate(
        """([action, ticket]) => { const form = document.createElement("form");
        Object.assign(form, { method: "post", action });
        const input = Object.assign(document.createElement("input"), { name: "ticket", value: ticket });
        form.append(input); document.body.append(form); form.submit(); }""",
        [f"{portal.url}/lti/enter/", frame.get_attribute("input[name=ticket]", "value")],
    )
    other.wait_for_selector(".facts b")

    assert not page.context.cookies(portal.url)
    press(page, frame).wait_for_selector("form[action$='/start/'] button")


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("lt", 320, "dark"), ("en", 1280, "light")],
)
def test_the_pages_of_the_ladder_have_no_accessibility_faults(
    open_page, portal, platform, quiz, language, width, scheme
):
    platform.post("/api/manners", storage={"target": "_parent"})
    page = open_page(NONE, language, width, scheme)
    frame = arrive(page, quiz(language=language), "input[name=ticket]")
    found = problems(frame, "ticket")
    press(page, frame, language).close()
    found += problems(frame, "ticket used")
    page.route(f"{portal.url}/**/storage*.js", lambda route: route.abort())
    frame = arrive(page, quiz(language=language), "[data-new-tab]")
    frame.wait_for_selector("[data-new-tab]")  # shown, too
    found += problems(frame, "new tab, where storage is silent")
    frame.evaluate("document.querySelector('[data-keep-in-platform]').hidden = false")
    found += problems(frame, "storing")
    frame.evaluate("location.replace(document.querySelector('[data-keep-in-platform]').dataset.onward)")
    frame.wait_for_selector("[data-ask-platform] button")
    found += problems(frame, "proving")
    assert found == []


def problems(frame, where):
    """Return what axe finds and whether the page is wider than the frame."""
    found = [(where, *row) for row in axe(frame)]
    if frame.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append((where, "wider than the frame", []))
    return found
