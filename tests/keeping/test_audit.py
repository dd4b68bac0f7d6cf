"""The audit log: read by administrators whole and by territory coordinators for their own, never changed."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from certificates.flows.issuing import issue
from portal.directory.flows import affiliations
from portal.directory.flows.roles import grant
from portal.directory.models import Affiliation, Library, Role, User
from portal.documents.tables import safe_cell
from tests.factories.certificates import CompletionFactory
from tests.factories.people import LibraryFactory, UserFactory
from tests.keeping.conftest import BACKEND, PASSWORD

pytestmark = pytest.mark.django_db


def browser_of(person):
    browser = Client()
    browser.force_login(User.objects.get(pk=person.pk), backend=BACKEND)
    return browser


def worker(first_name, last_name, library):
    person = UserFactory(first_name=first_name, last_name=last_name)
    Affiliation.objects.create(user=person, library=library, confirmed=True, date_from=date(2026, 1, 1))
    return person


@pytest.fixture
def here():
    return worker("Eglė", "Įmantė", LibraryFactory())


@pytest.fixture
def elsewhere():
    return worker("Tomas", "Šimkus", LibraryFactory())


@pytest.fixture
def as_administrator():
    lina = UserFactory(first_name="Lina", last_name="Ėringytė")
    grant(user=lina, role=Role.ADMINISTRATOR, by=None)
    return browser_of(lina)


@pytest.fixture
def as_coordinator(here):
    ieva = UserFactory(first_name="Ieva", last_name="Ūsaitė")
    territory = here.affiliations.get().library.municipality.territory
    grant(user=ieva, role=Role.TERRITORY_COORDINATOR, by=None, territory=territory)
    return browser_of(ieva)


def shown(browser, **filters):
    return browser.get(reverse("keeping:audit"), filters).content.decode()


def test_an_administrator_reads_who_did_what_to_whom(as_administrator, here, elsewhere):
    grant(user=here, role=Role.EDITOR, by=elsewhere)
    page = shown(as_administrator)
    assert "Tomas Šimkus" in page and "Eglė Įmantė" in page


def test_a_territory_coordinator_reads_of_the_own_territory_only(as_coordinator, here, elsewhere):
    grant(user=here, role=Role.EDITOR, by=None)
    grant(user=elsewhere, role=Role.EDITOR, by=None)
    page = shown(as_coordinator)
    assert "Eglė Įmantė" in page and "Tomas Šimkus" not in page


def test_what_the_own_people_did_elsewhere_is_not_shown(as_coordinator, here, elsewhere):
    grant(user=elsewhere, role=Role.EDITOR, by=here)
    assert "Tomas Šimkus" not in shown(as_coordinator)
    assert len(table(take(as_coordinator, person="Šimkus"))) == 1


def test_what_the_reader_did_anywhere_is_shown(as_coordinator, elsewhere):
    ieva = User.objects.get(first_name="Ieva")
    grant(user=elsewhere, role=Role.EDITOR, by=ieva)
    assert "Tomas Šimkus" in shown(as_coordinator)


@pytest.fixture
def two_libraries(here):
    """Eglė asks to work at a library of another territory, too; its director-to-be is refused there."""
    other = LibraryFactory(code="svetima")
    wish = affiliations.declare(user=here, library=other, date_from=date(2026, 1, 1))
    roles = [
        {"role": Role.LIBRARY_COORDINATOR, "library": other},
        {"role": Role.TERRITORY_COORDINATOR, "territory": other.municipality.territory},
        {"role": Role.DIRECTOR, "library": here.affiliations.get(confirmed=True).library},
    ]
    for role in roles:
        grant(user=here, by=None, **role)
    decider = UserFactory(first_name="Jonas", last_name="Ąžuolas")
    affiliations.refuse(affiliation=wish, by=decider, reason="Dirba tik iš nuotykių ilgesio")
    return other


def test_of_a_person_with_two_libraries_a_coordinator_reads_what_concerns_the_own(
    as_coordinator, as_administrator, two_libraries
):
    own = Library.objects.exclude(pk=two_libraries.pk).get()
    rows = table(take(as_coordinator, person="Įmantė"))
    for text in (shown(as_coordinator), str(rows)):
        assert own.code in text
        for foreign in ("svetima", "nuotykių", "Jonas", two_libraries.municipality.territory.name_lt):
            assert foreign not in text
    everything = shown(as_administrator)
    for word in ("svetima", "nuotykių", two_libraries.municipality.territory.name_lt):
        assert word in everything


def test_a_certificate_earned_at_another_territorys_library_is_logged_for_that_territory(
    as_coordinator, here, two_libraries
):
    own = here.affiliations.get(confirmed=True).library
    ours, foreign = (
        issue(completion=CompletionFactory(enrolment__user=here, enrolment__library=library))
        for library in (own, two_libraries)
    )
    page = shown(as_coordinator)
    assert ours.number in page and foreign.number not in page


def test_only_administrators_find_by_address(as_coordinator, as_administrator, here):
    grant(user=here, role=Role.EDITOR, by=UserFactory(email="slapta@kelrodis.example", first_name="Ona"))
    assert "Eglė Įmantė" in shown(as_coordinator, person="Ona")
    assert "Eglė Įmantė" not in shown(as_coordinator, person="slapta@kelrodis.example")
    assert "Eglė Įmantė" in shown(as_administrator, person="slapta@kelrodis.example")


@pytest.mark.parametrize("role", [None, Role.EDITOR, Role.AUTHOR])
def test_nobody_else_finds_it(role):
    person = UserFactory()
    if role:
        grant(user=person, role=role, by=None)
    assert browser_of(person).get(reverse("keeping:audit")).status_code == 404


def test_filters_by_person_action_kind_and_day(as_administrator, here, elsewhere):
    grant(user=here, role=Role.EDITOR, by=None)
    log(elsewhere, "keeping.sign_in_failed")
    ModelLogEntry.objects.filter(label="Tomas Šimkus").update(timestamp=now() - timedelta(days=10))
    only_egle = [
        shown(as_administrator, person="įmantė"),
        shown(as_administrator, person="Eglė Įmantė", action="directory.role_granted", kind="directory.user"),
        shown(as_administrator, since=(now() - timedelta(days=2)).date().isoformat()),
    ]
    assert all("Eglė Įmantė" in page and "Tomas Šimkus" not in page for page in only_egle)
    assert "Tomas Šimkus" in shown(as_administrator, action="keeping.sign_in_failed")
    assert "Visus šiuos filtrus" in shown(as_administrator, person="nieko tokio")


@pytest.mark.parametrize(
    "filters", [{"since": "vakar"}, {"kind": "x"}, {"action": "' OR 1=1"}, {"page": "-9"}]
)
def test_nonsense_in_the_address_is_answered_with_a_page(as_administrator, filters):
    assert as_administrator.get(reverse("keeping:audit"), filters).status_code == 200


@pytest.mark.parametrize("who", ["as_administrator", "as_coordinator"])
def test_P14_the_page_costs_as_many_queries_for_ten_as_for_five_hundred(request, who, here):
    browser = request.getfixturevalue(who)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            shown(browser)
        return len(queries)

    for _number in range(10):
        log(here, "directory.role_granted", user=here, data={"role": "ED"})
    cost()  # what is remembered between requests is remembered from now on
    few = cost()
    for _number in range(490):
        log(here, "directory.role_granted", user=here, data={"role": "ED"})
    assert cost() == few <= 28


def take(browser, **filters):
    url = f"{reverse('keeping:audit_csv')}?{'&'.join(f'{k}={v}' for k, v in filters.items())}"
    return browser.post(url, {"purpose": "Metinė patikra"})


def table(response):
    text = b"".join(response.streaming_content).decode()
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_X07_the_file_leaves_with_its_purpose_noted(as_administrator, here):
    grant(user=here, role=Role.EDITOR, by=None)
    rows = table(take(as_administrator))
    assert rows[0][:3] == ["Kada", "Kas", "Veiksmas"] and "Eglė Įmantė" in [row[3] for row in rows]
    noted = ModelLogEntry.objects.get(action="keeping.audit_exported")
    assert noted.user.first_name == "Lina" and noted.data["purpose"] == "Metinė patikra"


def test_without_a_purpose_there_is_no_file(as_administrator, here):
    response = as_administrator.post(reverse("keeping:audit_csv"), {"purpose": " "})
    assert response.status_code == 400 and "Nurodykite" in response.content.decode()
    assert not ModelLogEntry.objects.filter(action="keeping.audit_exported").exists()


def test_X03_a_filter_does_not_reach_into_another_territory(as_coordinator, elsewhere):
    grant(user=elsewhere, role=Role.EDITOR, by=None)
    rows = table(take(as_coordinator, person="Šimkus"))
    assert len(rows) == 1


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "＝1", "＋1", "\t=1", " =1"])
def test_X01_a_name_that_is_a_formula_is_text_in_the_file(as_administrator, name):
    person = UserFactory(first_name=name, last_name="")
    log(person, "directory.role_granted", title=name, data={"role": "ED"})
    cells = [
        cell for row in table(take(as_administrator)) for cell in row if cell.lstrip("'\t ") == name.strip()
    ]
    assert cells and all(cell.startswith("'") for cell in cells)


FORMULAS = [
    ("Jonas;=1+1", "Jonas;'=1+1"),
    ("Jonas, @SUM(1)", "Jonas,' @SUM(1)"),
    ("Jonas\t=1", "Jonas\t'=1"),
    ("Jonas\n-1", "Jonas\n'-1"),
    ("a;b;+1;=2", "a;b;'+1;'=2"),
    ('Jonas;"=1+1"', 'Jonas;\'"=1+1"'),
    ("\u00a0=1", "'\u00a0=1"),
    ("\u3000＝1", "'\u3000＝1"),
    ("x;\u2009=1", "x;'\u2009=1"),
    ("\tJonas", "'\tJonas"),
    ("Žvirblytė-Kė; Alytus, 2026-11-22", "Žvirblytė-Kė; Alytus, 2026-11-22"),
]


@pytest.mark.parametrize(("text", "cell"), FORMULAS)
def test_X01_formula_is_marked_wherever_a_program_may_see_a_cell_begin(text, cell):
    assert safe_cell(text) == cell


def test_X02_control_characters_do_not_reach_the_file():
    assert safe_cell("a\x00b\x07c\u202ed") == "abcd"
    assert safe_cell(None) == ""


def test_sign_ins_of_staff_are_noted_and_those_of_learners_are_not(here, client):
    grant(user=here, role=Role.EDITOR, by=None)
    learner = UserFactory()
    for person in (here, learner):
        client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
        client.post(reverse("account_logout"))
        client.post(reverse("account_login"), {"login": person.email, "password": "neteisingas"})
    noted = ModelLogEntry.objects.filter(action__startswith="keeping.sign")
    assert [(row.action, row.label) for row in noted.order_by("pk")] == [
        ("keeping.signed_in", "Eglė Įmantė"),
        ("keeping.sign_in_failed", "Eglė Įmantė"),
    ]


def test_nothing_of_it_can_be_changed_here(as_administrator, here):
    for method in ("post", "put", "delete"):
        assert getattr(as_administrator, method)(reverse("keeping:audit")).status_code == 405
