"""A page taken apart: what it links to and loads, its meta lines, its data blocks, its visible times."""

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

# Elements and attributes that hold an address which the browser loads by itself.
LOADED = {
    "script": ("src",), "img": ("src", "srcset"), "source": ("src", "srcset"), "iframe": ("src",), "audio": ("src",),
    "video": ("src", "poster"), "embed": ("src",), "object": ("data",), "input": ("src",), "track": ("src",),
}  # fmt: skip
LOADED_RELATIONS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "apple-touch-icon"}


@dataclass
class Markup:
    address: str
    title: str = ""
    heading: str = ""
    links: list[str] = field(default_factory=list)  # followed by people
    loaded: list[str] = field(default_factory=list)  # fetched by the browser
    relations: list[tuple[str, dict[str, str]]] = field(default_factory=list)  # rel, attributes of <link>
    meta: dict[str, list[str]] = field(default_factory=dict)  # name or property to contents
    data: list[Any] = field(default_factory=list)  # JSON-LD
    times: dict[str, str] = field(default_factory=dict)  # datetime to what is printed
    ids: set[str] = field(default_factory=set)
    fragments: list[str] = field(default_factory=list)

    def one(self, name: str) -> str:
        """The only content of a meta line; raises AssertionError where it stands twice or never."""
        values = self.meta.get(name, [])
        assert len(values) == 1, f"{name}: {values}"
        return values[0]

    def relation(self, rel: str) -> list[str]:
        return [attributes.get("href", "") for found, attributes in self.relations if rel in found.split()]


def read(html: str, address: str) -> Markup:
    """Addresses are made absolute with `address`. Raises ValueError for JSON-LD that is no JSON."""
    reader = _Reader(address)
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.found = Markup(address)
        self._text: list[str] | None = None
        self._time = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if "id" in attributes:
            self.found.ids.add(attributes["id"])
        self._addresses(tag, attributes)
        if tag == "meta" and (name := attributes.get("name") or attributes.get("property")):
            self.found.meta.setdefault(name, []).append(attributes.get("content", ""))
        if tag == "link":
            self.found.relations.append((attributes.get("rel", ""), attributes))
        if tag in {"title", "h1", "time"} or attributes.get("type") == "application/ld+json":
            self._text = []
        if tag == "time":
            self._time = attributes.get("datetime", "")

    def _addresses(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "a" and (target := attributes.get("href", "")):
            (self.found.fragments if target.startswith("#") else self.found.links).append(self._absolute(target))
        if tag == "form":
            self.found.fragments += []
        if tag == "link" and LOADED_RELATIONS & set(attributes.get("rel", "").split()):
            self.found.loaded.append(self._absolute(attributes["href"]))
        for name in LOADED.get(tag, ()):
            self.found.loaded += [self._absolute(url) for url in _addresses_in(name, attributes.get(name, ""))]

    def _absolute(self, url: str) -> str:
        return urljoin(self.found.address, url)

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._text is None or tag not in {"title", "h1", "time", "script"}:
            return
        text, self._text = " ".join("".join(self._text).split()), None
        if tag == "title":
            self.found.title = self.found.title or text
        elif tag == "h1":
            self.found.heading = text
        elif tag == "time":
            self.found.times.setdefault(self._time, text)
        else:
            self.found.data.append(json.loads(text))


def _addresses_in(attribute: str, value: str) -> list[str]:
    if attribute != "srcset":
        return [value] if value else []
    return [candidate.split()[0] for candidate in value.split(",") if candidate.strip()]
