"""The second factor: codes of a telephone (TOTP, RFC 6238) and ten recovery codes for the day when it is lost.

A recovery code is 10 characters out of 31 (about 49 bits) and is kept as HMAC-SHA-256 under a key that Django derives
from SECRET_KEY, so that a copy of the database opens nothing. When SECRET_KEY is changed, codes made under the old key
work as long as it stands in SECRET_KEY_FALLBACKS; after that they are refused like wrong ones, the telephone goes on
giving codes (its key does not depend on SECRET_KEY), and new recovery codes are made with one of those.
"""

import secrets
from base64 import b32encode, b64encode
from binascii import unhexlify
from math import ceil
from typing import Any

import zxingcpp
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import throttling
from accounts.models import RecoveryCode, StaffSession, User
from accounts.standing import device_of, is_factor_required
from audit.enums import Action
from audit.recording import log
from newsroom.lib.arabic import fold_digits

PURPOSE = "factor"
RECOVERY_CODES = 10
# Without 0 and o, 1 and i and l: they are read from paper.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH, _GROUP = 10, 5
_SALT = "accounts.second_factor.recovery"


class WrongCode(Exception):
    """Not a code of this moment, or one that was used before."""


class TooSoon(Exception):
    """After a wrong code the telephone is not asked for a while, longer each time; `minutes` says how long."""

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes)
        self.minutes = minutes


class NoDevice(Exception):
    """This member has no second factor."""


class AlreadySetUp(Exception):
    """This member has a second factor; it must be removed before another is set up."""


class FactorRequired(Exception):
    """A role of this member demands the second factor."""


def new_key() -> str:
    """160 random bits in hexadecimal, as RFC 4226 recommends."""
    return secrets.token_hex(20)


def readable_key(key: str) -> str:
    """The key as an app takes it by hand: base32 in groups of four."""
    text = b32encode(unhexlify(key)).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def app_link(user: User, key: str) -> str:
    """The `otpauth:` address that an app on the same telephone opens; the site is named by settings.OTP_TOTP_ISSUER."""
    link: str = TOTPDevice(user=user, key=key).config_url
    return link


def qr_picture(text: str) -> str:
    """`text` as a QR code, in a `data:` address of an SVG picture."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return "data:image/svg+xml;base64," + b64encode(code.to_svg(scale=4).encode()).decode()


def set_up(user: User, *, key: str, code: str) -> tuple[TOTPDevice, list[str]]:
    """Keep the telephone that shows `code` for `key`; returns it with the recovery codes, which nobody can read again.

    Raises WrongCode and AlreadySetUp. The code counts as used. Other sessions of the user owe the factor from now on.
    """
    totp = TOTP(unhexlify(key))
    if not totp.verify(int(code), tolerance=1):
        raise WrongCode
    with transaction.atomic():
        # Two windows must not make two devices.
        User.objects.select_for_update().get(pk=user.pk)
        if device_of(user):
            raise AlreadySetUp
        device = TOTPDevice.objects.create(user=user, key=key, name="phone", last_t=totp.t(), drift=totp.drift)
        log(Action.FACTOR_SET_UP, by=user, subject=user)
        return device, make_recovery_codes(user, by=user)


def check_code(user: User, code: str) -> TOTPDevice:
    """The telephone, if it shows `code` (six digits) now and has not been believed for it before.

    Raises WrongCode, TooSoon, NoDevice and throttling.LockedOut.
    """
    throttling.check_page(PURPOSE, user)
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).order_by("pk").first()
        if device is None:
            raise NoDevice
        is_allowed, why = device.verify_is_allowed()
        if not is_allowed:
            raise TooSoon(ceil((why["locked_until"] - timezone.now()).total_seconds() / 60))
        is_right = device.verify_token(code)
        _keep_count(user, is_right=is_right)
    # Outside: what was counted must stay.
    if not is_right:
        raise WrongCode
    return device


def use_recovery_code(user: User, code: str) -> TOTPDevice:
    """The telephone for which `code` stands in, once. Raises WrongCode, NoDevice and throttling.LockedOut."""
    throttling.check_page(PURPOSE, user)
    device = device_of(user)
    if device is None:
        raise NoDevice
    with transaction.atomic():
        # One statement looks and marks: of two that come at once the second finds the row used.
        unused = RecoveryCode.objects.filter(user=user, digest__in=_digests(user, code), used_at__isnull=True)
        is_right = unused.update(used_at=timezone.now()) == 1
        _keep_count(user, is_right=is_right)
        if is_right:
            log(Action.RECOVERY_CODE_USED, by=user, subject=user)
    if not is_right:
        raise WrongCode
    return device


def recovery_codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at__isnull=True).count()


def make_recovery_codes(user: User, *, by: User) -> list[str]:
    """Ten new codes, `abcde-fghij`; those from before are worth nothing any more."""
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)) for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digests(user, code)[0]) for code in codes)
        log(Action.RECOVERY_CODES_MADE, by=by, subject=user)
    return [f"{code[:_GROUP]}-{code[_GROUP:]}" for code in codes]


def remove(user: User, *, by: User | None, kept: Any = None) -> None:
    """Take the factor away and end the sessions of `user`: one that still owes a code must not open by this.

    `kept` is the id of a StaffSession that stays. `by` is None on the command line. Raises NoDevice and FactorRequired.
    """
    with transaction.atomic():
        check_removable(user, by=by)
        TOTPDevice.objects.filter(user=user).delete()
        RecoveryCode.objects.filter(user=user).delete()
        StaffSession.objects.filter(user=user).exclude(pk=kept).delete()
        log(Action.FACTOR_REMOVED, by=by, subject=user)


def check_removable(user: User, *, by: User | None) -> None:
    """Raise NoDevice, or FactorRequired when a role of `user` demands the factor and it is the user who asks."""
    if device_of(user) is None:
        raise NoDevice
    if by == user and is_factor_required(user):
        raise FactorRequired


def _keep_count(user: User, *, is_right: bool) -> None:
    if is_right:
        throttling.forgive_page(PURPOSE, user)
    else:
        log(Action.FACTOR_REFUSED, by=user, subject=user)
        throttling.count_page_failure(PURPOSE, user)


def _digests(user: User, code: str) -> list[str]:
    """Under the key of today first, then under those of before."""
    letters = "".join(char for char in fold_digits(code).lower() if char.isalnum())
    return [
        salted_hmac(_SALT, f"{user.pk}:{letters}", secret=secret, algorithm="sha256").hexdigest()
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
