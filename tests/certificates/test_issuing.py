import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import translation
from freezegun import freeze_time
from wagtail.models import Locale, ModelLogEntry, Page, Site

from certificates.flows import issuing, naming
from certificates.flows.issuing import issue
from certificates.models import TOKEN, CertificateSettings, Credential, Register, new_token
from courses.versions import latest
from portal.outbox.models import Delivery
from portal.outbox.recording import record
from tests.factories.certificates import CompletionFactory, CourseVersionFactory, EnglishVersionFactory
from tests.factories.people import UserFactory


def test_completion_gets_a_numbered_credential_with_everything_frozen(credential):
    assert credential.number == "K-2026-000001"
    assert credential.snapshot == {
        "holder_name": "Živilė Šeškauskaitė-Čepulienė",
        "surname": "Šeškauskaitė-Čepulienė",
        "title": "Informacijos paieška ir vertinimas",
        "competences": "skaitmeninio turinio vertinimo ir paieškos strategijų",
        "hours": 16,
        "period_from": "2026-10-06",
        "period_to": "2026-10-27",
        "issued_on": "2026-11-21",
        "language": "lt",
        "issuer": "Kelrodis",
        "portal": "Kelrodis",
        "place": "",
        "signatory_name": "",
        "signatory_position": "",
    }
    assert ModelLogEntry.objects.filter(action="certificates.issued").count() == 1


def test_issuer_and_signatory_are_taken_in_the_language_of_the_course(db):
    settings = CertificateSettings.for_site(Site.objects.get(is_default_site=True))
    settings.issuer_lt, settings.issuer_en = "Kauno apskrities biblioteka", "Kaunas County Library"
    settings.city_lt, settings.signatory_name = "Kaunas", "Vardenė Pavardenė"
    settings.signatory_position_lt = "Direktorė"
    settings.save()
    snapshot = issue(completion=CompletionFactory(version=EnglishVersionFactory())).snapshot
    assert snapshot["issuer"] == "Kaunas County Library"
    assert snapshot["place"] == "Kaunas", "what is missing in one language is taken from the other"
    assert snapshot["signatory_position"] == "Direktorė"


def test_what_changes_afterwards_does_not_change_the_credential(credential, completion):
    holder = credential.holder
    holder.last_name = "Kitokia"
    holder.save()
    again = issue(completion=completion)
    assert again == credential
    assert again.snapshot["holder_name"] == "Živilė Šeškauskaitė-Čepulienė"
    assert Register.objects.get().last_number == 1


def test_course_without_certificate_gives_none(db):
    completion = CompletionFactory(version=CourseVersionFactory(payload__certificate=False))
    with pytest.raises(issuing.NoCertificate):
        issue(completion=completion)
    assert not Register.objects.exists()


def test_numbers_begin_anew_each_year(credential):
    with freeze_time("2026-12-31T23:59:00+02:00"):
        assert issue(completion=CompletionFactory(enrolment__user=UserFactory())).number == "K-2026-000002"
    with freeze_time("2027-01-01T00:01:00+02:00"):
        assert issue(completion=CompletionFactory(enrolment__user=UserFactory())).number == "K-2027-000001"


def test_second_completion_of_the_same_course_finds_the_first_credential(credential):
    enrolment = credential.completion.enrolment
    holder, course = enrolment.user, enrolment.course
    enrolment.delete()
    again = CompletionFactory(version=CourseVersionFactory(activity=course, number=2), enrolment__user=holder)
    assert issue(completion=again) == credential


def test_failure_after_the_number_was_drawn_leaves_no_gap(completion, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr(issuing, "record", fail)
    with pytest.raises(RuntimeError):
        issue(completion=completion)
    monkeypatch.setattr(issuing, "record", record)
    assert issue(completion=completion).number.endswith("000001")


class TestTokens:
    """C01: nobody guesses a certificate's address."""

    def test_token_has_at_least_128_random_bits(self):
        assert TOKEN.fullmatch(new_token())
        assert len(new_token()) * 5 >= 128, "32 letters of a 32-letter alphabet: 160 bits"

    def test_tokens_of_a_thousand_share_nothing(self):
        tokens = [new_token() for _ in range(1000)]
        assert len(set(tokens)) == 1000
        for place in range(32):
            assert len({token[place] for token in tokens}) > 16, "every place varies: no prefix, no counter"

    def test_token_has_nothing_to_do_with_the_number(self, credential):
        assert credential.number.rpartition("-")[2] not in credential.token


class TestWithoutAName:
    """A learner may come from Moodle without a name; nothing is issued until there is one."""

    @pytest.fixture
    def nameless(self, db):
        return UserFactory(first_name="", last_name="", email=None)

    def test_nothing_is_issued(self, nameless):
        with pytest.raises(issuing.NameMissing):
            issue(completion=CompletionFactory(enrolment__user=nameless))
        assert not Credential.objects.exists()
        assert not Register.objects.exists()

    @pytest.mark.parametrize(("first", "last"), [("Jonas", ""), ("", "Rūkas"), ("  ", "Rūkas")])
    def test_half_a_name_is_no_name(self, db, first, last):
        person = UserFactory(first_name=first, last_name=last)
        with pytest.raises(issuing.NameMissing):
            issue(completion=CompletionFactory(enrolment__user=person))

    def test_typing_the_name_issues_all_that_waited(self, nameless):
        first, second = (CompletionFactory(enrolment__user=nameless) for _ in range(2))
        none = CompletionFactory(
            enrolment__user=nameless, version=CourseVersionFactory(payload__certificate=False)
        )
        issued = naming.name_holder(user=nameless, first_name="Jonas", last_name="Rūkas")
        assert {credential.completion for credential in issued} == {first, second}
        assert {credential.holder_name for credential in issued} == {"Jonas Rūkas"}
        assert not Credential.objects.filter(completion=none).exists()

    def test_name_is_typed_once(self, nameless):
        naming.name_holder(user=nameless, first_name="Jonas", last_name="Rūkas")
        with pytest.raises(naming.NameAlreadyGiven):
            naming.name_holder(user=nameless, first_name="Kitas", last_name="Žmogus")
        nameless.refresh_from_db()
        assert nameless.get_full_name() == "Jonas Rūkas"

    def test_emptied_profile_cannot_rename_issued_certificates(self, credential):
        holder = credential.holder
        holder.first_name = holder.last_name = ""
        holder.save()
        with pytest.raises(naming.NameAlreadyGiven):
            naming.name_holder(user=holder, first_name="Kitas", last_name="Žmogus")

    def test_completion_waits_quietly_and_is_not_retried(
        self, nameless, deliver, django_capture_on_commit_callbacks
    ):
        completion = CompletionFactory(enrolment__user=nameless)
        record("courses.enrolment_completed", completion_id=completion.pk)
        deliver()
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.last_status) == ("sent", "waits for a name")


def test_published_course_carries_what_a_certificate_needs(course):
    payload = latest(activity_id=course.activity.pk, language="lt").payload
    assert payload["certificate"] is True
    assert (payload["title"], payload["hours"], payload["competences"]) == (course.page.title, 2, "paieškos")


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    """Numbers without gaps, and one credential for one completion, whoever comes at once."""

    @staticmethod
    def all_at_once(work, items):
        barrier = threading.Barrier(len(items))

        def one(item):
            barrier.wait()
            try:
                return work(item)
            finally:
                connection.close()

        with ThreadPoolExecutor(len(items)) as pool:
            return list(pool.map(one, items))

    @pytest.fixture(autouse=True)
    def site(self):
        """Make the site anew: a transactional test may start without what migrations made."""
        Locale.objects.get_or_create(language_code="lt")
        root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root")
        Site.objects.get_or_create(
            is_default_site=True, defaults={"hostname": "localhost", "root_page": root}
        )

    def test_twenty_completions_get_twenty_numbers_in_a_row(self):
        version = CourseVersionFactory()
        completions = [CompletionFactory(version=version, enrolment__user=UserFactory()) for _ in range(20)]
        with translation.override("lt"):
            issued = self.all_at_once(lambda completion: issue(completion=completion).number, completions)
        year = Credential.objects.first().issued_at.year
        assert sorted(issued) == [f"K-{year}-{number:06d}" for number in range(1, 21)]

    def test_two_workers_issue_one(self):
        completion = CompletionFactory()
        numbers = self.all_at_once(lambda _: issue(completion=completion).number, range(8))
        assert len(set(numbers)) == 1
        assert Credential.objects.count() == 1
        assert Register.objects.get().last_number == 1
        assert Delivery.objects.filter(handler="certificates.render").count() == 1

    def test_worker_and_the_name_being_typed_issue_one(self):
        person = UserFactory(first_name="", last_name="", email=None)
        completion = CompletionFactory(enrolment__user=person)

        def come(how):
            try:
                if how == "worker":
                    issue(completion=completion)
                else:
                    naming.name_holder(user=person, first_name="Jonas", last_name="Rūkas")
            except (issuing.NameMissing, naming.NameAlreadyGiven) as refused:
                return type(refused)

        self.all_at_once(come, ["worker", "person", "worker", "person"])
        assert Credential.objects.get().holder_name == "Jonas Rūkas"
