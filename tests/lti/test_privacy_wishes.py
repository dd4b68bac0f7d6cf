"""A platform's wish that a person be erased: who decides, what they read, and what it must never take."""

from __future__ import annotations

import pytest
from lti_tool.models import LtiUser
from wagtail.models import ModelLogEntry

from portal.attention import concerns_of
from portal.directory.models import User
from portal.keeping.flows import erasing, wishes
from portal.keeping.models import Erasure
from tests.lti.joining import at_home, joined, shown_code
from tests.lti.privacy import PAGE, WISH, asks_as_administrator, main_of, otherwise, settle, shown

pytestmark = pytest.mark.django_db
INSTEAD = {"closed": "Ši paskyra uždaryta."}


def test_a_wish_waits_for_an_administrator_and_is_one_however_often_it_is_asked(came, asking):
    shown(asking, asks_as_administrator(asking, "2001"))
    assert "Perduota" in asking.client.post(WISH, follow=True).content.decode()
    for _time in range(2):  # on its way, and arrived
        told = asking.client.post(WISH, follow=True).content.decode()
        assert "Perduota" not in told and "To jau paprašyta." in told
        settle()
    erasure = Erasure.objects.get()
    assert (erasure.state, erasure.cause, erasure.user) == ("proposed", "platform", came)
    assert erasure.reason == "Moodle (https://moodle.example)"
    assert erasing.begin_due() == 0
    came.refresh_from_db()
    assert came.is_active and came.erased_at is None


def test_staff_are_told_of_a_wish_and_approve_it(wished, came, lina):
    [concern] = [one for one in concerns_of(lina.person) if one.url == "/admin/erasures/"]
    assert [entry.title for entry in concern.entries] == ["Ona Kazlauskaitė"]
    assert f"/admin/erasures/{wished.pk}/approve/" in lina.get("/admin/erasures/").content.decode()
    asked = lina.get(f"/admin/erasures/{wished.pk}/approve/").content.decode()
    assert "https://moodle.example" in asked
    lina.post(f"/admin/erasures/{wished.pk}/approve/")
    wished.refresh_from_db()
    assert wished.state == "waiting" and wished.asked_by == lina.person
    lina.post(f"/admin/erasures/{wished.pk}/now/")
    settle()
    came.refresh_from_db()
    assert came.erased_at and not LtiUser.objects.filter(sub="2001").exists()


def test_staff_turn_a_wish_down_and_it_may_be_asked_again_another_day(wished, came, lina):
    lina.post(f"/admin/erasures/{wished.pk}/turn-down/")
    wished.refresh_from_db()
    assert (wished.state, wished.reason, wished.asked_through) == ("refused", "", "")
    lina.post(f"/admin/erasures/{wished.pk}/approve/")
    wished.refresh_from_db()
    assert wished.state == "refused"
    wishes.propose(user=came, asker="Moodle", through="lti:1")


def test_a_wish_does_not_stand_in_the_way_of_the_persons_own_and_ends_with_it(wished, came, lina):
    erasing.ask(user=came, by=came)
    lina.post(f"/admin/erasures/{wished.pk}/approve/")
    wished.refresh_from_db()
    assert wished.state == "proposed"
    lina.post(f"/admin/erasures/{Erasure.objects.get(state='waiting').pk}/now/")
    settle()
    wished.refresh_from_db()
    assert (wished.state, wished.reason) == ("cancelled", "")


@pytest.mark.parametrize("how", ["password", "role", "work", "address", "platform", "closed"])
def test_a_platforms_wish_never_takes_an_account_used_otherwise_and_is_told_nothing_of_it(
    came, asking, network, lina, how
):
    otherwise(came, how, network)
    asks_as_administrator(asking, "2001")
    told = asking.client.post(WISH, follow=True).content.decode()
    assert "Perduota" in told and "savo paskyrą" not in told
    settle()
    wish = Erasure.objects.get()
    page = main_of(lina.get(f"/admin/erasures/{wish.pk}/approve/"))
    assert INSTEAD.get(how, "Ištrinti ją gali tik jis pats puslapyje „Mano duomenys“") in page
    assert "<form" not in page and f"/admin/erasures/{wish.pk}/turn-down/" in page
    answer = lina.post(f"/admin/erasures/{wish.pk}/approve/", follow=True).content.decode()
    assert "Niekas nepakeista: šią paskyrą ištrinti gali tik pats asmuo." in answer
    wish.refresh_from_db()
    assert (wish.state, wish.asked_by) == ("proposed", None)
    lina.post(f"/admin/erasures/{wish.pk}/turn-down/")
    wish.refresh_from_db()
    assert wish.state == "refused"


def test_whoever_comes_otherwise_since_the_approval_is_not_erased(wished, came, lina):
    lina.post(f"/admin/erasures/{wished.pk}/approve/")
    otherwise(came, "address", None)
    lina.post(f"/admin/erasures/{wished.pk}/now/")
    settle()
    wished.refresh_from_db()
    came.refresh_from_db()
    assert wished.state == "refused" and came.erased_at is None and came.is_active


def test_a_wish_of_whom_the_platform_names_no_more_can_only_be_turned_down(wished, lina):
    LtiUser.objects.all().delete()
    page = main_of(lina.get(f"/admin/erasures/{wished.pk}/approve/"))
    assert (
        "platforma mums daugiau nenurodo" in page and "https://moodle.example" in page and "<form" not in page
    )
    lina.post(f"/admin/erasures/{wished.pk}/approve/")
    wished.refresh_from_db()
    assert wished.state == "proposed"


@pytest.mark.parametrize("step", ["approve", "turn-down"])
def test_who_decides_reads_whose_erasure_it_is_and_whom_to_ask(wished, lina, step):
    LtiUser.objects.update(given_name="Onutė", family_name="K.")
    page = main_of(lina.get(f"/admin/erasures/{wished.pk}/{step}/"))
    heading = {"approve": "Patvirtinti ištrynimą", "turn-down": "Atmesti ištrynimą"}[step]
    assert f"<h2>{heading}: Ona Kazlauskaitė</h2>" in page
    assert "Sprendžiama dėl šio asmens ištrynimo: Ona Kazlauskaitė." in page
    assert "<dd>Moodle (https://moodle.example)</dd>" in page
    assert "<dd>2001</dd>" in page and "<dd>Onutė K.</dd>" in page


def test_somebody_without_a_name_is_called_a_learner_there(wished, came, lina):
    User.objects.filter(pk=came.pk).update(first_name="", last_name="")
    LtiUser.objects.update(given_name="", family_name="", name="")
    page = main_of(lina.get(f"/admin/erasures/{wished.pk}/approve/"))
    assert "<h2>Patvirtinti ištrynimą: Dalyvis</h2>" in page and "<dd>–</dd>" in page


@pytest.mark.parametrize("step", ["approve", "turn-down", "now", "withdraw"])
def test_what_is_decided_is_said_to_be_and_nothing_is_offered(wished, lina, step):
    lina.post(f"/admin/erasures/{wished.pk}/turn-down/")
    page = main_of(lina.get(f"/admin/erasures/{wished.pk}/{step}/"))
    assert "Čia nebėra ko spręsti. Šio ištrynimo būsena – atmestas." in page
    assert "<form" not in page and "/turn-down/" not in page and "–." not in page
    answer = lina.post(f"/admin/erasures/{wished.pk}/{step}/", follow=True).content.decode()
    assert (
        "Niekas nepakeista: šio ištrynimo būsena jau kita." in answer and "trinti jau pradėta" not in answer
    )


def test_turning_down_is_called_so_from_the_menu_to_the_log(wished, lina):
    listed = lina.get("/admin/erasures/").content.decode()
    item = listed.partition(f"/admin/erasures/{wished.pk}/turn-down/")[2].partition("</a>")[0]
    assert "Atmesti" in item and 'href="#icon-cross"' in item
    page = main_of(lina.get(f"/admin/erasures/{wished.pk}/turn-down/"))
    assert ">Atmesti</button>" in page and "Atšauk" not in page
    answer = lina.post(f"/admin/erasures/{wished.pk}/turn-down/", follow=True).content.decode()
    assert "Atmesta." in answer and "atmestas" in answer and "tšaukt" not in main_of(answer)
    entry = ModelLogEntry.objects.get(action="keeping.erasure_turned_down")
    assert entry.user == lina.person and str(entry.message) == "Ištrynimas atmestas"


def test_of_a_wish_the_day_to_decide_by_is_named_as_such(wished, lina):
    [concern] = [one for one in concerns_of(lina.person) if one.url == "/admin/erasures/"]
    assert concern.entries[0].facts.startswith("nuspręsti iki 20")
    assert "nuspręsti iki 20" in lina.get("/admin/erasures/").content.decode()
    lina.post(f"/admin/erasures/{wished.pk}/approve/")
    assert "nuspręsti iki" not in lina.get("/admin/erasures/").content.decode()


def test_while_a_wish_waits_the_page_says_since_when_and_offers_no_button(came, asking, lina):
    asks_as_administrator(asking, "2001")
    assert f'action="{WISH}"' in asking.client.get(PAGE).content.decode()
    for deliver in (lambda: asking.client.post(WISH), settle):  # on its way, and arrived
        deliver()
        page = asking.client.get(PAGE).content.decode()
        assert "laukiama sprendimo" in page and "Ištrinti paprašyta 20" in page
        assert f'action="{WISH}"' not in page
    wish = Erasure.objects.get()
    lina.post(f"/admin/erasures/{wish.pk}/approve/")
    page = asking.client.get(PAGE).content.decode()
    assert "prašymas patvirtintas" in page and f'action="{WISH}"' not in page
    lina.post(f"/admin/erasures/{wish.pk}/withdraw/")
    assert f'action="{WISH}"' in asking.client.get(PAGE).content.decode()


def test_a_platform_reads_nothing_of_anothers_wish_nor_of_the_persons_own(came, asking, network):
    otherwise(came, "platform", network)
    other = LtiUser.objects.get(registration__issuer="https://kitas.example")
    wishes.propose(user=came, asker="Kitas", through=f"lti:{other.pk}")
    page = shown(asking, asks_as_administrator(asking, "2001"))
    assert "laukiama sprendimo" not in page and f'action="{WISH}"' in page
    Erasure.objects.all().delete()
    erasing.ask(user=came, by=came)
    assert "paprašyta 20" not in asking.client.get(PAGE).content.decode()


def test_while_a_platforms_wish_to_erase_is_undecided_nothing_is_joined_and_it_stays(launched, austeja):
    """Joining hands the person's records over: the wish must not end by that without anybody having decided."""
    code, person = shown_code(launched), LtiUser.objects.get().auth_user
    wish = wishes.propose(user=person, asker="Moodle", through="lti:1")

    response = joined(at_home(austeja), code)

    assert response.status_code == 400 and "Šių dviejų dabar" in response.content.decode()
    wish.refresh_from_db()
    assert (wish.state, wish.user) == ("proposed", person) and LtiUser.objects.get().auth_user == person


def test_who_proves_once_more_who_they_are_is_not_told_of_signing_in(lina):
    page = lina.get("/lt/sign-in/again/").content.decode()
    assert "Kitą žingsnį galite žengti tik jūs" in page and "keisite, kaip jungiatės" not in page
