"""`manage.py lti_platform`: platforms by the command line, in JSON."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from lti_tool.models import LtiDeployment, LtiRegistration

pytestmark = pytest.mark.django_db

GOOD = {
    "name": "Universiteto Moodle",
    "issuer": "https://moodle.example",
    "client-id": "kelrodis-1",
    "auth-url": "https://moodle.example/auth",
    "token-url": "https://moodle.example/token",
    "keyset-url": "https://moodle.example/jwks",
    "deployment-id": "7",
}


def run(capsys, *arguments, **details):
    options = [f"--{name}={value}" for name, value in details.items()]
    call_command("lti_platform", *arguments[:1], *options, *arguments[1:])
    return json.loads(capsys.readouterr().out)


def fail(capsys, *arguments, **details):
    with pytest.raises(SystemExit) as caught:
        run(capsys, *arguments, **details)
    assert caught.value.code == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    return json.loads(captured.err)


def test_a_platform_is_connected_and_told_our_addresses(capsys):
    told = run(capsys, "add", **GOOD)

    assert told["created"] is True and told["platform"]["active"] is True
    assert told["platform"]["deployments"] == ["7"] and told["platform"]["allow_private_network"] is False
    assert told["tool"] == {
        "login_url": "http://localhost:8000/lti/login/",
        "launch_url": "http://localhost:8000/lti/launch/",
        "keyset_url": "http://localhost:8000/lti/jwks/",
    }
    assert LtiRegistration.objects.get().name == "Universiteto Moodle"


def test_adding_again_brings_it_up_to_date(capsys):
    run(capsys, "add", **GOOD)
    again = run(capsys, "add", "--allow-private-network", **GOOD | {"name": "Moodle", "deployment-id": "8"})

    assert again["created"] is False and again["platform"]["name"] == "Moodle"
    assert (
        again["platform"]["deployments"] == ["7", "8"] and again["platform"]["allow_private_network"] is True
    )
    assert LtiRegistration.objects.count() == 1
    run(capsys, "add", **GOOD)
    assert LtiDeployment.objects.count() == 2


def test_a_waiting_deployment_is_let_in_by_adding_it(capsys):
    run(capsys, "add", **GOOD)
    LtiDeployment.objects.create(registration=LtiRegistration.objects.get(), deployment_id="9")
    assert run(capsys, "list")["platforms"][0]["waiting_deployments"] == ["9"]
    run(capsys, "add", **GOOD | {"deployment-id": "9"})
    assert run(capsys, "list")["platforms"][0]["deployments"] == ["7", "9"]


def test_switching_off_and_on(capsys):
    run(capsys, "add", **GOOD)
    who = {"issuer": GOOD["issuer"], "client-id": GOOD["client-id"]}
    assert run(capsys, "disable", **who)["platform"]["active"] is False
    assert run(capsys, "disable", **who)["platform"]["active"] is False
    assert run(capsys, "add", **GOOD)["platform"]["active"] is True


def test_an_unknown_platform_cannot_be_switched_off(capsys):
    assert fail(capsys, "disable", **{"issuer": "x", "client-id": "y"}) == {"error": "no such platform"}


def test_what_is_missing_is_said_by_field(capsys):
    told = fail(capsys, "add")
    assert told["error"] == "not usable" and set(told["fields"]) == {name.replace("-", "_") for name in GOOD}
    assert not LtiRegistration.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "http://moodle.example/auth",
        "javascript:alert(1)",
        "moodle.example",
        "https://user@moodle.example/",
        "https://moodle.example/#x",
        "https://moodle.example/" + "x" * 300,
        "ftp://moodle.example/",
    ],
)
@pytest.mark.parametrize("field", ["issuer", "auth-url", "token-url", "keyset-url"])
def test_addresses_are_checked(capsys, field, url):
    assert list(fail(capsys, "add", **GOOD | {field: url})["fields"]) == [field.replace("-", "_")]


def test_plain_http_is_for_private_networks(capsys):
    local = {
        name: value.replace("https://moodle.example", "http://127.0.0.1:9100") for name, value in GOOD.items()
    }
    assert set(fail(capsys, "add", **local)["fields"]) == {"issuer", "auth_url", "token_url", "keyset_url"}
    assert run(capsys, "add", "--allow-private-network", **local)["platform"]["allow_private_network"] is True


def test_the_list_needs_two_queries(capsys, django_assert_num_queries):
    for number in range(5):
        run(capsys, "add", **GOOD | {"client-id": f"kelrodis-{number}"})
    with django_assert_num_queries(2):
        assert len(run(capsys, "list")["platforms"]) == 5


def test_no_private_key_is_ever_listed(capsys, client):
    client.get("/lti/jwks/")
    run(capsys, "add", **GOOD)
    assert "PRIVATE" not in json.dumps(run(capsys, "list"))


def test_connecting_is_logged(capsys):
    from wagtail.models import ModelLogEntry

    run(capsys, "add", **GOOD)
    assert ModelLogEntry.objects.get().action == "lti.platform_connected"
