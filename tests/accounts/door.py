"""Through the door of the admin as a browser goes: name and password, then the code of a telephone."""

from binascii import unhexlify
from typing import Any

from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User

PASSWORD = "correct horse battery"
LOGIN = "/admin/login/"
VERIFY = "/admin/security/code/"
SET_UP = "/admin/security/set-up/"
# Where only a whole sign-in leads.
INSIDE = "/admin/password_change/"


def make_device(user: User) -> TOTPDevice:
    return TOTPDevice.objects.create(user=user, name="phone", key="12" * 20)


def code_of(key: str, *, steps: int = 0) -> str:
    """What an app shows for `key` now, or so many half minutes later."""
    totp = TOTP(unhexlify(key), drift=steps)
    return f"{totp.token():06}"


def wrong_code_of(key: str) -> str:
    """Six digits that are the code neither of now nor of the half minute before or after."""
    near = {code_of(key, steps=steps) for steps in (-1, 0, 1)}
    return next(f"{number:06}" for number in range(10) if f"{number:06}" not in near)


def sign_in(client: Client, user: User | str, password: str = PASSWORD, **extra: Any) -> Any:
    name = user if isinstance(user, str) else user.username
    return client.post(LOGIN, {"username": name, "password": password, "next": reverse("admin:index")}, **extra)


def sign_in_fully(client: Client, user: User, device: TOTPDevice) -> None:
    sign_in(client, user)
    assert client.post(VERIFY, {"code": code_of(device.key)}).status_code == 302
    assert is_inside(client)


def is_inside(client: Client) -> bool:
    return client.get(INSIDE).status_code == 200


def errors_of(response: Any, field: str = "code") -> list[str]:
    return list(response.context["form"].errors.get(field, []))
