"""Who may ask what of the desk: every address, every role, own and other's articles (checklist A1-A5, D9, H2).

The table is `role_matrix.txt`. Each row is tried with GET and with a POST that does what the address is for.
"""

import hashlib
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404, HttpResponse
from django.test import Client

from accounts.backends import StaffBackend
from articles.admin.workflow import DEEDS
from articles.models import Presence, UnsavedText
from tests.conftest import NOW
from tests.house.matrix_requests import ARTICLE, Requests, staff_addresses
from tests.house.matrix_world import ARTICLES, PEOPLE, World

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("role_matrix.txt")
Row = tuple[str, str]
SESSION_COOKIE = settings.SESSION_COOKIE_NAME
# Rows of these are made by the request that asks for them.
LAZY = re.compile("requiredfactor|unsaved")
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|TRUNCATE|WITH)\b", re.IGNORECASE)


def read_table() -> dict[Row, dict[str, str]]:
    """(address, about) to what each person may; the letters are explained in the file."""
    rows = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            address, about, *cells = re.split(r" {2,}|\t", line.strip())
            cells = " ".join(cells).split()
            assert (address, about) not in rows, f"twice: {line}"
            assert len(cells) == len(PEOPLE), line
            rows[address, about] = dict(zip(PEOPLE, cells, strict=True))
    return rows


MATRIX = read_table()


class Refusals:
    """Middleware: a refusal without its page, which knows nothing of what was asked for and takes long to draw."""

    def __init__(self, get_response: Callable[[Any], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: Any, error: Exception) -> HttpResponse | None:
        refusals = {PermissionDenied: 403, Http404: 404}
        return next((HttpResponse(status=code) for kind, code in refusals.items() if isinstance(error, kind)), None)


class Unrendered(Refusals):
    """The same for pages, before which the decision is made too. For those from whom no article is hidden."""

    def process_template_response(self, request: Any, response: Any) -> Any:
        response.content = b""
        return response


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once; every request is rolled back."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def ask(world: World) -> Requests:
    return Requests(world)


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    """Every refusal would be written down with its traceback, thousands of times."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# Nobody's business but the sender's: what he typed and who is there.
KEPT = {model._meta.db_table for model in (UnsavedText, Presence)}


def digest() -> dict[str, str]:
    """Of every table but the sessions, whose rows change when one looks at a page."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table != Session._meta.db_table:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own tables
                rows = "\n".join(sorted(map(repr, cursor.fetchall())))
                found[table] = hashlib.sha256(rows.encode()).hexdigest()
    return found


@contextmanager
def counting_writes() -> Iterator[list[str]]:
    """The statements that could have changed something."""
    seen: list[str] = []

    def look(execute: Any, sql: str, *args: Any) -> Any:
        if _WRITES.match(sql) and Session._meta.db_table not in sql:
            seen.append(sql)
        return execute(sql, *args)

    with connection.execute_wrapper(look):
        yield seen


class Asking:
    """One person going through the table."""

    def __init__(self, person: str, ask: Requests) -> None:
        self.person, self.ask = person, ask
        self.client = Client()
        if user := ask.world.people[person]:
            self.client.force_login(user)
        self.cookie = self.client.cookies.get(SESSION_COOKIE, "")
        self.before = digest()
        self.secrets = self._secrets()

    def _secrets(self) -> list[str]:
        """The words of articles, and of their papers, that this person may not read."""
        found = []
        for name, (text, papers) in self.ask.world.words().items():
            if "r" not in MATRIX[ARTICLE + "change/", name][self.person]:
                found.append(text)
            if "r" not in MATRIX[ARTICLE + "history/", name][self.person]:
                found.append(papers)
        return found

    def cell(self, row: Row) -> tuple[str, list[str]]:
        """What the person may, and what is wrong besides."""
        shown, read_faults = self.try_once(row, "get")
        done, write_faults = self.try_once(row, "post")
        return shown + done, read_faults + write_faults

    def try_once(self, row: Row, method: str) -> tuple[str, list[str]]:
        address, about = row
        with undone():
            path = self.ask.path(address, about, self.person)
            data = self.ask.payload(address, about, self.client) if method == "post" else {}
            before = digest() if LAZY.search(address) else self.before
            mails = len(mail.outbox)
            with counting_writes() as writes:
                response = getattr(self.client, method)(path, data)
            changed = {table for table, rows in digest().items() if rows != before[table]} if writes else set()
            told = self._told(response)
        self.client.cookies = SimpleCookie({SESSION_COOKIE: self.cookie.value} if self.cookie else {})
        return self._judged(method, response.status_code, changed, told, len(mail.outbox) - mails)

    def _judged(
        self, method: str, status: int, changed: set[str], told: list[str], mails: int
    ) -> tuple[str, list[str]]:
        faults = [f"{method} tells {word}" for word in told]
        if status >= 500:
            faults.append(f"{method} answers {status}")
        if mails and not changed:
            faults.append(f"{method} sends mail")
        if method == "post":
            return ("w" if changed - KEPT else "k" if changed else "-"), faults
        if changed:
            faults.append(f"get changes {', '.join(sorted(changed))}")
        return ("r" if status == 200 else "-"), faults

    def _told(self, response: Any) -> list[str]:
        content = b"".join(response.streaming_content) if response.streaming else response.content
        answer = content.decode(errors="replace").lower() + response.get("Location", "").lower()
        return [word for word in self.secrets if word in answer]


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    known, written = staff_addresses(), {address for address, _about in MATRIX}
    assert known - written == set(), "rows are missing in role_matrix.txt"
    assert written - known == set(), "these rows are about no address"


def test_every_address_of_an_article_is_tried_on_own_and_on_others() -> None:
    kinds = {f"{whose} {what}" for whose in ("own", "other's") for what in ("draft", "story", "changes")}
    for address in staff_addresses():
        if address.startswith(ARTICLE) and address != ARTICLE:  # the bare one only leads to the form
            about = {subject.split(" + ")[0] for tried, subject in MATRIX if tried == address}
            assert kinds <= about, address


def test_every_button_of_the_form_has_rows() -> None:
    pressed = {about.partition(" + ")[2] for address, about in MATRIX if address == ARTICLE + "change/"}
    assert {deed.name for deed in DEEDS} <= pressed


@pytest.mark.parametrize("person", PEOPLE)
def test_nobody_may_more_or_less_than_the_table_says(
    person: str, ask: Requests, settings: Any, monkeypatch: Any
) -> None:
    found = go_through(person, ask, settings, monkeypatch)
    wrong = [
        f"{address}  {about}  table {MATRIX[address, about][person]} found {cell} {'; '.join(faults)}"
        for (address, about), (cell, faults) in found.items()
        if faults or cell != MATRIX[address, about][person]
    ]
    assert not wrong, f"{person}:\n" + "\n".join(wrong)


def test_following_every_link_of_the_desk_changes_nothing(ask: Requests) -> None:
    """One address of each kind, as a superuser, whom every link is shown; of a list each filter and order alone."""
    before, waiting, seen = digest(), ["/admin/"], set()
    while waiting:
        path = waiting.pop(0)
        match = _LINK.match(path)
        kind = (re.sub("[0-9]+", "1", match[1]), re.sub("=[^&]*", "", match[2] or "")) if match else None
        if kind is None or kind in seen or "&" in kind[1]:
            continue
        seen.add(kind)
        response = ask.superuser.get(path)
        assert response.status_code < 500, path
        waiting += found_in(response, path)
    assert len(seen) > 100
    assert digest() == before


_LINK = re.compile(r"(/admin/[^?#]*)(\?[^#]*)?")


def found_in(response: Any, path: str) -> list[str]:
    if "html" not in response.get("Content-Type", ""):
        return []
    links = re.findall(r'<a\b[^>]*\bhref="([^"]+)"', response.content.decode())
    return [urljoin(path, unescape(link)) for link in [*links, response.get("Location", "")]]


def go_through(person: str, ask: Requests, settings: Any, monkeypatch: Any) -> dict[Row, tuple[str, list[str]]]:
    """What `person` is found to be allowed, row by row, with faults."""
    if user := ask.world.people[person]:
        # Read once with its rights, not for each of five hundred requests.
        user.get_all_permissions()
        monkeypatch.setattr(StaffBackend, "get_user", lambda backend, pk: copy(ask.world.by_key(pk)))
    shortcut = Refusals if hidden_from(person) else Unrendered
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.{shortcut.__name__}"]
    with undone():
        ask.world.own(person)
        asking = Asking(person, ask)
        return {row: asking.cell(row) for row in MATRIX}


def hidden_from(person: str) -> bool:
    """Whether there is an article that the person may not read."""
    return any("r" not in MATRIX[ARTICLE + "change/", name][person] for name in ARTICLES)
