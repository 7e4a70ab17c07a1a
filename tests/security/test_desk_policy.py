"""Where a page of the desk may run what stands in it: with the editor, which cannot do without, alone (H5)."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from tests.conftest import NOW
from tests.house.matrix_requests import Requests
from tests.house.matrix_world import World
from tests.house.test_role_matrix import MATRIX

EDITED = {
    "admin/articles/article/add/",
    "admin/articles/article/<object_id>/change/",
    "admin/articles/article/<object_id>/coverage/<number>/",
    "admin/pages/page/add/",
    "admin/pages/page/<object_id>/change/",
}
# A mail in a frame of its own, as a mail program shows it: with its styles, and with nothing that runs.
MAILS = {"admin/newsletter/issue/<object_id>/preview/mail/", "admin/newsletter/delivery/mail/<name>/"}


@pytest.fixture
def ask(db: None) -> Iterator[Requests]:
    with time_machine.travel(NOW, tick=False):
        yield Requests(World())


def test_only_forms_with_the_editor_have_a_looser_policy(ask: Requests) -> None:
    """Every address of the desk on rows that are there, as somebody who may do everything."""
    client: Any = Client()
    client.force_login(ask.world.account("superuser's", ""))
    loose, shown = set(), set()
    for address, about in MATRIX:
        with transaction.atomic():
            answer = client.get(ask.path(address, about, "superuser"))
            transaction.set_rollback(True)
        if answer.status_code == 200:
            shown.add(address)
        policy = dict(
            part.split(" ", 1) for part in answer.get("Content-Security-Policy", "").split("; ") if " " in part
        )
        if "'unsafe" in policy.get("script-src", policy.get("default-src", "")):
            loose.add(address)
        elif "'unsafe" in str(policy):
            assert address in MAILS
            assert policy["default-src"] == "'none'"
    assert len(shown) > 100
    assert loose == EDITED
    assert shown >= EDITED
