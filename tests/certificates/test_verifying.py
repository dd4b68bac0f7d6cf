import re

import pytest
from django.urls import resolve, reverse
from django.utils.translation import override

from certificates import limits
from certificates.flows.revoking import AlreadyRevoked, revoke
from certificates.models import new_token
from certificates.views import redirect_to_language
from tests.factories.people import UserFactory
from tests.queries import counted

LANGUAGES = pytest.mark.parametrize("language", ["lt", "en"])


def page(token: str, language: str = "lt") -> str:
    return f"/{language}/verify/{token}/"


@LANGUAGES
def test_known_token_shows_what_it_certifies_and_masks_the_name(client, credential, language):
    response = client.get(page(credential.token, language))
    text = response.content.decode().replace("\u00a0", " ")
    assert response.status_code == 200
    assert f'<html lang="{language}"' in text
    for words in ("Informacijos paieška ir vertinimas", "K-2026-000001", "Ž. Š.", "Kelrodis"):
        assert words in text
    assert ("2026 m. spalio 6–27 d." if language == "lt" else "6–27 October 2026") in text
    assert "Šeškauskaitė" not in text and "Živilė" not in text


def test_what_is_in_the_certificates_language_is_marked_as_such(client, credential):
    text = client.get(page(credential.token, "en")).content.decode()
    sentence = (
        'baigė kursą „<span class="course">Informacijos paieška ir vertinimas</span>“ ir įgijo '
        "skaitmeninio turinio vertinimo ir paieškos strategijų kompetencijas."
    )
    assert f'<dd lang="lt">{sentence}</dd>' in text


def test_token_is_accepted_in_small_letters(client, credential):
    assert client.get(page(credential.token.lower())).status_code == 200


@pytest.mark.parametrize(
    "typed",
    [
        "Šeškauskaitė-Čepulienė",
        "seskauskaite-cepuliene",
        "ŠEŠKAUSKAITĖ ČEPULIENĖ",
        "  Šeškauskaitė-Čepulienė ",
    ],
)
def test_surname_unlocks_the_full_name(client, credential, typed):
    response = client.post(page(credential.token), {"surname": typed})
    assert response.status_code == 200
    assert "Živilė Šeškauskaitė-Čepulienė" in response.content.decode()


@pytest.mark.parametrize("typed", ["Šeškauskaitė", "Petraitienė", "Živilė", "%", ".*", "-"])
def test_another_surname_unlocks_nothing(client, credential, typed):
    response = client.post(page(credential.token), {"surname": typed})
    assert response.status_code == 400
    assert "Živilė Šeškauskaitė" not in response.content.decode()
    assert 'aria-invalid="true"' in response.content.decode()


@pytest.mark.parametrize("token", ["B" * 32, "A" * 31, "a%00b", "'--", "ą" * 32, "0" * 32, "K-2026-000001"])
def test_unknown_token_is_not_found_on_a_page_of_the_same_look(client, credential, token):
    response = client.get(page(token))
    assert response.status_code == 404
    assert "verify-band" in response.content.decode()
    assert reverse("certificates:check") in response.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_are_kept_out_of_search_engines_and_caches(client, credential, method):
    for token in (credential.token, new_token()):
        response = getattr(client, method)(page(token))
        assert "noindex" in response["X-Robots-Tag"]
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()


def test_known_and_unknown_tokens_cost_the_same_look_ups(client, credential):
    """C02: what differs is what is shown, not what is asked of the database."""
    costs = []
    client.get(page(new_token()))
    for token in (credential.token, new_token()):
        with counted() as statements:
            client.get(page(token))
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 2  # the certificate, the navigation


def test_looking_makes_no_session_of_the_visitor(client, credential):
    for address in (page(credential.token), page(new_token()), "/lt/verify/"):
        assert not client.get(address).cookies


class TestGuessing:
    """C02: guessing meets a limit, on the same page."""

    def test_unknown_tokens_from_one_address_are_limited(self, client, credential):
        for _ in range(limits.UNKNOWN_TOKENS.times):
            assert client.get(page(new_token())).status_code == 404
        response = client.get(page(credential.token))
        assert response.status_code == 429
        assert "verify-band" in response.content.decode()
        assert "K-2026-000001" not in response.content.decode()

    def test_limit_is_of_one_address_and_known_tokens_do_not_count(self, client, credential):
        for _ in range(limits.UNKNOWN_TOKENS.times * 2):
            assert client.get(page(credential.token)).status_code == 200
        for _ in range(limits.UNKNOWN_TOKENS.times):
            client.get(page(new_token()))
        assert client.get(page(credential.token), REMOTE_ADDR="192.0.2.7").status_code == 200

    def test_address_cannot_be_feigned_by_a_header(self, client, credential):
        for number in range(limits.UNKNOWN_TOKENS.times):
            client.get(page(new_token()), headers={"x-forwarded-for": f"192.0.2.{number}"})
        response = client.get(page(credential.token), headers={"x-forwarded-for": "192.0.2.200"})
        assert response.status_code == 429

    def test_surnames_from_one_address_are_limited(self, client, credential):
        for _ in range(limits.WRONG_SURNAMES.times):
            assert client.post(page(credential.token), {"surname": "Petraitis"}).status_code == 400
        response = client.post(page(credential.token), {"surname": "Šeškauskaitė-Čepulienė"})
        assert response.status_code == 429
        assert "Živilė" not in response.content.decode()

    def test_stranger_who_guesses_does_not_shut_out_others(self, client, credential, monkeypatch):
        monkeypatch.setattr(limits, "WRONG_SURNAMES", limits.Limit("loose", times=10_000, seconds=600))
        right = {"surname": "Šeškauskaitė-Čepulienė"}
        for number in range(limits.WRONG_SURNAMES_OF_ONE.times + 5):
            stranger = f"2001:db8::{number:x}"  # one network of many addresses
            client.post(page(credential.token), {"surname": "Petraitis"}, REMOTE_ADDR=stranger)
        assert client.post(page(credential.token), right, REMOTE_ADDR=stranger).status_code == 429
        assert client.post(page(credential.token), right, REMOTE_ADDR="192.0.2.99").status_code == 200

    def test_surnames_of_one_certificate_are_limited_from_everywhere(self, client, credential):
        for number in range(limits.WRONG_SURNAMES_FROM_ALL.times):
            stranger = f"198.51.{number // 100}.{number % 100}"
            client.post(page(credential.token), {"surname": "Petraitis"}, REMOTE_ADDR=stranger)
        answer = client.post(
            page(credential.token), {"surname": "Šeškauskaitė-Čepulienė"}, REMOTE_ADDR="192.0.2.99"
        )
        assert answer.status_code == 429

    def test_number_form_is_under_the_same_limit(self, client, credential):
        for number in range(limits.WRONG_SURNAMES.times):
            client.post("/lt/verify/", {"code": f"K-2026-{number:06d}", "surname": "Petraitis"})
        answer = client.post("/lt/verify/", {"code": credential.number, "surname": "Šeškauskaitė-Čepulienė"})
        assert answer.status_code == 429


class TestStatus:
    """C03, C04."""

    def test_revoked_one_says_so(self, client, credential):
        revoke(credential=credential, by=UserFactory(), reason="Issued by mistake")
        text = client.get(page(credential.token)).content.decode()
        assert "standing-bad" in text and "standing-valid" not in text
        assert "Issued by mistake" not in text, "the reason is for the log"

    def test_revoking_twice_is_refused(self, credential):
        revoke(credential=credential, by=UserFactory(), reason="x")
        with pytest.raises(AlreadyRevoked):
            revoke(credential=credential, by=UserFactory(), reason="x")

    def test_credential_of_an_erased_person_is_valid_without_a_name(self, client, credential):
        credential.holder.delete()
        response = client.get(page(credential.token))
        text = response.content.decode()
        assert response.status_code == 200 and "standing-valid" in text
        assert "Ž. Š." not in text
        assert 'name="surname"' not in text
        typed = client.post(page(credential.token), {"surname": "Šeškauskaitė-Čepulienė"})
        assert "Živilė" not in typed.content.decode()
        looked_up = client.post(
            "/lt/verify/", {"code": credential.number, "surname": "Šeškauskaitė-Čepulienė"}
        )
        assert looked_up.status_code == 404


class TestForm:
    """Looking a certificate up by what is printed on it."""

    @LANGUAGES
    def test_form_is_shown(self, client, db, language):
        response = client.get(f"/{language}/verify/")
        assert response.status_code == 200
        assert "noindex" in response["X-Robots-Tag"]

    def test_number_and_surname_find_it_and_show_the_name(self, client, credential):
        response = client.post(
            "/lt/verify/", {"code": " k-2026-000001 ", "surname": "seskauskaite cepuliene"}
        )
        assert response.status_code == 200
        assert "Živilė Šeškauskaitė-Čepulienė" in response.content.decode()

    @pytest.mark.parametrize(
        ("code", "surname"), [("K-2026-000001", "Petraitis"), ("K-2026-000002", "Šeškauskaitė-Čepulienė")]
    )
    def test_wrong_number_and_wrong_surname_get_the_same_answer(self, client, credential, code, surname):
        response = client.post("/lt/verify/", {"code": code, "surname": surname})
        assert response.status_code == 404
        text = re.sub(r'value="[^"]*"', "", response.content.decode())
        assert 'role="alert"' in text
        other = client.post("/lt/verify/", {"code": "K-2020-000001", "surname": "Kitas"})
        assert re.sub(r'value="[^"]*"', "", other.content.decode()) == text

    @pytest.mark.parametrize("around", ["{}", "https://kelrodis.example/verify/{}/", " {} "])
    def test_code_or_whole_address_leads_to_the_certificate(self, client, credential, around):
        response = client.post("/lt/verify/", {"code": around.format(credential.token.lower())})
        assert response.headers["Location"] == page(credential.token)

    @pytest.mark.parametrize(
        "data", [{}, {"code": ""}, {"code": "K-2026-000001"}, {"code": "x" * 500, "surname": "y"}]
    )
    def test_form_filled_in_badly_says_what_is_missing(self, client, credential, data):
        response = client.post("/lt/verify/", data)
        assert response.status_code == 400
        assert "field-error" in response.content.decode()

    @pytest.mark.parametrize("code", ["/etc/passwd", "//evil.example", "a/b/c", "\u0000", "<script>"])
    def test_strange_codes_break_nothing(self, client, credential, code):
        assert client.post("/lt/verify/", {"code": code, "surname": "x"}).status_code in (400, 404)


class TestAddressOnPaper:
    """The address on paper has no language."""

    @LANGUAGES
    def test_it_leads_to_the_readers_language(self, client, credential, language):
        response = client.get(f"/verify/{credential.token}/", headers={"accept-language": language})
        assert response.status_code == 302
        assert response.headers["Location"] == page(credential.token, language)
        assert "Accept-Language" in response["Vary"]
        form = client.get("/verify/", headers={"accept-language": language})
        assert form.headers["Location"] == f"/{language}/verify/"

    def test_it_is_the_one_that_is_printed(self, credential):
        from certificates.addresses import verify_url

        with override("lt"):
            path = verify_url(credential).removeprefix("http://localhost:8000")
        assert resolve(path).func is redirect_to_language
