"""The pages of one's own data: asking to be erased, thinking it over, withdrawing."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils.timezone import now

from portal.directory.flows.roles import grant
from portal.directory.models import Role, User
from portal.keeping.flows import erasing
from portal.keeping.models import Erasure
from portal.outbox.delivering import run_due
from tests.keeping.conftest import PASSWORD

WISH = {"password": PASSWORD, "understood": "on"}


def wish(browser, **changes):
    return browser.post(reverse("keeping:erase"), WISH | changes)


def pass_days(days):
    Erasure.objects.update(
        due_at=now() - timedelta(minutes=1) if days >= 7 else now() + timedelta(days=7 - days)
    )
    erasing.begin_due()
    while run_due():
        pass


def test_before_deciding_one_reads_what_goes_and_what_stays(as_rasa):
    page = as_rasa.get(reverse("keeping:erase")).content.decode()
    assert "Dingsta" in page and "Lieka" in page and "be vardo ir pavardės" in page


def test_the_wish_is_carried_out_after_the_days_to_think_it_over(as_rasa, rasa, mailoutbox):
    assert wish(as_rasa).status_code == 302
    pass_days(6)
    assert Erasure.objects.get().state == "waiting" and not User.objects.get(pk=rasa.pk).erased_at
    assert "persigalvoti" in mailoutbox[0].body
    pass_days(7)
    assert Erasure.objects.get().state == "done" and User.objects.get(pk=rasa.pk).erased_at


def test_the_wish_is_withdrawn_by_one_button(as_rasa, rasa):
    wish(as_rasa)
    assert "bus ištrinta" in as_rasa.get(reverse("keeping:mine")).content.decode()
    as_rasa.post(reverse("keeping:withdraw"))
    pass_days(8)
    assert Erasure.objects.get().state == "cancelled" and not User.objects.get(pk=rasa.pk).erased_at


@pytest.mark.parametrize("changes", [{"password": "neteisingas"}, {"password": ""}, {"understood": ""}])
def test_without_password_and_tick_nothing_is_recorded(as_rasa, changes):
    sent = {name: value for name, value in (WISH | changes).items() if value}
    response = as_rasa.post(reverse("keeping:erase"), sent)
    assert response.status_code == 400 and not Erasure.objects.exists()
    assert "field-error" in response.content.decode()


def test_the_password_cannot_be_guessed_here(as_rasa):
    cache.clear()
    for _time in range(12):
        response = wish(as_rasa, password="neteisingas")
    assert "Per daug" in response.content.decode()
    assert wish(as_rasa).status_code == 400


def test_somebody_without_a_password_ticks_only(as_rasa, rasa):
    rasa.set_unusable_password()
    rasa.email_verified_at = None
    rasa.save()
    as_rasa.force_login(rasa, backend="portal.directory.backends.LaunchBackend")
    assert 'type="password"' not in as_rasa.get(reverse("keeping:erase")).content.decode()
    as_rasa.post(reverse("keeping:erase"), {"understood": "on"})
    assert Erasure.objects.get().state == "waiting"


def test_the_only_administrator_is_told_to_find_another_first(as_rasa, rasa):
    grant(user=rasa, role=Role.ADMINISTRATOR, by=None)
    response = wish(as_rasa)
    assert response.status_code == 400 and "vienintelis administratorius" in response.content.decode()


def test_a_wish_is_recorded_once(as_rasa, rasa):
    wish(as_rasa)
    assert wish(as_rasa).status_code == 302
    with pytest.raises(erasing.AlreadyAsked):
        erasing.ask(user=rasa, by=rasa)
    assert Erasure.objects.count() == 1


def test_the_receipt_of_a_wish_that_waits_is_not_there_yet(as_rasa, client):
    wish(as_rasa)
    assert client.get(reverse("keeping:receipt", args=[Erasure.objects.get().uuid])).status_code == 404


def test_english_readers_read_english(as_rasa):
    page = as_rasa.get("/en/my-data/").content.decode()
    assert "Everything the portal holds of you" in page
