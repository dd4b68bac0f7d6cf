"""The second factor: an authenticator app's codes (TOTP, RFC 6238), and recovery codes for a lost device."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.db import transaction
from django.utils.timezone import now
from wagtail.log_actions import log

from portal.directory import sealing
from portal.directory.flows import letters
from portal.directory.flows.letters import FactorNews
from portal.directory.models import User

STEP = 30  # seconds a code holds (RFC 6238, clause 5.2)
LATE = 1  # steps by which a clock, or a slow typist, may be off (the same clause advises one)
APP, CODES = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES

logger = logging.getLogger(__name__)


class WrongCode(Exception):
    """Not the code of this moment, or one that was used already."""


@dataclass(frozen=True)
class Standing:
    """What of the second factor a person has."""

    app: Authenticator | None
    codes_left: int


def new_secret() -> str:
    """Return a secret of 160 bits for an authenticator app (RFC 4226, clause 4), in base 32."""
    return generate_totp_secret()


def standing(*, user: User) -> Standing:
    """Return what the person has set up. Unreadable recovery codes count as none."""
    held = {row.type: row for row in Authenticator.objects.filter(user=user)}
    left = 0
    if CODES in held:
        try:
            left = len(RecoveryCodes(held[CODES]).get_unused_codes())
        except sealing.Unreadable:
            logger.error("recovery codes of person %s are sealed with a key we do not have", user.pk)
    return Standing(held.get(APP), left)


@transaction.atomic
def set_up(*, user: User, secret: str, code: str) -> Authenticator:
    """Make the app that showed ``code`` the person's, in the place of any other, with new recovery codes.

    Raises WrongCode.
    """
    step = _step_of(secret, code)
    if step is None:
        raise WrongCode
    User.objects.select_for_update().get(pk=user.pk)  # of two set up at once, the later one stays
    moved = Authenticator.objects.filter(user=user, type=APP).exists()
    Authenticator.objects.filter(user=user).delete()
    app = Authenticator.objects.create(
        user=user, type=APP, data={"secret": sealing.seal(secret), "last_step": step}, last_used_at=now()
    )
    RecoveryCodes.activate(user)
    log(user, "directory.second_factor_set_up", user=user)
    letters.tell_of_factor(user=user, news=FactorNews.MOVED if moved else FactorNews.ON)
    return app


@transaction.atomic
def accept(*, user: User, code: str) -> Authenticator:
    """Take a code of the app or a recovery code, each once. Return what it belongs to. Raises WrongCode."""
    app = Authenticator.objects.select_for_update().filter(user=user, type=APP).first()
    if app is None:
        raise WrongCode
    try:
        if _takes(app, code):
            return app
        codes = Authenticator.objects.filter(user=user, type=CODES).first()
        if codes is not None and RecoveryCodes(codes).validate_code(code):
            log(user, "directory.recovery_code_used", user=user)
            left = len(RecoveryCodes(Authenticator.objects.get(pk=codes.pk)).get_unused_codes())
            letters.tell_of_factor(user=user, news=FactorNews.CODE_USED, left=left)
            return codes
    except sealing.Unreadable:
        logger.error("second factor of person %s is sealed with a key we do not have", user.pk)
    raise WrongCode


def _takes(app: Authenticator, code: str) -> bool:
    """Whether ``code`` is the app's, of a moment later than any code taken before; if so, it is taken."""
    step = _step_of(sealing.unseal(app.data["secret"]), code)
    if step is None or step <= app.data.get("last_step", 0):
        return False
    app.data = {"secret": sealing.resealed(app.data["secret"]), "last_step": step}
    app.save(update_fields=["data"])
    return True


def _step_of(secret: str, code: str) -> int | None:
    """Return the step of time whose code this is, or None."""
    present = int(time.time()) // STEP
    for step in range(present - LATE, present + LATE + 1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None


@transaction.atomic
def renew_codes(*, user: User) -> None:
    """Replace the recovery codes; the former ones are void. Raises WrongCode where no app is set up."""
    if not Authenticator.objects.select_for_update().filter(user=user, type=APP).exists():
        raise WrongCode
    Authenticator.objects.filter(user=user, type=CODES).delete()
    RecoveryCodes.activate(user)
    log(user, "directory.recovery_codes_renewed", user=user)
    letters.tell_of_factor(user=user, news=FactorNews.CODES_NEW)


@transaction.atomic
def codes_to_show(*, user: User) -> list[str]:
    """Return the recovery codes the first time they are asked for, and nothing ever after."""
    row = Authenticator.objects.select_for_update().filter(user=user, type=CODES).first()
    if row is None or RecoveryCodes(row).did_view:
        return []
    codes = RecoveryCodes(row)
    codes.mark_as_viewed()
    return codes.get_unused_codes()


@transaction.atomic
def remove(*, user: User, by: User | None) -> bool:
    """Take the second factor away: by the person, or by an administrator for somebody who lost theirs.

    Nobody does it from the machine itself (``manage.py administrator``).
    Return whether there was one.
    """
    removed, _rows = Authenticator.objects.filter(user=user).delete()
    if not removed:
        return False
    own = user == by
    log(user, "directory.second_factor_removed" if own else "directory.second_factor_reset", user=by)
    letters.tell_of_factor(user=user, news=FactorNews.OFF if own else FactorNews.RESET)
    return True


def reseal() -> int:
    """Seal every secret with the present key; return how many there are. Unreadable ones stay as they are."""
    count = 0
    for pk in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().get(pk=pk)
            name = "secret" if row.type == APP else "seed"
            try:
                row.data[name] = sealing.resealed(row.data[name])
            except sealing.Unreadable:
                logger.error("second factor of person %s is sealed with a key we do not have", row.user_id)
                continue
            row.save(update_fields=["data"])
            count += 1
    return count
