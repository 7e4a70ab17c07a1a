"""How much a reader with a phone pays, in bytes on the wire: what is compressed is counted compressed.

HTML leaves gunicorn as it is and is compressed by the proxy before it, so it is counted as Brotli makes it at the
quality that proxies use for pages made on request (5); static files lie compressed on the disk and are counted as they
come.
"""

from collections.abc import Iterator

import brotli
import pytest
from playwright.sync_api import Browser, CDPSession, Page

from tests.site import markup
from tests.site.conftest import PHONE
from tests.site.figures import KB, Figures, size
from tests.site.pages import LITE, READERS
from tests.site.serving import Answer, Site

PROXY_QUALITY = 5
HTML, CSS, JAVASCRIPT, FONTS, FIRST_LOAD, LIGHT = 20 * KB, 8 * KB, 5 * KB, 60 * KB, 200 * KB, 10 * KB
MOST_FONTS, MOST_REQUESTS = 3, 20
MOST_SHIFT = 0.02
SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) {
        if (!shift.hadRecentInput) {
            window.shifts.push([shift.value, ...shift.sources.map(({ node }) => node?.outerHTML?.slice(0, 120))]);
        }
    }
}).observe({ type: "layout-shift", buffered: true });
"""
KINDS = {"CSS": "Stylesheet", "JavaScript": "Script", "fonts": "Font"}
FIRST_LOADS = ("home", "section", "article", "article-long", "article-live", "article-everything")


def compressed(body: bytes) -> int:
    return len(brotli.compress(body, quality=PROXY_QUALITY))


@pytest.mark.parametrize("name", READERS)
def test_html_is_small(answers: dict[str, Answer], figures: Figures, name: str) -> None:
    if name in FIRST_LOADS:
        figures.setdefault(name, {})["HTML"] = size(compressed(answers[name].body))
    assert compressed(answers[name].body) <= HTML


@pytest.mark.parametrize("name", LITE)
def test_light_page_is_lighter(site: Site, answers: dict[str, Answer], figures: Figures, name: str) -> None:
    """With everything that it loads."""
    page = markup.read(answers[name].text, site.url + site.paths[name])
    sizes = {url: len(site.get(url, Accept_Encoding="br").body) for url in set(page.loaded)}
    total = compressed(answers[name].body) + sum(sizes.values())
    figures[name] = {
        "HTML": size(compressed(answers[name].body)), "first load": size(total), "requests": str(1 + len(sizes))
    }  # fmt: skip
    assert total < LIGHT, sizes


class Load:
    """One first visit on a phone: every request with its kind and its bytes."""

    def __init__(self, page: Page, figures: dict[str, str]) -> None:
        self.figures = figures
        self.kinds: dict[str, str] = {}
        self.urls: dict[str, str] = {}
        self.bytes: dict[str, int] = {}
        self.heads: dict[str, int] = {}
        self.page = page
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.cdp.on("Network.responseReceived", self.on_response)
        self.cdp.on("Network.loadingFinished", self.on_finished)
        self.cdp.send("Network.enable")

    def on_response(self, event: dict) -> None:
        response = event["response"]
        if not response["url"].startswith("data:"):
            self.kinds[event["requestId"]] = event["type"]
            self.urls[event["requestId"]] = response["url"]
            self.heads[event["requestId"]] = round(response["encodedDataLength"])

    def on_finished(self, event: dict) -> None:
        self.bytes[event["requestId"]] = round(event["encodedDataLength"])

    def visit(self, path: str) -> None:
        response = self.page.goto(path, wait_until="load")
        self.page.wait_for_load_state("networkidle")
        document = next(request for request, kind in self.kinds.items() if kind == "Document")
        self.bytes[document] += compressed(response.body()) - len(response.body())

    def total(self) -> int:
        """Everything, heads of the answers too."""
        return sum(self.bytes.values())

    def files(self, kind: str) -> list[int]:
        """The sizes of the files of one kind, without the heads of their answers."""
        return [self.bytes.get(found, 0) - self.heads[found] for found in self.kinds if self.kinds[found] == kind]

    def __repr__(self) -> str:
        return str(sorted((self.bytes.get(request, 0), self.urls[request]) for request in self.kinds))


@pytest.fixture(scope="module", params=FIRST_LOADS)
def load(request: pytest.FixtureRequest, site: Site, chromium: Browser, figures: Figures) -> Iterator[Load]:
    """A page of a phone that has never been here, after its load event, before a finger moves."""
    context = chromium.new_context(
        base_url=site.url, viewport={"width": PHONE, "height": 740}, device_scale_factor=3, is_mobile=True, locale="ar"
    )
    page = context.new_page()
    page.add_init_script(SHIFTS)
    load = Load(page, figures.setdefault(request.param, {}))
    load.visit(site.paths[request.param])
    yield load
    context.close()


def test_first_load_is_light(load: Load) -> None:
    load.figures |= {"first load": size(load.total()), "requests": str(len(load.kinds))}
    assert load.total() <= FIRST_LOAD, load
    assert len(load.kinds) <= MOST_REQUESTS, load


def test_styles_scripts_and_fonts_keep_to_their_budgets(load: Load) -> None:
    load.figures |= {name: size(sum(load.files(kind))) for name, kind in KINDS.items()}
    load.figures["font files"] = str(len(load.files("Font")))
    assert 0 < sum(load.files("Stylesheet")) <= CSS, load
    assert 0 < sum(load.files("Script")) <= JAVASCRIPT, load
    assert 0 < sum(load.files("Font")) <= FONTS, load
    assert len(load.files("Font")) <= MOST_FONTS, load


def test_nothing_moves_while_reading(load: Load) -> None:
    load.page.evaluate(
        """async () => {
            for (let y = 0; y < document.documentElement.scrollHeight; y += 400) {
                scrollTo({ top: y, behavior: "instant" });
                await new Promise((resolve) => setTimeout(resolve, 40));
            }
        }"""
    )
    load.page.wait_for_load_state("networkidle")
    shifts = load.page.evaluate("shifts")
    total = sum(shift for shift, *_ in shifts)
    load.figures["CLS"] = f"{total:.3f}"
    assert total <= MOST_SHIFT, shifts
