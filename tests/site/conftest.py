"""One site for all checks: prepared once, served by gunicorn, looked at by one browser."""

from collections.abc import Iterable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import chromium  # noqa: F401 - a fixture
from tests.site.figures import Figures, lines
from tests.site.pages import PAGES, STAFF
from tests.site.serving import Answer, Site, served

PHONE, TABLET, DESKTOP, NARROWEST = 360, 768, 1280, 320
MEASURED = pytest.StashKey[Figures]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if measured := config.stash.get(MEASURED, {}):
        terminalreporter.section("measured")
        terminalreporter.write("\n".join([*lines(measured), ""]))


@pytest.fixture(scope="session")
def figures(pytestconfig: pytest.Config) -> Figures:
    """Page to name to value; what a test writes here is in the table at the end of the run."""
    return pytestconfig.stash.setdefault(MEASURED, {})


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def answers(site: Site) -> dict[str, Answer]:
    """Every page as it came, by name."""
    return {name: site.page(name) for name in PAGES if name in site.paths}


@pytest.fixture(scope="session")
def context(site: Site, chromium: Browser) -> Iterator[BrowserContext]:  # noqa: F811
    """A reader's browser. Checks are written into the pages, so the policy of the site does not hold for them."""
    context = chromium.new_context(base_url=site.url, bypass_csp=True, locale="ar", reduced_motion="reduce")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture(scope="session")
def staff(site: Site, chromium: Browser) -> Iterator[BrowserContext]:  # noqa: F811
    """The same for a member of staff."""
    context = chromium.new_context(base_url=site.url, bypass_csp=True, locale="ar", reduced_motion="reduce")
    context.add_cookies([{"name": "sessionid", "value": site.cookie, "url": site.url}])
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture(scope="session")
def opened(site: Site, context: BrowserContext, staff: BrowserContext) -> "Opened":
    return Opened(site, context, staff)


class Opened:
    """The page that is open. Checks that follow each other on one page find it open."""

    def __init__(self, site: Site, readers: BrowserContext, staff: BrowserContext) -> None:
        self.site = site
        self.readers, self.staff = readers.new_page(), staff.new_page()

    def __call__(self, name: str, width: int = DESKTOP, scheme: str = "light") -> Page:
        page = self.staff if name in STAFF else self.readers
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, media="screen")
        page.goto(self.site.paths[name])
        return page


def none(findings: Iterable[object]) -> bool:
    """For `assert none(...)`: fails with the findings, one a line; pytest would cut each short."""
    found = [str(finding) for finding in findings]
    if found:
        pytest.fail("\n".join([*found[:20], f"{len(found)} findings"]), pytrace=False)
    return True
