"""A form of the admin as a browser would send it, without a browser."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from articles.models import Article


class _Form(HTMLParser):
    """Collects what the controls of a page hold, without its buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, Any] = {}
        self._textarea = self._select = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        a = dict(attrs)
        name = a.get("name", "")
        if tag == "input" and name and a.get("type") not in {"submit", "file", "button"}:
            if a.get("type") not in {"checkbox", "radio"}:
                self.data[name] = a.get("value", "")
            elif "checked" in a:
                self.data[name] = a.get("value", "on")
        elif tag == "textarea":
            self._textarea, self.data[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in a:
            self.data[self._select] = a.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.data[self._textarea] = self.data[self._textarea].removeprefix("\r\n").removeprefix("\n")
            self._textarea = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.data[self._textarea] += data


def form_data(client: Client, address: str) -> dict[str, Any]:
    """What the form at `address` would send unchanged."""
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return controls(response.content.decode())


def controls(page: str) -> dict[str, Any]:
    """What the controls of a page hold."""
    form = _Form()
    form.feed(page)
    return {name: value for name, value in form.data.items() if "__prefix__" not in name}


def change_url(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def add_url() -> str:
    return reverse("admin:articles_article_add")


def save(client: Client, article: Article, button: str = "_continue", **changes: Any) -> Any:
    """Open the form, change fields, press a button; the answer, redirects followed."""
    data = form_data(client, change_url(article)) | changes | {button: "1"}
    return client.post(change_url(article), data, follow=True)


def publish_url(article: Article) -> str:
    return reverse("admin:articles_article_publish", args=[article.pk])


def publish(client: Client, article: Article, query: str = "", **changes: Any) -> Any:
    """Open the page that publishes, at the moment that `query` asks for, and press its button."""
    data = form_data(client, publish_url(article) + query) | changes
    return client.post(publish_url(article), data, follow=True)


def messages_of(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def errors_of(response: Any) -> dict[str, list[str]]:
    return dict(response.context["adminform"].form.errors)


def inline_row(prefix: str, number: int = 0, **values: Any) -> dict[str, Any]:
    """One new row of an inline, with what the form counts."""
    row = {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    return {f"{prefix}-TOTAL_FORMS": str(number + 1), **row}
