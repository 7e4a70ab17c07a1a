"""The cleaned payloads in real Chromium: nothing runs and nothing is asked for from another machine."""

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Route

from richtext.render import blocks
from richtext.sanitise import sanitise
from tests.richtext.payloads import CLASSES

SITE = "http://site.example"
# Each body twice: as a part of the page that the parser reads, and put in by a script.
PAGE = """<!DOCTYPE html><html lang="ar" dir="rtl"><meta charset="utf-8">
<script>window.fired = []; function pwned() { fired.push(event ? event.type : "script"); }</script>
%s
<script id="bodies" type="application/json">%s</script>
<script>
  for (const body of JSON.parse(bodies.textContent)) {
    document.body.append(Object.assign(document.createElement("article"), { innerHTML: body }));
  }
</script>"""
# What a reader's hand does: point at, focus and press everything.
TOUCH = """() => {
  const events = ["pointerover", "mouseover", "mouseenter", "pointerdown", "focus", "toggle", "scroll"];
  for (const element of document.querySelectorAll("article *")) {
    for (const name of events) element.dispatchEvent(new Event(name, { bubbles: true }));
    if (element.localName !== "a") element.dispatchEvent(new Event("click"));
  }
}"""
UNSAFE_LINKS = """() => [...document.querySelectorAll("article a")].map((link) => link.protocol)
  .filter((protocol) => !["http:", "https:", "mailto:", "tel:"].includes(protocol))"""


def visit(chromium: Browser, bodies: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Show the bodies on one page; return what ran, foreign requests and unsafe link schemes."""
    requests: list[str] = []
    printable = [body.encode(errors="replace").decode() for body in bodies]
    articles = "\n".join(f"<article>{body}</article>" for body in printable)
    html = PAGE % (articles, json.dumps(printable).replace("<", "\\u003c"))

    def answer(route: Route) -> None:
        if urlsplit(route.request.url).hostname != "site.example":
            requests.append(route.request.url)
            route.abort()
        elif route.request.url == f"{SITE}/":
            route.fulfill(body=html, content_type="text/html")
        else:
            route.fulfill(status=404, body="")

    with chromium.new_context(locale="ar") as context:
        context.route("**/*", answer)
        page = context.new_page()
        page.goto(f"{SITE}/")
        page.evaluate(TOUCH)
        assert page.url == f"{SITE}/"
        assert page.locator("article").count() == 2 * len(bodies)
        return page.evaluate("() => fired"), requests, page.evaluate(UNSAFE_LINKS)


def test_the_page_catches_what_is_not_cleaned(chromium: Browser) -> None:
    """Without this the next test would also pass in a browser that runs nothing at all."""
    fired, _requests, _schemes = visit(chromium, ["<img src=x onerror=pwned(1)>", "<p onclick=pwned(1)>نص</p>"])
    assert set(fired) == {"error", "click"}
    assert visit(chromium, ["<img src=https://evil.example/t.gif>"])[1]
    assert visit(chromium, ["<a href=javascript:pwned(1)>رابط</a>"])[2] == ["javascript:", "javascript:"]


@pytest.mark.parametrize("name", CLASSES)
def test_cleaned_payloads_neither_run_nor_ask_elsewhere(chromium: Browser, name: str) -> None:
    stored = [sanitise(payload) for payload in CLASSES[name]]
    never_sanitised = ["".join(blocks(payload)) for payload in CLASSES[name]]
    assert visit(chromium, stored + never_sanitised) == ([], [], [])
