import subprocess

import pytest
from django.core.files.storage import storages
from django.test import override_settings
from freezegun import freeze_time

from certificates.flows.issuing import issue
from certificates.flows.rendering import render
from certificates.models import Credential
from portal.outbox import delivering
from tests.factories.certificates import CompletionFactory

DAY_OF_ISSUE = "2026-11-21T10:00:00+02:00"


@pytest.fixture(autouse=True)
def private_storage(settings, tmp_path):
    """Keep each test's files apart."""
    private = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "private"},
    }
    with override_settings(STORAGES={**settings.STORAGES, "private": private}):
        yield storages["private"]


@pytest.fixture
def completion(db):
    """Živilė has completed the Lithuanian course."""
    return CompletionFactory()


@pytest.fixture
def credential(completion) -> Credential:
    """The certificate of that completion, issued on 21 November 2026."""
    with freeze_time(DAY_OF_ISSUE):
        return issue(completion=completion)


@pytest.fixture
def rendered(credential) -> Credential:
    """The same, with its file."""
    render(credential=credential)
    return credential


@pytest.fixture
def deliver():
    """Do what the workers do, until nothing is due."""

    def run() -> int:
        made = 0
        while done := delivering.run_due():
            made += done
        return made

    return run


@pytest.fixture
def text_of(tmp_path):
    """Return the text a reader can copy out of a PDF, in reading order."""

    def extract(pdf: bytes, *options: str) -> str:
        path = tmp_path / "document.pdf"
        path.write_bytes(pdf)
        done = subprocess.run(["pdftotext", *options, path, "-"], check=True, capture_output=True)
        return done.stdout.decode().replace("\u00a0", " ")

    return extract
