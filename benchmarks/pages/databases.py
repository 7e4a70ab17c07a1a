"""The databases that are measured: given ones, or those of a PostgreSQL of our own that is gone afterwards."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from benchmarks.measuring import say
from benchmarks.pages.inside import ask, manage
from benchmarks.pages.servers import variables
from tests.postgres import running_server, server_binaries

# As an operator would set them for a machine of 24 GB; a crash may lose nothing, as in earnest.
SETTINGS = (
    "-c listen_addresses='' -c shared_buffers=1GB -c effective_cache_size=8GB -c work_mem=16MB -c random_page_cost=1.1 "
    "-c max_wal_size=8GB -c max_connections=200"
)


@dataclass(frozen=True)
class Database:
    """One of a size, with the addresses that readers ask for in it (benchmarks.pages.addresses)."""

    url: str
    folder: Path  # of a site on it
    paths: dict[str, list[str]]
    cookie: str
    queries: dict[str, int]
    postmaster: int


def known(url: str, folder: Path) -> Database:
    told: dict[str, Any] = ask(variables(folder, 8000, DATABASE_URL=url, PAGE_CACHE="parts"), "addresses")
    return Database(url, folder, **told)


def filled(server: str, articles: int, folder: Path) -> str:
    """The address of a new database with so many articles, on the server of that DATABASE_URL."""
    name = f"pages_{articles}"
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    url = f"{server.rpartition('/')[0]}/{name}"
    say(f"Filling a database with {articles:,} articles")
    given = variables(folder, 8000, DATABASE_URL=url)
    manage(given, "prepare_site")
    manage(given, "make_articles", str(articles))
    return url


@contextmanager
def own_server() -> Iterator[str]:
    binaries = server_binaries()
    if not binaries:
        sys.exit("PostgreSQL is not installed, and there is nothing to measure without it.")
    with running_server(binaries, SETTINGS) as url:
        yield url
