"""`python -m benchmarks.pages`: everything that issue 8 promises of pages; status 1 where a target is missed."""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

from benchmarks.measuring import say
from benchmarks.pages import moments
from benchmarks.pages.cells import Cell, Run, cached_cells, growth_cells, measured, uncached_cells, warm
from benchmarks.pages.databases import Database, filled, known, own_server
from benchmarks.pages.results import Line, growth, lines, write
from benchmarks.pages.servers import BARE, Server, gunicorn
from benchmarks.pages.wrk import require_wrk
from tests.proxy.nginx import proxied
from tests.site.serving import free_port

BLOCK = 5  # cells between two of the bare function


class Sizes(NamedTuple):
    """Databases of 10,000, 100,000 and 1,000,000 articles, or what was asked for."""

    small: Database
    middle: Database | None
    large: Database | None


class Bench:
    """Rounds of cells; in each the bare function is measured anew before every few of them."""

    def __init__(self, bare: Server, postmaster: int, *, rounds: int, seconds: int, only: str) -> None:
        self.bare = Cell("bare", bare, ["/"])
        self.postmaster, self.rounds, self.seconds, self.only = postmaster, rounds, seconds, only
        self.lines: list[Line] = []

    def say(self, *lines: Line) -> None:
        for line in lines:
            self.lines.append(line)
            say(str(line))

    def measure(self, cells: Sequence[Cell]) -> dict[str, list[Run]]:
        """The runs of each cell, by its name. Cells beside each other in the list are measured beside each other."""
        wanted = [cell for cell in cells if self.only in cell.name]
        runs: dict[str, list[Run]] = {}
        for first in range(0, len(wanted), BLOCK):
            block = wanted[first : first + BLOCK]
            for cell in block:
                warm(cell)
            found = [self._round([self.bare, *block]) for _number in range(self.rounds)]
            bare = [row[0] for row in found]
            for number, cell in enumerate(block, start=1):
                runs[cell.name] = [row[number] for row in found]
                self.say(*lines(cell, runs[cell.name], bare))
        return runs

    def _round(self, cells: Sequence[Cell]) -> list[Run]:
        return [measured(cell, seconds=self.seconds, postmaster=self.postmaster) for cell in cells]


def main() -> int:
    arguments = read_arguments()
    require_wrk()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-pages-")))
        sizes = databases(arguments, folder, stack)
        bare = stack.enter_context(gunicorn(sizes.small.folder, BARE, DATABASE_URL=sizes.small.url))
        bench = Bench(
            bare, sizes.small.postmaster, rounds=arguments.rounds, seconds=arguments.seconds, only=arguments.only
        )
        run(bench, sizes, folder, stack)
    write(arguments.json, bench.lines)
    missed = [line.name for line in bench.lines if line.is_missed]
    say(f"missed: {len(missed)} of {len(bench.lines)}; {arguments.json}")
    return int(bool(missed))


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--full", action="store_true", help="100,000 and 1,000,000 as well: growth, publications")
    for name, what in (("small", "--articles"), ("middle", "100,000"), ("large", "1,000,000")):
        parser.add_argument(
            f"--{name}", metavar="URL", help=f"a database on this machine, in place of {what} made ones"
        )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="of each cell in each round")
    parser.add_argument("--only", default="", help="measure only the pages that have this in their name")
    parser.add_argument("--json", type=Path, default=Path("bench.json"), metavar="FILE")
    return parser.parse_args()


def databases(arguments: argparse.Namespace, folder: Path, stack: ExitStack) -> Sizes:
    sizes = {"small": arguments.articles}
    if arguments.full:
        sizes |= {"middle": 100_000, "large": 1_000_000}
    wanted = {name: getattr(arguments, name) for name in ("small", "middle", "large")}
    server = "" if all(wanted[name] for name in sizes) else stack.enter_context(own_server())
    urls = wanted | {name: wanted[name] or filled(server, count, folder / name) for name, count in sizes.items()}
    return Sizes(*(known(url, folder / name) if url else None for name, url in urls.items()))  # type: ignore[arg-type]


def run(bench: Bench, sizes: Sizes, folder: Path, stack: ExitStack) -> None:
    small = sizes.small
    servers = {
        kind: stack.enter_context(gunicorn(small.folder, DATABASE_URL=small.url, PAGE_CACHE=kind))
        for kind in ("on", "parts", "off")
    }
    etag = (small.paths["article"][0], etag_of(servers["on"], small.paths["article"][0]))
    bench.measure(cached_cells(servers["on"], small, etag))
    bench.measure(uncached_cells(servers["parts"], small, "uncached", has_targets=True))
    bench.measure(uncached_cells(servers["off"], small, "nothing kept", has_targets=False))
    bench.measure(list(proxied_cells(small, folder, stack)))
    if sizes.large:
        measure_growth(bench, small, servers["parts"], sizes.large, stack)
    if not bench.only:
        bench.say(moments.memory(servers["on"]), moments.first_answer(small))
        bench.say(moments.publication(sizes.middle or small))
        bench.say(*moments.readers_beside(servers["on"], small))


def etag_of(server: Server, path: str) -> str:
    connection = HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", path)
    return connection.getresponse().headers["ETag"] or ""


def proxied_cells(database: Database, folder: Path, stack: ExitStack) -> Iterator[Cell]:
    """nginx in front of the site: a page of its cache, and a file of the size of the bare function's."""
    front = free_port()
    site = {"SITE_URL": f"http://127.0.0.1:{front}", "BEHIND_PROXY": "1", "DATABASE_URL": database.url}
    behind = stack.enter_context(gunicorn(database.folder, **site))
    static = folder / "static"
    static.mkdir()
    (static / "page.txt").write_bytes(b"x" * 40 * 1024)
    proxy = stack.enter_context(proxied(folder / "nginx", behind.port, front, STATIC_ROOT=str(static)))
    server = Server(front, behind.pid, [behind.pid, proxy.process.pid])
    # Compressed, as browsers ask for it; nginx keeps nothing else.
    zipped = {"Accept-Encoding": "gzip"}
    yield Cell("nginx: article", server, database.paths["article"][:10], zipped, most=0.25)
    yield Cell("nginx: static file", server, ["/static/page.txt"])


def measure_growth(bench: Bench, small: Database, server: Server, large: Database, stack: ExitStack) -> None:
    """The two sizes of each page in turn."""
    other = stack.enter_context(gunicorn(large.folder, DATABASE_URL=large.url, PAGE_CACHE="parts"))
    pairs = zip(growth_cells(server, small, "10k"), growth_cells(other, large, "1M"), strict=True)
    runs = bench.measure([cell for pair in pairs for cell in pair])
    names = [name.partition(": ")[2] for name in runs if name.startswith("10k: ")]
    bench.say(*(growth(name, runs[f"10k: {name}"], runs[f"1M: {name}"]) for name in names))


if __name__ == "__main__":
    sys.exit(main())
