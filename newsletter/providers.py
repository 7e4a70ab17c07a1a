"""Whose mailboxes a domain has: limits and complaints are counted by provider, not by domain."""

from functools import cache

from newsroom.lib import tables

OTHER = ""


def provider_of(domain: str) -> str:
    """«Gmail» for gmail.com; OTHER for everybody who is not in the table."""
    exact, beginnings = _table()
    return exact.get(domain) or next((name for start, name in beginnings if domain.startswith(start)), OTHER)


@cache
def _table() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    rows = [(domain, name) for domain, name in tables.rows("mail_providers")]
    return (
        {domain: name for domain, name in rows if not domain.endswith(".")},
        tuple((domain, name) for domain, name in rows if domain.endswith(".")),
    )
