"""What workers do with what came back; the tick finds what was lost (newsroom.ticking)."""

from newsletter.returns import webhooks
from tasks.defining import task


@task()
def read_reports() -> None:
    """Read what providers have reported."""
    webhooks.read_waiting()
