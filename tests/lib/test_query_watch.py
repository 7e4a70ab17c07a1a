"""Queries are counted, and slow ones told without what was asked for."""

import logging

import pytest
from django.db import connection, connections
from pytest_django import Settings

from accounts.models import User
from newsroom.lib.current_work import Work, working_on
from newsroom.lib.query_watch import watched

pytestmark = pytest.mark.django_db


def test_every_connection_is_watched_once() -> None:
    for each in connections.all():
        each.ensure_connection()
        assert each.execute_wrappers.count(watched) == 1


def test_queries_belong_to_what_is_being_done() -> None:
    with working_on(Work(name="articles:home")) as work:
        list(User.objects.all())
        list(User.objects.all())
    assert work.query_count == 2
    assert work.query_seconds > 0


def test_a_slow_query_is_told_without_its_values(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.SLOW_QUERY_MS = 0.000_001
    with caplog.at_level(logging.WARNING, logger="newsroom.lib.query_watch"), working_on(Work("request-1", "a:view")):
        list(User.objects.filter(email="salma@example.org"))
    (told,) = [record.fields for record in caplog.records if record.name == "newsroom.lib.query_watch"]
    assert told["sql"].startswith("SELECT")
    assert "%s" in told["sql"]
    assert "salma" not in str(told)
    assert told["database"] == "default"


def test_a_query_that_breaks_is_told_too(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.SLOW_QUERY_MS = 0.000_001
    with caplog.at_level(logging.WARNING, logger="newsroom.lib.query_watch"), pytest.raises(Exception, match="nowhere"):
        connection.cursor().execute("SELECT %s FROM nowhere", [1])
    assert [record.fields["sql"] for record in caplog.records] == ["SELECT %s FROM nowhere"]


def test_quick_queries_and_zero_tell_nothing(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="newsroom.lib.query_watch"):
        settings.SLOW_QUERY_MS = 0
        list(User.objects.all())
        settings.SLOW_QUERY_MS = 60_000
        list(User.objects.all())
    assert caplog.records == []
