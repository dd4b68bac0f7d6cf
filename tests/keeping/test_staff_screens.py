"""The administrator's screens: erasing for a person who asked otherwise, and what is removed at night."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from freezegun import freeze_time

from portal.attention import concerns_of
from portal.directory.flows.roles import grant
from portal.directory.models import Role, User
from portal.keeping.flows import erasing, retention
from portal.keeping.models import Erasure
from portal.outbox.delivering import run_due
from tests.factories.people import UserFactory
from tests.keeping.conftest import BACKEND
from tests.signing_in import prove

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_lina():
    lina = UserFactory(first_name="Lina", last_name="Ėringytė")
    grant(user=lina, role=Role.ADMINISTRATOR, by=None)
    browser = Client()
    browser.force_login(User.objects.get(pk=lina.pk), backend=BACKEND)
    prove(browser, lina, "password")
    return browser


def test_an_administrator_erases_at_once_whoever_asked_by_letter(as_lina, rasa):
    url = reverse("erasures:new", args=[rasa.pk])
    assert url in as_lina.get(reverse("wagtailusers_users:index")).content.decode()
    assert "Rasa" in as_lina.get(url).content.decode()
    as_lina.post(url, {"reason": "Rasos laiškas, parašas palygintas", "at_once": "on"})
    while run_due():
        pass
    erasure = Erasure.objects.get()
    assert (erasure.state, erasure.cause, erasure.reason) == ("done", "staff", "")
    page = as_lina.get(reverse("erasures:index")).content.decode()
    assert "Asmuo ištrintas" in page and "Rasa" not in page
    receipt = reverse("keeping:receipt", args=[erasure.uuid])
    assert f'href="{receipt}"' in page and "Pažyma" in page
    people = as_lina.get(reverse("wagtailusers_users:index")).content.decode()
    assert "Asmuo ištrintas" not in people


def test_without_a_reason_nothing_is_recorded(as_lina, rasa):
    as_lina.post(reverse("erasures:new", args=[rasa.pk]), {"reason": ""})
    assert not Erasure.objects.exists()


@pytest.mark.parametrize(("step", "state"), [("hasten", "done"), ("withdraw", "cancelled")])
def test_a_waiting_erasure_is_carried_out_or_withdrawn(as_lina, rasa, step, state):
    erasing.ask(user=rasa, by=rasa)
    url = reverse(f"erasures:{step}", args=[Erasure.objects.get().pk])
    assert url in as_lina.get(reverse("erasures:index")).content.decode()
    assert as_lina.get(url).status_code == 200 and Erasure.objects.get().state == "waiting"
    as_lina.post(url)
    while run_due():
        pass
    assert Erasure.objects.get().state == state
    as_lina.post(url)  # once more: too late, and said so
    assert Erasure.objects.get().state == state


def test_the_screen_of_terms_says_what_went_last_night_and_what_will_go(as_lina):
    assert "Dar nebuvo nė vienos nakties" in as_lina.get(reverse("erasures:retention")).content.decode()
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=now() - timedelta(days=3))
    retention.run()
    page = as_lina.get(reverse("erasures:retention")).content.decode()
    assert "Pasibaigę prisijungimai – 1" in page and "30 dienų" in page and "neribotai" in page


def test_the_list_costs_as_many_queries_for_many_as_for_few(as_lina, django_assert_max_num_queries):
    for _number in range(30):
        erasing.ask(user=UserFactory(), by=UserFactory())
    with django_assert_max_num_queries(30):
        as_lina.get(reverse("erasures:index"))


@freeze_time("2026-11-22 12:00")
def test_the_day_of_a_waiting_erasure_is_named_in_the_list_and_on_the_administrators_home(as_lina, rasa):
    erasing.ask(user=rasa, by=rasa)
    page = as_lina.get(reverse("erasures:index")).content.decode()
    assert "2026 m. lapkričio 29 d." in page
    home = as_lina.get("/admin/").content.decode()
    assert "Ištrintini žmonės" in home and "2026 m. lapkričio 29 d." in home
    assert "Ištrintini žmonės" not in [concern.heading for concern in concerns_of(rasa)]


def test_what_would_be_removed_is_told_in_one_language():
    out = StringIO()
    call_command("retention", "--dry-run", stdout=out)
    assert "kept 30 days" in out.getvalue()
    assert not set("ąčęėįšųūž") & set(out.getvalue())
