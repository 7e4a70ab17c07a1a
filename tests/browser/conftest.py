"""Real Chromium against a live server. A page that logs an error or breaks its policy fails the test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

# Playwright runs an event loop in this thread; Django would refuse the database under one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PHONE, DESKTOP = 360, 1280
Scheme = Literal["light", "dark"]

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""


class OpenPage(Protocol):
    def __call__(self, width: int = DESKTOP, scheme: Scheme = "light", *, javascript: bool = True) -> Page: ...


def launch_options() -> dict[str, Any]:
    """How Playwright starts the Chromium of this machine; skips the test where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not executable:
        pytest.skip("Chromium is not installed")
    # Chromium refuses its sandbox to root, who runs containers.
    return {"executable_path": executable, "args": ["--no-sandbox"] if os.geteuid() == 0 else []}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    options = launch_options()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        yield browser
        browser.close()


class Watch:
    """Collects what went wrong on a page: console errors, uncaught exceptions, requests to other machines."""

    def __init__(self, page: Page, host: str) -> None:
        self.page, self.host = page, host
        self.problems: list[str] = []
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.problems.append(f"exception: {error}"))
        page.on("request", self.on_request)

    def on_console(self, message: ConsoleMessage) -> None:
        # The page asked for itself may rightly answer 404 or 410; the test looks at that.
        is_own_status = message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url
        if message.type == "error" and not is_own_status:
            self.problems.append(f"console: {message.text} at {message.location['url']}")

    def on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.netloc != self.host:
            self.problems.append(f"request to another machine: {request.url}")


@pytest.fixture
def open_page(chromium: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    """A function that opens a fresh page; relative addresses go to the live server."""
    watches: list[Watch] = []
    with ExitStack() as contexts:

        def open_page(width: int = DESKTOP, scheme: Scheme = "light", *, javascript: bool = True) -> Page:
            context = chromium.new_context(
                base_url=live_server.url,
                viewport={"width": width, "height": 800},
                color_scheme=scheme,
                java_script_enabled=javascript,
                locale="ar",
                # It would still ask for things when the test is over (tests/browser/test_offline.py lets it work).
                service_workers="block",
            )
            contexts.callback(context.close)
            context.set_default_timeout(10_000)
            page = context.new_page()
            if javascript:
                page.add_init_script(REPORT_VIOLATIONS)
            watches.append(Watch(page, urlsplit(live_server.url).netloc))
            return page

        yield open_page
    assert [problem for watch in watches for problem in watch.problems] == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A desktop window, light."""
    return open_page()


@pytest.fixture(
    params=[(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light"), (DESKTOP, "dark")],
    ids=lambda p: f"{p[0]}-{p[1]}",
)
def any_page(request: pytest.FixtureRequest, open_page: OpenPage) -> Page:
    """The test runs four times: on a phone and a desktop, light and dark."""
    width, scheme = request.param
    return open_page(width, scheme)
