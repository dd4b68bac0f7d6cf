"""Single sign-on with a provider that keeps to the standard, running as a process of its own."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.test import Client

from portal.checks import single_sign_on_is_whole
from portal.directory.flows.roles import grant
from portal.directory.models import Role, RoleAssignment, User
from portal.logs import without_people
from tests.directory.mail import letters
from tests.factories.oidc import CLIENT, RASA, RealProvider, begin, path_of
from tests.factories.people import UserFactory
from tests.security.test_redirects import EVIL
from tests.security.world import somebody
from tests.signing_in import code_of, give_app

pytestmark = [pytest.mark.django_db, pytest.mark.services]
UNPROVED = RASA | {"sub": "unproved", "email_verified": False}
WITH_APP = RASA | {"sub": "strong", "amr": ["pwd", "otp"], "acr": "urn:example:strong"}
NAMELESS = {"sub": "nameless"}
SET_UP = "/lt/second-factor/set-up/"


@pytest.fixture(scope="module")
def process():
    provider = RealProvider(RASA, UNPROVED, WITH_APP, NAMELESS)
    yield provider
    provider.stop()


@pytest.fixture(autouse=True)
def provider(process, settings):
    settings.OIDC, settings.SECOND_FACTOR = process.settings(), "staff"
    return process


def come_in(browser, provider, sub="rasa", **form):
    """Sign in by the provider, all the way; return the portal's answer."""
    address, _asked = begin(browser, **form)
    return browser.get(path_of(provider.answer(address, sub)))


def signed_in(browser):
    return User.objects.filter(pk=browser.session.get("_auth_user_id")).first()


def test_button_is_on_the_sign_in_page_only_where_a_provider_is_set_up(client, settings):
    assert "Alytaus biblioteka" in client.get("/lt/sign-in/").text
    settings.OIDC = settings.OIDC | {"issuer": ""}
    assert "Alytaus biblioteka" not in client.get("/lt/sign-in/").text
    assert client.post("/lt/sign-in/sso/").status_code == client.get("/sso/callback/").status_code == 404


def test_provider_is_asked_for_a_code_with_state_nonce_and_pkce(client, provider):
    address, asked = begin(client, language="en")
    assert address.startswith(f"{provider.issuer}/oauth2/authorize?")
    assert asked["client_id"] == CLIENT
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert asked["ui_locales"] == "en"
    assert len(asked["nonce"]) >= 32 and len(asked["state"]) >= 16 and len(asked["code_challenge"]) == 43
    assert asked["redirect_uri"] == "http://localhost:8000/sso/callback/"
    assert begin(client)[1]["nonce"] != asked["nonce"]


def test_visitor_adds_nothing_to_what_the_provider_is_asked(client):
    form = {"auth_params": "redirect_uri=https://evil.example/", "scope": "admin", "process": "connect"}
    page = client.post(
        "/lt/sign-in/sso/?auth_params=prompt%3Dnone&scope=offline_access&process=redirect", form
    )
    assert "evil" not in page.context["address"]
    assert "prompt" not in page.context["address"] and "offline" not in page.context["address"]


def test_newcomer_is_made_with_name_and_proved_address_and_no_rights(client, provider):
    assert come_in(client, provider).url == "/lt/learn/"
    rasa = signed_in(client)
    assert (rasa.first_name, rasa.last_name, rasa.email) == ("Rasa", "Stonkutė", "rasa@alytus.example")
    assert rasa.email_verified_at and EmailAddress.objects.get(user=rasa).verified
    assert not rasa.has_usable_password()
    assert not (rasa.is_superuser or rasa.is_staff or rasa.groups.exists() or RoleAssignment.objects.exists())
    assert client.get("/lt/learn/").status_code == 200
    assert client.get("/admin/", follow=True).status_code == 403


def test_second_visit_is_the_same_person(client, provider):
    come_in(client, provider)
    elsewhere = Client()
    come_in(elsewhere, provider)
    assert signed_in(elsewhere) == signed_in(client)
    assert User.objects.count() == SocialAccount.objects.count() == 1


def test_newcomer_without_name_or_address_comes_in_too(client, provider):
    come_in(client, provider, "nameless")
    person = signed_in(client)
    assert person.email is None and person.display_name == "Dalyvis"


def test_one_is_led_on_to_where_one_was_going_in_ones_language(client, provider, course):
    assert come_in(client, provider, language="en", next=course.page.url).url == course.page.url
    other = Client()
    assert come_in(other, provider, language="en").url == "/en/learn/"


@pytest.mark.parametrize("target", EVIL)
def test_M02_single_sign_on_never_leads_to_another_site(client, provider, target):
    assert come_in(client, provider, next=target).url == "/lt/learn/"


def test_account_with_the_same_proved_address_is_linked_and_its_person_told(client, provider):
    rasa = UserFactory(first_name="Rasa", email="Rasa@Alytus.example")
    User.objects.filter(pk=rasa.pk).update(password=make_password(None))
    come_in(client, provider)
    assert signed_in(client) == rasa
    (letter,) = letters()
    assert letter.to == ["Rasa@Alytus.example"]
    assert "Alytaus biblioteka" in letter.subject
    assert "slaptažod" not in letter.body


def test_password_set_before_linking_opens_nothing_any_more_and_its_sessions_end(client, provider):
    rasa = UserFactory(first_name="Rasa", email=RASA["email"])
    form = {"login": RASA["email"], "password": "labas-rytas-2026"}
    before = Client()
    before.post("/lt/sign-in/", form)
    assert signed_in(before) == rasa
    come_in(client, provider)
    assert signed_in(client) == rasa
    (letter,) = letters()
    assert "slaptažodis nebegalioja" in letter.body and "/lt/password/forgotten/" in letter.body
    assert before.get("/lt/learn/").status_code == 302
    again = Client()
    again.post("/lt/sign-in/", form)
    assert signed_in(again) is None
    assert client.get("/lt/learn/").status_code == 200
    come_in(client, provider)
    assert letters() == []


def test_address_the_provider_has_not_proved_takes_no_account_over(client, provider):
    owner = UserFactory(email=RASA["email"])
    come_in(client, provider, "unproved")
    assert signed_in(client) != owner
    assert signed_in(client).email is None
    assert not EmailAddress.objects.filter(user=signed_in(client)).exists()


def test_address_only_claimed_here_is_not_linked_either(client, provider):
    """Whoever signed up with somebody else's address waits in vain for its owner."""
    squatter = UserFactory(email=RASA["email"], proved=False)
    EmailAddress.objects.create(user=squatter, email=RASA["email"], verified=False)
    come_in(client, provider)
    assert signed_in(client) != squatter
    form = {"login": RASA["email"], "password": "labas-rytas-2026"}
    browser = Client()
    browser.post("/lt/sign-in/", form)
    assert signed_in(browser) is None


def test_domain_named_in_the_settings_is_believed_without_the_providers_word(client, provider, settings):
    settings.OIDC = provider.settings(trusted_domains=["alytus.example"])
    owner = UserFactory(email=RASA["email"])
    come_in(client, provider, "unproved")
    assert signed_in(client) == owner


def test_same_subject_of_another_issuer_is_somebody_else(client, provider, settings):
    come_in(client, provider)
    row = SocialAccount.objects.get()
    row.uid = "0" * 64  # as if another issuer had vouched for this subject
    row.save()
    User.objects.update(email=None, email_verified_at=None)
    EmailAddress.objects.all().delete()
    other = Client()
    come_in(other, provider)
    assert signed_in(other) != signed_in(client)


def test_somebody_signed_in_is_replaced_and_never_merged(client, provider, austeja):
    client.force_login(austeja, backend="portal.directory.backends.EmailBackend")
    key = client.session.session_key
    come_in(client, provider)
    assert signed_in(client).first_name == "Rasa"
    assert client.session.session_key != key
    assert SocialAccount.objects.get().user != austeja


def test_closed_account_stays_closed(client, provider):
    UserFactory(email=RASA["email"], is_active=False)
    assert come_in(client, provider).url == "/lt/inactive/"
    assert signed_in(client) is None


def test_sign_up_closed_still_lets_in_whom_the_provider_knows(client, provider, settings):
    settings.SIGN_UP_OPEN = False
    come_in(client, provider)
    assert signed_in(client)


def test_nothing_of_the_providers_tokens_is_kept(client, provider):
    give_app(UserFactory(email=RASA["email"]))
    assert come_in(client, provider).url == "/lt/sign-in/code/"
    assert not SocialToken.objects.exists()
    assert set(SocialAccount.objects.get().extra_data) == {"iss", "sub"}
    assert not any("token" in str(row.get_decoded()).lower() for row in Session.objects.all())


@pytest.mark.parametrize(
    "line",
    ['GET /sso/callback/?code=slapta&state=slapta HTTP/1.1" 302', "Bad Request: /sso/callback/?state=slapta"],
)
def test_answer_of_the_provider_is_in_no_log(line):
    assert "slapta" not in without_people(line)
    assert "/sso/callback/?[masked]" in without_people(line)


# The second factor ------------------------------------------------------------------------------


def rasa_as_editor(has_app=False):
    rasa = somebody("Rasa", "Stonkutė", role=Role.EDITOR)
    User.objects.filter(pk=rasa.pk).update(email=RASA["email"])
    EmailAddress.objects.filter(user=rasa).update(email=RASA["email"])
    if has_app:
        give_app(rasa)
    return rasa


def test_staff_who_come_by_single_sign_on_need_the_portals_second_factor(client, provider):
    rasa_as_editor()
    assert come_in(client, provider).url == f"{SET_UP}?next=%2Flt%2Flearn%2F"
    assert client.get("/admin/").url.startswith(SET_UP)


def test_staff_with_an_app_type_its_code_after_single_sign_on(client, provider):
    rasa = rasa_as_editor(has_app=True)
    assert come_in(client, provider).url == "/lt/sign-in/code/"
    assert signed_in(client) is None
    client.post("/lt/sign-in/code/", {"code": code_of()})
    assert signed_in(client) == rasa
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("believed", [{"acr": ["urn:example:strong"]}, {"amr": ["otp", "hwk"]}])
@pytest.mark.parametrize("has_app", [True, False])
def test_providers_second_factor_counts_where_the_settings_say_so(
    client, provider, settings, believed, has_app
):
    settings.OIDC = provider.settings(**believed)
    rasa_as_editor(has_app)
    assert come_in(client, provider, "strong").url == "/lt/learn/"
    assert client.get("/admin/").status_code == 200
    settings.OIDC = provider.settings()
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("believed", [{}, {"acr": ["kita"]}, {"amr": ["face"]}])
def test_providers_second_factor_counts_nowhere_else(client, provider, settings, believed):
    settings.OIDC = provider.settings(**believed)
    rasa_as_editor()
    come_in(client, provider, "strong")
    assert client.get("/admin/").url.startswith(SET_UP)


def test_provider_is_asked_for_the_second_factor_that_is_believed(client, provider, settings):
    settings.OIDC = provider.settings(acr=["urn:example:strong"])
    assert begin(client)[1]["acr_values"] == "urn:example:strong"


def test_role_granted_here_holds_for_whoever_comes_by_single_sign_on(client, provider):
    come_in(client, provider)
    grant(user=signed_in(client), role=Role.EDITOR, by=None)
    secret = client.get(SET_UP).context["secret"]
    client.post(SET_UP, {"code": code_of(secret)})
    assert client.get("/admin/").status_code == 200


def test_sign_out_ends_the_session_here(client, provider):
    come_in(client, provider)
    assert client.post("/lt/sign-out/").url == "/"
    assert signed_in(client) is None


# Ways it ends otherwise -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"), [("lt", "Jūs neprisijungėte"), ("en", "You are not signed in")]
)
def test_denied_at_the_provider_is_said_with_a_way_back(client, provider, language, said):
    address, asked = begin(client, language=language)
    back = path_of(provider.answer(address, action="deny"))  # this provider leaves the state out, most do not
    for response in (
        client.get(back, headers={"Accept-Language": language}),
        client.get(f"{back}&state={asked['state']}"),
    ):
        assert response.status_code == 403
        assert f"<h1>{said}</h1>" in response.text
        assert f'href="/{language}/sign-in/"' in response.text
    assert signed_in(client) is None


def test_answer_is_good_once(client, provider):
    address, _asked = begin(client)
    back = path_of(provider.answer(address))
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 400
    assert signed_in(client)


def test_answer_in_another_browser_lets_nobody_in(client, provider):
    address, _asked = begin(client)
    victim = Client()
    begin(victim)
    assert victim.get(path_of(provider.answer(address))).status_code == 400
    assert signed_in(victim) is None


@pytest.mark.parametrize(
    "query",
    ["", "?code=x", "?state=x", "?code=x&state=x", "?error=x&state=\x00", "?code=x&iss=https://evil.example"],
)
def test_answer_nobody_asked_for_is_refused(client, query):
    response = client.get(f"/sso/callback/{query}", headers={"Accept-Language": "lt"})
    assert response.status_code == 400
    assert "Pagalbos kodas" in response.text


def test_code_that_the_provider_does_not_know_is_refused(client):
    _address, asked = begin(client)
    response = client.get("/sso/callback/", {"code": "išgalvotas", "state": asked["state"]})
    assert response.status_code == 502
    assert signed_in(client) is None


def test_callback_and_beginning_take_one_method_each(client):
    assert client.post("/sso/callback/").status_code == 405
    assert client.get("/lt/sign-in/sso/").status_code == 405


def test_beginning_needs_the_form_of_this_site():
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/lt/sign-in/sso/").status_code == 403


def test_leading_on_is_done_by_a_page_without_script_or_foreign_form_target(client):
    page = client.post("/lt/sign-in/sso/")
    assert 'http-equiv="refresh" content="0; url=http' in page.text
    assert "form-action 'self'" in page["Content-Security-Policy"]
    assert urlsplit(page.context["address"]).netloc not in page["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({}, False),
        ({"issuer": ""}, False),
        ({"client_id": ""}, True),
        ({"client_secret": ""}, True),
        ({"issuer": "http://sso.example"}, True),
        ({"issuer": "https://sso.example"}, False),
    ],
)
def test_provider_half_set_up_does_not_start(settings, change, refused):
    settings.OIDC = settings.OIDC | change
    assert bool(single_sign_on_is_whole(None)) is refused
