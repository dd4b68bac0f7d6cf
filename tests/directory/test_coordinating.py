"""The screens of those who look after people: finding, granting, ending, inviting, within one's scope."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from freezegun import freeze_time
from wagtail.models import ModelLogEntry

from portal.directory.flows import affiliations, appointing, roles
from portal.directory.models import Role, RoleAssignment, User
from tests.directory.mail import letters
from tests.directory.staff import browser_of, coordinator, holder, waiting, works
from tests.factories.people import UserFactory
from tests.queries import counted

pytestmark = pytest.mark.django_db
LIST = "/lt/people/"


@pytest.fixture
def povilas(db):
    """Povilas, the administrator."""
    return holder(Role.ADMINISTRATOR, "Povilas Šerkšnys")


def person_named(name, library, **work):
    first, _space, last = name.partition(" ")
    person = UserFactory(first_name=first, last_name=last)
    works(person, library, **work)
    return person


def names(browser, **question):
    return [person.get_full_name() for person in browser.get(LIST, question).context["shown"]]


def card(person):
    return f"{LIST}{person.uuid}/"


class TestList:
    """People of one's libraries, in order, found by a part of a name."""

    @pytest.fixture(autouse=True)
    def everybody(self, places):
        for name in ("Ona Zubaitė", "Ona Žukaitė", "Ona Šarkaitė", "Ona Ylaitė", "Ona Cibaitė"):
            person_named(name, places.alytus)
        person_named("Ona Čepaitė", places.varena)
        person_named("Ona Jonaitė", places.utena)
        waiting(UserFactory(first_name="Ona", last_name="Įmantaitė"), places.alytus)

    def test_names_stand_in_lithuanian_order_and_end_at_the_scope(self, rasa, ieva, povilas):
        own = ["Ona Cibaitė", "Ona Ylaitė", "Ona Įmantaitė", "Ona Šarkaitė", "Ona Zubaitė", "Ona Žukaitė"]
        assert names(browser_of(rasa)) == own
        assert names(browser_of(ieva)) == [own[0], "Ona Čepaitė", *own[1:]]
        assert {"Ona Jonaitė", "Povilas Šerkšnys"} < set(names(browser_of(povilas)))

    def test_director_sees_colleagues_but_nobody_who_waits(self, places):
        director = browser_of(holder(Role.DIRECTOR, library=places.alytus))
        assert "Ona Žukaitė" in names(director) and "Ona Įmantaitė" not in names(director)
        assert "/lt/people/invite/" not in director.get(LIST).text

    @pytest.mark.parametrize(
        ("question", "found"),
        [
            ({"q": "zuk"}, ["Ona Žukaitė"]),
            ({"q": "ŽUK ona"}, ["Ona Žukaitė"]),
            ({"q": "ona jon"}, []),
            ({"q": "%"}, []),
            ({"q": "_"}, []),
            ({"q": "imant"}, ["Ona Įmantaitė"]),
            ({"state": "waiting"}, ["Ona Įmantaitė"]),
            ({"state": "waiting", "q": "zuk"}, []),
        ],
    )
    def test_people_are_found_whatever_the_diacritics(self, rasa, question, found):
        assert names(browser_of(rasa), **question) == found

    def test_people_are_found_by_address(self, rasa):
        email = User.objects.get(last_name="Žukaitė").email
        assert names(browser_of(rasa), q=email.upper()) == ["Ona Žukaitė"]

    def test_filters_by_library_and_state(self, places, ieva):
        browser = browser_of(ieva)
        assert names(browser, library=places.varena.uuid) == ["Ona Čepaitė"]
        assert names(browser, library=places.varena.uuid, state="waiting") == []
        assert "Ona Įmantaitė" not in names(browser, state="confirmed")

    @pytest.mark.parametrize("bad", ["x", "1", "00000000-0000-0000-0000-000000000000", "' OR 1=1"])
    def test_F03_filter_that_is_none_shows_everybody_of_the_scope_and_nobody_else(self, rasa, places, bad):
        everybody = names(browser_of(rasa))
        for question in (
            {"library": bad},
            {"state": bad},
            {"page": bad},
            {"q": "\x00"},
            {"library": places.utena.uuid},
        ):
            assert names(browser_of(rasa), **question) == everybody

    def test_nobody_found_says_what_to_do(self, rasa):
        assert "Nieko nerasta" in browser_of(rasa).get(LIST, {"q": "xyzzy"}).text

    def test_list_takes_the_same_queries_and_stands_on_pages(self, rasa, places):
        browser, counts = browser_of(rasa), []
        browser.get(LIST)
        for _time in range(2):
            with counted() as statements:
                browser.get(LIST)
            counts.append(len(statements))
            for number in range(30):
                person = person_named(f"Jonas Jonaitis{number}", places.alytus)
                roles.grant(user=person, role=Role.DIRECTOR, by=None, library=places.alytus)
        assert counts[0] == counts[1]
        assert len(names(browser)) == 25 and len(names(browser, page=3)) == 16


def test_empty_list_says_how_people_come(rasa):
    assert "Čia dar nieko nėra" in browser_of(rasa).get(LIST).text


def test_card_shows_what_is_within_the_scope_only(places, rasa, ieva):
    person = person_named("Ona Žukaitė", places.alytus)
    works(person, places.utena, job_title="Direktorė")
    roles.grant(user=person, role=Role.DIRECTOR, by=None, library=places.utena)
    roles.grant(user=person, role=Role.EDITOR, by=None)
    roles.grant(user=person, role=Role.LIBRARY_COORDINATOR, by=None, library=places.alytus)
    page = browser_of(rasa).get(card(person)).text
    assert "Alytaus biblioteka" in page and "bibliotekos koordinatorius" in page
    for foreign in ("Utenos", "direktor", "redaktor", "/lt/people/role/"):
        assert foreign not in page
    assert "/lt/people/role/" in browser_of(ieva).get(card(person)).text


class TestGranting:
    """A territory's coordinator appoints the coordinators of its libraries, and nothing else."""

    def grant(self, by, person, role, place, **more):
        data = {"role": role, "place": place.uuid, **more}
        return browser_of(by).post(f"{card(person)}role/", data, follow=True)

    def held(self, person):
        return set(RoleAssignment.objects.current().filter(user=person).values_list("role", flat=True))

    def test_appointed_coordinator_has_the_screens_at_once(self, places, ieva):
        person = person_named("Ona Žukaitė", places.varena)
        browser = browser_of(person)
        assert browser.get(LIST).status_code == 404
        assert "Suteikta: bibliotekos koordinatorius, Alytaus" in self.grant(
            ieva, person, "LC", places.alytus
        ).text.replace("&quot;", "")
        assert browser.get(LIST).status_code == 200
        entry = ModelLogEntry.objects.filter(action="directory.role_granted").latest("pk")
        assert entry.user == ieva and "bibliotekos koordinatorius" in entry.message

    def test_last_day_may_be_set(self, places, ieva):
        person = person_named("Ona Žukaitė", places.alytus)
        day = localdate() + timedelta(days=30)
        self.grant(ieva, person, "LC", places.alytus, date_to=day.isoformat())
        assert RoleAssignment.objects.get(user=person).date_to == day
        yesterday = (localdate() - timedelta(days=1)).isoformat()
        assert self.grant(ieva, person, "LC", places.alytus, date_to=yesterday).status_code == 400

    @pytest.mark.parametrize("role", ["AD", "TC", "DI", "ED", "AU", "IN", "LC,AD", ""])
    def test_M05_territory_coordinator_grants_no_other_role(self, places, ieva, role):
        person = person_named("Ona Žukaitė", places.alytus)
        for place in (places.alytus, places.county):
            assert self.grant(ieva, person, role, place).status_code == 400
        assert self.held(person) == set()

    def test_M05_nor_in_another_territory_nor_to_themselves_nor_to_strangers(self, places, ieva):
        person, stranger = person_named("Ona Žukaitė", places.alytus), UserFactory()
        works(ieva, places.alytus)
        assert self.grant(ieva, person, "LC", places.utena).status_code == 400
        assert self.grant(ieva, person, "LC", places.county).status_code == 400
        assert self.grant(ieva, stranger, "LC", places.alytus).status_code == 404
        self.grant(ieva, ieva, "LC", places.alytus)
        assert self.held(person) == self.held(stranger) == set() and self.held(ieva) == {"TC"}
        for user, place in ((ieva, places.alytus), (person, places.utena)):
            with pytest.raises(appointing.NotYours):
                appointing.appoint(user=user, role=Role.LIBRARY_COORDINATOR, place=place, by=ieva)

    def test_territory_coordinator_who_coordinates_a_library_elsewhere_appoints_nobody_there(
        self, places, ieva
    ):
        roles.grant(user=ieva, role=Role.LIBRARY_COORDINATOR, by=None, library=places.utena)
        person = person_named("Ona Žukaitė", places.utena)
        assert browser_of(ieva).get(card(person)).status_code == 200
        assert self.grant(ieva, person, "LC", places.utena).status_code == 400
        assert self.held(person) == set()

    def test_person_who_only_says_to_work_there_is_not_appointed(self, places, ieva, austeja):
        waiting(austeja, places.alytus)
        assert "Pirmiausia patvirtinkite" in self.grant(ieva, austeja, "LC", places.alytus).text
        assert self.held(austeja) == set()

    @pytest.mark.parametrize("who", ["LC", "DI"])
    def test_library_roles_grant_nothing(self, places, who):
        by = holder(Role(who), library=places.alytus)
        person = person_named("Ona Žukaitė", places.alytus)
        assert "Suteikti vaidmenį" not in browser_of(by).get(card(person)).text
        assert self.grant(by, person, "LC", places.alytus).status_code == 404
        assert self.held(person) == set()

    def test_administrator_grants_each_role_at_its_kind_of_place(self, places, povilas, austeja):
        self.grant(povilas, austeja, "DI", places.alytus)
        self.grant(povilas, austeja, "TC", places.county)
        assert self.held(austeja) == {"DI", "TC"}
        assert self.grant(povilas, austeja, "TC", places.alytus).status_code == 400
        assert self.grant(povilas, austeja, "LC", places.county).status_code == 400
        assert self.grant(povilas, austeja, "AD", places.county).status_code == 400
        assert self.held(austeja) == {"DI", "TC"}


class TestEnding:
    """A role ends for whoever may grant it, and at once."""

    def end(self, by, assignment):
        return browser_of(by).post(f"{LIST}role/{assignment.uuid}/end/", follow=True)

    def test_M06_ended_coordinator_is_out_on_the_very_next_request(self, places, ieva, rasa):
        browser, assignment = browser_of(rasa), rasa.role_assignments.get()
        assert browser.get(LIST).status_code == 200
        assert "Nutraukta: bibliotekos koordinatorius" in self.end(ieva, assignment).text
        assert browser.get(LIST).status_code == 404

    @pytest.mark.parametrize("who", ["beside", "own", "other county"])
    def test_M01_others_do_not_end_it(self, places, rasa, who):
        by = {
            "beside": lambda: coordinator(places.varena),
            "own": lambda: rasa,
            "other county": lambda: holder(
                Role.TERRITORY_COORDINATOR, territory=places.utena.municipality.territory
            ),
        }[who]()
        assert self.end(by, rasa.role_assignments.get()).status_code == 404
        assert rasa.role_assignments.current().exists()

    def test_territory_coordinator_ends_no_other_role(self, places, ieva):
        person = person_named("Ona Žukaitė", places.alytus)
        roles.grant(user=person, role=Role.DIRECTOR, by=None, library=places.alytus)
        assert self.end(ieva, person.role_assignments.get()).status_code == 404
        assert self.end(ieva, ieva.role_assignments.get()).status_code == 404

    def test_M07_last_administrator_stays(self, povilas):
        other = holder(Role.ADMINISTRATOR, "Lina Ėringytė")
        assignment = povilas.role_assignments.get()
        assert self.end(other, assignment).status_code == 200
        assert not povilas.role_assignments.current().exists()
        last = other.role_assignments.get()
        with pytest.raises(roles.LastAdministrator):
            roles.end(assignment=last, by=None)
        assert last.user.role_assignments.current().exists()

    def test_M07_administrator_whose_days_are_counted_does_not_count(self, povilas):
        guest = holder(Role.ADMINISTRATOR, date_to=localdate() + timedelta(days=3))
        page = self.end(guest, povilas.role_assignments.get())
        assert "Kas nors turi administruoti portalą" in page.text
        assert povilas.role_assignments.current().exists()


class TestEndingWork:
    """A coordinator says that somebody no longer works in the library."""

    def test_person_is_seen_no_more_loses_the_roles_there_and_is_told(self, places, ieva):
        person = person_named("Ona Žukaitė", places.alytus)
        roles.grant(user=person, role=Role.LIBRARY_COORDINATOR, by=None, library=places.alytus)
        work = person.affiliations.get()
        day = localdate()
        browser_of(ieva).post(f"{LIST}work/{work.uuid}/end/", {"date_to": day.isoformat()})
        (letter,) = letters()
        assert letter.to == [person.email] and "Alytaus biblioteka" in letter.subject
        browser = browser_of(person)
        with freeze_time(f"{day + timedelta(days=1)}T00:30:00+02:00"):
            assert person not in User.objects.visible_to(ieva)
            assert browser.get(LIST).status_code != 200

    @pytest.mark.parametrize(
        ("role", "says"),
        [
            (Role.DIRECTOR, "bibliotekos direktorius. Jį nutraukti gali tik administratorius"),
            (Role.LIBRARY_COORDINATOR, "bibliotekos koordinatorius. Jį nutraukti gali tik teritorijos"),
        ],
    )
    def test_M05_work_of_who_holds_a_role_that_is_not_theirs_to_end_stays(self, places, rasa, role, says):
        person = person_named("Ona Žukaitė", places.alytus)
        roles.grant(user=person, role=role, by=None, library=places.alytus)
        work = person.affiliations.get()
        page = browser_of(rasa).post(f"{LIST}work/{work.uuid}/end/", {"date_to": localdate().isoformat()})
        assert page.status_code == 400
        assert says in page.context["form"].errors["date_to"][0]
        work.refresh_from_db()
        assert work.date_to is None and letters() == []
        assert person.role_assignments.get().date_to is None

    def test_director_ends_their_own_work_and_an_administrator_everybodys(self, places, povilas):
        director, other = (person_named(name, places.alytus) for name in ("Ona Žukaitė", "Jonas Čepas"))
        for person, by in ((director, director), (other, povilas)):
            roles.grant(user=person, role=Role.DIRECTOR, by=None, library=places.alytus)
            affiliations.end(affiliation=person.affiliations.get(), date_to=localdate(), by=by)
            assert person.role_assignments.get().date_to == localdate()

    def test_own_work_is_ended_in_the_profile(self, places, rasa):
        own = works(rasa, places.alytus)
        assert browser_of(rasa).get(f"{LIST}work/{own.uuid}/end/").status_code == 404
