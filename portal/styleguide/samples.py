"""The samples: which template is shown in which states. A template that is in none fails a test."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.content.display import Display
from portal.content.sitewide import Link
from portal.styleguide import stand_ins as some
from portal.styleguide.blocks import blocks
from portal.styleguide.library import library
from portal.styleguide.sample import Sample, State


def samples() -> list[Sample]:
    """Return every sample, in the active language."""
    return [*_frame(), *_foot(), *_small(), *_lists(), *_courses(), *_quiz(), *_home(), *library(), *blocks()]


def _frame() -> list[Sample]:
    usual = {"display": Display(), "user": some.person(signed_in=False)}
    known = usual | {"user": some.person(signed_in=True)}
    little, much = {"around": some.around()}, {"around": some.around(full=True)}
    course = {"launch": {"framed": True}, "state": some.state()}
    return [
        Sample(
            _("Header"),
            "header",
            [
                State(_("visitor, nothing arranged"), usual | little),
                State(_("signed in, everything chosen"), known | much),
                State(_("where the page has a search of its own"), usual | little | {"has_search": True}),
            ],
            framed=True,
        ),
        Sample(
            _("Header within a learning platform"),
            "launch_bar",
            [
                State(_("in a course"), known | course),
                State(_("elsewhere"), known | little | {"launch": {"framed": False}}),
            ],
            framed=True,
        ),
        Sample(_("Where one is"), "breadcrumb", [State(_("below two pages"), some.path())]),
        Sample(
            _("Where one is in a course"),
            "course_bar",
            [State(_("begun"), course), State(_("not enrolled"), {"state": some.state(enrolled=False)})],
            framed=True,
        ),
    ]


def _foot() -> list[Sample]:
    usual = {"display": Display(), "user": some.person(signed_in=False)}
    little, much = {"around": some.around()}, {"around": some.around(full=True)}
    return [
        Sample(
            _("Foot of the page"),
            "footer",
            [State(_("nothing arranged"), usual | little), State(_("everything filled in"), usual | much)],
            framed=True,
        ),
        Sample(
            _("Name or logo"),
            "brand",
            [State(_("name"), usual | little), State(_("logo"), usual | much)],
            within="brand",
        ),
    ]


def _small() -> list[Sample]:
    w = some.words()
    link = Link(w["course"], "#link")
    return [
        Sample(_("Star"), "star", [State(_("as usual"))]),
        Sample(_("Picture"), "picture", [State(_("as usual"), {"picture": some.picture(w["caption"])})]),
        Sample(
            _("Link"),
            "link",
            [
                State(_("as usual"), {"link": link}),
                State(_("to where one is"), {"link": Link(w["course"], "#here", current="page")}),
                State(_("to another language"), {"link": Link("Moodle", "#en", language="en")}),
            ],
        ),
        Sample(_("Messages"), "messages", [State(_("of each kind"), {"messages": some.messages()})]),
        Sample(
            _("Field of a form"),
            "field",
            [
                State(_("as usual"), {"field": some.field("a"), "autocomplete": "off"}),
                State(_("with a hint"), {"field": some.field("b", hint=True), "autocomplete": "off"}),
                State(
                    _("with an error"),
                    {"field": some.field("c", hint=True, error=True), "autocomplete": "off"},
                ),
                State(
                    _("for a password"),
                    {"field": some.field("d", secret=True), "type": "password", "autocomplete": "off"},
                ),
            ],
        ),
    ]


def _lists() -> list[Sample]:
    return [
        Sample(
            _("Pages of a list"),
            "pages",
            [
                State(_("first"), {"shown": some.pages(1), "label": _("first")}),
                State(_("in the middle"), {"shown": some.pages(3), "label": _("in the middle")}),
                State(_("last"), {"shown": some.pages(5), "label": _("last")}),
            ],
        ),
    ]


def _courses() -> list[Sample]:
    begun, new, done = some.state(), some.state(enrolled=False), some.state(done=3, completed=True)
    activity = {"activity": {"uuid": some.NOBODY}, "user": some.person(signed_in=True)}
    return [
        Sample(_("Progress"), "meter", [State(f"{value} %", {"value": value}) for value in (0, 40, 100)]),
        Sample(
            _("What is left"),
            "left",
            [State(_("begun"), {"state": begun}), State(_("completed"), {"state": done})],
        ),
        Sample(_("Outline"), "outline", [State(_("begun"), {"part": begun.parts[0]})]),
        Sample(
            _("The next step"),
            "next_step",
            [
                State(_("begun"), activity | {"state": begun}),
                State(_("not enrolled"), activity | {"state": new}),
                State(_("visitor"), {"state": new, "user": some.person(signed_in=False)}),
                State(_("attempts used up"), activity | {"state": some.state(done=2), "stuck": True}),
                State(_("completed"), activity | {"state": done}),
            ],
        ),
        Sample(
            _("Course in a list"),
            "course_row",
            [
                State(_("begun, with a cover"), {"row": some.row(percent=40)}),
                State(_("in another language"), {"row": some.row(foreign="lt")}),
            ],
        ),
        Sample(
            _("Continue"),
            "resume",
            [State(_("begun"), {"going_on": begun})],
        ),
    ]


def _quiz() -> list[Sample]:
    visitor = {"user": some.person(signed_in=False)}
    return [
        Sample(
            _("Knowledge check"),
            "check",
            [
                State(_("not answered"), visitor | {"check": some.check("one")}),
                State(_("several answers"), visitor | {"check": some.check("several", multiple=True)}),
                State(_("answered right"), visitor | {"check": some.check("right", chosen="right")}),
                State(_("answered wrong"), visitor | {"check": some.check("wrong", chosen="wrong")}),
            ],
        ),
        Sample(
            _("Question of a quiz"),
            "item",
            [
                State(_("one answer, chosen and flagged"), some.item(1, "single", chosen=True)),
                State(_("several answers"), some.item(2, "multiple")),
                State(_("a number"), some.item(3, "numeric")),
                State(_("a word"), some.item(4, "short")),
            ],
        ),
        Sample(
            _("Question after the attempt"),
            "item_result",
            [
                State(_("right"), some.result(1)),
                State(_("partly right"), some.result(0.5)),
                State(_("wrong, with the solution"), some.result(0, solved=True)),
                State(_("not answered"), some.result(0, answered=False)),
                State(_("partly right, as a teacher sees it"), some.result(0.5) | {"of_learner": True}),
            ],
            within="ol",
        ),
    ]


def _home() -> list[Sample]:
    w = some.words()
    door = {"eyebrow": w["module"], "title": w["course"], "text": w["summary"], "url": "#course"}
    states = [State(str(number), {"doors": [door] * number}) for number in (3, 2, 1)]
    rows = [
        State(_("few seats"), {"row": some.happening("new")}),
        State(_("registration open"), {"row": some.happening("ok")}),
        State(_("as usual"), {"row": some.happening()}),
    ]
    page = {"title": w["course"], "summary": w["summary"], "full_url": "https://kelrodis.example/lt/"}
    return [
        Sample(_("Doors"), "doors", states),
        Sample(_("Row of the week"), "happening", rows),
        Sample(_("Card of a shared page"), "social", [State(_("as usual"), {"page": page})], within="pre"),
    ]
