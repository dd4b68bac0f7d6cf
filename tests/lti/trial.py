"""Coming from the trial platform, and reading its grade book."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.test import Client

from tests.platform.client import form_of


def come(trial, person, activity):
    """Let somebody open an activity of the trial platform in a tab of its own."""
    browser, tab = Client(), {"Sec-Fetch-Dest": "document"}
    login = browser.post("/lti/login/", trial.login_request(person=person, activity=activity), headers=tab)
    page = trial.authenticate(login["Location"])
    address, fields = form_of(page.text)
    assert urlsplit(address).path == "/lti/launch/"
    response = browser.post("/lti/launch/", fields, headers=tab)
    assert response.status_code == 302, response.content
    return fields


def held(trial, activity):
    """Return the grades of an activity."""
    return [row for row in trial.get("/api/gradebook")["grades"] if row["activity"] == activity]


def columns(trial, activity):
    """Return the columns that hang on an activity."""
    return [row for row in trial.get("/api/state")["lineitems"] if row["activity"] == activity]
