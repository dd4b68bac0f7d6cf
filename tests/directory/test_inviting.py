"""Inviting people by e-mail: rows of their own until they are accepted, and nothing told about accounts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from freezegun import freeze_time

from portal.directory.flows import accounts, inviting
from portal.directory.models import Affiliation, Invitation, User
from portal.keeping.flows import retention
from tests.directory.mail import letters, path_in, path_sent
from tests.directory.staff import browser_of, coordinator, waiting, works
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
LIST = "/lt/people/"


def person_named(name, library, **work):
    first, _space, last = name.partition(" ")
    person = UserFactory(first_name=first, last_name=last)
    works(person, library, **work)
    return person


def names(browser, **question):
    return [person.get_full_name() for person in browser.get(LIST, question).context["shown"]]


class TestInviting:
    """By e-mail: an account without a password, for a learner of the inviter's library."""

    def invite(self, by, library, **more):
        data = {
            "email": "Ona@kelrodis.example",
            "first_name": "Ona",
            "last_name": "Žukaitė",
            "language": "lt",
        }
        return browser_of(by).post(f"{LIST}invite/", data | {"library": library.uuid} | more, follow=True)

    def invitations(self, by):
        page = browser_of(by).get(f"{LIST}invited/")
        return [(row.first_name, row.email, str(row.library)) for row in page.context["shown"]]

    def accept(self, email="ona@kelrodis.example"):
        """Let whoever was invited follow the one letter that went out."""
        browser = Client()
        form = browser.get(path_sent(email)).url
        browser.post(form, {"password1": "rytas-prie-nemuno"})
        return browser

    def test_invited_person_sets_a_password_by_the_letter_and_is_in(self, places, rasa):
        assert "ona@kelrodis.example" in self.invite(rasa, places.alytus).text.lower()
        ona = User.objects.get(last_name="Žukaitė")
        assert not ona.has_usable_password() and ona.email_verified_at is None
        assert not ona.affiliations.exists()
        browser = self.accept()
        ona.refresh_from_db()
        assert ona.email_verified_at and EmailAddress.objects.get(user=ona).verified
        assert browser.session["_auth_user_id"] == str(ona.pk)
        work = Affiliation.objects.get(user=ona)
        assert work.state == "confirmed" and work.decided_by == rasa
        assert "Ona Žukaitė" in names(browser_of(rasa))
        assert self.invitations(rasa) == []

    def test_later_a_new_link_comes_by_the_page_of_forgotten_passwords(self, places, rasa):
        self.invite(rasa, places.alytus)
        letters()
        Client().post("/lt/password/forgotten/", {"email": "ona@kelrodis.example"})
        assert path_sent("ona@kelrodis.example").startswith("/lt/password/new/")

    def test_M05_invited_person_is_a_learner_whatever_the_form_says(self, places, rasa):
        self.invite(rasa, places.alytus, role="AD", roles="AD", is_superuser="on", is_staff="on", groups="1")
        ona = User.objects.get(last_name="Žukaitė")
        assert not (ona.is_superuser or ona.is_staff or ona.role_assignments.exists() or ona.groups.exists())

    def test_M01_library_of_another_is_not_among_the_choices(self, places, rasa, ieva):
        for by, library in ((rasa, places.varena), (ieva, places.utena)):
            assert self.invite(by, library).status_code == 400
            with pytest.raises(inviting.NotYourLibrary):
                inviting.invite(
                    by=by, email="a@b.lt", first_name="A", last_name="B", language="lt", library=library
                )
        assert not User.objects.filter(last_name="Žukaitė").exists()

    def test_whether_there_is_an_account_is_not_told_and_nothing_is_done_to_it(self, places, rasa, austeja):
        known = self.invite(rasa, places.alytus, email=austeja.email, first_name="Kita", last_name="Pavardė")
        unknown = self.invite(rasa, places.alytus, email="zzz@kelrodis.example", first_name="Nežinoma")
        assert [row.level_tag for row in known.context["messages"]] == ["success"]
        assert known.redirect_chain == unknown.redirect_chain
        austeja.refresh_from_db()
        assert austeja.first_name == "Austėja" and not austeja.affiliations.exists()
        sent = {letter.to[0]: letter for letter in letters()}
        assert path_in(sent[austeja.email]) == f"/lt/profile/libraries/{places.alytus.uuid}/"
        assert self.invitations(rasa) == [
            ("Nežinoma", "zzz@kelrodis.example", "Alytaus biblioteka"),
            ("Kita", austeja.email, "Alytaus biblioteka"),
        ]
        assert names(browser_of(rasa)) == []
        assert "Austėja" not in browser_of(rasa).get(f"{LIST}invited/").text

    def test_member_who_was_invited_and_says_so_works_there_at_once(self, places, rasa, austeja):
        self.invite(rasa, places.alytus, email=austeja.email.upper(), first_name="Kita")
        letters()
        join = f"/lt/profile/libraries/{places.alytus.uuid}/"
        page = browser_of(austeja).post(join, {"date_from": "2026-11-01"}, follow=True)
        assert "iblioteka jus pakvietė" in page.text
        assert names(browser_of(rasa)) == ["Austėja Žvirblytė"] and self.invitations(rasa) == []
        assert [letter.to for letter in letters()] == [[austeja.email]]

    def test_whoever_only_claims_an_invited_address_waits_like_everybody(self, places, rasa):
        claimant = User.objects.create_user("lti-1", email="ona@kelrodis.example")
        self.invite(rasa, places.alytus)
        assert waiting(claimant, places.alytus).state == "pending"
        assert len(self.invitations(rasa)) == 1

    def test_inviting_again_sends_another_letter_and_makes_no_other_account(self, places, rasa, ieva):
        self.invite(rasa, places.alytus), self.invite(rasa, places.alytus)
        self.invite(ieva, places.varena, first_name="Onutė")
        assert self.invitations(rasa) == [("Ona", "ona@kelrodis.example", "Alytaus biblioteka")]
        assert self.invitations(ieva)[0][0] == "Onutė"
        assert User.objects.get(last_name="Žukaitė").first_name == "Ona"
        *_others, last = letters()
        assert len(_others) == 2
        form = (browser := Client()).get(path_in(last)).url
        browser.post(form, {"password1": "rytas-prie-nemuno"})
        ona = User.objects.get(last_name="Žukaitė")
        assert {row.library for row in ona.affiliations.all()} == {places.alytus, places.varena}

    def test_inviting_in_the_same_moment_makes_one_account(self, places, rasa, ieva, monkeypatch):
        self.invite(rasa, places.alytus)
        looked = User.objects.only_invited
        missed = [User.objects.none()]  # the other's account is not to be seen yet when one looks

        class Late:
            def filter(self, **asked):
                self.rows = looked().filter(**asked)
                return self

            def first(self):
                return missed.pop().first()

            def get(self):
                return self.rows.get()

        monkeypatch.setattr(type(User.objects), "only_invited", lambda manager: Late())
        inviting.invite(
            by=ieva,
            email="Ona@kelrodis.example",
            first_name="Ona",
            last_name="Kita",
            language="lt",
            library=places.varena,
        )
        assert User.objects.filter(email="ona@kelrodis.example").count() == 1
        assert Invitation.objects.values("person").distinct().count() == 1

    def test_who_works_there_is_not_invited(self, places, rasa):
        ona = person_named("Ona Žukaitė", places.alytus)
        self.invite(rasa, places.alytus, email=ona.email)
        assert self.invitations(rasa) == [] and letters() == []

    def test_whoever_signs_up_by_themselves_is_invited_all_the_same(self, places, rasa):
        self.invite(rasa, places.alytus)
        letters()
        ona = UserFactory(email="ona@kelrodis.example", proved=False)
        address = EmailAddress.objects.create(user=ona, email="ona@kelrodis.example", primary=True)
        accounts.prove_address(address=address)
        assert User.objects.get(email="ona@kelrodis.example") == ona
        assert Invitation.objects.get().person == ona
        ona.refresh_from_db()
        assert waiting(ona, places.alytus).state == "confirmed"
        assert self.invitations(rasa) == []

    def test_invitation_is_taken_back(self, places, rasa, ieva):
        self.invite(rasa, places.alytus)
        link = path_sent("ona@kelrodis.example")
        self.invite(rasa, places.alytus)
        take_back = f"{LIST}invited/{Invitation.objects.get().uuid}/withdraw/"
        assert browser_of(coordinator(places.utena, "Jonas Ąžuolas")).post(take_back).status_code == 404
        assert browser_of(rasa).get(take_back).status_code == 405
        browser_of(rasa).post(take_back)
        assert self.invitations(rasa) == [] and letters() == []
        assert not User.objects.filter(email="ona@kelrodis.example").exists()
        assert Client().get(link).status_code == 410

    def test_what_nobody_accepts_is_forgotten(self, places, rasa):
        self.invite(rasa, places.alytus)
        for days, left in ((89, 1), (91, 0)):
            with freeze_time(now() + timedelta(days=days)):
                retention.run()
            assert Invitation.objects.count() == left
            assert User.objects.filter(email="ona@kelrodis.example").count() == left

    def test_list_costs_as_many_queries_for_many_as_for_few(self, places, rasa):
        browser, counts = browser_of(rasa), []
        for more in (["a"], ["b", "c", "d", "e"]):
            for name in more:
                self.invite(rasa, places.alytus, email=f"{name}@kelrodis.example")
            browser.get(f"{LIST}invited/")  # what is kept in the cache is kept from here on
            with CaptureQueriesContext(connection) as queries:
                browser.get(f"{LIST}invited/")
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_letter_is_not_sent_once_there_is_a_password(self, places, rasa):
        self.invite(rasa, places.alytus)
        ona = User.objects.get(last_name="Žukaitė")
        ona.set_password("rytas-prie-nemuno")
        ona.save()
        assert letters() == []

    @pytest.mark.parametrize(
        "bad", [{"email": "x"}, {"email": ""}, {"first_name": ""}, {"last_name": "1"}, {"language": "ru"}]
    )
    def test_bad_invitation_is_refused(self, places, rasa, bad):
        assert self.invite(rasa, places.alytus, **bad).status_code == 400
        assert letters() == [] == mail.outbox

    def test_flood_of_invitations_is_stopped(self, places, rasa, settings):
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"invite": "2/h/user"}
        for number in range(3):
            page = self.invite(rasa, places.alytus, email=f"o{number}@kelrodis.example")
        assert "daug kvietimų" in page.text
        assert User.objects.filter(invited_at__isnull=False).count() == 2
