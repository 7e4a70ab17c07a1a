"""axe on a page in Arabic."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# axe takes joined Arabic letters for those of an icon font, a word being narrower than its letters side by side, and
# does not measure their contrast: it looked at 5 texts of an article, and so at 145. Our pages draw on no canvas.
NO_ICON_FONTS = "() => { CanvasRenderingContext2D.prototype.measureText = (text) => ({ width: 10 * text.length }); }"


# `preload` would fetch style sheets again.
READERS = {"preload": False, "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page: Page, options: dict[str, Any] = READERS) -> list[dict[str, Any]]:
    """What axe has to say against a page: {"id", "nodes": [{"html", ...}], ...} for each rule."""
    page.evaluate(NO_ICON_FONTS)
    found: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    return found
