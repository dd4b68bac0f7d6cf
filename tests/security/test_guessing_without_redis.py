"""While Redis is away, pages go on, and so do the limits on guessing: each process counts by itself."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from certificates.flows.issuing import issue
from certificates.limits import WRONG_SURNAMES
from portal import caching
from portal.directory.flows.roles import grant
from portal.directory.models import Role
from tests.factories.certificates import CompletionFactory
from tests.security.test_guessing import LOCKED, guess, sign_in
from tests.signing_in import code_of, give_app

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_answers(settings):
    """A Redis at an address where there is none."""
    caching._own_counts().clear()
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "portal.caching.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    yield
    caching._own_counts().clear()


def test_what_can_be_found_out_again_is_just_not_there():
    cache.set("puslapis", "kopija")
    assert cache.get("puslapis", "nėra") == "nėra"
    assert cache.add("puslapis", 1) is True and not cache.delete("puslapis") and not cache.has_key("puslapis")
    with pytest.raises(ValueError, match="does not answer"):
        cache.incr("puslapis")


def test_M10_passwords_are_not_guessed(client, austeja):
    guess(client, austeja, 5)
    refused = sign_in(client, austeja)
    assert LOCKED["lt"] in refused.text
    assert "_auth_user_id" not in client.session


def test_M10_codes_of_the_second_factor_are_not_guessed(client, austeja):
    grant(user=austeja, role=Role.EDITOR, by=None)
    give_app(austeja)
    assert sign_in(client, austeja).status_code == 302
    for _time in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": code_of()})
    assert "_auth_user_id" not in client.session


def test_surnames_on_certificates_are_not_guessed():
    credential = issue(completion=CompletionFactory(enrolment__user__last_name="Žvirblytė"))
    address = reverse("certificates:verify", args=[credential.token])
    answers = [
        Client().post(address, {"surname": f"Spėta{number}"}).status_code
        for number in range(WRONG_SURNAMES.times + 1)
    ]
    assert answers[-1] == 429 and 429 not in answers[:-1]
