"""Well-signed tokens that say the wrong thing."""

from __future__ import annotations

import time

import pytest
from lti_tool.models import LtiDeployment

from tests.factories.lti import MEMBERSHIP, Launcher, Platform


def test_L13_another_issuer_is_refused(refuses):
    refuses("iss_of_another_platform", iss="https://evil.example")


@pytest.mark.parametrize(
    "audience",
    [
        "other",
        ["other"],
        [],
        None,
        5,
        {"kelrodis-1": 1},
        [5, "kelrodis-1"],
        "KELRODIS-1",
    ],
)
def test_L14_a_token_for_somebody_else_is_refused(refuses, audience):
    refuses("aud_not_us", aud=audience)


def test_L15_several_audiences_without_azp_are_refused(refuses):
    refuses("azp_missing", aud=["kelrodis-1", "other"])


@pytest.mark.parametrize("party", ["other", None, 5, "", ["kelrodis-1"]])
@pytest.mark.parametrize("audience", ["kelrodis-1", ["kelrodis-1", "other"]])
def test_L16_a_foreign_azp_is_refused(refuses, party, audience):
    refuses("azp_not_us", aud=audience, azp=party)


def test_L18_an_expired_token_is_refused_and_a_minutes_skew_is_not(refuses, ona):
    now = int(time.time())
    refuses("expired", exp=now - 62, iat=now - 120)
    assert ona.launch(exp=now - 50, iat=now - 110).status_code == 302


@pytest.mark.parametrize("value", [None, "tomorrow", True, [], float("inf"), float("nan"), 10**400])
def test_L19_a_token_without_exp_is_refused(refuses, value):
    refuses("exp_missing", exp=value)


def test_L19_a_token_whose_exp_is_missing_is_refused(refuses):
    refuses("exp_missing", remove=("exp",))


@pytest.mark.parametrize("value", [None, "2026", False, {}])
def test_L20_a_token_without_iat_is_refused(refuses, value):
    refuses("iat_missing", iat=value)


def test_L20_a_token_whose_iat_is_missing_is_refused(refuses):
    refuses("iat_missing", remove=("iat",))


def test_L21_a_token_from_the_future_is_refused(refuses, ona):
    now = int(time.time())
    refuses("iat_in_the_future", iat=now + 65, exp=now + 600)
    refuses("nbf_in_the_future", nbf=now + 65)
    assert ona.launch(iat=now + 50, exp=now + 600).status_code == 302


def test_L22_a_token_of_ten_minutes_ago_is_refused(refuses, ona):
    now = int(time.time())
    refuses("iat_too_old", iat=now - 605, exp=now + 60)
    assert ona.launch(iat=now - 590, exp=now + 60).status_code == 302


def test_L23_a_token_without_nonce_is_refused(refuses):
    refuses("nonce_missing", remove=("nonce",))


@pytest.mark.parametrize(
    ("nonce", "reason"),
    [
        ("guessed", "nonce_of_another_launch"),
        ("ą" * 43, "nonce_of_another_launch"),
        ("\ud800", "nonce_of_another_launch"),
        (5, "nonce_missing"),
        ([], "nonce_missing"),
        ("", "nonce_missing"),
    ],
)
def test_L24_a_nonce_we_did_not_give_is_refused(refuses, nonce, reason):
    refuses(reason, nonce=nonce)


def test_L24_the_nonce_of_another_launch_is_refused(ona, refused):
    first, second = ona.begin(), ona.begin()
    token = ona.platform.sign(ona.platform.claims(first.nonce, ona.activity))
    refused.start()
    refused(ona.post(token, second.state), "nonce_of_another_launch")


def test_L31_the_token_of_another_platform_is_refused(ona, refused, network):
    other = Platform("https://kita.example", network, key="other-key")
    begun = ona.begin()
    refused.start()
    refused(ona.post(other.sign(other.claims(begun.nonce, ona.activity)), begun.state), "kid_unknown")


def test_L31_platforms_that_share_a_key_are_still_told_apart(ona, refused, network):
    other = Platform("https://kita.example", network)
    begun = ona.begin()
    refused.start()
    refused(
        ona.post(other.sign(other.claims(begun.nonce, ona.activity)), begun.state), "iss_of_another_platform"
    )


def test_L33_a_message_without_version_is_refused(refuses):
    refuses("version_not_1_3_0", remove=("version",))


@pytest.mark.parametrize("version", ["1.1", "1.3", "2.0.0", 1.3, None, ["1.3.0"]])
def test_L34_another_version_is_refused(refuses, version):
    refuses("version_not_1_3_0", version=version)


def test_L35_a_message_without_type_is_refused(refuses):
    refuses("message_type_unknown", remove=("message_type",))


@pytest.mark.parametrize("kind", ["LtiRickRoll", "", None, ["LtiResourceLinkRequest"], 5])
def test_L36_an_unknown_type_is_refused(refuses, kind):
    refuses("message_type_unknown", message_type=kind)


@pytest.mark.parametrize("kind", ["LtiStartProctoring", "LtiEndAssessment"])
def test_messages_for_later_are_refused_politely(refuses, kind):
    presentation = {"locale": "en"}
    response = refuses("message_type_not_supported", message_type=kind, launch_presentation=presentation)
    assert "This cannot be done here yet" in response.content.decode()


def test_L37_a_message_without_roles_is_refused(refuses):
    refuses("roles_not_a_list_of_text", remove=("roles",))


@pytest.mark.parametrize("roles", [MEMBERSHIP + "Instructor", {}, None, 5])
def test_L39_roles_that_are_no_list_are_refused(refuses, roles):
    refuses("roles_not_a_list_of_text", roles=roles)


@pytest.mark.parametrize("roles", [[1], [None], [[]], [MEMBERSHIP + "Learner", 5]])
def test_L40_roles_that_are_no_text_are_refused(refuses, roles):
    refuses("roles_not_a_list_of_text", roles=roles)


def test_L43_a_message_without_deployment_is_refused(refuses):
    refuses("deployment_id_missing", remove=("deployment_id",))


def test_L44_an_unknown_deployment_is_refused_and_waits_for_staff(refuses, caplog):
    for number in range(25):
        refuses("deployment_not_connected", status=403, deployment_id=f"new-{number}")
    refuses("deployment_not_connected", status=403, deployment_id="new-1")

    assert LtiDeployment.objects.filter(is_active=False).count() == 20
    alerts = [r for r in caplog.records if "not yet connected" in r.getMessage()]
    assert len(alerts) == 20


@pytest.mark.parametrize("value", [["7"], "7" * 5000, 7, "", None, {"a": 1}, "7\x00"])
def test_L45_a_deployment_that_is_no_identifier_is_refused(refuses, value):
    refuses("deployment_id_missing", deployment_id=value)
    assert LtiDeployment.objects.count() == 1


def test_L46_a_platform_switched_off_meanwhile_is_refused(ona, refused):
    begun = ona.begin()
    token = ona.platform.sign(ona.platform.claims(begun.nonce, ona.activity))
    ona.platform.registration.is_active = False
    ona.platform.registration.save()
    refused.start()
    refused(ona.post(token, begun.state), "platform_disabled", status=403)


def test_L46_a_platform_switched_off_begins_no_launch(ona, refused):
    ona.platform.registration.is_active = False
    ona.platform.registration.save()
    refused.start()
    refused(ona.login(), "platform_unknown", status=403)


@pytest.mark.parametrize("link", ["x", None, {}, {"id": None}, {"id": 5}, {"id": "x" * 300}, []])
def test_L47_a_message_without_resource_link_is_refused(refuses, link):
    refuses("resource_link_missing", resource_link=link)


def test_L47_a_message_whose_resource_link_is_missing_is_refused(refuses):
    refuses("resource_link_missing", remove=("resource_link",))


@pytest.mark.parametrize("subject", [None, ""])
def test_L48_nobody_is_asked_to_sign_in_over_there(refuses, subject):
    refuses("sub_missing", status=403, sub=subject)


def test_L48_a_message_whose_sub_is_missing_is_refused(refuses):
    refuses("sub_missing", status=403, remove=("sub",))


@pytest.mark.parametrize("subject", ["2" * 300, 2001, ["2001"], "20\x0001", "\ud800"])
def test_L49_a_subject_that_is_no_identifier_is_refused(refuses, subject):
    refuses("sub_not_an_identifier", sub=subject)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/lti/launch/",
        "//localhost:8000/lti/launch/",
        "",
        None,
        5,
        "http://localhost:8000@evil.example/",
        "javascript:alert(1)",
        "http://localhost:9/",
    ],
)
def test_L52_a_target_elsewhere_is_refused(refuses, target):
    refuses("target_link_uri_not_ours", target_link_uri=target)


def test_L52_a_message_without_target_is_refused(refuses):
    refuses("target_link_uri_not_ours", remove=("target_link_uri",))


def test_L52_another_target_than_the_one_begun_with_is_refused(refuses):
    refuses("target_link_uri_of_another_launch", target_link_uri="http://localhost:8000/lt/kursai/")


@pytest.mark.parametrize(
    ("activity", "reason"),
    [
        ("not-a-uuid", "activity_not_a_uuid"),
        ("../../etc", "activity_not_a_uuid"),
        ("1b4db7eb-4057-5ddf-91e0-36dec72071f5", "activity_unknown"),
    ],
)
def test_an_activity_that_is_not_here_is_a_404(refuses, activity, reason):
    response = refuses(
        reason, status=404, custom={"activity": activity}, launch_presentation={"locale": "en"}
    )
    assert "This activity is not here" in response.content.decode()


def test_an_activity_that_is_not_published_is_a_404(refuses, quiz):
    quiz.page.live = False
    quiz.page.save()
    refuses("activity_not_published", status=404)


def test_a_closed_account_may_not_enter(ona, refused):
    from portal.directory.models import User

    ona.launch()
    User.objects.update(is_active=False)
    ona.client.logout()
    begun = ona.begin()
    refused.start()
    token = ona.platform.sign(ona.platform.claims(begun.nonce, ona.activity))
    refused(ona.post(token, begun.state), "account_closed", status=403)


def test_the_refusal_is_shown_in_the_platforms_frame_and_in_no_other(ona):
    ona.dest = "iframe"
    ona.client.cookies["kelrodis_frame"] = "1"
    response = ona.launch(version="9")

    assert "frame-ancestors https://moodle.example;" in response["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in response


def test_the_refusal_speaks_the_persons_language(ona):
    response = ona.launch(message_type="LtiDeepLinkingRequest", launch_presentation={"locale": "en-GB"})
    assert 'lang="en"' in response.content.decode() and response["Content-Language"] == "en"
    response = ona.launch(message_type="LtiDeepLinkingRequest", launch_presentation={"locale": "lt"})
    assert 'lang="lt"' in response.content.decode()


def test_a_teachers_forged_message_lets_nobody_in(network, moodle, ona, refuses):
    thief = Launcher(moodle, ona.client, ona.activity)
    refuses(
        "signature_wrong",
        launcher=thief,
        roles=[MEMBERSHIP + "Instructor"],
        make=lambda claims: moodle.sign(claims, key="thief", headers={"kid": "platform-key"}),
    )
