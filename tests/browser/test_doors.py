"""The doors as in production: the second step, single sign-on, sign-up closed; in a real browser, seen by axe."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from tests.browser.conftest import PASSWORD
from tests.browser.moves import go, launch
from tests.browser.places import people
from tests.browser.test_accessibility import SETTINGS, problems
from tests.browser.test_student_journey import activity_for, new_student
from tests.factories.oidc import RASA, RealProvider
from tests.factories.oidc import SETTINGS as CLIENT
from tests.signing_in import code_of
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.services]
BUTTON = "main form button.btn"


@pytest.fixture(scope="module")
def provider():
    provider = RealProvider(RASA)
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory, provider, demo_var):
    """The portal with the demo, where staff need their second step, sign-up is closed and there is single sign-on."""
    wanted = {
        "KELRODIS_SECOND_FACTOR": "staff",
        "KELRODIS_SIGN_UP": "no",
        "KELRODIS_OIDC_ISSUER": provider.issuer,
        "KELRODIS_OIDC_NAME": CLIENT["name"],
        "KELRODIS_OIDC_CLIENT_ID": CLIENT["client_id"],
        "KELRODIS_OIDC_CLIENT_SECRET": CLIENT["client_secret"],
    }
    with Stack(tmp_path_factory.mktemp("guarded"), like=demo_var, **wanted) as portal:
        portal.start("web")
        yield portal


def by_password(page, stack, email, language):
    page.goto(f"{stack.url}/{language}/sign-in/?next=/admin/")
    page.fill("#id_login", email)
    page.fill("#id_password", PASSWORD)
    go(page, BUTTON)


def by_code(page, code):
    page.fill("#id_code", code)
    go(page, BUTTON)


def leave(page, stack, language):
    page.goto(f"{stack.url}/{language}/sign-out/")
    go(page, BUTTON)


@pytest.mark.parametrize(
    ("width", "scheme", "language", "who"),
    [(*setting, who) for setting, who in zip(SETTINGS, ["editor", "administrator"], strict=True)],
)
def test_staff_set_the_second_step_up_sign_in_with_it_and_recover(
    guarded, open_page, width, scheme, language, who
):
    page, email = open_page(width=width, scheme=scheme, language=language), people()[who]
    by_password(page, guarded, email, language)
    assert "/second-factor/set-up/" in page.url
    found = problems(page, "set up")
    secret = page.inner_text(".secret")
    by_code(page, "000000")
    found += problems(page, "set up, wrong code")
    assert page.inner_text(".secret") == secret
    by_code(page, code_of(secret))
    found += problems(page, "recovery codes")
    codes = page.locator(".codes li").all_inner_texts()
    with page.expect_download() as download:
        page.click("a[download]")
    path = download.value.path()
    kept = path.read_text(encoding="utf-8") if path else unquote(download.value.url)
    assert all(code in kept for code in codes)
    go(page, "main .btn.quiet")
    assert page.url == f"{guarded.url}/admin/"
    page.goto(f"{guarded.url}/{language}/second-factor/")
    found += problems(page, "second step on")

    leave(page, guarded, language)
    by_password(page, guarded, email, language)
    found += problems(page, "code asked for")
    used = code_of(secret, steps=1)
    by_code(page, used)
    assert page.url == f"{guarded.url}/admin/"

    leave(page, guarded, language)
    by_password(page, guarded, email, language)
    by_code(page, used)
    found += problems(page, "code refused")
    by_code(page, codes[0])
    assert page.url == f"{guarded.url}/admin/"
    assert found == []


def test_second_step_is_set_up_without_a_script(guarded, open_page):
    page = open_page(javascript=False)
    by_password(page, guarded, people()["author"], "lt")
    by_code(page, code_of(page.inner_text(".secret")))
    assert page.locator(".codes li").count() == 10
    go(page, "main .btn.quiet")
    assert page.url == f"{guarded.url}/admin/"


@pytest.mark.parametrize(("width", "scheme", "language"), SETTINGS)
def test_single_sign_on_leads_to_the_provider_and_back(guarded, provider, open_page, width, scheme, language):
    page = open_page(width=width, scheme=scheme, language=language)
    page.goto(f"{guarded.url}/{language}/sign-in/?next=/{language}/learn/")
    found = problems(page, "sign-in with single sign-on")
    page.click("form[action$='/sign-in/sso/'] button")
    page.wait_for_url(f"{provider.issuer}/**")
    page.click("button[value='rasa']")
    page.wait_for_url(f"{guarded.url}/{language}/learn/")
    assert "Rasa Stonkutė" in page.text_content("main")
    page.goto(f"{guarded.url}/{language}/address/")
    found += problems(page, "change the address")
    page.fill("#id_email", "rasa.nauja@kelrodis.example")
    go(page, BUTTON + ":not(.small)")
    found += problems(page, "another address waits")
    page.goto(f"{guarded.url}/{language}/second-factor/")
    found += problems(page, "second step off")
    leave(page, guarded, language)
    page.goto(f"{guarded.url}/sso/callback/?code=x&state=y")
    found += problems(page, "single sign-on over")
    assert found == []


def test_single_sign_on_needs_no_script(guarded, provider, open_page):
    page = open_page(javascript=False)
    page.goto(f"{guarded.url}/lt/sign-in/")
    page.click("form[action$='/sign-in/sso/'] button")
    page.wait_for_url(f"{provider.issuer}/**")
    page.click("button[value='rasa']")
    page.wait_for_url(f"{guarded.url}/lt/learn/")


@pytest.mark.parametrize(("width", "scheme", "language"), SETTINGS)
def test_closed_sign_up_and_asking_once_more_have_no_accessibility_faults(
    guarded, open_page, width, scheme, language
):
    page = open_page(width=width, scheme=scheme, language=language)
    found = []
    for where in ("sign-in", "sign-up"):
        page.goto(f"{guarded.url}/{language}/{where}/")
        found += problems(page, where)
    page.goto(f"{guarded.url}/{language}/sign-in/")
    page.fill("#id_login", people()["librarian"])
    page.fill("#id_password", PASSWORD)
    go(page, BUTTON)
    page.goto(f"{guarded.url}/{language}/sign-in/again/")
    found += problems(page, "password once more")
    assert found == []


@pytest.mark.parametrize(("width", "scheme", "language"), SETTINGS)
def test_pages_for_those_without_a_password_have_no_accessibility_faults(
    stack, platform, open_page, width, scheme, language
):
    page = open_page(width=width, scheme=scheme, language=language)
    student = new_student(platform, f"be-slaptazodzio-{width}", language)
    frame = launch(page, platform, activity_for(platform, stack.activities("course")[0]), student)
    found = []
    for where in ("password", "second-factor", "address"):
        frame.goto(f"{stack.url}/{language}/{where}/")
        frame.wait_for_selector("main h1")
        found += problems(frame, where)
    assert found == []
