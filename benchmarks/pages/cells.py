"""What is measured: one kind of page on one server, beside the bare function of the same minute."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.pages.databases import Database
from benchmarks.pages.processes import cpu_seconds
from benchmarks.pages.servers import Server
from benchmarks.pages.wrk import load

CONNECTIONS = 16
WARM_SECONDS = 2
LONGEST_REST = 30  # tenths of a second


@dataclass(frozen=True)
class Cell:
    """`most` is in multiples of the bare function's time of the processor, `least_rate` a share of its rate."""

    name: str
    server: Server
    paths: Sequence[str]
    headers: Mapping[str, str] = field(default_factory=dict)
    most: float | None = None
    least_rate: float | None = None
    queries: int | None = None
    most_queries: int | None = None


@dataclass(frozen=True)
class Run:
    """One cell once: milliseconds of the processor a request, requests a second, milliseconds until the answer."""

    application: float
    database: float
    rate: float
    p50: float
    p99: float
    kilobytes: float
    requests: int
    faults: int

    @property
    def cpu(self) -> float:
        return self.application + self.database


def measured(cell: Cell, *, seconds: int, postmaster: int) -> Run:
    roots = cell.server.roots
    before = cpu_seconds(*roots), cpu_seconds(postmaster)
    seen = load(cell.server.port, cell.paths, seconds=seconds, connections=CONNECTIONS, headers=cell.headers)
    rest(roots)
    after = cpu_seconds(*roots), cpu_seconds(postmaster)
    # Each connection had asked for one more when wrk went away; the server has made those too.
    count = seen.requests + CONNECTIONS
    application, database = (1000 * (late - early) / count for early, late in zip(before, after, strict=True))
    return Run(
        application, database, seen.rate, seen.p50, seen.p99, seen.bytes / 1024 / max(seen.requests, 1), seen.requests,
        faults=seen.broken + seen.refused,
    )  # fmt: skip


def rest(roots: Sequence[int]) -> None:
    """Until the server does nothing any more: what it still does for one cell must not be counted for the next."""
    used = cpu_seconds(*roots)
    for _try in range(LONGEST_REST):
        time.sleep(0.1)
        if (now := cpu_seconds(*roots)) == used:
            return
        used = now


def warm(cell: Cell) -> None:
    load(cell.server.port, cell.paths, seconds=WARM_SECONDS, connections=CONNECTIONS, headers=cell.headers)
    rest(cell.server.roots)


def cached_cells(server: Server, database: Database, etag: tuple[str, str]) -> list[Cell]:
    """Fifty articles, all of them kept after the warming up; `etag` is an address with what it answered.

    As browsers ask for them: what is kept is packed. Beside them, unjudged, the same pages as nobody asks for them,
    two to ten times as long.
    """
    paths = {name: database.paths[name][:50] for name in ("article", "home", "section", "feed")}
    packed = {"Accept-Encoding": "gzip"}
    cells = [Cell(f"cached: {name}", server, some, packed, most=1.4, least_rate=0.8) for name, some in paths.items()]
    path, tag = etag
    cells.append(Cell("cached: 304", server, [path], {"If-None-Match": tag}, most=1.1))
    return [*cells, *(Cell(f"cached, not packed: {name}", server, paths[name]) for name in _UNPACKED)]


_UNPACKED = ("article", "home", "section")


# Multiples of the bare function, queries.
UNCACHED: dict[str, tuple[float, int]] = {
    "article": (30, 8),
    "section": (30, 6),
    "tag": (30, 6),
    "author": (30, 6),
    "archive": (30, 6),
    "search": (30, 6),
    "home": (60, 8),
    "feed": (40, 6),
    "admin": (250, 25),
}


def uncached_cells(server: Server, database: Database, kind: str, *, has_targets: bool) -> list[Cell]:
    return [
        Cell(
            f"{kind}: {name}",
            server,
            database.paths[name],
            headers_for(name, database),
            most=most if has_targets else None,
            queries=database.queries.get(name) if has_targets else None,
            most_queries=most_queries if has_targets and name != "admin" else None,
        )
        for name, (most, most_queries) in UNCACHED.items()
    ]


def headers_for(name: str, database: Database) -> dict[str, str]:
    return {"Cookie": f"sessionid={database.cookie}"} if name == "admin" else {}


GROWING = ("article", "home", "section", "deep", "tag", "archive", "search", "admin")


def growth_cells(server: Server, database: Database, kind: str) -> list[Cell]:
    return [
        Cell(f"{kind}: {name}", server, database.paths[name], headers_for(name, database))
        for name in GROWING
        if database.paths[name]
    ]
