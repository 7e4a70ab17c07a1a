"""With DB_POOL=1 a connection that is closed is still open: a child of this process would go on with it."""

import multiprocessing
from multiprocessing.connection import Connection

import pytest
from django.db import connection

from newsroom.lib.connections import end_connections


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def tell_backend(end: Connection) -> None:
    end.send(backend())


@pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_a_child_has_a_connection_of_its_own() -> None:
    before = backend()
    end_connections()
    here, there = multiprocessing.Pipe()
    fork = multiprocessing.get_context("fork")
    child = fork.Process(target=tell_backend, args=(there,))
    child.start()
    child.join()
    assert here.recv() != before != backend()
