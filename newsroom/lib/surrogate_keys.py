"""Names of what a page shows, for copies far away that are put away by them: Surrogate-Key (Fastly, Varnish) and
Cache-Tag (Cloudflare, Akamai)."""

from collections.abc import Iterable

from newsroom.lib.generations import ALL

# On each page: what changes everything has this one put away.
SITE_KEY = "all"
# In place of the others on a page that shows too much to name; put away with every change.
MANY = "many"
LONGEST = 3000  # bytes: nginx takes 8 KB for all headers of an answer together


def key_of(scope: str) -> str:
    """article:3 for "articles.article:3", section:2-stories for "articles.section:2 stories"."""
    app, dot, rest = scope.partition(".")
    return SITE_KEY if scope == ALL else (rest if dot else app).replace(" ", "-")


def keys_of_page(scopes: Iterable[str]) -> list[str]:
    keys = sorted(set(map(key_of, scopes)))
    return [SITE_KEY, *keys] if len(" ".join(keys)) <= LONGEST else [SITE_KEY, MANY]


def keys_of_change(scopes: Iterable[str]) -> set[str]:
    """What is to be put away."""
    return {*map(key_of, scopes), MANY}


def headers(scopes: Iterable[str]) -> list[tuple[str, str]]:
    keys = keys_of_page(scopes)
    return [("Surrogate-Key", " ".join(keys)), ("Cache-Tag", ",".join(keys))]
