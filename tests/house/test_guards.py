"""The guards of this suite hold: no network, no silent gaps in templates, no slow passwords."""

import socket

import pytest
from django.contrib.auth.hashers import make_password
from django.template import Context, Template
from django.template.base import Origin
from django.utils import timezone
from pytest_socket import SocketConnectBlockedError
from time_machine import Traveller

from tests.conftest import NOW
from tests.house.files import REPOSITORY


def render(text: str, folder: str = f"{REPOSITORY}/templates") -> str:
    return Template(text, origin=Origin(f"{folder}/example.html")).render(Context({"given": "نص"}))


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_other_machines_cannot_be_reached() -> None:
    with pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_undefined_variable_in_a_template_of_ours_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match="undefined template variable forgotten"):
        render("{{ forgotten }}")


def test_undefined_variable_with_a_default_is_meant() -> None:
    assert render("{{ forgotten|default:'—' }} {{ given }}{% if forgotten %}!{% endif %}") == "— نص"


def test_undefined_variable_in_a_template_of_others_is_silent() -> None:
    assert render("{{ forgotten }}{{ given }}", folder="/usr/lib/python3/site-packages/django") == "نص"


def test_clock_stands_still(clock: Traveller) -> None:
    assert timezone.now() == NOW
    clock.shift(60)
    assert (timezone.now() - NOW).total_seconds() == 60


def test_passwords_are_hashed_fast() -> None:
    assert make_password("anything").startswith("md5$")
