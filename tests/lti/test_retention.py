"""How long the people of a platform are kept: who goes when its term is over, who stays, and that nothing is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.timezone import now
from freezegun import freeze_time
from lti_tool.models import LtiMembership, LtiRegistration, LtiUser
from wagtail.models import ModelLogEntry

from certificates.flows.issuing import issue
from certificates.models import Credential
from courses.models import Enrolment
from lti.models import GradeLine, PlatformSettings, Roster, RosterMember
from lti.reports.leaving import months_before, over
from portal.directory.flows import roles
from portal.directory.models import Affiliation, Invitation, Role, User
from portal.keeping.flows import erasing, retention
from portal.keeping.models import Erasure
from portal.outbox.delivering import run_due
from tests.factories.certificates import CompletionFactory
from tests.factories.lti import Launcher, Platform
from tests.factories.people import LibraryFactory, UserFactory

pytestmark = pytest.mark.django_db
LONG_AGO = now() - timedelta(days=400)


def keep(platform, months):
    PlatformSettings.objects.filter(registration=platform.registration).update(keep_months=months)


def due(platform):
    """Return how many of the platform's people go next night, as its screen says."""
    return over(LtiRegistration.objects.get(pk=platform.registration.pk)).count()


def last_came(user, days):
    User.objects.filter(pk=user.pk).update(last_login=now() - timedelta(days=days))


def somebody(platform, subject, *, days=400, user=None, **more):
    """Let somebody have come by the platform so many days ago, for the last time."""
    if user is None:
        user = User(first_name="Ona", last_name="Kazlauskaitė", **more)
        user.set_unusable_password()
        user.save()
    last_came(user, days)
    LtiUser.objects.create(registration=platform.registration, sub=subject, given_name="Ona", auth_user=user)
    return user


def night():
    """Let a night pass, and the workers do what it left them."""
    report = retention.run()
    while run_due():
        pass
    return report.removed.get("platform_people", 0)


def erased():
    return set(User.objects.filter(erased_at__isnull=False).values_list("pk", flat=True))


@pytest.fixture
def yearly(moodle):
    """Moodle, whose people are kept a year."""
    keep(moodle, 12)
    return moodle


def test_who_came_by_the_platform_alone_and_not_again_is_erased_and_all_of_the_platform_with_them(
    ona, yearly, mailoutbox
):
    ona.launch()
    person, context = User.objects.get(), LtiMembership.objects.get().context
    roster = Roster.objects.create(context=context)
    RosterMember.objects.create(roster=roster, subject="2001", given_name="Ona", role="learner")
    credential = issue(completion=CompletionFactory(enrolment__user=person))
    last_came(person, 400)
    assert night() == 1
    person.refresh_from_db()
    assert person.erased_at and not person.first_name and not person.email and not person.is_active
    for model in (LtiUser, LtiMembership, GradeLine, RosterMember):
        assert not model.objects.exists()
    kept = Credential.objects.get(pk=credential.pk)
    assert kept.number and kept.holder is None and kept.snapshot["holder_name"] == ""
    assert Enrolment.objects.filter(user=person).exists()
    assert (Erasure.objects.get().cause, Erasure.objects.get().state) == ("away", "done")
    assert not mailoutbox
    logged = ModelLogEntry.objects.filter(action__startswith="keeping.").values_list("action", flat=True)
    assert set(logged) == {"keeping.erasure_asked", "keeping.erasure_done"}
    assert "Ona" not in str(list(ModelLogEntry.objects.values_list("label", "data")))


def test_somebody_erased_comes_again_as_somebody_new(ona, yearly):
    ona.launch()
    before = User.objects.get()
    last_came(before, 400)
    night()
    assert Launcher(ona.platform, Client(), ona.activity).launch().status_code == 302
    assert LtiUser.objects.get().auth_user != before and night() == 0


def test_the_term_is_counted_in_months_of_the_calendar(yearly):
    with freeze_time("2025-11-21 10:00"):
        one = somebody(yearly, "1", days=0)
    with freeze_time("2026-11-20 10:00"):
        assert night() == 0
    with freeze_time("2026-11-21 10:01"):
        assert night() == 1
    assert erased() == {one.pk}


@pytest.mark.parametrize(
    ("moment", "months", "before"),
    [("2026-03-31", 1, "2026-02-28"), ("2024-03-31", 1, "2024-02-29"), ("2026-01-15", 1, "2025-12-15"),
     ("2026-12-31", 12, "2025-12-31"), ("2026-02-28", 24, "2024-02-28"), ("2026-06-30", 240, "2006-06-30")],
)  # fmt: skip
def test_months_before_a_day(moment, months, before):
    found = months_before(datetime.fromisoformat(moment).replace(tzinfo=UTC), months)
    assert f"{found:%Y-%m-%d}" == before


def test_who_never_came_in_again_is_counted_from_the_day_they_first_came(yearly):
    one = somebody(yearly, "1")
    User.objects.filter(pk=one.pk).update(last_login=None, date_joined=LONG_AGO)
    two = somebody(yearly, "2")
    User.objects.filter(pk=two.pk).update(last_login=None)
    night()
    assert erased() == {one.pk}


def test_without_a_term_nobody_goes_and_the_portals_own_rule_holds(moodle, settings, mailoutbox):
    one = somebody(moodle, "1", email="ona@universitetas.example")
    assert night() == 0 and not erased()
    settings.RETENTION = {"dormant": 365}
    night()
    assert Erasure.objects.get().cause == "dormant" and not erased() and len(mailoutbox) == 1
    keep(moodle, 12)
    assert night() == 0 and not erased(), one


def test_a_platforms_longer_term_keeps_its_people_from_the_portals_shorter_one(moodle, settings, mailoutbox):
    settings.RETENTION = {"dormant": 365}
    keep(moodle, 24)
    somebody(moodle, "1", email="ona@universitetas.example")
    reader = UserFactory()
    last_came(reader, 400)
    night()
    assert Erasure.objects.get().user == reader


OTHERWISE = {
    "a password": lambda user: user.set_password("labas-rytas-2026") or user.save(),
    "a proved address": lambda user: User.objects.filter(pk=user.pk).update(email_verified_at=now()),
    "a role": lambda user: roles.grant(user=user, role=Role.EDITOR, by=None),
    "a role that ended": lambda user: [
        roles.grant(user=user, role=Role.EDITOR, by=None),
        user.role_assignments.update(date_from=date(2020, 1, 1), date_to=date(2020, 2, 1)),
    ],
    "a place of work": lambda user: Affiliation.objects.create(
        user=user, library=LibraryFactory(), date_from=date(2020, 1, 1)
    ),
    "an invitation": lambda user: Invitation.objects.create(
        person=user, library=LibraryFactory(), email="ona@biblioteka.example"
    ),
    "single sign-on": lambda user: user.socialaccount_set.create(provider="sso", uid="7"),
    "the whole site": lambda user: User.objects.filter(pk=user.pk).update(is_superuser=True),
    "a closed account": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
}


@pytest.mark.parametrize("other", OTHERWISE)
def test_who_is_here_otherwise_too_stays(yearly, other):
    stays, goes = somebody(yearly, "1"), somebody(yearly, "2")
    OTHERWISE[other](stays)
    User.objects.filter(pk=stays.pk).update(last_login=LONG_AGO)
    assert due(yearly) == 1
    night()
    assert erased() == {goes.pk}


def test_who_came_lately_stays_and_so_does_somebody_who_signed_in_without_any_platform(yearly):
    somebody(yearly, "1", days=100)
    last_came(UserFactory(), 4000)
    assert night() == 0


def test_of_two_platforms_the_one_that_keeps_longer_decides(yearly, network):
    other = Platform("https://kitas.example", network, client_id="k")
    both = somebody(yearly, "1", days=400)
    somebody(other, "1", user=both, days=400)
    assert night() == 0, "the other has no term of its own"
    keep(other, 24)
    assert night() == 0, "the other keeps two years"
    last_came(both, 800)
    assert due(yearly) == 0 and due(other) == 1
    assert night() == 1 and erased() == {both.pk}


def test_two_platforms_with_the_same_term_erase_once(yearly, network):
    other = Platform("https://kitas.example", network, client_id="k")
    keep(other, 12)
    both = somebody(yearly, "1")
    somebody(other, "9", user=both)
    assert night() == 1 and Erasure.objects.count() == 1


def test_a_platform_does_not_shorten_anothers_term(yearly, network):
    other = Platform("https://kitas.example", network, client_id="k")
    somebody(other, "1", days=4000)
    assert night() == 0


def test_who_comes_between_the_night_and_the_worker_stays(yearly):
    one = somebody(yearly, "1")
    assert retention.run().removed["platform_people"] == 1
    User.objects.filter(pk=one.pk).update(last_login=now() + timedelta(seconds=1))
    while run_due():
        pass
    assert Erasure.objects.get().state == "cancelled" and not erased()


def test_batches_take_all_there_are_and_a_second_night_takes_nobody(yearly, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    people = {somebody(yearly, str(number)).pk for number in range(5)}
    assert night() == 5 and erased() == people
    assert night() == 0 and Erasure.objects.count() == 5


def test_a_night_killed_between_two_batches_or_within_one_is_finished_by_the_next(yearly, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    people = {somebody(yearly, str(number)).pk for number in range(5)}
    real, calls = erasing.let_go, []

    def killed(*, user):
        calls.append(user)
        if len(calls) == 4:
            raise SystemExit
        return real(user=user)

    monkeypatch.setattr(erasing, "let_go", killed)
    with pytest.raises(SystemExit):
        retention.run()
    assert Erasure.objects.count() == 2, "the batch that was broken off left nothing behind"
    monkeypatch.setattr(erasing, "let_go", real)
    assert night() == 3 and erased() == people
    assert Erasure.objects.filter(state="done").count() == 5


def test_who_asked_to_be_erased_is_not_asked_for_twice_and_holds_up_nobody(yearly, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 1)
    waiting, goes = somebody(yearly, "1"), somebody(yearly, "2")
    erasing.ask(user=waiting, by=waiting)
    assert night() == 1 and erased() == {goes.pk}
    assert Erasure.objects.get(user=waiting).cause == "wish"


def test_a_dry_run_counts_and_erases_nobody(yearly, capsys):
    somebody(yearly, "1")
    call_command("retention", "--dry-run")
    [line] = [row for row in capsys.readouterr().out.splitlines() if row.startswith("platform_people")]
    assert "as set for each platform" in line and line.endswith("1")
    assert not Erasure.objects.exists()


@pytest.fixture
def rasa(administrator):
    return administrator


def test_the_administrator_sets_the_term_and_sees_how_many_go_next_night(rasa, moodle):
    somebody(moodle, "1")
    address = f"/admin/platforms/{moodle.registration.pk}/"
    assert "termino neturi" in rasa.get(address).content.decode()
    rasa.post(f"{address}edit/", {"name": "Moodle", "keep_months": "12"})
    page = rasa.get(address).content.decode()
    assert "po 12 mėnesių" in page and "bus ištrinta žmonių: <strong>1</strong>" in page
    entry = ModelLogEntry.objects.filter(action="lti.platform_retention").get()
    assert entry.data == {"from": None, "to": 12}
    assert 'value="12"' in rasa.get(f"{address}edit/").content.decode()
    rasa.post(f"{address}edit/", {"name": "Moodle", "keep_months": ""})
    assert PlatformSettings.objects.get().keep_months is None
    screen = rasa.get("/admin/erasures/retention/").content.decode()
    assert "kaip nustatyta kiekvienai platformai" in screen


@pytest.mark.parametrize("given", ["0", "-1", "241", "12.5", "metai", "1" * 30])
def test_an_odd_term_is_refused(rasa, moodle, given):
    address = f"/admin/platforms/{moodle.registration.pk}/edit/"
    assert rasa.post(address, {"name": "Moodle", "keep_months": given}).status_code == 200
    assert PlatformSettings.objects.get().keep_months is None


def test_who_is_no_longer_seen_after_a_platform_was_switched_off_goes_too(yearly):
    one = somebody(yearly, "1")
    type(yearly.registration).objects.update(is_active=False)
    assert night() == 1 and erased() == {one.pk}
