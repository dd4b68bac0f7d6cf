"""What a platform may answer when asked for its list: nothing changes but by a complete and sound one."""

from __future__ import annotations

import copy
import json
import tracemalloc
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lti_tool.models import LtiContext

from lti.flows import http, rosters
from lti.flows.roster_answers import NotRead, members_of, next_page
from lti.models import Roster, RosterMember
from portal.outbox.models import Delivery
from tests.factories.lti import Launcher, answer
from tests.lti.grading import TOKEN
from tests.lti.rosters import (
    JONAS,
    LISTED_RASA,
    MEMBERS,
    NRPS,
    OFFERED,
    ONA,
    RASA,
    link,
    listed,
    member,
    members,
    page,
    read,
    teaching,
)

BEFORE = {"3001", "2001"}
NEXT = MEMBERS + "?page=2"


@pytest.fixture
def known(moodle, quiz, network):
    """Ona and Rasa have come, and the list with both on it has been read."""
    Launcher(moodle, Client(), quiz).launch(**OFFERED)
    teaching(network, moodle, quiz, ONA)
    roster = Roster.objects.get()
    assert listed() == members() == BEFORE
    return roster


def ask_again():
    rosters.ask(context=LtiContext.objects.get(), every=timedelta(0))
    return read()


UNSOUND = {
    "A01 token without access_token": (TOKEN, answer(body={"expires_in": 3600}), "busy"),
    "A02 token HTML": (TOKEN, answer(body=b"<html>"), "unreadable"),
    "token refused": (TOKEN, answer(400, {"error": "invalid_scope"}), "permission"),
    "A04 401 that stays": (MEMBERS, answer(401), "permission"),
    "A05 403 scope gone": (MEMBERS, answer(403), "permission"),
    "A06 404 context deleted": (MEMBERS, answer(404), "gone"),
    "A07 400": (MEMBERS, answer(400), "status"),
    "A11 301 to another host": (MEMBERS, answer(301, location="https://evil.example/"), "status"),
    "204": (MEMBERS, answer(204), "status"),
    "A12 cut": (MEMBERS, http.CallFailed("answer cut short"), "silent"),
    "A12 half of the JSON": (MEMBERS, answer(body=b'{"members": [{"user_id"'), "unreadable"),
    "A13 drip": (MEMBERS, http.CallFailed("no answer in time"), "late"),
    "A14 500": (MEMBERS, answer(500), "busy"),
    "A15 10 MB": (MEMBERS, http.CallFailed("answer too large"), "too_many"),
    "A15 deep JSON": (MEMBERS, answer(body=b"[" * 100_000), "unreadable"),
    "A28 NaN": (MEMBERS, answer(body=b'{"members": [NaN]}'), "unreadable"),
    "HTML": (MEMBERS, answer(body=b"<html>"), "unreadable"),
    "a list": (MEMBERS, answer(body=[ONA]), "unreadable"),
    "nothing": (MEMBERS, answer(body={}), "unreadable"),
    "members no list": (MEMBERS, answer(body={"members": {"0": ONA}}), "unreadable"),
    "empty": (MEMBERS, page(), "empty"),
    "another context's": (MEMBERS, page(JONAS, context="13"), "another"),
    "A17 next on another host": (MEMBERS, page(JONAS, link=link("https://evil.example/x")), "elsewhere"),
    "A17 next without TLS": (
        MEMBERS,
        page(JONAS, link=link(NEXT.replace("https", "http"))),
        "elsewhere",
    ),
    "A17 next on another port": (
        MEMBERS,
        page(JONAS, link=link("https://moodle.example:8443/x")),
        "elsewhere",
    ),
    "A17 next with a name": (MEMBERS, page(JONAS, link=link("https://u@moodle.example/x")), "elsewhere"),
    "A18 next leads to itself": (MEMBERS, page(JONAS, link=link(MEMBERS)), "endless"),
    "A22 no identifier": (MEMBERS, page(JONAS, {"roles": ["Learner"]}), "unreadable"),
    "A22 identifier a number": (MEMBERS, page(JONAS | {"user_id": 5}), "unreadable"),
    "A22 identifier of 300": (MEMBERS, page(JONAS | {"user_id": "x" * 300}), "unreadable"),
    "A22 identifier with NUL": (MEMBERS, page(JONAS | {"user_id": "a\x00"}), "unreadable"),
    "A22 roles a text": (MEMBERS, page(JONAS | {"roles": "Learner"}), "unreadable"),
    "A22 roles of numbers": (MEMBERS, page(JONAS | {"roles": [1]}), "unreadable"),
    "A22 status unknown": (MEMBERS, page(JONAS | {"status": "Away"}), "unreadable"),
    "A22 status a list": (MEMBERS, page(JONAS | {"status": ["Active"]}), "unreadable"),
    "member null": (MEMBERS, page(JONAS, None), "unreadable"),
    **{
        f"next unreadable {header[:20]}": (MEMBERS, page(JONAS, link=header), "unreadable")
        for header in (
            "<x; rel=“next”, rel=next",
            "<x>; rel=“next”",
            '<x>; rel="next',
            "<x>; rel",
            "<" * 9000,
        )
    },
}


@pytest.mark.parametrize("case", UNSOUND)
def test_A_what_is_not_a_complete_and_sound_list_changes_nothing_and_is_told(known, network, case):
    url, said, problem = UNSOUND[case]
    if url == TOKEN:
        from django.core.cache import cache

        cache.clear()
    network.answers[url] = said
    asked = len(network.calls)

    roster = ask_again()

    assert roster.problem == problem
    assert listed() == members() == BEFORE and roster.read_at == known.read_at
    assert {call["url"].split("/")[2] for call in network.calls} == {"moodle.example"}
    assert len(network.calls) - asked <= 3
    assert "bearer" not in json.dumps(list(Delivery.objects.values("last_error", "last_status")))


def test_A12_a_second_page_that_fails_leaves_the_first_unused(known, network):
    network.answers[MEMBERS] = [page(JONAS, link=link(NEXT)), answer(500)]
    assert ask_again().problem == "busy"
    assert listed() == members() == BEFORE


def test_A04_a_401_gets_one_fresh_token(known, network):
    network.answers[MEMBERS] = [answer(401), page(JONAS)]
    assert ask_again().problem == "" and listed() == {"2002"}


def test_what_may_pass_is_tried_again_and_then_given_up_the_rest_is_not(known, network):
    network.answers[MEMBERS] = answer(503)
    states = []
    ask_again()
    for _time in range(3):
        Delivery.objects.update(next_at=now())
        read()
        states.append(Delivery.objects.latest("pk").state)
    assert states == ["pending", "pending", "dead"]
    network.answers[MEMBERS] = answer(403)
    ask_again()
    assert (
        Delivery.objects.latest("pk").state == "sent"
    )  # nobody is to be alarmed: it stands in the class view


def test_A10_the_wait_asked_for_is_kept_up_to_six_hours(known, network):
    network.answers[MEMBERS] = http.Answer(429, {"retry-after": "1000000000"}, b"")
    ask_again()
    waits = Delivery.objects.latest("pk").next_at - now()
    assert timedelta(hours=5, minutes=59) < waits <= timedelta(hours=6)


def test_A19_pages_are_followed_letter_by_letter(known, network):
    cursor = "/services.php/CourseSection/12/bindings/3/memberships?cursor=AbC%2Fd&x=Č".replace("Č", "%C4%8C")
    network.answers[MEMBERS] = [
        page(JONAS, link=f'{link(MEMBERS, "differences")}, <{cursor}>; title="a, b"; rel="next last"'),
        page(ONA, LISTED_RASA),
    ]
    assert ask_again().problem == ""
    assert network.to(MEMBERS)[-1]["url"] == "https://moodle.example" + cursor
    assert listed() == BEFORE | {"2002"}


def test_A20_a_list_without_end_is_left_after_200_pages(known, network):
    asked = len(network.to(MEMBERS))

    def another(*, url, **_request):
        number = len(network.to(MEMBERS))
        return page(member(f"x{number}"), link=link(f"{MEMBERS}?n={number}"))

    network.answers[MEMBERS] = another
    assert ask_again().problem == "endless"
    assert len(network.to(MEMBERS)) - asked == 200 and listed() == BEFORE


def test_A20_a_list_that_takes_too_long_is_left(known, network, monkeypatch):
    monkeypatch.setattr("lti.flows.roster_reading.BUDGET", 0.0)
    assert ask_again().problem == "late" and listed() == BEFORE


def test_A24_of_50_000_members_no_more_are_held_than_we_take(known, network):
    def thousand(*, url, **_request):
        start = int(url.partition("from=")[2] or 0)
        people = [member(f"m{start + number}") for number in range(1000)]
        return page(*people, **({"link": link(f"{MEMBERS}?from={start + 1000}")} if start < 49_000 else {}))

    network.answers[MEMBERS] = thousand
    tracemalloc.start()
    roster = ask_again()
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert roster.problem == "too_many" and listed() == BEFORE
    assert peak < 60_000_000


def test_many_people_come_and_go_in_batches(known, network):
    many = [member(f"m{number}") for number in range(1200)]
    network.answers[MEMBERS] = page(LISTED_RASA, *many)
    ask_again()
    assert RosterMember.objects.count() == 1201 and members() == {"3001"}
    network.answers[MEMBERS] = page(LISTED_RASA, ONA, *(one | {"name": "X"} for one in many[:10]))
    ask_again()
    assert RosterMember.objects.count() == 12 and members() == BEFORE


def test_A25_a_list_inside_our_network_is_not_called(moodle, quiz, network, monkeypatch):
    inside = "https://169.254.169.254/members"
    real = http.is_permitted
    network.answers[inside] = lambda **request: (
        pytest.fail("called")
        if real("169.254.169.254", private=request["private"])
        else (_ for _ in ()).throw(http.CallFailed("address refused"))
    )
    Launcher(moodle, Client(), quiz).launch(**RASA, **{NRPS: {"context_memberships_url": inside}})
    assert read().problem == "refused"


def test_A30_a_platform_switched_off_is_not_called(known, network):
    registration = LtiContext.objects.get().deployment.registration
    registration.is_active = False
    registration.save()
    asked = len(network.calls)
    assert ask_again().problem == "off" and len(network.calls) == asked and listed() == BEFORE


def test_A30_of_a_platform_that_was_removed_nothing_is_read(known, network):
    rosters.ask(context=LtiContext.objects.get(), every=timedelta(0))
    LtiContext.objects.get().deployment.registration.delete()
    asked = len(network.calls)
    from portal.outbox import delivering

    delivering.run_due()
    assert Delivery.objects.latest("pk").state == "superseded" and len(network.calls) == asked
    assert not Roster.objects.exists() and not RosterMember.objects.exists()


# By chance -------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
SOUND = {"id": MEMBERS, "context": {"id": "12"}, "members": [LISTED_RASA, JONAS]}
PLACES = [
    ("members",),
    ("context",),
    ("context", "id"),
    *(("members", place) for place in (0, 1)),
    *(("members", place, name) for place in (0, 1) for name in ("user_id", "roles", "status", "name")),
    *(("members", 1, name) for name in ("given_name", "family_name", "email")),
    ("members", 1, "roles", 0),
]


@st.composite
def mutated(draw):
    """Return the sound answer with one to three of its parts replaced or removed."""
    document = copy.deepcopy(SOUND)
    for place in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=3)):
        holder = document
        try:
            for step in place[:-1]:
                holder = holder[step]
            if draw(st.booleans()):
                holder[place[-1]] = draw(JSON)
            else:
                del holder[place[-1]]
        except (KeyError, IndexError, TypeError):
            continue
    return document


HEADERS = st.sampled_from(
    ["", link(MEMBERS), link("https://evil.example/"), "<<>;rel=next", ";;,"]
) | st.text(alphabet='<>;=", rel next/https:.?', max_size=60)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=mutated() | JSON, header=HEADERS, status=st.sampled_from([200, 200, 200, 201, 302, 404, 500]))
def test_no_answer_raises_and_none_but_a_sound_one_changes_anything(known, network, document, header, status):
    network.answers[MEMBERS] = page(LISTED_RASA, ONA)
    ask_again()  # back to the start
    assert listed() == members() == BEFORE
    network.answers[MEMBERS] = [answer(status, document, link=header), answer(404)]

    roster = ask_again()

    assert Delivery.objects.latest("pk").last_status != "error"
    try:
        sound = status == 200 and not next_page(header, url=MEMBERS) and members_of(document, context_id="12")
    except NotRead:
        sound = False
    if roster.problem:
        assert not sound and listed() == members() == BEFORE
    else:
        assert sound and listed() == {one.subject for one in sound if one.active}
        assert all(isinstance(one["user_id"], str) and one["user_id"] for one in document["members"])
