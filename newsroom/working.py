"""What runs beside the web server: processes for the tasks, one for the clock, one that tells Prometheus figures."""

import os
from collections.abc import Callable

from django.conf import settings

from newsroom import ticking
from newsroom.lib import meters
from newsroom.operating import noting, serving
from pages.current import forget_site
from tasks import supervising
from tasks.engine import engine


def run_forever(*, with_clock: bool = False, concurrency: int | None = None, parent: int | None = None) -> None:
    """Run tasks, and the clock where it is asked for, until a signal comes or the process `parent` is gone."""
    own = os.getpid()

    def run_tasks() -> None:
        meters.start()
        noting.start()
        # Long-lived: the settings of the site may have changed since the last task.
        engine.work(parent=own, before_each=forget_site)
        meters.write()

    jobs: dict[str, Callable[[], None]] = {}
    for number in range(settings.WORKER_CONCURRENCY if concurrency is None else concurrency):
        jobs[f"worker {number + 1}"] = run_tasks
    if with_clock:
        jobs["clock"] = lambda: ticking.run_forever(parent=own)
    if settings.METRICS_BIND:
        jobs["metrics"] = lambda: serving.run_forever(parent=own)
    supervising.run_forever(jobs, parent=parent or os.getppid())
