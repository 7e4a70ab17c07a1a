"""WCAG 2.2 AA as two engines see it, at three widths, light and dark.

axe with target-size (2.5.8) switched on; HTML_CodeSniffer is the engine that pa11y runs beside axe.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.axe import NO_ICON_FONTS
from tests.site.conftest import DESKTOP, NARROWEST, PHONE, TABLET, Opened, none
from tests.site.pages import PAGES
from tests.site.tools import module

RULES = {
    # axe would fetch style sheets again.
    "preload": False,
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
every_page = pytest.mark.parametrize("name", PAGES)


@every_page
def test_axe_finds_nothing(opened: Opened, name: str) -> None:
    assert none(axe_findings(opened(name)))


def axe_findings(page: Page) -> list[str]:
    """Width, scheme, rule and element of each."""
    # Once a page: it is larger than the page itself.
    page.evaluate(Axe().axe_script)
    page.evaluate(NO_ICON_FONTS)
    found = []
    for width in (DESKTOP, TABLET, NARROWEST):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            violations = page.evaluate("async (options) => (await axe.run(options)).violations", RULES)
            found += [f"{width} {scheme} {rule['id']}: {node['html']}" for rule in violations for node in rule["nodes"]]
    return found


@every_page
def test_code_sniffer_finds_nothing(opened: Opened, name: str) -> None:
    assert none(sniffer_findings(opened(name, PHONE)))


def sniffer_findings(page: Page) -> list[str]:
    page.add_script_tag(path=module("@pa11y/html_codesniffer", "build", "HTMLCS.js"))
    return page.evaluate(
        """() => new Promise((resolve, reject) => HTMLCS.process("WCAG2AA", document, () => resolve(
            HTMLCS.getMessages().filter((message) => message.type === HTMLCS.ERROR).map(
                (message) => `${message.code}: ${message.msg} ${message.element.outerHTML?.slice(0, 200)}`
            )
        ), reject, "en"))"""
    )
