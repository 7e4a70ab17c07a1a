"""Arabic search: one analyser in Python, the same ordered answers on SQLite and PostgreSQL.

`newsroom.lib.analyser` makes stems of words. `document` says what of an article is looked into, `indexing` keeps it
(`models.SearchDocument`), `query` reads what was typed, `engines` asks the database, `finding` orders the answers,
`showing` marks the words, `suggesting` answers while somebody types. docs/search.md tells why and how well.
"""

from articles.search.finding import MOST_FOUND, Found, find
from articles.search.query import LONGEST, Query, parse
from articles.search.showing import Marker
from articles.search.suggesting import suggest_headlines
from articles.search.vocabulary import Vocabulary, current_vocabulary

__all__ = [
    "LONGEST",
    "MOST_FOUND",
    "Found",
    "Marker",
    "Query",
    "Vocabulary",
    "current_vocabulary",
    "find",
    "parse",
    "suggest_headlines",
]
