"""What several machines need and one machine does not have by itself."""

from importlib.util import find_spec

from django.core.exceptions import ImproperlyConfigured


def refuse_distributed_tasks_without(database_engine: str) -> None:
    """Raises ImproperlyConfigured where TASKS_ENGINE=postgres cannot work."""
    if database_engine != "newsroom.lib.postgresql":
        raise ImproperlyConfigured("TASKS_ENGINE=postgres needs DATABASE_URL=postgres://user:password@host/name.")
    if not (find_spec("procrastinate") and find_spec("psycopg")):
        raise ImproperlyConfigured(
            "TASKS_ENGINE=postgres needs Procrastinate: pip install --require-hashes -r requirements-distributed.lock."
        )
