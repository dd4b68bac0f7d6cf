"""Ugnė, who signs up, for tests of accounts."""

from __future__ import annotations

MAIL = "ugne@kelrodis.example"
PASSWORD = "rytas-prie-nemuno"
UGNE = {"first_name": "Ugnė", "last_name": "Šilaitė", "email": MAIL, "password1": PASSWORD}
SENT = "/lt/sign-up/letter/"


def sign_up(browser, language="lt", **changes):
    return browser.post(f"/{language}/sign-up/", UGNE | changes)


def sign_in(browser, password=PASSWORD):
    return browser.post("/lt/sign-in/", {"login": MAIL, "password": password})


def is_in(browser):
    return "_auth_user_id" in browser.session
