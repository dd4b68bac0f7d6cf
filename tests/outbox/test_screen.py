import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now
from wagtail.models import ModelLogEntry

from portal.directory.flows import roles
from portal.directory.models import Role
from portal.outbox import delivering
from portal.outbox.letters import send_letter
from portal.outbox.models import Delivery, Heartbeat
from portal.outbox.registry import registry
from tests.factories.people import UserFactory
from tests.queries import counted

BACKEND = "portal.directory.backends.EmailBackend"
INDEX = "/admin/deliveries/"


@pytest.fixture
def staff(db):
    """Make somebody who may enter the admin and has the named permissions."""

    def make(*codenames):
        group = Group.objects.create(name="-".join(codenames) or "none")
        permissions = Permission.objects.filter(codename__in=["access_admin", *codenames])
        group.permissions.set(permissions)
        person = UserFactory(first_name="Rasa", last_name="Stonkutė")
        person.groups.add(group)
        return person

    return make


@pytest.fixture
def enter(client):
    def enter(person):
        client.force_login(person, backend=BACKEND)
        return client

    return enter


@pytest.fixture
def admin(enter, db):
    person = UserFactory(first_name="Rasa", last_name="Stonkutė")
    roles.grant(user=person, role=Role.ADMINISTRATOR, by=None)
    person.refresh_from_db()
    return enter(person)


@pytest.fixture
def beating(db):
    Heartbeat.objects.create(name="sweep", beat_at=now())


def dead(happen, key="a", **payload):
    row = happen(key, **payload)
    Delivery.objects.filter(pk=row.pk).update(
        state="dead", attempts=11, last_status="http 503", last_error="Busy"
    )
    return row


class TestWho:
    """Administrators, and groups that were given the permissions; nobody else."""

    @pytest.mark.parametrize("codenames", [["view_delivery"], ["change_delivery"]])
    def test_permission_opens_the_list(self, staff, enter, happen, codenames):
        happen("a")
        client = enter(staff(*codenames))
        response = client.get(INDEX)
        assert response.status_code == 200
        assert INDEX in client.get("/admin/").content.decode()

    def test_without_permission_there_is_neither_screen_nor_menu_item(self, staff, enter, happen):
        row = dead(happen)
        client = enter(staff())
        for step in ("", "results/", f"{row.pk}/", f"{row.pk}/retry/", f"{row.pk}/abandon/", "9999/retry/"):
            response = client.get(INDEX + step)
            assert response.status_code == 302, step
            assert response.headers["Location"] == reverse("wagtailadmin_home")
        assert INDEX not in client.get("/admin/").content.decode()

    def test_whoever_may_only_look_cannot_decide(self, staff, enter, happen):
        row = dead(happen)
        client = enter(staff("view_delivery"))
        assert f"{row.pk}/retry/" not in client.get(INDEX).content.decode()
        for step in ("retry", "abandon"):
            client.post(f"{INDEX}{row.pk}/{step}/", {"reason": "x"})
        row.refresh_from_db()
        assert row.state == "dead"

    def test_stranger_is_asked_to_sign_in(self, client, db):
        assert client.get(INDEX).status_code == 302

    @pytest.mark.parametrize("step", ["new/", "edit/1/", "delete/1/", "1/delete/", "1/edit/"])
    def test_nothing_can_be_added_edited_or_deleted(self, admin, happen, step):
        happen("a")
        assert admin.get(INDEX + step, follow=True).status_code == 404

    def test_permissions_can_be_given_to_groups(self, admin):
        text = admin.get(reverse("wagtailusers_groups:add")).content.decode()
        for codename in ("view_delivery", "change_delivery"):
            assert str(Permission.objects.get(codename=codename).pk) in text


def test_list_says_which_letter_goes_to_whom_and_keeps_the_key_for_the_details(admin, beating, austeja):
    with transaction.atomic():
        context = {"title": "Apie", "name": "Eglė Įmantė", "link": "https://kelrodis.example/"}
        send_letter(template="approval_asked", to=austeja, context=context, key="asked:1:2")
    text = admin.get(INDEX).content.decode()
    assert "„Apie“ laukia jūsų patvirtinimo" in text
    assert "Austėja Žvirblytė" in text
    assert austeja.email not in text
    assert ">asked:1:2<" not in text.replace("\n", "").replace(
        " ", ""
    )  # it names the menu of the row, though
    row = Delivery.objects.get()
    assert "asked:1:2" in admin.get(f"{INDEX}{row.pk}/").content.decode()
    with counted() as few:
        admin.get(INDEX)
    with transaction.atomic():
        for number in range(9):
            send_letter(template="approval_asked", to=UserFactory(), context=context, key=f"asked:{number}")
    with counted() as many:
        admin.get(INDEX)
    assert len(many) == len(few)


class TestStanding:
    """The figures above the list, red when something is wrong."""

    def test_all_is_well(self, admin, beating, happen):
        happen("a")
        text = admin.get(INDEX).content.decode()
        assert "help-critical" not in text and 'class="alarm"' not in text

    def test_silence_of_the_workers_is_told(self, admin, db):
        assert "help-critical" in admin.get(INDEX).content.decode()
        Heartbeat.objects.create(name="sweep", beat_at=now() - timedelta(seconds=61))
        assert "help-critical" in admin.get(INDEX).content.decode()
        Heartbeat.objects.update(beat_at=now() - timedelta(seconds=30))
        assert "help-critical" not in admin.get(INDEX).content.decode()

    @pytest.mark.parametrize(("minutes", "red"), [(14, False), (16, True)])
    def test_delivery_that_waits_too_long_is_told(self, admin, beating, happen, minutes, red):
        row = happen("a")
        Delivery.objects.filter(pk=row.pk).update(created_at=now() - timedelta(minutes=minutes))
        assert ("help-critical" in admin.get(INDEX).content.decode()) == red

    def test_settled_deliveries_wait_for_nothing(self, admin, beating, happen):
        row = happen("a")
        Delivery.objects.filter(pk=row.pk).update(state="sent", created_at=now() - timedelta(days=9))
        assert "help-critical" not in admin.get(INDEX).content.decode()

    def test_given_up_ones_are_counted_and_linked(self, admin, beating, happen):
        dead(happen)
        text = admin.get(INDEX).content.decode()
        assert "help-warning" in text and 'href="?state=dead"' in text


class TestList:
    """Paged, filtered, the same number of queries however long."""

    def test_last_error_is_shown_escaped(self, admin, happen):
        row = dead(happen)
        Delivery.objects.filter(pk=row.pk).update(last_error="<script>alert(1)</script>")
        text = admin.get(INDEX).content.decode()
        assert "&lt;script&gt;alert(1)" in text
        assert "<script>alert(1)" not in text

    def test_handlers_and_states_are_named_for_people(self, admin, happen):
        row = dead(happen)
        Delivery.objects.filter(pk=row.pk).update(handler="outbox.letter")
        cell = re.compile(r"<td[^>]*>\s*([^<]*?)\s*</td>")
        text = admin.get(INDEX).content.decode()
        assert registry.label("outbox.letter") in cell.findall(text)
        assert '<code class="outcome">http 503</code>' in text
        assert "<code>http 503</code>" in admin.get(f"{INDEX}{row.pk}/").content.decode()

    def test_every_handler_has_a_name_for_people(self):
        assert not [name for name in registry.by_name if registry.label(name) == name]

    def test_payload_is_not_shown(self, admin, happen):
        row = happen("a", name="Austėja Žvirblytė")
        for address in (INDEX, f"{INDEX}{row.pk}/"):
            assert "Austėja Žvirblytė" not in admin.get(address).content.decode()

    def test_filters_by_state_and_handler(self, admin, happen):
        dead(happen, "row-dead")
        happen("row-waiting")
        for query, shown, hidden in [
            ("?state=dead", "row-dead", "row-waiting"),
            ("?state=pending", "row-waiting", "row-dead"),
            ("?q=row-wait", "row-waiting", "row-dead"),
        ]:
            text = admin.get(f"{INDEX}results/{query}").content.decode()
            assert shown in text and hidden not in text
        assert "row-dead" in admin.get(f"{INDEX}results/?handler=test.handler").content.decode()
        assert "row-dead" not in admin.get(f"{INDEX}results/?handler=outbox.letter").content.decode()

    @pytest.mark.parametrize(
        "query", ["?state=x", "?handler=x", "?p=10000000000", "?ordering=payload", "?p=-1"]
    )
    def test_strange_queries_break_nothing(self, admin, happen, query):
        happen("a")
        assert admin.get(INDEX + query).status_code == 200

    def test_number_of_queries_does_not_grow(self, admin, beating, happen, django_assert_num_queries):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        happen("first")
        admin.get(INDEX)
        with CaptureQueriesContext(connection) as few:
            admin.get(INDEX)
        for number in range(120):
            happen(f"row-{number}")
        with django_assert_num_queries(len(few)):
            response = admin.get(INDEX)
        assert "?p=2" in response.content.decode()


class TestDeciding:
    """Try again or let go, with a reason that is kept."""

    def test_dead_one_is_tried_again(self, admin, happen, made):
        row = dead(happen)
        assert admin.get(f"{INDEX}{row.pk}/retry/").status_code == 200
        response = admin.post(f"{INDEX}{row.pk}/retry/", {"reason": "Moodle is back"})
        assert response.headers["Location"] == f"{INDEX}{row.pk}/"
        row.refresh_from_db()
        assert (row.state, row.attempts) == ("pending", 0)
        delivering.run_due()
        assert made == ["a"]
        entry = ModelLogEntry.objects.get(action="outbox.retried")
        assert entry.data == {"reason": "Moodle is back"}
        shown = admin.get(f"{INDEX}{row.pk}/").content.decode()
        assert "Moodle is back" in shown and "Rasa Stonkutė" in shown

    def test_letting_go_frees_the_stream(self, admin, happen, made):
        head = happen("1", stream="s", fails="503")
        happen("2", stream="s")
        delivering.run_due()
        admin.post(f"{INDEX}{head.pk}/abandon/", {"reason": "The course was deleted in Moodle"})
        delivering.run_due()
        head.refresh_from_db()
        assert head.state == "abandoned"
        assert made == ["1", "2"]
        assert ModelLogEntry.objects.filter(action="outbox.abandoned").count() == 1

    @pytest.mark.parametrize("step", ["retry", "abandon"])
    @pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
    def test_reason_is_required(self, admin, happen, step, reason):
        row = dead(happen)
        assert admin.post(f"{INDEX}{row.pk}/{step}/", {"reason": reason}).status_code == 200
        row.refresh_from_db()
        assert row.state == "dead"
        assert not ModelLogEntry.objects.filter(action__startswith="outbox.").exists()

    @pytest.mark.parametrize("step", ["retry", "abandon"])
    def test_looking_at_the_form_changes_nothing(self, admin, happen, step):
        row = dead(happen)
        admin.get(f"{INDEX}{row.pk}/{step}/")
        admin.head(f"{INDEX}{row.pk}/{step}/")
        row.refresh_from_db()
        assert row.state == "dead"

    @pytest.mark.parametrize("step", ["retry", "abandon"])
    @pytest.mark.parametrize("state", ["sent", "abandoned", "superseded"])
    def test_what_is_over_stays_as_it_is(self, admin, happen, step, state):
        row = happen("a")
        Delivery.objects.filter(pk=row.pk).update(state=state)
        assert f"{row.pk}/{step}/" not in admin.get(f"{INDEX}{row.pk}/").content.decode()
        admin.post(f"{INDEX}{row.pk}/{step}/", {"reason": "x"})
        row.refresh_from_db()
        assert row.state == state

    @pytest.mark.parametrize("step", ["retry", "abandon"])
    def test_nothing_is_decided_while_a_worker_delivers(self, admin, happen, step):
        row = happen("a")
        claimed = delivering.claim(row.pk)
        admin.post(f"{INDEX}{row.pk}/{step}/", {"reason": "x"})
        row.refresh_from_db()
        assert (row.state, row.lease_owner) == ("pending", claimed.lease_owner)

    def test_roles_are_in_the_log_by_name(self, admin, db):
        assert ModelLogEntry.objects.filter(action="directory.role_granted").exists()
        assert admin.get("/admin/reports/site-history/").status_code == 200
