"""Every address of the portal against everybody who might open it, in both of two territories, in one table.

An address of ours that is not in the table fails the test that reads the URLconf, so nothing can be
added without saying for whom it is. Somebody else's record is not found (404): nothing tells that it
exists. Who is not signed in is asked to, before anything is looked for.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

from tests.security.outcomes import AWAY, HOME, IN, OF_PEOPLE, Outcome, Row
from tests.security.table import TABLE
from tests.security.world import KINDS, PEOPLE, World

# Wagtail and its translations bring addresses of their own. Each of their namespaces is named here once;
# without a namespace they begin with "wagtail". A screen of ours inside the admin has a namespace of ours.
NOT_OURS = {
    "wagtail_localize",
    "wagtailadmin_api",
    "wagtailadmin_collections",
    "wagtailadmin_editing_sessions",
    "wagtailadmin_pages",
    "wagtailadmin_reports",
    "wagtailadmin_workflows",
    "wagtailadmin_workflow_tasks",
    "wagtaildocs",
    "wagtaildocs_chooser",
    "wagtailembeds",
    "wagtailforms",
    "wagtailimages",
    "wagtailimages_chooser",
    "wagtaillocales",
    "wagtailmedia",
    "wagtailredirects",
    "wagtailsettings",
    "wagtailsites",
    "wagtailsnippets",
    "wagtailusers_groups",
    "wagtailusers_users",
}
OUR_PAGES = {"portal.content.views"}  # we serve pages in Wagtail's place, under its name
NAMELESS = {"admin/test404/", "admin/^.*/$"}  # Wagtail's: both answer 404


def addresses(resolver: Any, route: str = "", spaces: tuple[str, ...] = ()) -> Any:
    """Yield route, namespaces and pattern of every address of the URLconf."""
    for pattern in resolver.url_patterns:
        below = f"{route}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from addresses(
                pattern, below, (*spaces, pattern.namespace) if pattern.namespace else spaces
            )
        else:
            yield below, spaces, pattern


def is_ours(route: str, spaces: tuple[str, ...], pattern: URLPattern) -> bool:
    """Whether the address is ours to answer for."""
    if route in NAMELESS:
        return False
    if spaces and spaces[0].startswith(("wagtailsnippets_", "wagtailsnippetchoosers_")):
        return pattern.name in {"list", "add", "choose"}  # the doors to Wagtail's screens of our records
    if spaces:
        return spaces[0] not in NOT_OURS
    return not str(pattern.name or "").startswith("wagtail") or pattern.callback.__module__ in OUR_PAGES


def address(row: Row, things: dict[str, dict[str, Any]]) -> str:
    """Return the row's address, with what stands in it; an address without a name is named by itself."""
    if "." in row.name:
        return f"/{row.name}"
    arguments = things[row.thing] if row.thing and row.name != "people_invite" else row.arguments
    if 0 in arguments:  # a place without a name
        return reverse(row.name, args=[arguments[0]])
    return reverse(row.name, kwargs=arguments)


def outcome(browser: Any, response: Any) -> Outcome:
    """Return the status, or where the person is led."""
    if response.status_code not in {301, 302}:
        return int(response.status_code)
    path = urlsplit(response["Location"]).path
    if path in {"/admin/login/", "/lt/_util/login/"}:  # Wagtail's way to the sign-in
        return outcome(browser, browser.get(response["Location"]))
    return {"/lt/sign-in/": IN, "/admin/": HOME}.get(path, AWAY)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The people and things, made once: what a test does to them is undone after it."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        world = World()
        patch.setattr("lti.flows.http.call", world.network.call)
        world.launch_people()
        yield world
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def proved_for_as_long_as_the_table_takes(settings):
    """Nobody is asked once more who they are merely because the machine is slow."""
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 24 * 3600


def test_every_address_of_ours_is_in_the_table():
    with override("lt"):
        ours = {
            ":".join([*spaces, pattern.name or route])
            for route, spaces, pattern in addresses(get_resolver())
            if is_ours(route, spaces, pattern)
        }
    assert len(ours) > 30
    assert ours - {row.name for row in TABLE} == set()


def test_no_address_in_the_table_has_gone():
    with override("lt"):
        known = {":".join([*spaces, p.name or route]) for route, spaces, p in addresses(get_resolver())}
    assert {row.name for row in TABLE} - known == set()


CASES = [(row, territory) for row in TABLE for territory in row.territories]


@pytest.mark.django_db
@pytest.mark.parametrize(("row", "territory"), CASES, ids=str)
def test_M01_address_answers_each_person_as_the_table_says(world, row, territory):
    with override("lt"):
        url = address(row, world.arguments(territory))
    kind = {"content_type": "application/json"} if row.name == "courses:autosave" else {}
    data = row.asked(world, territory)
    found = {}
    for person in PEOPLE:
        browser = world.browser(person)
        cache.clear()  # the limits on guessing have tests of their own
        mark = transaction.savepoint()
        response = getattr(browser, row.method)(url, data, **kind, headers={"Accept-Language": "lt"})
        found[person] = outcome(browser, response)
        transaction.savepoint_rollback(mark)
    assert found == {person: row.outcome_for(person, territory) for person in PEOPLE}


def test_P5_everybody_of_both_territories_is_asked_for_every_address():
    assert len(PEOPLE) == 1 + 2 * len(KINDS)
    assert {"coordinator", "director", "territory", "author", "instructor", "subject librarian"} < set(KINDS)
    both = {row.thing for row, _territory in CASES if (row, "B") in CASES}
    assert both == {row.thing for row in TABLE} & OF_PEOPLE
    assert {row.thing for row in TABLE} >= OF_PEOPLE
