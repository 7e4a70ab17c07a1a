"""What readers and editors see while the database does not answer, or a disk is full."""

import errno
import logging
import sqlite3
from collections.abc import Callable

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import InterfaceError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from newsroom.lib.outages import Outage, outage_of

WORDS = "نص كُتب قبل انقطاع القاعدة بلحظة"
SENTENCE = "تعذر الوصول إلى بيانات الموقع الآن."
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
ADD = "/admin/articles/article/add/"


def sqlite_error(text: str) -> OperationalError:
    """As Django hands it on."""
    error = OperationalError(text)
    error.__cause__ = sqlite3.OperationalError(text)
    return error


@pytest.fixture
def break_database(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Every question to it ends so from here on."""

    def break_it(error: Exception | None = None) -> None:
        def fail(self: BaseDatabaseWrapper) -> None:
            raise error or sqlite_error("unable to open database file")

        monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", fail)

    return break_it


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", ["/", "/search/?q=x", "/feed/", "/لا-شيء-هنا/", "/admin/", "/admin/login/"])
def test_whoever_asks_is_told_to_come_back(visitor: Client, break_database: Callable[..., None], address: str) -> None:
    break_database()
    visitor.cookies["sessionid"] = "some-session-of-an-editor"
    response = visitor.get(address)
    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert "no-store" in response["Cache-Control"]
    assert SENTENCE in page
    assert 'lang="ar" dir="rtl"' in page
    assert "unable to open" not in page


def test_error_is_logged_once(
    visitor: Client, break_database: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    break_database()
    logging.getLogger("django").addHandler(caplog.handler)
    with caplog.at_level(logging.ERROR):
        visitor.get("/admin/")
    logging.getLogger("django").removeHandler(caplog.handler)
    told = {(record.name, record.getMessage()) for record in caplog.records if record.exc_info}
    assert told == {("django.request", "Service Unavailable: /admin/")}


def send(visitor: Client, headers: dict[str, str]) -> str:
    visitor.cookies["sessionid"] = "some-session-of-an-editor"
    data = {"headline": WORDS, "body": f"<p>{WORDS}</p>", "version": "3", "_save": "1", "csrfmiddlewaretoken": "x"}
    response = visitor.post(ADD, data, headers=headers)
    assert response.status_code == 503
    assert "form-action 'self'" in response["Content-Security-Policy"]
    return response.content.decode()


def test_typed_text_comes_back_with_a_button_to_send_it(visitor: Client, break_database: Callable[..., None]) -> None:
    break_database()
    page = send(visitor, SAME_ORIGIN)
    assert page.count(WORDS) == 4  # hidden and in a box, headline and body
    assert '<input type="hidden" name="version" value="3">' in page
    assert '<input type="hidden" name="_save" value="1">' in page
    assert '<input type="hidden" name="csrfmiddlewaretoken" value="x">' not in page


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_no_other_site_gets_its_words_into_a_form_with_a_good_token(
    visitor: Client, break_database: Callable[..., None], headers: dict[str, str]
) -> None:
    break_database()
    page = send(visitor, headers)
    assert WORDS not in page
    assert "csrfmiddlewaretoken" not in page


def test_full_disk_of_the_database_says_so_to_who_saves(visitor: Client, break_database: Callable[..., None]) -> None:
    break_database(sqlite_error("database or disk is full"))
    visitor.cookies["sessionid"] = "some-session-of-an-editor"
    response = visitor.post(ADD, {"headline": WORDS}, headers=SAME_ORIGIN)
    page = response.content.decode()
    assert response.status_code == 507
    assert "امتلأ قرص الموقع" in page
    assert WORDS in page
    assert visitor.get("/").status_code == 503


def test_script_gets_the_sentence_alone(visitor: Client, break_database: Callable[..., None]) -> None:
    break_database()
    response = visitor.get("/admin/", headers={"Accept": "application/json"})
    assert response.status_code == 503
    assert SENTENCE in response.json()["error"]["message"]


class Refused(Exception):
    """As psycopg2 and psycopg 3 name what PostgreSQL said."""

    def __init__(self, state: str | None) -> None:
        self.pgcode = self.sqlstate = state


Refused.__module__ = "psycopg2.errors"


def postgresql_error(state: str | None) -> OperationalError:
    error = OperationalError("whatever it said")
    error.__cause__ = Refused(state)
    return error


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (sqlite_error("database is locked"), Outage.UNREACHABLE),
        (sqlite_error("disk I/O error"), Outage.UNREACHABLE),
        (sqlite_error("attempt to write a readonly database"), Outage.UNREACHABLE),
        (sqlite_error("database or disk is full"), Outage.FULL),
        (sqlite_error("no such table: articles_article"), None),
        (sqlite_error('near "SELCT": syntax error'), None),
        (postgresql_error(None), Outage.UNREACHABLE),  # no connection
        (postgresql_error("57014"), Outage.UNREACHABLE),  # statement_timeout
        (postgresql_error("55P03"), Outage.UNREACHABLE),  # lock_timeout
        (postgresql_error("57P01"), Outage.UNREACHABLE),  # the server is being stopped
        (postgresql_error("53100"), Outage.FULL),
        (InterfaceError("connection already closed"), Outage.UNREACHABLE),
        (OSError(errno.ENOSPC, "No space left on device"), Outage.FULL),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), Outage.FULL),
        (ConnectionRefusedError(), Outage.UNREACHABLE),
        (FileNotFoundError(errno.ENOENT, "gone"), None),
        (ValueError("database is locked"), None),
        (None, None),
    ],
)
def test_only_what_passes_by_itself_is_an_outage(error: Exception | None, outage: Outage | None) -> None:
    assert outage_of(error) is outage


def test_what_an_error_was_raised_from_counts_too() -> None:
    outer = RuntimeError("while a page was made")
    outer.__cause__ = sqlite_error("database is locked")
    assert outage_of(outer) is Outage.UNREACHABLE


def test_code_that_is_wrong_is_still_an_error(visitor: Client, break_database: Callable[..., None]) -> None:
    break_database(sqlite_error("no such table: articles_article"))
    visitor.cookies["sessionid"] = "some-session-of-an-editor"
    assert visitor.get("/admin/").status_code == 500


def test_disk_that_is_full_is_named_by_the_storage_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(OSError, match="No space") as caught:
        FileSystemStorage().save("x.jpg", None)  # type: ignore[arg-type]
    assert outage_of(caught.value) is Outage.FULL
