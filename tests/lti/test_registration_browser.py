"""From an invitation to an open activity: an administrator here, one there, and a student, in real Chromium."""

from __future__ import annotations

import pytest
import requests

from tests.platform.client import PlatformProcess
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.services]
MAKE = """
from portal.directory.flows import roles
from portal.directory.models import Role
from tests.factories.courses import make_course
from tests.factories.people import UserFactory
make_course()
rasa = UserFactory(first_name="Rasa", last_name="Gintautė", email="rasa@kelrodis.example", preferred_language="lt")
rasa.set_password("rytas-prie-nemuno")
rasa.save()
roles.grant(user=rasa, role=Role.ADMINISTRATOR, by=None)
"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory, empty_var):
    """A portal with one published course and an administrator."""
    with Stack(tmp_path_factory.mktemp("portal"), like=empty_var, KELRODIS_OUTBOX_SWEEP_SECONDS="1") as stack:
        stack.manage("shell", "-c", MAKE)
        stack.start("web", "worker")
        yield stack


@pytest.fixture
def platform(portal, tmp_path):
    """A trial platform that does not know the portal."""
    with PlatformProcess(tool="http://unknown.invalid", state=tmp_path / "platform") as process:
        yield process


def administrator(portal, page):
    """Rasa's page of the portal's admin."""
    page.goto(f"{portal.url}/lt/sign-in/")
    page.fill("#id_login", "rasa@kelrodis.example")
    page.fill("#id_password", "rytas-prie-nemuno")
    page.click("main form button")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def invite(portal, page, name, *, at_once=False):
    """Make an invitation and return its address."""
    page.goto(f"{portal.url}/admin/platforms/invite/")
    page.get_by_label("Platformos pavadinimas").fill(name)
    page.get_by_label("Gali būti privačiame tinkle").check()
    if at_once:
        page.get_by_label("Patvirtinti savaime").check()
    page.get_by_role("button", name="Parengti kvietimą").click()
    return page.get_by_label("Adresas, kurį reikia įklijuoti platformoje").input_value()


def add_tool(platform, page, address):
    """Paste the address into the platform; return the frame in which the tool answers."""
    page.goto(f"{platform.url}/tools")
    page.get_by_label("Tool URL").fill(address)
    page.get_by_role("button", name="Add LTI Advantage").click()
    return page.frame_locator("#contentframe")


def open_quiz(portal, platform, page):
    """Open a quiz as Ona."""
    row = portal.activities("quiz")[0]
    made = platform.post("/api/activities", title=row["title"], custom={"activity": row["uuid"]}, graded=True)
    page.goto(f"{platform.url}/course/{made['course']}/activity/{made['id']}?person=ona")
    return page.frame_locator("#contentframe")


def begun(portal, platform):
    """What the portal answers to the beginning of a launch."""
    made = platform.post("/api/activities", title="Dar ne", graded=False)
    asked = platform.login_request(person="ona", activity=made["id"])
    return requests.get(f"{portal.url}/lti/login/", params=asked, timeout=20)


def test_invited_registered_approved_tested_and_launched(portal, platform, open_page):
    rasa, moodle = administrator(portal, open_page()), open_page()
    frame = add_tool(platform, moodle, invite(portal, rasa, "Universiteto Moodle"))
    frame.get_by_role("heading", name="Beveik prijungta").wait_for()
    frame.get_by_role("link", name="Grįžti į mokymosi platformą").click()
    moodle.get_by_role("button", name="Activate").click()
    moodle.get_by_role("cell", name="active").wait_for()
    assert begun(portal, platform).status_code == 403

    rasa.goto(f"{portal.url}/admin/")
    rasa.locator("main").get_by_role("link", name="Universiteto Moodle").click()
    rasa.get_by_role("button", name="Patvirtinti").click()
    rasa.locator(".w-status", has_text="Prijungta").wait_for()
    frame = open_quiz(portal, platform, moodle)
    frame.locator("form[action$='/start/'] button").wait_for()

    rasa.get_by_role("button", name="Patikrinti").click()
    rasa.get_by_text("Viskas gerai.").wait_for()  # without reloading: the worker's steps appear by themselves
    assert rasa.locator(".found .passed").count() == 10
    assert platform.effects() == []

    portal.manage("lti_keys", "rotate")  # the platform keeps our key set and meets a new name
    rasa.get_by_role("button", name="Patikrinti dar kartą").click()
    rasa.locator("[data-preparing]").wait_for(state="detached")
    rasa.get_by_text("Viskas gerai.").wait_for()
    assert platform.get("/api/jwks_hits")["tool_fetches"] == 2


def test_approved_by_itself_the_frame_closes_by_itself(portal, platform, open_page):
    rasa, moodle = administrator(portal, open_page()), open_page()
    add_tool(platform, moodle, invite(portal, rasa, "Kolegijos Moodle", at_once=True))
    moodle.get_by_role("button", name="Activate").click()
    open_quiz(portal, platform, moodle).locator("form[action$='/start/'] button").wait_for()


def test_without_script_a_link_leads_back(portal, platform, open_page):
    rasa, moodle = administrator(portal, open_page()), open_page(javascript=False)
    frame = add_tool(platform, moodle, invite(portal, rasa, "Mokyklos Moodle"))
    frame.get_by_role("link", name="Grįžti į mokymosi platformą").click()
    moodle.wait_for_url(f"{platform.url}/")


def test_a_used_invitation_says_so_in_the_frame(portal, platform, open_page):
    rasa, moodle = administrator(portal, open_page()), open_page()
    address = invite(portal, rasa, "Akademijos Moodle")
    add_tool(platform, moodle, address).get_by_role("heading", name="Beveik prijungta").wait_for()
    frame = add_tool(platform, moodle, address)
    frame.get_by_role("heading", name="Šiuo kvietimu pasinaudoti negalima").wait_for()
