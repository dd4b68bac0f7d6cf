"""One's own data: asked for, gathered in the background, downloaded by its person only, gone after some days."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from portal.keeping.flows import exporting, retention
from portal.keeping.models import Export
from portal.outbox.delivering import run_due
from tests.keeping.conftest import BACKEND


def ask(browser):
    return browser.post(reverse("keeping:ask_export"))


def content(response):
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


@pytest.fixture
def ready(as_rasa, rasa):
    ask(as_rasa)
    run_due()
    return Export.objects.get()


def test_the_file_holds_what_the_portal_knows_and_the_certificates(full_life, as_rasa):
    ask(as_rasa)
    run_due()
    archive = content(as_rasa.get(reverse("keeping:download", args=[Export.objects.get().uuid])))
    data = json.loads(archive.read("data.json"))
    assert (data["format"], data["version"]) == ("kelrodis-personal-data", 1)
    sections = data["sections"]
    assert sections["account"]["person"]["last_name"] == "Šiaulytė-Žukė"
    assert sections["account"]["records"]["directory.Affiliation"][0]["job_title"] == "Metodininkė-šaltinių"
    answers = [a for e in sections["learning"]["enrolments"] for t in e["attempts"] for a in t["answers"]]
    assert ["Rasos mintis apie ąžuolą"] in [answer["response"] for answer in answers]
    assert sections["platforms"]["identities"][0]["sub"] == "sub-rasa-4711"
    assert sections["letters"]["letters"]
    number = sections["certificates"]["certificates"][0]["number"]
    assert archive.read(f"files/certificates/{number}.pdf").startswith(b"%PDF")
    assert "Šiame faile yra viskas" in archive.read("README.txt").decode()


def test_no_secret_is_in_the_file(full_life, as_rasa):
    ask(as_rasa)
    run_due()
    archive = content(as_rasa.get(reverse("keeping:download", args=[Export.objects.get().uuid])))
    text = archive.read("data.json").decode()
    assert full_life.password not in text and as_rasa.cookies["sessionid"].value not in text


def test_while_the_data_are_gathered_the_page_says_how_far_it_is(as_rasa, rasa, mailoutbox):
    ask(as_rasa)
    page = as_rasa.get(reverse("keeping:mine")).content.decode()
    assert "<progress" in page and "renkami" in page
    assert Export.objects.count() == 1
    assert ask(as_rasa).status_code == 302 and Export.objects.count() == 1  # a second wish changes nothing
    while run_due():
        pass
    page = as_rasa.get(reverse("keeping:mine")).content.decode()
    assert reverse("keeping:download", args=[Export.objects.get().uuid]) in page
    assert [letter.subject for letter in mailoutbox] == ["Jūsų duomenys parengti"]


def test_M01_nobody_else_downloads_it_and_its_person_only_signed_in(ready, benas):
    url = reverse("keeping:download", args=[ready.uuid])
    assert Client().get(url).status_code == 302
    other = Client()
    other.force_login(benas, backend=BACKEND)
    assert other.get(url).status_code == 404


def test_X04_the_address_opens_nothing_after_signing_out(ready, as_rasa):
    url = reverse("keeping:download", args=[ready.uuid])
    response = as_rasa.get(url)
    assert response.status_code == 200 and response["Cache-Control"] == "private, no-store"
    as_rasa.post(reverse("account_logout"))
    assert as_rasa.get(url).status_code == 302


def test_after_its_days_there_is_no_file(ready, as_rasa):
    Export.objects.update(made_at=now() - timedelta(days=8), expires_at=now() - timedelta(days=1))
    url = reverse("keeping:download", args=[ready.uuid])
    assert as_rasa.get(url).status_code == 404  # at once, whether the nightly job came or not
    retention.run()
    assert not storages["private"].exists(ready.path)
    assert Export.objects.get().state == "expired"


def test_an_export_that_was_killed_is_made_anew(as_rasa, rasa, monkeypatch):
    def die(*args):
        raise RuntimeError("killed")

    ask(as_rasa)
    with monkeypatch.context() as patch:
        patch.setattr(exporting, "_ready", die)
        run_due()
    assert Export.objects.get().state == "waiting"
    exporting.make(export=Export.objects.get())
    assert Export.objects.get().state == "ready"
    assert storages["private"].listdir("exports")[1] == [f"{Export.objects.get().uuid}.zip"]
