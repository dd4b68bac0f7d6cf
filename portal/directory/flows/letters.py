"""Letters about a person's own account.

A link that opens something is made when its letter is sent, in the worker: no row and no log ever holds it.
"""

from __future__ import annotations

import uuid
from enum import StrEnum
from urllib.parse import urljoin

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from portal.conf import conf
from portal.directory.flows import claims
from portal.directory.flows.people import owner_of
from portal.directory.models import User
from portal.directory.models.names import is_plain
from portal.outbox.letters import Letter, send_letter
from portal.outbox.recording import record

CLAIMED = "directory.address_claimed"
FORGOTTEN = "directory.password_forgotten"


def may_set_password(user: User) -> bool:
    """Whether a link to set a password may be sent to the person's address.

    Not to one that only a platform told us: whoever launches could make an account for somebody else's
    address, wait until its owner moves in, and go on launching into it. Who was invited came by no launch.
    """
    return user.has_usable_password() or user.email_verified_at is not None or user.invited_at is not None


@transaction.atomic
def ask_to_confirm(*, address: EmailAddress) -> None:
    """Record the letter with the link that proves ``address`` its person's."""
    record(CLAIMED, address_id=address.pk, key=_key("confirm", address.pk))


@transaction.atomic
def answer_forgotten(*, user: User) -> None:
    """Record the letter with the link to a new password, or the one that says there is none here."""
    key = _key("password", user.pk)
    if may_set_password(user):
        record(FORGOTTEN, user_id=user.pk, key=key)
    else:
        send_letter(template="password_elsewhere", to=user, context={}, key=key)


@transaction.atomic
def tell_of_second_sign_up(*, email: str) -> None:
    """Record the letter that tells an address's owner that somebody wanted another account for it."""
    owner = owner_of(email=email)
    if owner is None:
        return
    context = {"sign_in": _url(owner, "account_login"), "forgotten": _url(owner, "account_reset_password")}
    send_letter(template="address_taken", to=owner, context=context, key=_key("taken", owner.pk))


@transaction.atomic
def tell_of_new_password(*, user: User) -> None:
    """Record the letter that tells a person their password has changed."""
    context = {"forgotten": _url(user, "account_reset_password")}
    send_letter(template="password_changed", to=user, context=context, key=_key("changed", user.pk))


class FactorNews(StrEnum):
    """What may happen to somebody's second factor."""

    ON = "on"
    MOVED = "moved"
    OFF = "off"
    RESET = "reset"
    CODE_USED = "code_used"
    CODES_NEW = "codes_new"


@transaction.atomic
def tell_of_factor(*, user: User, news: FactorNews, left: int = 0) -> None:
    """Record the letter that tells a person what happened to their second factor; ``left`` recovery codes remain."""
    context = {
        "news": news.value,
        "left": left,
        "own_page": _url(user, "second_factor"),
        "forgotten": _url(user, "account_reset_password"),
    }
    send_letter(template="second_factor", to=user, context=context, key=_key(f"factor-{news}", user.pk))


@transaction.atomic
def tell_of_sign_on(*, user: User, password_ended: bool) -> None:
    """Record the letter that tells a person that single sign-on opens their account from now on."""
    context = {
        "name": conf.OIDC["name"],
        "password_ended": password_ended,
        "forgotten": _url(user, "account_reset_password"),
    }
    send_letter(template="sign_on_linked", to=user, context=context, key=_key("sign-on", user.pk))


@transaction.atomic
def tell_of_new_address(*, user: User, former: str) -> None:
    """Record the letter to the former address: the account has another from now on."""
    send_letter(template="address_changed", to=user, context={}, key=_key("address", user.pk), email=former)


def confirmation(*, address_id: int, key: str) -> Letter | None:
    """Return the letter with the link that confirms an address; None when it is no longer to be confirmed."""
    address = EmailAddress.objects.filter(pk=address_id, verified=False).select_related("user").first()
    if address is None:
        return None
    first = (address.user.email or "").lower() == address.email.lower()
    template = "address_confirm" if first else "address_change"
    link = _url(address.user, "account_confirm_email", key=claims.key_of(address))
    name = address.user.get_full_name()
    context = {"link": link, "days": app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS}
    context["name"] = name if is_plain(name) else ""
    return Letter(template, address.user_id, key, context, email=address.email)


def new_password(*, user_id: int, key: str) -> Letter | None:
    """Return the letter with the link to a new password; None when the person may no longer have one."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not may_set_password(user):
        return None
    token = default_token_generator.make_token(user)
    link = _url(user, "account_reset_password_from_key", uidb36=user_pk_to_url_str(user), key=token)
    context = {"link": link, "hours": settings.PASSWORD_RESET_TIMEOUT // 3600}
    return Letter("password_new", user.pk, key, context)


def _key(what: str, number: int) -> str:
    """Return the key of one more letter of its kind."""
    return f"{what}:{number}:{uuid.uuid4().hex}"


def _url(user: User, name: str, **arguments: str) -> str:
    """Return the full address of a page, in the person's language."""
    with override(user.preferred_language):
        return urljoin(conf.SITE_URL, reverse(name, kwargs=arguments))
