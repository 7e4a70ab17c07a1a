import argparse
from typing import Any

from django.core.management.base import BaseCommand

from newsroom import working


class Command(BaseCommand):
    help = (
        "Run the tasks that wait, several at a time, until a signal comes or the parent process ends. "
        "Any number of workers may run at once, on any number of machines where the database is PostgreSQL."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--with-clock", action="store_true", help="also what `tick --forever` does")
        parser.add_argument("--concurrency", type=int, help="processes that run tasks; default: WORKER_CONCURRENCY")
        parser.add_argument("--parent", type=int, help="end when this process is not the parent")

    def handle(self, *args: Any, **options: Any) -> None:
        working.run_forever(
            with_clock=options["with_clock"], concurrency=options["concurrency"], parent=options["parent"]
        )
