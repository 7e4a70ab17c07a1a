"""The form of an issue as a browser would send it."""

from html.parser import HTMLParser
from typing import Any

from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from newsletter.models import Issue

_BUTTONS = {"submit", "button", "image"}


class _Controls(HTMLParser):
    """What the controls of a page hold, names that stand several times with all their values."""

    def __init__(self) -> None:
        super().__init__()
        self.data = QueryDict(mutable=True)
        self._textarea = self._select = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        a = dict(attrs)
        name, kind = a.get("name") or "", a.get("type") or "text"
        if tag == "input" and name and kind not in _BUTTONS and "disabled" not in a:
            if kind not in {"checkbox", "radio"} or "checked" in a:
                self.data.appendlist(name, a.get("value") or ("on" if kind == "checkbox" else ""))
        elif tag == "textarea":
            self._textarea = name
            if name:
                self.data[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in a:
            self.data[self._select] = a.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea:
            self.data[self._textarea] = self.data[self._textarea].removeprefix("\r\n").removeprefix("\n")
            self._textarea = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.data[self._textarea] += data


def controls(html: str) -> QueryDict:
    found = _Controls()
    found.feed(html)
    return found.data


def address(issue: Issue, page: str = "change") -> str:
    return reverse(f"admin:newsletter_issue_{page}", args=[issue.pk])


def filled(client: Client, path: str, **changes: Any) -> QueryDict:
    """The form at `path` with other values; `__` in a name stands for `-`, a list for several values."""
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    data = controls(response.content.decode())
    for name, value in changes.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return data


def press(client: Client, issue: Issue, button: str, value: object = "1", **changes: Any) -> Any:
    """Open the form of an issue, change fields, press a button; the answer, redirects followed."""
    data = filled(client, address(issue), **changes)
    data[button] = str(value)
    return send(client, address(issue), data)


def send(client: Client, path: str, data: QueryDict) -> Any:
    kind = "application/x-www-form-urlencoded"
    return client.post(path, data.urlencode(), content_type=kind, follow=True)
