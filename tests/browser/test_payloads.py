"""The cleaned payloads in real Chromium: nothing runs and nothing is asked for from another machine."""

import json
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client
from django.utils.html import escape
from playwright.sync_api import Browser, Route
from pytest_django.live_server_helper import LiveServer

from newsletter.mails.rendering import render_issue
from newsletter.models import Issue
from richtext.render import blocks
from richtext.sanitise import sanitise
from tests.security.payload_world import TYPED, World
from tests.security.payloads import CLASSES
from tests.security.watched_browser import WatchedWindow, watched

SITE = "http://site.example"
XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'
# Lists of the desk, and how many rows stand on one page of each.
LISTS = {
    "articles/article": 50, "articles/author": 50, "articles/tag": 50, "articles/source": 50, "articles/section": 50,
    "images/image": 50, "newsletter/subscriber": 50, "newsletter/issue": 50, "newsletter/mailinglist": 50,
}  # fmt: skip
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


# On the site itself


@pytest.fixture
def world(transactional_db: None) -> World:
    made = World(TYPED)
    made.readers()
    return made


def test_the_watched_window_sees_what_runs(chromium: Browser, live_server: LiveServer) -> None:
    """Without this the next test would also pass in a window that watches nothing."""
    with watched(chromium, live_server.url, bypass_csp=True) as window:
        window.open("<script>pwned(1)</script><img src=https://evil.example/x.gif><a href='javascript:x'>x</a>")
        window.open("<img src=x onerror=pwned(1)>")
        window.page.wait_for_function("window.ran")
        window.open(f"<x><script {XHTML}>pwned(1)</script></x>", "text/xml")
        window.open("<script>alert(1)</script>")
        ran, outside, harmful = window.faults()
    assert len(ran) >= 4
    assert outside == [f"{live_server.url}/opened-document: https://evil.example/x.gif"]
    assert any("javascript:" in one for one in harmful)


def test_no_text_runs_or_asks_elsewhere_anywhere(chromium: Browser, live_server: LiveServer, world: World) -> None:
    """Every text in every place, on every page that shows it, once as if no page had a policy (checklist X1, X2)."""
    with watched(chromium, live_server.url, bypass_csp=True, cookies=world.desk.cookies) as window:
        look_at_the_desk(window, world)
        window.context.clear_cookies()
        look_at_pages_for_readers(window, world)
        look_at_documents(window, world)
        assert window.faults() == ([], [], [])
        assert window.looked_at > len(TYPED)
    with watched(chromium, live_server.url, bypass_csp=False) as strict:
        for article in world.articles[::25]:
            strict.goto(article.get_absolute_url(), twice=True)
        assert strict.faults() == ([], [], [])


def look_at_the_desk(window: WatchedWindow, world: World) -> None:
    """Lists, forms with the editor, history, comparison, confirmations, messages, previews."""
    window.goto("/admin/articles/article/")  # shows a message for each article that was saved
    rows = len(world.texts)
    for name, per_page in LISTS.items():
        for number in range(1, -(-rows // per_page) + 1):
            window.goto(f"/admin/{name}/?p={number}")
    base = "/admin/articles/article"
    for article in world.articles[::40]:
        window.goto(f"{base}/{article.pk}/history/")
    for draft, body in world.drafts():
        window.goto(f"{base}/{draft.pk}/change/", wait=".cke_wysiwyg_frame")
        for page in ("history", "compare/?old=1&new=2", "delete", "publish", "comments", "links", "revisions/1"):
            window.goto(f"{base}/{draft.pk}/{page.rstrip('/')}{'' if '?' in page else '/'}")
        window.open(world.preview_of(draft, body))
    for kind, row in world.rows_to_delete():
        window.goto(f"/admin/{kind}/{row.pk}/delete/")
        window.goto(f"/admin/{kind}/{row.pk}/change/")
    for path in ("/admin/", "/admin/articles/front/", "/admin/articles/calendar/", "/admin/audit/auditentry/"):
        window.goto(path)


def look_at_pages_for_readers(window: WatchedWindow, world: World) -> None:
    for number, article in enumerate(world.articles):
        window.goto(article.get_absolute_url(), twice=True)
        if number % 25 == 0:
            window.goto(f"/lite/news/{article.pk}/", twice=True)
    for article in world.articles[::40]:
        for row in (article.authors.first(), article.tags.first(), article.sources.first()):
            window.goto(row.get_absolute_url(), twice=True)
    for text in world.texts[::4]:
        asked = quote(text[:100].encode(errors="ignore"))
        for path in (f"/search/?q={asked}", f"/{asked}", f"/tags/{asked}/"):
            window.goto(path, twice=True)
    for path in ("/", "/lite/", "/archive/", "/corrections/", "/most-read/", "/newsletter/", "/search/?q=خبر"):
        window.goto(path, twice=True)


def look_at_documents(window: WatchedWindow, world: World) -> None:
    """Feeds as markup of their own, suggestions as they say they are, mails as in a program without a policy."""
    reader = Client()
    sections = [f"/feeds/sections/{world.section.slug}/{name}" for name in ("rss.xml", "atom.xml")]
    for path in ("/feeds/rss.xml", "/feeds/atom.xml", "/sitemap-news.xml", "/opensearch.xml", *sections):
        text = reader.get(path, follow=True).content.decode()
        window.open(text, "text/xml")
    for text in world.texts[::4]:
        found = reader.get("/search/suggest/", {"q": text[:40]})
        window.open(found.content.decode(), found["Content-Type"].partition(";")[0])
    for issue in Issue.objects.all():
        mail = render_issue(issue)
        window.open(mail.html)
        window.open(f"<pre>{escape(mail.text)}</pre>")
