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

from tests.security.outcomes import (
    ADMINISTRATORS,
    AWAY,
    BY_CODE,
    BY_PASSWORD,
    DECIDERS,
    DECIDES,
    DECIDES_HERE,
    DOES,
    EDITORS,
    EVERYBODY,
    GRANTS_HERE,
    HOME,
    IN,
    NOT_LAUNCHED,
    NOT_STAFF_OR_404,
    OF_PEOPLE,
    OWN,
    OWN_DOES,
    POST_ONLY,
    READERS,
    SEES_HERE,
    SEES_PEOPLE,
    SIGNED_IN,
    STAFF,
    Outcome,
    Row,
    done,
    table_of,
    within,
)
from tests.security.world import KINDS, PEOPLE, World

NEWCOMER = {
    "first_name": "Ugnė",
    "last_name": "Šilaitė",
    "email": "ugne@kelrodis.example",
    "password1": "rytas-prie-nemuno",
}
FOREIGN_LINK = {"uidb36": "1", "key": "d1abcd-0123456789abcdef"}
INVITED = NEWCOMER | {"language": "lt", "library": "@library"}
COORDINATES = {"role": "LC", "place": "@library"}
SHOWN_SO = {
    "size": "140",
    "spacing": "wide",
    "theme": "dark",
    "contrast": "high",
    "links": "underlined",
    "motion": "still",
}
REASON = {"reason": "Moodle buvo išjungta"}
TABLE = [
    # the front door and signing in
    Row("front_door", table_of(AWAY)),
    Row("robots.txt", EVERYBODY),
    Row("sitemap", EVERYBODY),
    Row("account_login", table_of(AWAY, anonymous=200)),
    Row(
        "account_login",
        table_of(AWAY, anonymous=200),
        method="post",
        data={"login": "a@b.lt", "password": "x"},
    ),
    Row("account_logout", table_of(200, anonymous=AWAY)),
    Row("account_logout", table_of(AWAY), method="post"),
    Row("account_inactive", table_of(403)),
    # one's own account
    Row("account_signup", table_of(AWAY, anonymous=200)),
    Row("account_signup", table_of(AWAY), method="post", data=NEWCOMER),
    Row("account_signup", table_of(AWAY, anonymous=200), method="post", data={"email": "a@b.lt"}),
    Row("account_email_verification_sent", EVERYBODY),
    Row("account_email_verification_sent", table_of(AWAY), method="post", data={"email": "a@b.lt"}),
    Row("account_email_verification_sent", table_of(400), method="post", data={"email": "x"}),
    Row("account_confirm_email", table_of(404), arguments={"key": "x"}),
    Row("account_confirm_email", table_of(404), method="post", arguments={"key": "x"}),
    Row("account_reset_password", EVERYBODY),
    Row("account_reset_password", table_of(AWAY), method="post", data={"email": "a@b.lt"}),
    Row("account_reset_password_done", EVERYBODY),
    Row("account_reset_password_from_key", table_of(410), arguments=FOREIGN_LINK),
    Row("account_reset_password_from_key", table_of(410), method="post", arguments=FOREIGN_LINK),
    Row("account_change_password", SIGNED_IN),
    Row("account_change_password", SIGNED_IN, method="post", data={"password1": "kito-zodis-2026"}),
    Row("mfa_authenticate", table_of(AWAY, anonymous=IN)),
    Row("mfa_authenticate", table_of(AWAY, anonymous=IN), method="post", data={"code": "123456"}),
    Row("account_reauthenticate", BY_PASSWORD),
    Row("account_reauthenticate", BY_PASSWORD, method="post", data={"password": "x"}),
    Row("mfa_reauthenticate", BY_CODE),
    Row("mfa_reauthenticate", BY_CODE, method="post", data={"code": "123456"}),
    Row("sso_begin", table_of(405)),
    Row("sso_begin", table_of(404), method="post"),  # no provider is set up
    Row("sso_callback", table_of(404)),
    Row("sso_callback", table_of(405), method="post"),
    Row("address", NOT_LAUNCHED),
    Row("address", within(AWAY), method="post", data={"email": "kitas@kelrodis.example"}),
    Row("address", within(400), method="post", data={"email": "x"}),
    Row("second_factor", NOT_LAUNCHED),
    Row("second_factor_set_up", NOT_LAUNCHED),
    Row("second_factor_set_up", within(400), method="post", data={"code": "123456"}),
    Row("second_factor_codes", NOT_LAUNCHED),
    Row("second_factor_codes", within(AWAY), method="post"),
    Row("second_factor_remove", within(AWAY)),
    Row("second_factor_remove", within(AWAY), method="post"),
    # one's profile, and who looks after people
    Row("profile", SIGNED_IN),
    Row(
        "profile", DOES, method="post", data={"first_name": "Ugnė", "last_name": "Šilaitė", "language": "en"}
    ),
    Row("profile_letters", SIGNED_IN),
    Row("profile_letters", DOES, method="post"),
    Row("profile_libraries", SIGNED_IN),
    Row("profile_join", SIGNED_IN, "library"),
    Row("profile_join", DOES, "library", "post", {"date_from": "2026-09-01"}),
    Row("profile_work", OWN, "work"),
    Row("profile_work", OWN_DOES, "work", "post", {"job_title": "Vedėja"}),
    Row("profile_leave", OWN, "work"),
    Row("profile_leave", OWN_DOES, "work", "post", {"date_to": "2026-11-01"}),
    Row("stop_letters", EVERYBODY, "letters"),
    Row("stop_letters", EVERYBODY, "letters", "post"),
    Row("stop_letters", table_of(404), arguments={"token": "x:y:z"}),
    Row("people", SEES_PEOPLE),
    Row("people_waiting", DECIDERS),
    Row("people_decide", DECIDES_HERE, "waiting"),
    Row("people_decide", done(DECIDES_HERE), "waiting", "post", {"decision": "confirm"}),
    Row("people_decide", done(DECIDES_HERE), "waiting", "post", REASON),
    Row("people_decide", table_of(404, anonymous=IN), "work"),
    Row("people_invite", DECIDERS),
    Row(
        "people_invite",
        done(DECIDERS) | {"neighbour": 400},
        "library",
        "post",
        INVITED,
        elsewhere={"coordinator": 400, "neighbour": 400, "territory": 400},
    ),
    Row("person", SEES_HERE, "person"),
    Row("person_appoint", table_of(405, anonymous=IN), "person"),
    Row("person_appoint", done(GRANTS_HERE), "person", "post", COORDINATES),
    Row("role_end", GRANTS_HERE, "role"),
    Row("role_end", done(GRANTS_HERE), "role", "post"),
    Row("work_end", DECIDES_HERE, "work"),
    Row("work_end", done(DECIDES_HERE), "work", "post", {"date_to": "2026-11-01"}),
    Row("admin_sign_in", table_of(403, anonymous=IN)),
    Row("page_sign_in", table_of(403, anonymous=IN)),
    # pages
    Row("wagtail_serve", EVERYBODY, arguments={0: ""}),
    Row("wagtail_serve", EVERYBODY, arguments={0: "kursai/"}),
    Row("wagtail_serve", EVERYBODY, arguments={0: "kursai/kursas/"}),
    Row("wagtail_serve", table_of(AWAY), arguments={0: "kursai/kursas/modulis/"}),
    Row("wagtail_serve", EVERYBODY, arguments={0: "kursai/kursas/modulis/pamoka-1/"}),
    Row("wagtail_serve", EVERYBODY, arguments={0: "kursai/kursas/modulis/testas/"}),
    Row("wagtail_serve", table_of(404), arguments={0: "kursai/nera/"}),
    Row("search", EVERYBODY),
    Row("search", table_of(405), method="post"),
    Row("site_map", EVERYBODY),
    Row("site_map", table_of(405), method="post"),
    Row("display_options", EVERYBODY),
    Row("display_options", table_of(AWAY), method="post", data=SHOWN_SO),
    Row("display_options", table_of(400), method="post", data={"size": "9"}),
    Row("brand_sheet", EVERYBODY, arguments={"digest": "0123456789ab"}),
    Row("brand_sheet", table_of(405), method="post", arguments={"digest": "0123456789ab"}),
    Row("styleguide:guide", STAFF),
    Row("styleguide:framed", STAFF, arguments={"anchor": "header", "number": 0}),
    Row("styleguide:framed", NOT_STAFF_OR_404, arguments={"anchor": "check", "number": 0}),
    Row("styleguide:framed", NOT_STAFF_OR_404, arguments={"anchor": "header", "number": 99}),
    Row("same_page", table_of(AWAY), "page"),
    Row("media", table_of(404), arguments={0: "none.png"}),
    Row("recording", EVERYBODY, "recording"),
    Row("recording", table_of(404, administrator=200), "private recording"),
    Row("recording", table_of(405), "recording", "post"),
    Row("recording_captions", EVERYBODY, "captions"),
    Row("recording_captions", table_of(404, administrator=200), "private captions"),
    Row("recording_captions", table_of(405), "captions", "post"),
    # learning
    Row("learning", SIGNED_IN),
    Row("courses:enrol", POST_ONLY, "course"),
    Row("courses:enrol", DOES, "course", "post"),
    Row("courses:enrol", table_of(404, anonymous=IN), "lesson", "post"),
    Row("courses:finish_lesson", POST_ONLY, "lesson"),
    Row("courses:finish_lesson", DOES, "lesson", "post"),
    Row("courses:finish_lesson", table_of(404, anonymous=IN), "quiz", "post"),
    Row("courses:answer_check", POST_ONLY, "check"),
    Row("courses:answer_check", DOES, "check", "post", {"o": "c-yes"}),
    Row("courses:start", POST_ONLY, "quiz"),
    Row("courses:start", DOES, "quiz", "post"),
    Row("courses:start", table_of(404, anonymous=IN), "course", "post"),
    Row("courses:attempt", OWN, "running"),
    Row("courses:attempt", OWN_DOES, "running", "post", {"to": "review"}),
    Row("courses:attempt", OWN_DOES, "finished"),
    Row("courses:autosave", POST_ONLY, "running"),
    Row("courses:autosave", table_of(404, anonymous=401, owner=200), "running", "post", {"drafts": []}),
    Row("courses:autosave", table_of(404, anonymous=401, owner=409), "finished", "post", {"drafts": []}),
    Row("courses:review", OWN, "running"),
    Row("courses:review", table_of(405), "running", "post"),
    Row("courses:finish", POST_ONLY, "running"),
    Row("courses:finish", OWN_DOES, "running", "post"),
    Row("courses:reveal", POST_ONLY, "finished"),
    Row("courses:reveal", OWN_DOES, "finished", "post"),
    Row("courses:result", OWN, "finished"),
    Row("courses:result", OWN_DOES, "running"),
    Row("courses:result", table_of(405), "finished", "post"),
    # certificates
    Row("check_any_language", table_of(AWAY)),
    Row("verify_any_language", table_of(AWAY), "token"),
    Row("certificates:check", EVERYBODY),
    Row("certificates:check", table_of(404), method="post", data={"code": "KLR-1", "surname": "Ona"}),
    Row("certificates:verify", EVERYBODY, "token"),
    Row("certificates:verify", table_of(404), arguments={"token": "A" * 32}),
    Row("certificates:verify", table_of(400), "token", "post", {"surname": "Ona"}),
    Row("certificates:pdf", OWN, "credential"),
    Row("certificates:pdf", table_of(405, anonymous=IN), "credential", "post"),
    Row("certificates:name", DOES),
    Row("certificates:name", DOES, method="post", data={"first_name": "Ne", "last_name": "Aš"}),
    # one's own data
    Row("keeping:mine", SIGNED_IN),
    Row("keeping:mine", table_of(405, anonymous=IN), method="post"),
    Row("keeping:ask_export", table_of(405, anonymous=IN)),
    Row("keeping:ask_export", DOES, method="post"),
    Row("keeping:download", OWN, "export"),
    Row("keeping:download", table_of(405, anonymous=IN), "export", "post"),
    Row("keeping:erase", SIGNED_IN),
    Row("keeping:erase", table_of(400, anonymous=IN), method="post", data={"password": "x"}),
    Row("keeping:withdraw", table_of(405, anonymous=IN)),
    Row("keeping:withdraw", table_of(404, anonymous=IN), method="post"),
    Row("keeping:receipt", EVERYBODY, "receipt"),
    Row("keeping:receipt", table_of(404), "waiting receipt"),
    Row("keeping:receipt", table_of(405), "receipt", "post"),
    # the audit log
    Row("keeping:audit", READERS),
    Row("keeping:audit_csv", table_of(405, anonymous=IN)),
    Row("keeping:audit_csv", READERS, method="post", data={"purpose": "Patikra"}),
    # learning platforms
    Row("lti:login", table_of(400)),
    Row("lti:login", table_of(400), method="post"),
    Row("lti:launch", table_of(405)),
    Row("lti:launch", table_of(400), method="post", data={"id_token": "x.y.z", "state": "none"}),
    Row("lti:jwks", EVERYBODY),
    Row("lti:jwks", table_of(405), method="post"),
    # staff screens of ours
    Row("deliveries:index", ADMINISTRATORS),
    Row("deliveries:index_results", ADMINISTRATORS),
    Row("deliveries:inspect", ADMINISTRATORS, "delivery"),
    Row("deliveries:inspect", ADMINISTRATORS | {"administrator": 404}, "no delivery"),
    Row("deliveries:retry", ADMINISTRATORS, "delivery"),
    Row("deliveries:retry", DECIDES, "delivery", "post", REASON),
    Row("deliveries:retry", ADMINISTRATORS | {"administrator": 404}, "no delivery", "post", REASON),
    Row("deliveries:abandon", ADMINISTRATORS, "delivery"),
    Row("deliveries:abandon", DECIDES, "delivery", "post", REASON),
    Row("people:lost_device", DECIDES, "account"),
    Row("people:lost_device", DECIDES, "account", "post"),
    Row("people:lost_device", ADMINISTRATORS | {"administrator": 404}, "nobody"),
    Row("erasures:index", ADMINISTRATORS),
    Row("erasures:index_results", ADMINISTRATORS),
    Row("erasures:retention", ADMINISTRATORS),
    Row("erasures:new", ADMINISTRATORS, "somebody"),
    Row("erasures:new", DECIDES, "somebody", "post", REASON),
    Row("erasures:new", ADMINISTRATORS | {"administrator": 404}, "no delivery"),
    Row("erasures:hasten", ADMINISTRATORS, "erasure"),
    Row("erasures:hasten", DECIDES, "erasure", "post"),
    Row("erasures:hasten", ADMINISTRATORS | {"administrator": 404}, "no delivery", "post"),
    Row("erasures:withdraw", ADMINISTRATORS, "erasure"),
    Row("erasures:withdraw", DECIDES, "erasure", "post"),
    # Wagtail's, where what is behind them is ours: settings, pages and their drafts, choosers, people (M03)
    Row("wagtailsettings:edit", ADMINISTRATORS, "settings"),
    Row("wagtailsettings:edit", ADMINISTRATORS, "branding"),
    Row("wagtailsettings:edit", EDITORS, "navigation"),
    Row("wagtailredirects:index", EDITORS),
    Row("wagtailredirects:add", EDITORS),
    Row("wagtailadmin_home", STAFF),
    Row("wagtailadmin_explore_root", STAFF),
    Row("wagtailadmin_pages:edit", EDITORS, "edit"),
    Row("wagtailadmin_pages:view_draft", EDITORS, "edit"),
    Row("wagtailadmin_choose_page", STAFF),
    Row("wagtailimages_chooser:choose", STAFF),
    Row("wagtaildocs_chooser:choose", STAFF),
    Row("wagtailmedia:index", STAFF),
    Row("wagtailmedia:add", STAFF, arguments={"media_type": "video"}),
    Row("wagtailmedia:chooser", STAFF),
    Row("wagtailadmin_api:pages:listing", STAFF),
    Row("wagtailadmin_api:images:listing", STAFF),
    Row("wagtailadmin_api:documents:listing", STAFF),
    Row("wagtailsnippets_content_topic:list", EDITORS),
    Row("wagtailsnippets_content_topic:add", EDITORS),
    Row("wagtailsnippetchoosers_content_topic:choose", STAFF),
    Row("wagtailsnippetchoosers_content_audience:choose", STAFF),
    Row("wagtailsnippets_content_audience:list", EDITORS),
    Row("wagtailsnippets_content_audience:add", EDITORS),
    Row("wagtailsnippets_content_glossaryterm:list", EDITORS),
    Row("wagtailsnippets_content_glossaryterm:add", EDITORS),
    Row("wagtailsnippetchoosers_content_glossaryterm:choose", STAFF),
    Row("wagtailusers_users:index", ADMINISTRATORS),
    Row("wagtailusers_users:add", ADMINISTRATORS),
    Row("wagtailusers_groups:index", ADMINISTRATORS),
    Row("wagtailadmin_reports:site_history", STAFF),
]

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
