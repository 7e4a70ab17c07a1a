"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

import json
from collections.abc import Sequence
from typing import Any

from articles.feeds.entries import Entry, Feed, Named

CONTENT_TYPE = "application/feed+json; charset=utf-8"


def write(feed: Feed) -> str:
    answer = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.url,
        "description": feed.description,
        "icon": feed.logo,
        "favicon": feed.icon,
        "language": "ar",
        "authors": _people([feed.site]),
    }
    head = json.dumps(answer, ensure_ascii=False).removesuffix("}")
    return f'{head}, "items": [{", ".join(entry.text for entry in feed.entries)}]}}'


def write_entry(entry: Entry, _site: Named) -> str:
    return json.dumps(_item(entry), ensure_ascii=False)


def _item(entry: Entry) -> dict[str, Any]:
    """What is not known is left out; an item without authors has those of the feed."""
    item = {
        "id": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        **({"content_html": entry.html} if entry.html else {"content_text": entry.summary}),
        "image": entry.picture.url if entry.picture else "",
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat() if entry.updated != entry.published else "",
        "authors": _people(entry.authors),
        "tags": entry.categories,
        "_origin": _origin(entry),
    }
    return {key: value for key, value in item.items() if value or key == "content_text"}


def _people(people: Sequence[Named]) -> list[dict[str, str]]:
    return [{"name": person.name, "url": person.url} for person in people]


def _origin(entry: Entry) -> dict[str, Any]:
    """An extension of ours: who made a story and where it came from, in the printed words and one by one."""
    origin = {
        "credit": entry.credit,
        "contributors": _people(entry.contributors),
        "canonical_url": entry.canonical_url,
        "sources": [
            {"name": each.name, "url": each.url} if each.url else {"name": each.name} for each in entry.sources
        ],
    }
    return {key: value for key, value in origin.items() if value}
