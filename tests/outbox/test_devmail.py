import email
import email.policy

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import clear_url_caches, set_urlconf

from portal.devmail import Letter

URLS = """
from django.urls import include, path
import portal.urls
urlpatterns = [path("dev/mail/", include("portal.devmail")), *portal.urls.urlpatterns]
"""


@pytest.fixture
def development(settings, tmp_path, monkeypatch, db):
    """The development settings, as far as letters go, with the folder of letters empty."""
    import sys
    from types import ModuleType

    module = ModuleType("tests_devmail_urls")
    exec(URLS, module.__dict__)
    monkeypatch.setitem(sys.modules, "tests_devmail_urls", module)
    settings.ROOT_URLCONF = "tests_devmail_urls"
    settings.ENVIRONMENT = "development"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    clear_url_caches()
    yield tmp_path / "mail"
    set_urlconf(None)


def send(*subjects, html="<p>Labas</p><script>alert(1)</script>"):
    with get_connection("django.core.mail.backends.filebased.EmailBackend") as connection:
        for subject in subjects:
            letter = EmailMultiAlternatives(
                subject, "Labas, Austėja!\n" + "-" * 79 + "\n.", to=["a@b.example"]
            )
            letter.attach_alternative(html, "text/html")
            connection.send_messages([letter])


def test_letters_are_listed_and_read(client, development):
    send("Pažymėjimas paruoštas", "Antras laiškas")
    listed = client.get("/dev/mail/").content.decode()
    assert "Pažymėjimas paruoštas" in listed and "Antras laiškas" in listed
    name = next(development.iterdir()).name
    letter = client.get(f"/dev/mail/{name}/0/")
    assert "Labas, Austėja!" in letter.content.decode()
    assert "a@b.example" in letter.content.decode()
    assert "sandbox" in letter.content.decode()


def test_html_part_runs_no_script_and_is_framed_by_us_alone(client, development):
    send("Laiškas")
    name = next(development.iterdir()).name
    response = client.get(f"/dev/mail/{name}/0/html/")
    policy = response["Content-Security-Policy"]
    assert "script-src 'none'" in policy and "sandbox" in policy
    assert "frame-ancestors 'self'" in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_links_of_a_letter_open_in_a_tab_of_their_own(client, development):
    send(
        "Laiškas",
        html="<html><head><title>x</title></head><body><a href='/lt/'>Patvirtinti</a></body></html>",
    )
    name = next(development.iterdir()).name

    assert '<head><base target="_blank">' in client.get(f"/dev/mail/{name}/0/html/").text


def test_empty_folder_says_what_to_do(client, development):
    assert client.get("/dev/mail/").status_code == 200


@pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "missing.log", "..", "%2e%2e"])
def test_only_letters_are_opened(client, development, name):
    send("Laiškas")
    assert client.get(f"/dev/mail/{name}/0/").status_code in (404, 301)
    real = next(development.iterdir()).name
    assert client.get(f"/dev/mail/{real}/7/").status_code == 404


@pytest.mark.parametrize("environment", ["production", "test"])
def test_nowhere_but_in_development(client, development, settings, environment):
    send("Laiškas")
    settings.ENVIRONMENT = environment
    assert client.get("/dev/mail/", follow=True).status_code == 404


@pytest.mark.parametrize("zone", ["-0000", "+0000", "+0200"])
def test_time_is_the_portals_own(development, zone):
    hour = 12 if zone == "+0200" else 10
    letter = Letter("x.log", 0, email.message_from_string(f"Date: Sat, 21 Nov 2026 {hour}:00:00 {zone}\n\n"))
    assert letter.sent_at.isoformat() == "2026-11-21T12:00:00+02:00"


def test_separator_inside_a_letter_does_not_cut_it(development):
    from portal.devmail import read

    send("Pirmas", "Antras")
    letters = read(next(development.iterdir()))
    assert [letter.message["Subject"] for letter in letters] == ["Pirmas", "Antras"]
    assert isinstance(letters[0].message.policy, type(email.policy.default))
