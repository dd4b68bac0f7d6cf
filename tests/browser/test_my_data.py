"""One's own data in a real browser, with a real worker; and axe on its pages and on the audit log."""

from __future__ import annotations

import zipfile

import pytest

from tests.browser.conftest import sign_in
from tests.browser.moves import go
from tests.browser.places import people
from tests.browser.test_accessibility import SETTINGS, problems

pytestmark = [pytest.mark.browser, pytest.mark.services]


@pytest.mark.parametrize(("width", "scheme", "language"), SETTINGS)
def test_a_person_gathers_downloads_asks_to_be_erased_and_withdraws(
    stack, open_page, width, scheme, language, tmp_path
):
    page = open_page(width=width, scheme=scheme, language=language)
    sign_in(page, stack, people()["librarian"], language)
    page.goto(f"{stack.url}/{language}/my-data/")
    found = problems(page, "my data")
    go(page, "form[action$='/export/'] button")
    page.wait_for_selector("a[download]", timeout=40_000)  # shown in place, without reloading
    found += problems(page, "my data, gathered")
    with page.expect_download() as download:
        page.click("a[download]")
    download.value.save_as(tmp_path / "data.zip")
    assert "data.json" in zipfile.ZipFile(tmp_path / "data.zip").namelist()
    page.goto(f"{stack.url}/{language}/my-data/erase/")
    found += problems(page, "erase")
    page.check("input[name='understood']")
    page.fill("input[type='password']", "labas-vakaras-visiems")
    go(page, "main form .btn")
    found += problems(page, "erase, wrong password")
    assert page.locator(".field-error").count() == 1
    assert found == []


@pytest.mark.parametrize(("width", "scheme", "language"), SETTINGS)
def test_the_audit_log_has_no_accessibility_faults(stack, open_page, width, scheme, language):
    page = open_page(width=width, scheme=scheme, language=language)
    sign_in(page, stack, people()["administrator"], language)
    page.goto(f"{stack.url}/{language}/audit/")
    found = problems(page, "audit log")
    page.goto(f"{stack.url}/{language}/audit/?person=xyzzy")
    found += problems(page, "audit log, nothing found")
    assert found == []
