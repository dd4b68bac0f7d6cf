"""The administrator's form of a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils.timezone import localdate

from portal.directory.flows.roles import grant
from portal.directory.forms.person import PersonForm
from portal.directory.models import Role, RoleAssignment, User
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
RASA = {"first_name": "Rasa", "last_name": "Žiedaitė", "preferred_language": "lt"}


@pytest.fixture
def povilas(db):
    """Povilas, the administrator."""
    user = UserFactory(first_name="Povilas", last_name="Šerkšnys")
    grant(user=user, role=Role.ADMINISTRATOR, by=None)
    return User.objects.get(pk=user.pk)


def roles_of(user):
    return set(RoleAssignment.objects.current().filter(user=user).values_list("role", flat=True))


def test_new_person_can_sign_in_and_holds_the_roles_given(povilas):
    data = RASA | {"email": "rasa@kelrodis.example", "password": "rytas-prie-nemuno", "roles": ["ED"]}
    form = PersonForm(data, by=povilas)
    assert form.is_valid(), form.errors
    rasa = form.save()
    assert rasa.check_password("rytas-prie-nemuno")
    assert EmailAddress.objects.get(user=rasa).verified
    assert roles_of(rasa) == {"ED"}
    assert rasa.has_perm("wagtailadmin.access_admin")


def test_launched_person_without_address_is_changed_without_being_asked_for_one(povilas):
    rasa = UserFactory(email=None)
    form = PersonForm(RASA | {"email": "", "is_active": "on"}, instance=rasa, by=povilas)
    assert form.is_valid(), form.errors
    rasa = form.save()
    assert rasa.email is None
    assert rasa.last_name == "Žiedaitė"


def test_taking_a_role_away_ends_it_at_once_and_leaves_others(povilas):
    rasa = UserFactory(email=None)
    for role in (Role.EDITOR, Role.AUTHOR, Role.EXPERT):
        grant(user=rasa, role=role, by=None)
    form = PersonForm(RASA | {"is_active": "on", "roles": ["AU"]}, instance=rasa, by=povilas)
    assert form.is_valid(), form.errors
    assert roles_of(form.save()) == {"AU", "EX"}
    assert set(rasa.groups.values_list("name", flat=True)) == {"role:AU", "role:EX"}


def test_address_somebody_has_proved_theirs_is_refused(povilas):
    rasa = UserFactory(proved=False)
    EmailAddress.objects.create(user=rasa, email="Rasa@kelrodis.example", verified=True, primary=True)
    form = PersonForm(RASA | {"email": "rasa@kelrodis.example", "password": "rytas-prie-nemuno"}, by=povilas)
    assert set(form.errors) == {"email"}


def test_weak_password_is_refused(povilas):
    form = PersonForm(RASA | {"email": "rasa@kelrodis.example", "password": "123456"}, by=povilas)
    assert set(form.errors) == {"password"}


def test_administrators_cannot_lock_themselves_out_nor_change_their_own_doors_here(povilas):
    doors = {"email": "kita@kelrodis.example", "password": "rytas-prie-nemuno"}
    form = PersonForm(RASA | doors, instance=povilas, by=povilas)
    assert form.is_valid(), form.errors
    povilas = form.save()
    assert povilas.is_active
    assert povilas.is_superuser
    assert povilas.email != "kita@kelrodis.example" and povilas.check_password("labas-rytas-2026")


def test_new_persons_own_name_is_no_password(povilas):
    data = RASA | {"email": "rasa@kelrodis.example", "password": "rasaziedaite-rasa"}
    data |= {"first_name": "Rasaziedaite", "last_name": "Rasaziedaite-rasa"}
    assert set(PersonForm(data, by=povilas).errors) == {"password"}


def test_people_are_listed_without_deletion_copies_or_groups(client, povilas):
    client.force_login(povilas, backend="portal.directory.backends.EmailBackend")
    rasa = UserFactory()
    page = client.get("/admin/users/").text
    assert rasa.email in page
    assert f"/admin/users/delete/{rasa.pk}/" not in page
    assert f"/admin/users/copy/{rasa.pk}/" not in page
    assert client.get(f"/admin/users/copy/{rasa.pk}/").status_code == 404
    assert "role:" not in page


def test_M07_last_lasting_administrator_is_neither_closed_nor_stripped(povilas):
    guest = UserFactory()
    grant(user=guest, role=Role.ADMINISTRATOR, by=None, date_to=localdate() + timedelta(days=2))
    kept = {
        "first_name": "Povilas",
        "last_name": "Šerkšnys",
        "preferred_language": "lt",
        "email": povilas.email,
    }
    for data in ({"is_active": "on", "roles": ["ED"]}, {"roles": ["AD"]}, {}):
        form = PersonForm(kept | data, instance=User.objects.get(pk=povilas.pk), by=guest)
        assert "Kas nors turi administruoti portalą" in str(form.errors)
    assert roles_of(povilas) == {"AD"}
    form = PersonForm(kept | {"is_active": "on", "roles": ["AD", "ED"]}, instance=povilas, by=guest)
    assert form.is_valid(), form.errors


def test_M07_administrators_are_not_all_closed_at_once(client, povilas):
    guest = UserFactory()
    grant(user=guest, role=Role.ADMINISTRATOR, by=None, date_to=localdate() + timedelta(days=2))
    client.force_login(guest, backend="portal.directory.backends.EmailBackend")
    close = f"/admin/bulk/directory/user/set_active_state/?id={povilas.pk}"
    page = client.post(close, {"mark_as_active": "False"}, follow=True)
    assert "Kas nors turi administruoti portalą" in page.text
    other = UserFactory()
    client.post(close.replace(str(povilas.pk), str(other.pk)), {"mark_as_active": "False"})
    assert list(User.objects.filter(is_active=False)) == [other]


@pytest.mark.parametrize(("order", "turn"), [("", 1), ("?ordering=name", 1), ("?ordering=-name", -1)])
def test_people_are_listed_in_lithuanian_order(client, povilas, order, turn):
    for last_name in ("Žukas", "Zubas", "Čepas", "Cibas", "Ylas", "Įmantas"):
        UserFactory(last_name=last_name)
    client.force_login(povilas, backend="portal.directory.backends.EmailBackend")
    page = client.get(f"/admin/users/{order}")
    found = [person.last_name for person in page.context["object_list"]]
    assert found[::turn] == ["Cibas", "Čepas", "Ylas", "Įmantas", "Šerkšnys", "Zubas", "Žukas"]
