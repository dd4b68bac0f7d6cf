"""A launch that goes well: who comes in, what is kept, where it leads."""

from __future__ import annotations

import pytest
from django.test import Client
from lti_tool.models import LtiContext, LtiMembership, LtiResourceLink, LtiUser

from courses.models import Enrolment
from lti.models import GradeLine, LaunchState
from portal.directory.models import User
from tests.factories.lti import AGS_SCOPE, MEMBERSHIP, Launcher, Platform, long_name

SYSTEM = "http://purl.imsglobal.org/vocab/lis/v2/system/person#"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"


def test_a_launch_leads_to_the_activity_in_the_persons_language(ona, quiz):
    response = ona.launch()

    assert response.status_code == 302
    assert response["Location"] == quiz.page.get_url()
    assert response["Cache-Control"].count("no-store")
    user = User.objects.get()
    assert (user.first_name, user.last_name) == ("Ona", "Kazlauskaitė")
    assert not user.has_usable_password()
    assert user.email == "ona2001@universitetas.example" and user.email_verified_at is None
    session = ona.client.session
    assert session["_auth_user_id"] == str(user.pk)
    assert session["_auth_user_backend"] == "portal.directory.backends.LaunchBackend"
    assert session["launch"] == {
        "registration": ona.platform.registration.pk,
        "platform": "Moodle",
        "origins": ["https://moodle.example"],
        "framed": False,
        "role": "learner",
        "activity": str(ona.activity.uuid),
        "course": str(quiz.course.uuid),
        "context": LtiContext.objects.get().pk,
        "resource_link": LtiResourceLink.objects.get().pk,
        "return_url": "https://moodle.example/return?sesskey=x",
        "language": "lt",
    }
    assert session.get_expiry_age() == 8 * 3600
    assert Enrolment.objects.get().course == quiz.course
    assert Enrolment.objects.get().source == "launch"


def test_a_launch_in_english_leads_to_the_english_page(moodle, course):
    ona = Launcher(moodle, Client(), course.quiz_activity)
    response = ona.launch(launch_presentation={"locale": "en_GB"})

    assert response["Location"] == course.others["en"].quiz.get_url()
    assert User.objects.get().preferred_language == "en"


@pytest.mark.parametrize("which", ["course", "lesson"])
def test_courses_and_lessons_can_be_launched_too(moodle, course, which):
    ona = Launcher(moodle, Client(), {"course": course.activity, "lesson": course.lesson_activity(0)}[which])
    page = {"course": course.page, "lesson": course.lessons[0]}[which]

    assert ona.launch()["Location"] == page.get_url()


def test_in_a_frame_the_session_lives_in_the_frame(ona):
    ona.dest = "iframe"
    ona.client.cookies["kelrodis_frame"] = "1"

    response = ona.launch()

    assert ona.client.session["launch"]["framed"] is True
    cookie = response.cookies["sessionid"].OutputString()
    assert "Partitioned" in cookie and "SameSite=None" in cookie and "Secure" in cookie


def test_the_binding_cookie_is_dropped_afterwards(ona):
    begun = ona.begin()
    name = f"kelrodis_lti_{begun.state[:16]}"
    assert ona.client.cookies[name].value

    response = ona.post(ona.platform.sign(ona.platform.claims(begun.nonce, ona.activity)), begun.state)

    assert response.cookies[name].value == "" and response.cookies[name]["max-age"] == 0


def test_a_teacher_comes_as_a_teacher_and_has_no_grade_line(ona):
    ona.launch(roles=[MEMBERSHIP + "Instructor"])

    assert ona.client.session["launch"]["role"] == "teacher"
    assert not GradeLine.objects.exists()


def test_a_sub_role_counts_as_its_principal_role(ona):
    ona.launch(roles=["http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant"])

    assert ona.client.session["launch"]["role"] == "teacher"


def test_where_the_result_goes_is_kept(ona):
    ona.launch()

    line = GradeLine.objects.get()
    assert line.lineitem_url == "https://moodle.example/lineitem/5?type_id=1"
    assert (line.user, line.activity) == (User.objects.get(), ona.activity)


def test_A29_a_line_item_that_moves_is_followed(ona):
    ona.launch()
    scopes = [AGS_SCOPE + "score"]
    ona.launch(ags={"scope": scopes, "lineitem": "https://moodle.example/lineitem/6"})
    assert GradeLine.objects.get().lineitem_url == "https://moodle.example/lineitem/6"

    ona.launch(ags={"scope": scopes})
    assert GradeLine.objects.get().lineitem_url == ""


@pytest.mark.parametrize("scope", [[], ["https://example.com/other"], None, "score", [1]])
def test_without_the_scope_for_scores_nothing_will_be_sent(ona, scope):
    ona.launch(ags={"scope": scope, "lineitem": "https://moodle.example/lineitem/6"})

    assert not GradeLine.objects.exists()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "//x/y", 5, None, "https://a@b/c"]
)
def test_A25_a_line_item_that_is_no_web_address_is_no_line_item(ona, url):
    ona.launch(ags={"scope": [AGS_SCOPE + "score"], "lineitem": url})

    assert not GradeLine.objects.exists()


def test_L16_azp_that_is_us_is_accepted(ona):
    assert ona.launch(azp="kelrodis-1").status_code == 302


def test_L17_we_as_second_audience_with_azp_are_accepted(ona):
    assert ona.launch(aud=["other", "kelrodis-1"], azp="kelrodis-1").status_code == 302


def test_L38_no_roles_are_accepted_and_give_nothing(ona):
    assert ona.launch(roles=[]).status_code == 302
    assert ona.client.session["launch"]["role"] == "learner"


@pytest.mark.parametrize(
    "role", ["Instructor", "urn:lti:role:ims/lis/Instructor", "x", MEMBERSHIP + "Mentor"]
)
def test_L41_unknown_and_short_roles_give_nothing(ona, role):
    assert ona.launch(roles=[role]).status_code == 302
    assert ona.client.session["launch"]["role"] == "learner"


def test_L42_administrators_of_system_and_institution_are_nobody_special_here(ona):
    ona.launch(
        roles=[
            SYSTEM + "Administrator",
            SYSTEM + "SysAdmin",
            INSTITUTION + "Administrator",
            INSTITUTION + "Instructor",
            MEMBERSHIP + "Learner",
        ]
    )

    user = User.objects.get()
    assert not user.is_staff and not user.is_superuser and not user.groups.exists()
    assert ona.client.session["launch"]["role"] == "learner"


def test_L50_the_same_subject_on_two_platforms_is_two_people(ona, network):
    ona.launch()
    other = Launcher(Platform("https://kita.example", network), Client(), ona.activity)
    other.launch()

    assert User.objects.count() == LtiUser.objects.count() == 2


def test_L51_an_address_like_the_administrators_links_to_nobody(ona, django_user_model):
    admin = django_user_model.objects.create_superuser("admin", "admin@kelrodis.example", "labas-rytas-2026")

    ona.launch(email="admin@kelrodis.example")

    user = LtiUser.objects.get().auth_user
    assert user != admin and not user.is_superuser and user.email_verified_at is None


@pytest.mark.parametrize(
    "context",
    [
        None,
        {},
        "x",
        [],
        {"id": "12", "title": None, "type": None, "label": None},
        {"id": None},
        {"id": 5},
        {"id": "12", "type": "CourseSection"},
        {"id": "12", "type": [1]},
    ],
)
def test_L53_a_context_of_nothing_is_accepted(ona, context):
    assert ona.launch(context=context).status_code == 302


def test_L54_somebody_without_any_personal_data_is_accepted(ona):
    assert ona.launch(remove=("given_name", "family_name", "name", "email")).status_code == 302

    user = User.objects.get()
    assert (user.first_name, user.last_name, user.email) == ("", "", None)
    assert user.display_name


def test_only_a_full_name_is_taken_as_a_whole(ona):
    ona.launch(remove=("given_name", "family_name"), name="Ona Marija Kazlauskaitė")

    assert User.objects.get().get_full_name() == "Ona Marija Kazlauskaitė"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("O\u202en\u2066a", "Ona"),
        ("O\x00n\x07a", "Ona"),
        ("  Ona\r\nMarija ", "Ona Marija"),
        ("A" * 4096, "A" * 150),
        (["Ona"], ""),
        ("\ud800Ona", "Ona"),
    ],
)
def test_L49_L55_names_are_cleaned_and_cut(ona, sent, kept):
    assert ona.launch(given_name=sent, family_name="K").status_code == 302

    assert User.objects.get().first_name == kept


@pytest.mark.parametrize("locale", [None, 7, "", "../../", "x" * 500, "lt", "lt-LT", "lt_LT.UTF-8", "LT"])
def test_L56_a_locale_that_is_none_means_lithuanian(ona, locale):
    ona.launch(launch_presentation={"locale": locale})

    assert ona.client.session["launch"]["language"] == "lt"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://evil.example/",
        "//moodle.example/x",
        "https://moodle.example@evil.example/",
        "data:text/html,x",
        5,
        None,
        "https://moodle.example\\@evil.example/",
    ],
)
def test_L57_a_return_address_elsewhere_is_dropped(ona, url):
    assert ona.launch(launch_presentation={"locale": "lt", "return_url": url}).status_code == 302

    assert ona.client.session["launch"]["return_url"] == ""


def test_L58_a_picture_is_never_fetched(ona, network):
    ona.launch(picture="http://169.254.169.254/latest")

    assert [call["url"] for call in network.calls] == ["https://moodle.example/jwks"]


def test_L60_a_demotion_holds_at_once(ona):
    ona.launch(roles=[MEMBERSHIP + "Instructor", MEMBERSHIP + "Administrator"])
    ona.launch(roles=[MEMBERSHIP + "Learner"])

    membership = LtiMembership.objects.get()
    assert (membership.is_instructor, membership.is_administrator, membership.is_learner) == (
        False,
        False,
        True,
    )
    assert ona.client.session["launch"]["role"] == "learner"


def test_L62_the_session_key_changes_with_every_launch(ona):
    ona.client.get("/lti/jwks/")
    session = ona.client.session
    session["planted"] = "x"
    session.save()
    ona.client.cookies["sessionid"] = session.session_key
    keys = {session.session_key}

    for _time in range(2):
        ona.launch()
        keys.add(ona.client.session.session_key)

    assert len(keys) == 3
    assert not Client(headers={"cookie": f"sessionid={session.session_key}"}).session.get("_auth_user_id")


def test_L67_a_signed_in_administrator_is_not_merged_with_the_launch(ona, django_user_model):
    admin = django_user_model.objects.create_superuser("admin", "admin@kelrodis.example", "labas-rytas-2026")
    ona.client.force_login(admin, backend="portal.directory.backends.EmailBackend")
    session = ona.client.session
    session["secret"] = "of the administrator"
    session.save()

    ona.launch(email="admin@kelrodis.example")

    assert ona.client.session["_auth_user_id"] != str(admin.pk)
    assert "secret" not in ona.client.session
    assert not LtiUser.objects.filter(auth_user=admin).exists()


def test_L68_two_tabs_interleaved_are_both_accepted(ona):
    first, second = ona.begin(), ona.begin()
    for begun in (first, second):
        token = ona.platform.sign(ona.platform.claims(begun.nonce, ona.activity))
        assert ona.post(token, begun.state).status_code == 302
    assert User.objects.count() == 1


def test_what_the_person_wrote_here_is_not_overwritten_by_the_platform(ona):
    ona.launch()
    ona.launch(family_name="Kazlauskienė")
    assert User.objects.get().last_name == "Kazlauskienė"

    User.objects.update(first_name="Ona Marija")
    ona.launch(family_name="Petraitienė")
    assert User.objects.get().last_name == "Kazlauskienė"
    assert LtiUser.objects.get().family_name == "Petraitienė"


def test_a_silent_platform_does_not_erase_names(ona):
    ona.launch()
    ona.launch(remove=("given_name", "family_name", "name", "email"))

    assert User.objects.get().first_name == LtiUser.objects.get().given_name == "Ona"


@pytest.mark.parametrize("custom", [{}, None, "x", {"activity": "$Some.variable"}, {"activity": None}])
def test_a_link_that_names_no_activity_says_so(ona, custom):
    response = ona.launch(custom=custom, launch_presentation={"locale": "en"})

    assert response.status_code == 200 and "Tell your teacher" in response.content.decode()
    assert not User.objects.exists() and "launch" not in ona.client.session


def test_launches_nobody_can_finish_are_swept(ona, django_assert_num_queries):
    from datetime import timedelta

    from lti.tasks import sweep_launches

    ona.begin()
    ona.begin()
    LaunchState.objects.filter(pk=LaunchState.objects.first().pk).update(
        expires_at=LaunchState.objects.first().expires_at - timedelta(hours=2)
    )

    assert sweep_launches() == 1
    assert LaunchState.objects.count() == 1


def test_short_names_of_claims_are_what_the_tests_think():
    assert long_name("roles").endswith("claim/roles")
