"""What is no page: memory, the start, a publication, and readers beside a desk that publishes all the time."""

import statistics
from pathlib import Path

from benchmarks.pages.databases import Database
from benchmarks.pages.inside import ask, start
from benchmarks.pages.processes import proportional_memory
from benchmarks.pages.results import Line
from benchmarks.pages.servers import Server, gunicorn, variables
from benchmarks.pages.wrk import Load, load

STARTS, PUBLICATIONS = 3, 20
# Readers that read: each connection rests so many milliseconds between two pages. A reader of wrk that never rests asks
# less when answers take longer, and so hides what it waits for.
READERS, REST, SECONDS = 16, 100, 10
A_SECOND = 100


def memory(server: Server) -> Line:
    """Of a server that has answered all cells."""
    return Line("memory of two workers", proportional_memory(server.pid), "MB", most=220)


def first_answer(database: Database) -> Line:
    times = []
    for _start in range(STARTS):
        with gunicorn(database.folder, path="/", DATABASE_URL=database.url) as server:
            times.append(server.seconds_to_answer)
    return Line("start to the first answer", statistics.median(times), "s", most=2.5, beside=_range(times))


def publication(database: Database) -> Line:
    times = ask(_inside(database), "deeds", "publish", str(PUBLICATIONS))
    return Line("publishing one article", statistics.median(times), "ms", most=60, beside=_range(times))


def readers_beside(server: Server, database: Database) -> list[Line]:
    """The same readers while nothing happens, and while texts come in and are published."""
    idle = _readers(server, database)
    desk = start(_inside(database), "deeds", "stream", str(A_SECOND), str(SECONDS + 4))
    busy = _readers(server, database)
    output, _nothing = desk.communicate()
    came = int(output.strip().splitlines()[-1]) / (SECONDS + 4)
    beside = f"p99 {idle.p99:.1f} to {busy.p99:.1f} ms, {busy.rate:.0f} pages/s, {came:.0f} publications/s"
    return [
        Line("readers' p99 beside publications", busy.p99 / idle.p99, "times", most=3, beside=beside),
        Line("texts imported and published", came, "a second", least=A_SECOND),
    ]


def _readers(server: Server, database: Database) -> Load:
    names = ("article", "article", "article", "home", "section", "tag", "archive", "search")
    paths = [path for name in names for path in (database.paths[name] * 50)[:50]]
    return load(server.port, paths, seconds=SECONDS, connections=READERS, headers={}, pause=REST)


def _inside(database: Database) -> dict[str, str]:
    return variables(Path(database.folder), 8000, DATABASE_URL=database.url)


def _range(times: list[float]) -> str:
    return f"{min(times):.1f}-{max(times):.1f}"
