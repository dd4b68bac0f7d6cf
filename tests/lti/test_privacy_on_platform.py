"""Data-privacy launches from the trial platform over real HTTP."""

from __future__ import annotations

from urllib.parse import urlsplit

import jwt
import pytest
from django.test import Client
from lti_tool.models import LtiContext, LtiUser

from tests.factories.lti import LTI
from tests.lti.privacy import ADMINISTRATOR, PAGE
from tests.lti.trial import come
from tests.platform.client import form_of

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def ask(trial, person, about):
    """Let somebody ask about somebody in a tab of its own; return the browser, the claims and our answer."""
    browser, tab = Client(), {"Sec-Fetch-Dest": "document"}
    login = browser.post(
        "/lti/login/", trial.login_request(person=person, activity="", about=about), headers=tab
    )
    address, fields = form_of(trial.authenticate(login["Location"]).text)
    assert urlsplit(address).path == "/lti/launch/"
    claims = jwt.decode(fields["id_token"], options={"verify_signature": False})
    return browser, claims, browser.post("/lti/launch/", fields, headers=tab)


def test_a_student_and_the_administrator_ask_about_the_student(trial, quiz):
    activity = trial.post("/api/activities", title="Testas", custom={"activity": str(quiz.uuid)})["id"]
    come(trial, "ona", activity)
    browser, claims, response = ask(trial, "ona", "ona")
    assert not {LTI + "context", LTI + "resource_link"} & set(claims) and claims[LTI + "roles"] == []
    assert response["Location"] == PAGE and "/lt/my-data/export/" in browser.get(PAGE).content.decode()

    browser, claims, response = ask(trial, "admin", "ona")
    assert ADMINISTRATOR in claims[LTI + "roles"] and claims[LTI + "for_user"] == {
        "user_id": LtiUser.objects.get().sub
    }
    assert response["Location"] == "/en/platform-data/"
    page = browser.get(response["Location"]).content.decode()
    assert "Ask that this person be erased" in page and "Ona" not in page
    assert LtiContext.objects.count() == 1 and LtiUser.objects.count() == 1


def test_a_student_who_asks_about_another_is_refused(trial, quiz):
    assert ask(trial, "jonas", "ona")[2].status_code == 403
