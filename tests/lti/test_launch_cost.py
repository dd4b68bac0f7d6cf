"""What the launch of somebody who returns asks of the database, from the platform's first request to our redirect."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lti_tool.models import LtiMembership, LtiResourceLink, LtiUser

from lti.models import GradeColumn, GradeLine, PlacedLink
from tests.factories.lti import AGS_SCOPE, MEMBERSHIP

NAMES_AND_ROLES = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
MEMBERS = "https://moodle.example/members"


def statements_of(launch):
    """Return what a launch asks of the database, without the marks of transactions."""
    with CaptureQueriesContext(connection) as queries:
        assert launch().status_code == 302
    return [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]


def test_a_returning_person_costs_few_queries_and_changes_nothing(ona):
    ona.launch()
    before = (
        list(LtiUser.objects.values()),
        list(LtiMembership.objects.values()),
        list(GradeLine.objects.values()),
    )

    statements = statements_of(ona.launch)

    assert len(statements) <= 14, "\n".join(statements)
    written = {sql.split('"')[1] for sql in statements if not sql.startswith("SELECT")}
    assert written == {"lti_launchstate", "django_session", "directory_user"}  # the last is last_login alone
    after = (
        list(LtiUser.objects.values()),
        list(LtiMembership.objects.values()),
        list(GradeLine.objects.values()),
    )
    assert after == before


TEACHER = {"roles": [MEMBERSHIP + "Instructor"], NAMES_AND_ROLES: {"context_memberships_url": MEMBERS}}
LINES = {
    "scope": [AGS_SCOPE + "score", AGS_SCOPE + "lineitem"],
    "lineitems": "https://moodle.example/lineitems",
}


@pytest.mark.parametrize(
    ("claims", "most"),
    [
        pytest.param(TEACHER, 14, id="a teacher, whose list of participants is up to date"),
        pytest.param(
            {**TEACHER, "custom": {}}, 15, id="a teacher by a link filled here, who may choose anew"
        ),
        pytest.param({"custom": {}}, 14, id="a learner by a link filled here"),
        pytest.param({"ags": LINES}, 14, id="a learner whose column we made"),
    ],
)
def test_whoever_returns_by_other_links_costs_few_queries_too(ona, claims, most):
    ona.launch(**TEACHER)
    item = str(ona.activity.uuid)
    PlacedLink.objects.create(resource_link=LtiResourceLink.objects.get(), item=item)
    ona.launch(**claims)
    GradeColumn.objects.update(lineitem_url="https://moodle.example/lineitem/9")
    ona.launch(**claims)
    assert GradeColumn.objects.exists() == ("ags" in claims)

    statements = statements_of(lambda: ona.launch(**claims))

    assert len(statements) <= most, "\n".join(statements)


def test_whoever_returns_in_a_new_tab_where_no_session_is_known_costs_few_queries_too(ona):
    ona.launch()
    del ona.client.cookies["sessionid"]

    statements = statements_of(ona.launch)

    assert len(statements) <= 14, "\n".join(statements)
