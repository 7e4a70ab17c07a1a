"""What a page could do to its reader with a piece of HTML, found by a parser that is not the sanitiser's."""

from collections.abc import Iterator
from html.parser import HTMLParser

from django.conf import settings

from tests.richtext.reading import Reader

# Elements that run, fetch, cover the page, send or take the place of what stands round them.
HARMFUL = frozenset({
    "script", "style", "link", "meta", "base", "iframe", "frame", "frameset", "object", "embed", "applet", "portal",
    "fencedframe", "form", "input", "button", "select", "textarea", "svg", "math", "template", "noscript", "audio",
    "video", "source", "track", "dialog", "title", "xmp", "plaintext", "marquee", "slot", "area", "image",
})  # fmt: skip
# Attributes whose address is asked for without anybody's doing, or gets what a form holds.
FETCHED = frozenset({"src", "srcset", "poster", "background", "data", "ping", "action", "formaction", "longdesc"})


def harm(html: str) -> list[str]:
    """One phrase for each element or attribute that no stored text of anybody may bring to a page."""
    body = Reader(html)
    found = [f"<{tag}>" for tag, _attributes in body.tags if tag in HARMFUL or ":" in tag or "-" in tag]
    found += [f"declaration {other[:20]}" for other in body.others]
    return found + [phrase for tag, attributes in body.tags for phrase in _of_attributes(tag, attributes)]


def _of_attributes(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    for name, value in attributes.items():
        if name.startswith(("on", "data-", "xlink", "hx-", "v-", "x-", "ng-", "@", ":")):
            yield f"<{tag} {name}>"
        if name in {"style", "id", "name", "srcdoc", "is", "slot", "contenteditable", "autofocus", "target"}:
            yield f"<{tag} {name}>"
        if name in FETCHED and not value.startswith(("/media/", "/static/")):
            yield f"<{tag} {name}={value[:40]}>"
        if name in {"href", "cite"} and not _is_plain(value):
            yield f"<{tag} {name}={value[:40]}>"


def _is_plain(address: str) -> bool:
    """As a browser reads it: a path of ours, a part of the page, or one of the four schemes."""
    seen = "".join(sign for sign in address if sign.isprintable()).strip()
    if seen.startswith(("/", "#")):
        return not seen.startswith(("//", "/\\"))
    return seen.lower().startswith(("http://", "https://", "mailto:", "tel:")) and "\\" not in seen


def _is_ours(address: str) -> bool:
    return address.startswith(settings.SITE_URL) or (_is_plain(address) and ":" not in address)


class _Page(HTMLParser):
    """Of a whole page, which has scripts and forms of its own: what only a foreign text can have brought there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._code = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self._code = tag if tag in {"script", "style"} and "json" not in attributes.get("type", "") else ""
        for name, value in attributes.items():
            is_fetched = name in FETCHED or (tag == "link" and name == "href")
            if (
                name.startswith("on")
                or name == "srcdoc"
                or (is_fetched and not _is_ours(value))
                or (name == "style" and "evil" in value)
                or (name == "href" and ":" in value and not _is_plain(value))
            ):
                self.found.append(f"<{tag} {name}={value[:60]}>")

    def handle_endtag(self, tag: str) -> None:
        self._code = ""

    def handle_data(self, data: str) -> None:
        if self._code and ("pwned" in data or "evil" in data):
            self.found.append(f"<{self._code}>{data[:60]}")


def harm_of_page(html: str) -> list[str]:
    """One phrase for each handler, script, foreign address and the like in a whole page or mail."""
    page = _Page()
    page.feed(html)
    page.close()
    return page.found
