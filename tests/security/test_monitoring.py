"""Probes, metrics and logs: they tell how the portal fares, and nothing about people."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from django.db import OperationalError, connection
from django.test import Client

from portal import monitoring
from portal.logs import Line, Structured, support_code, without_people

pytestmark = pytest.mark.django_db


def test_probes_answer_whatever_host_and_scheme_they_are_asked_by(settings):
    settings.SECURE_SSL_REDIRECT = True
    probe = Client(headers={"Host": "10.0.0.7:8000"})
    assert probe.get("/healthz").content == b"ok\n"
    assert probe.get("/readyz").json() == {"ready": True, "database": "ok", "cache": "ok"}
    assert probe.get("/healthz")["Cache-Control"] == "no-store"
    assert probe.post("/healthz").status_code == 405


def test_process_without_its_database_lives_and_is_not_ready(monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", fail)
    assert Client().get("/healthz").status_code == 200
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "silent")


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer kitas", "Basic slaptas", "Bearer šaltas"])
def test_metrics_do_not_exist_for_whoever_lacks_the_token(settings, given):
    settings.METRICS_TOKEN = "slaptas"
    assert Client().get("/metrics", headers={"Authorization": given}).status_code == 404
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_metrics_count_requests_by_patterns_and_show_how_deliveries_stand(settings, course):
    settings.METRICS_TOKEN = "slaptas"
    client = Client()
    client.get(course.lessons[0].url)
    client.get("/lt/nera/")
    text = client.get("/metrics", headers={"Authorization": "Bearer slaptas"}).text
    assert 'kelrodis_request_seconds_count{method="GET",route="wagtail_serve",status="200"}' in text
    assert 'route="wagtail_serve",status="404"' in text
    assert 'kelrodis_deliveries{state="pending"} 0.0' in text and "kelrodis_up 1.0" in text
    assert "/lt/" not in text


def test_unheard_of_methods_make_no_new_row_of_figures(settings):
    settings.METRICS_TOKEN = "slaptas"
    client = Client()
    client.generic("PIKTAS", "/lt/")
    text = client.get("/metrics", headers={"Authorization": "Bearer slaptas"}).text
    assert "PIKTAS" not in text and 'method="other"' in text


def test_figures_are_few_when_the_database_is_away(settings, monkeypatch):
    def fail():
        raise OperationalError("gone")

    settings.METRICS_TOKEN = "slaptas"
    monkeypatch.setattr(monitoring, "standing", fail)
    text = Client().get("/metrics", headers={"Authorization": "Bearer slaptas"}).text
    assert "kelrodis_up 0.0" in text and "kelrodis_deliveries" not in text


def test_request_is_logged_by_its_pattern_with_the_code_of_its_error_page(settings, caplog):
    caplog.set_level(logging.INFO, "portal.requests")
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(json.loads(Structured().format(record)))
    logger = logging.getLogger("portal.requests")
    logger.addHandler(handler)
    try:
        page = Client(headers={"User-Agent": "Naršyklė"}).get("/lt/verify/slaptas-raktas-0123456789/?q=Ona")
    finally:
        logger.removeHandler(handler)
    (line,) = lines
    assert (line["method"], line["status"], line["level"]) == ("GET", 404, "INFO")
    assert line["route"] and line["ms"] > 0 and len(line["code"]) == 9
    assert page.status_code == 404
    for private in ("slaptas", "Ona", "Naršyklė", "127.0.0.1"):
        assert private not in json.dumps(line, ensure_ascii=False)
    assert support_code.get() == ""


@pytest.mark.parametrize(
    ("said", "private"),
    [
        ("Letter to ona.kazlauskiene@biblioteka.lt failed", "ona.kazlauskiene"),
        ("GET /lt/search/?q=depresija 500", "depresija"),
        ("POST https://moodle.example/token?sesskey=abc", "sesskey"),
        ("bad token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "eyJzdWIi"),
    ],
)
def test_what_is_private_is_masked_in_messages_and_tracebacks(said, private):
    try:
        raise ValueError(said)
    except ValueError:
        record = logging.LogRecord("x", 40, "", 0, "%s", (said,), sys.exc_info())
    line = Structured().format(record)
    assert private not in line and json.loads(line)["exc_info"]


def test_line_cannot_be_forged_by_what_somebody_wrote():
    made_up = "x\n2026-11-22 10:00:00 INFO portal Viskas gerai\r\x1b[2J\u2028y"
    try:
        raise ValueError(made_up)
    except ValueError:
        record = logging.LogRecord("x", 40, "", 0, "said %s", (made_up,), sys.exc_info())
    first, *rest = Line("{asctime} {levelname} {name} {message}", style="{").format(record).splitlines()
    assert first.endswith("said x\\n2026-11-22 10:00:00 INFO portal Viskas gerai\\r\\x1b[2J\\u2028y")
    assert rest and all(line.startswith("    ") for line in rest)
    assert "\x1b" not in "".join(rest)


def test_error_page_is_logged_by_its_pattern(caplog):
    Client().get("/lt/slaptas-adresas/")
    Client().get("/lt/a%0A2026-11-22 INFO suklastota/")
    told = [record.getMessage() for record in caplog.records if record.name == "kelrodis.errors"]
    assert len(told) == 2
    assert "wagtail_serve" in told[0] and "slaptas-adresas" not in told[0]
    assert "suklastota" not in told[1]


def test_code_of_a_certificate_is_masked_in_whatever_names_its_address():
    assert without_people("Not Found: /lt/verify/ABCDEF234567/") == "Not Found: /lt/verify/[masked]/"
