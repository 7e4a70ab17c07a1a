"""What settings make of REPLICA_URLS: the databases replica1, replica2 ..."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from newsroom.lib.database_setup import POSTGRESQL, Manner, read_database_url


def read_replica_urls(value: str, manner: Manner, *, engine: str) -> dict[str, dict[str, Any]]:
    """Addresses separated by spaces or commas. Raises ImproperlyConfigured where something is no PostgreSQL.

    In tests each is the primary: there is nothing that would bring over what they write.
    """
    urls = value.replace(",", " ").split()
    found = {f"replica{number}": read_database_url(url, manner) for number, url in enumerate(urls, start=1)}
    if any(database["ENGINE"] != POSTGRESQL for database in found.values()) or (found and engine != POSTGRESQL):
        raise ImproperlyConfigured("REPLICA_URLS needs PostgreSQL: postgres:// in all of them and in DATABASE_URL.")
    return {alias: database | {"TEST": {"MIRROR": "default"}} for alias, database in found.items()}
