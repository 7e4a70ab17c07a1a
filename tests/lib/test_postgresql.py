"""The connection to PostgreSQL that is asked for a sign of life only where it may be needed."""

from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from newsroom.lib.database_setup import Limits, Manner, read_database_url
from newsroom.lib.outages import Outage, outage_of
from newsroom.lib.prepared import Blank, Prepared
from tests.factories import make_article
from tests.site.serving import free_port

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL"),
    pytest.mark.django_db(transaction=True),
]


def begin_request() -> None:
    """What Django does with CONN_HEALTH_CHECKS at the start of each request."""
    connection.health_check_enabled = True
    connection.close_if_unusable_or_obsolete()


def number_of_connection() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def end_from_outside(number: int) -> None:
    """As a restarted server does."""
    other = connections.create_connection("default")
    # Not out of the pool, which might hand out the very one that is to end.
    other.settings_dict = settings_without_pool()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
    finally:
        other.close()


def settings_without_pool() -> dict[str, Any]:
    options = {name: value for name, value in connection.settings_dict["OPTIONS"].items() if name != "pool"}
    return {**connection.settings_dict, "OPTIONS": options}


def is_pooled() -> bool:
    return "pool" in connection.settings_dict["OPTIONS"]


def begin_anew() -> None:
    """The next question goes out on a connection that the server does not know yet."""
    connection.close()
    if is_pooled():
        connection.close_pool()


def test_connection_of_a_moment_ago_is_not_asked() -> None:
    if is_pooled():
        pytest.skip("the pool asks")
    begin_request()
    number_of_connection()  # which may be new
    begin_request()
    first = number_of_connection()
    begin_request()
    with patch.object(connection, "is_usable") as asked:
        assert number_of_connection() == first
    assert not asked.called


def test_connection_that_was_idle_is_asked() -> None:
    if is_pooled():
        pytest.skip("the pool asks")
    begin_request()
    first = number_of_connection()
    connection._checked_at -= 60
    begin_request()
    with patch.object(connection, "is_usable", return_value=True) as asked:
        assert number_of_connection() == first
    assert asked.called


def test_request_after_a_restart_of_the_database_is_answered() -> None:
    begin_request()
    first = number_of_connection()
    begin_request()
    end_from_outside(first)
    assert number_of_connection() != first


def test_prepared_statement_is_planned_once_for_each_connection() -> None:
    article = make_article()
    found = Prepared(lambda: Article.objects.filter(pk=Blank("key"), status="approved"))
    planned = "SELECT statement FROM pg_prepared_statements"
    for _connection in range(2):
        begin_anew()
        with CaptureQueriesContext(connection) as captured:
            assert [found(key=article.pk), found(key=0), found(key=article.pk)] == [[article], [], [article]]
        assert len(captured) == 3
        with connection.cursor() as cursor:
            cursor.execute(planned)
            assert len(cursor.fetchall()) == 1


def test_nothing_is_prepared_behind_a_pool_of_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_article()
    begin_anew()
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    assert Prepared(lambda: Article.objects.filter(pk=Blank("key")))(key=article.pk) == [article]
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == (0,)


LIMITS = "SELECT name, setting FROM pg_settings WHERE name LIKE '%%timeout%%' OR name = 'application_name'"


def settings_of(manner: Manner) -> dict[str, str]:
    """What the server says of a connection made in this manner."""
    options = read_database_url("postgres://u:p@h/n", manner)["OPTIONS"]
    other = connections.create_connection("default")
    other.settings_dict = {**connection.settings_dict, "OPTIONS": options}
    try:
        with other.cursor() as cursor:
            cursor.execute(LIMITS)
            return dict(cursor.fetchall())
    finally:
        other.close()


def test_server_ends_what_a_page_waits_for_too_long() -> None:
    told = settings_of(Manner(Limits(statement=5, lock=3, idle=15), name="newsroom-web"))
    assert (told["statement_timeout"], told["lock_timeout"]) == ("5000", "3000")
    assert told["idle_in_transaction_session_timeout"] == "15000"
    assert told["application_name"] == "newsroom-web"


def test_nothing_is_asked_of_a_bouncer_at_the_start() -> None:
    assert settings_of(Manner(Limits(statement=5, lock=3, idle=15), bouncer=True))["statement_timeout"] == "0"


def test_a_query_that_takes_too_long_is_an_outage_and_not_a_fault_of_the_code() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 50")
        try:
            with pytest.raises(OperationalError) as caught:
                cursor.execute("SELECT pg_sleep(2)")
        finally:
            cursor.execute("RESET statement_timeout")
    assert outage_of(caught.value) is Outage.UNREACHABLE


def test_nobody_there_is_an_outage() -> None:
    other = connections.create_connection("default")
    other.settings_dict = {**settings_without_pool(), "HOST": "127.0.0.1", "PORT": str(free_port())}
    with pytest.raises(OperationalError) as caught:
        other.ensure_connection()
    assert outage_of(caught.value) is Outage.UNREACHABLE
