"""One's own profile: name, language, and where one works."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate
from PIL import Image
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from certificates.flows.issuing import issue
from courses.flows import enrolment
from courses.models import Enrolment
from portal.directory.flows import affiliations, roles
from portal.directory.models import Affiliation, Branch, Library, Role, RoleAssignment, User
from tests.directory.mail import letters, path_in
from tests.directory.staff import LONG_AGO, browser_of, coordinator, holder, waiting, works
from tests.factories.certificates import CompletionFactory
from tests.factories.people import LibraryFactory, UserFactory
from tests.queries import counted

pytestmark = pytest.mark.django_db
SINCE = {"date_from": "2026-01-02"}


def join(browser, library, **data):
    return browser.post(f"/lt/profile/libraries/{library.uuid}/", SINCE | data, follow=True)


def test_profile_is_in_the_header_and_on_my_learning(as_austeja):
    page = as_austeja.get("/lt/learn/").text
    assert page.count('href="/lt/profile/"') == 2
    assert 'action="/lt/sign-out/"' in page
    assert 'href="/lt/people/"' not in page


def test_name_and_language_are_changed(as_austeja, austeja):
    data = {"first_name": " Austėja  Ona ", "last_name": "Žvirblytė-Kė", "language": "en"}
    assert as_austeja.post("/lt/profile/", data).url == "/lt/profile/"
    austeja.refresh_from_db()
    assert austeja.get_full_name() == "Austėja Ona Žvirblytė-Kė"
    assert austeja.preferred_language == "en"


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"first_name": ""}, "first_name"),
        ({"last_name": "123"}, "last_name"),
        ({"first_name": "A\u202eb"}, "first_name"),
        ({"first_name": "ą" * 61}, "first_name"),
        ({"language": "ru"}, "language"),
    ],
)
def test_name_or_language_that_is_none_is_refused(as_austeja, austeja, data, wrong):
    good = {"first_name": "Austėja", "last_name": "Žvirblytė", "language": "lt"}
    response = as_austeja.post("/lt/profile/", good | data)
    assert response.status_code == 400
    assert set(response.context["form"].errors) == {wrong}


def test_M05_nothing_but_name_and_language_is_taken_from_the_form(as_austeja, austeja):
    data = {"first_name": "A", "last_name": "B", "language": "lt", "roles": "AD", "is_superuser": "1"}
    as_austeja.post(
        "/lt/profile/", data | {"is_staff": "1", "email": "x@y.lt", "confirmed": "1", "user": "1"}
    )
    after = User.objects.get(pk=austeja.pk)
    assert (after.is_superuser, after.is_staff, after.email) == (False, False, austeja.email)
    assert not RoleAssignment.objects.exists()


@pytest.mark.parametrize("relied_on", ["library", "certificate"])
def test_name_that_others_rely_on_is_not_changed_by_oneself(as_austeja, austeja, places, relied_on):
    if relied_on == "library":
        works(austeja, places.alytus)
    else:
        issue(completion=CompletionFactory(enrolment__user=austeja))
    page = as_austeja.get("/lt/profile/").text
    assert 'name="first_name"' not in page and "Austėja Žvirblytė" in page
    as_austeja.post("/lt/profile/", {"first_name": "Ne", "last_name": "Aš", "language": "en"})
    austeja.refresh_from_db()
    assert (austeja.first_name, austeja.preferred_language) == ("Austėja", "en")


class TestFinding:
    """One finds one's library among many, without a script."""

    @pytest.fixture(autouse=True)
    def branches(self, places):
        Branch.objects.create(library=places.utena, name_lt="Krantinės filialas", name_en="Quay Branch")
        Branch.objects.create(library=places.utena, name_lt="Žvaigždžių filialas")

    @pytest.mark.parametrize(
        ("question", "found"),
        [
            ("", ["Alytaus biblioteka", "Utenos biblioteka", "Varėnos biblioteka"]),
            ("varenos", ["Varėnos biblioteka"]),
            ("BIBLIOTEKA UTENOS", ["Utenos biblioteka"]),
            ("krantines", ["Utenos biblioteka"]),
            ("utenos zvaigzdziu", ["Utenos biblioteka"]),
            ("alytaus krantines", []),
            ("\x00", ["Alytaus biblioteka", "Utenos biblioteka", "Varėnos biblioteka"]),
        ],
    )
    def test_by_its_name_or_a_branchs_whatever_the_diacritics(self, as_austeja, question, found):
        page = as_austeja.get("/lt/profile/libraries/", {"q": question})
        assert sorted(row.library.name_lt for row in page.context["found"]) == found

    def test_branch_that_was_looked_for_is_chosen_already(self, as_austeja):
        page = as_austeja.get("/lt/profile/libraries/", {"q": "krantinės"}).text
        branch = Branch.objects.get(name_en="Quay Branch")
        link = f"/lt/profile/libraries/{branch.library.uuid}/?branch={branch.uuid}"
        assert f'href="{link}"' in page and "Žvaigždžių" not in page
        assert f'<option value="{branch.uuid}" selected>' in as_austeja.get(link).text

    def test_nothing_found_says_what_to_do(self, as_austeja):
        page = as_austeja.get("/lt/profile/libraries/", {"q": "xyzzy"}).text
        assert "Pabandykite įrašyti tik dalį pavadinimo" in page

    def test_hundreds_of_libraries_take_the_same_queries(self, as_austeja):
        counts = []
        as_austeja.get("/lt/profile/libraries/")  # the session learns its language and form token
        for _time in range(2):
            with counted() as statements:
                as_austeja.get("/lt/profile/libraries/", {"q": "bibliotek"})
            counts.append(len(statements))
            for library in LibraryFactory.create_batch(12):
                Branch.objects.create(library=library, name_lt="Bibliotekėlė")
        assert counts[0] == counts[1]


def test_declared_library_waits_and_grants_nothing(as_austeja, austeja, places, course):
    page = join(as_austeja, places.alytus, job_title="Bibliotekininkė")
    assert "laukia bibliotekos patvirtinimo" in page.text
    assert Affiliation.objects.get().state == "pending"
    assert not Library.objects.visible_to(austeja).exists()
    assert set(User.objects.visible_to(austeja)) == {austeja}
    made = enrolment.ensure(user=austeja, course=course.activity, source="self")
    assert made.library is None


def test_those_who_can_confirm_are_written_to_in_their_language(as_austeja, places):
    reader = coordinator(places.alytus)
    User.objects.filter(pk=reader.pk).update(preferred_language="en")
    coordinator(places.varena), coordinator(places.utena)
    holder(Role.TERRITORY_COORDINATOR, territory=places.county)
    join(as_austeja, places.alytus, job_title="Bibliotekininkė")
    (letter,) = letters()
    assert letter.to == [reader.email]
    assert letter.subject == "Austėja Žvirblytė says to work in your library"
    assert "Bibliotekininkė" in letter.body
    assert path_in(letter) == "/en/people/waiting/"


@pytest.mark.parametrize("there_is", ["territory", "administrator"])
def test_library_without_coordinator_is_answered_for_by_those_above(as_austeja, places, there_is):
    above = holder(Role.ADMINISTRATOR)
    if there_is == "territory":
        above = holder(Role.TERRITORY_COORDINATOR, territory=places.county)
    join(as_austeja, places.alytus)
    assert [letter.to for letter in letters()] == [[above.email]]


def test_taking_back_and_saying_again_writes_no_second_letter_that_day(as_austeja, places):
    coordinator(places.alytus)
    for _time in range(3):
        join(as_austeja, places.alytus)
        (own,) = Affiliation.objects.all()
        as_austeja.post(f"/lt/profile/work/{own.uuid}/end/")
        assert not Affiliation.objects.exists()
    assert len(letters()) == 1
    actions = ModelLogEntry.objects.values_list("action", flat=True)
    assert actions.filter(action="directory.affiliation_withdrawn").count() == 3


def test_same_library_is_not_declared_twice_nor_too_many(as_austeja, austeja, places):
    join(as_austeja, places.alytus)
    assert "Tai jau nurodėte" in join(as_austeja, places.alytus).text
    for library in [places.varena, places.utena, *LibraryFactory.create_batch(2)]:
        join(as_austeja, library)
    assert "Jau nurodėte daug bibliotekų" in join(as_austeja, LibraryFactory()).text
    assert Affiliation.objects.of(austeja).count() == affiliations.MOST_OPEN


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"date_from": ""}, "date_from"),
        ({"date_from": "vakar"}, "date_from"),
        ({"date_from": "2999-01-01"}, "date_from"),
        ({"date_from": "0202-01-01"}, "date_from"),
        ({"job_title": "ą" * 201}, "job_title"),
        ({"job_title": "a\x00b"}, "job_title"),
        ({"branch": "x"}, "branch"),
        ({"branch": "00000000-0000-0000-0000-000000000000"}, "branch"),
    ],
)
def test_bad_declaration_is_refused(as_austeja, places, data, field):
    response = join(as_austeja, places.alytus, **data)
    assert response.status_code == 400
    assert set(response.context["form"].errors) == {field}
    assert not Affiliation.objects.exists()


def test_branch_of_another_library_is_refused(as_austeja, places):
    branch = Branch.objects.create(library=places.utena, name_lt="Krantinės filialas")
    assert "branch" in join(as_austeja, places.alytus, branch=branch.uuid).context["form"].errors
    with pytest.raises(ValueError, match="branch"):
        waiting(UserFactory(), places.alytus, branch=branch)


def test_M05_declaration_does_not_confirm_itself(as_austeja, places):
    join(as_austeja, places.alytus, confirmed="on", decided_at="2026-01-01", user="1", role="LC")
    own = Affiliation.objects.get()
    assert own.state == "pending"
    as_austeja.post(f"/lt/profile/work/{own.uuid}/", {"job_title": "Vedėja", "confirmed": "on"})
    own.refresh_from_db()
    assert (own.job_title, own.confirmed) == ("Vedėja", False)


def test_branch_and_job_title_change_without_a_new_confirmation(as_austeja, austeja, places):
    own = works(austeja, places.alytus, job_title="Bibliotekininkė")
    branch = Branch.objects.create(library=places.alytus, name_lt="Krantinės filialas")
    as_austeja.post(f"/lt/profile/work/{own.uuid}/", {"job_title": "Vedėja", "branch": branch.uuid})
    own.refresh_from_db()
    assert (own.job_title, own.branch, own.state) == ("Vedėja", branch, "confirmed")


def test_work_that_ended_keeps_what_was_learned_for_that_library(as_austeja, austeja, places, course):
    own = works(austeja, places.alytus)
    enrolment.ensure(user=austeja, course=course.activity, source="self")
    as_austeja.post(f"/lt/profile/work/{own.uuid}/end/", {"date_to": "2026-06-30"})
    own.refresh_from_db()
    assert own.state == "ended"
    assert Enrolment.objects.get().library == places.alytus
    assert "baigėsi" in as_austeja.get("/lt/profile/").text
    assert join(as_austeja, places.utena).status_code == 200
    assert Affiliation.objects.of(austeja).pending().get().library == places.utena


def test_roles_at_the_library_end_with_the_work_and_others_stay(austeja, places):
    own = works(austeja, places.alytus)
    day = localdate()
    for library in (places.alytus, places.utena):
        RoleAssignment.objects.create(user=austeja, role="LC", library=library, date_from=LONG_AGO)
    browser_of(austeja).post(f"/lt/profile/work/{own.uuid}/end/", {"date_to": day.isoformat()})
    ends = dict(RoleAssignment.objects.values_list("library__name_lt", "date_to"))
    assert ends == {"Alytaus biblioteka": day, "Utenos biblioteka": None}


@pytest.mark.parametrize("day", ["", "2025-12-31", "2999-01-01", "x"])
def test_bad_last_day_is_refused(as_austeja, austeja, places, day):
    own = works(austeja, places.alytus)
    response = as_austeja.post(f"/lt/profile/work/{own.uuid}/end/", {"date_to": day})
    assert response.status_code == 400
    own.refresh_from_db()
    assert own.date_to is None


def test_ended_and_refused_work_is_history_and_cannot_be_changed(as_austeja, austeja, places):
    over = works(austeja, places.alytus, until=localdate() - timedelta(days=1))
    refused = affiliations.refuse(
        affiliation=waiting(austeja, places.utena), by=coordinator(places.utena), reason="Tokios nėra"
    )
    assert "Tokios nėra" in as_austeja.get("/lt/profile/").text
    for row in (over, refused):
        for path in ("", "end/"):
            assert as_austeja.get(f"/lt/profile/work/{row.uuid}/{path}").status_code == 404
    assert join(as_austeja, places.utena).status_code == 200  # may be said anew, even for the same day
    assert Affiliation.objects.pending().count() == 1


@pytest.fixture
def author(austeja):
    """Austėja writes courses, and her library has confirmed who she is."""
    works(austeja, LibraryFactory())
    roles.grant(user=austeja, role=Role.AUTHOR, by=None)
    return austeja


def test_staffs_screen_of_the_account_takes_neither_a_name_nor_a_picture(author, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    browser = browser_of(author)
    page = browser.get("/admin/account/").text
    assert 'name="locale-' in page and "/lt/profile/" in page
    assert "name_email" not in page and "avatar-avatar" not in page
    drawn = BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, "PNG")
    picture = SimpleUploadedFile("a.png", drawn.getvalue(), "image/png")
    data = {
        "name_email-first_name": "Kita",
        "name_email-last_name": "A\u202eb",
        "name_email-email": "kita@kelrodis.example",
        "avatar-avatar": picture,
        "locale-preferred_language": "en",
        "locale-current_time_zone": "Europe/Vilnius",
        **{"theme-theme": "dark", "theme-contrast": "system", "theme-density": "default"},
    }
    assert browser.post("/admin/account/", data).status_code == 302
    author.refresh_from_db()
    assert author.get_full_name() == "Austėja Žvirblytė" and author.email != "kita@kelrodis.example"
    profile = UserProfile.objects.get(user=author)
    assert profile.theme == "dark" and not profile.avatar
    assert not list(tmp_path.rglob("*.*"))


def test_staffs_screen_of_the_account_is_for_staff_alone(as_austeja):
    assert as_austeja.get("/admin/account/").status_code == 302
