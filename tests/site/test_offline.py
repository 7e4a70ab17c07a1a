"""The service worker and the modules as production serves them: one script, hashed names."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import launch_options
from tests.site.serving import Site

STYLED = "getComputedStyle(document.querySelector('.article-tools')).display"
# The saved page as it would be had it been saved under an older release.
AGE = r"""async () => {
    const cache = await caches.open("saved");
    for (const request of await cache.keys()) {
        if (!request.url.includes("/news/")) continue;
        const answer = await cache.match(request);
        const html = (await answer.text()).replace(/\.[0-9a-f]{12}\.(css|js)/g, ".0123456789ab.$1");
        await cache.put(request, new Response(html, { headers: answer.headers }));
    }
}"""


@pytest.fixture
def reader(site: Site, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(base_url=site.url, locale="ar")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def save(page: Page, path: str) -> str:
    """Save an article; returns its headline."""
    page.goto(path)
    page.locator("[data-save]").click()
    expect(page.get_by_role("status")).to_have_text(page.locator("[data-save]").get_attribute("data-saved"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page.get_by_role("heading", level=1).inner_text()


def scripts_of(page: Page) -> list[str]:
    """The names of the scripts that the open page has asked for, without folder and hash."""
    addresses = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    return [found[1] for address in addresses if (found := re.search(r"/js/(\w+)\.[0-9a-f]{12}\.js$", address))]


def test_page_asks_for_two_scripts_and_for_others_when_they_are_needed(site: Site, reader: Page) -> None:
    problems: list[str] = []
    reader.on("pageerror", lambda error: problems.append(str(error)))
    reader.goto(site.paths["article"], wait_until="networkidle")
    assert sorted(scripts_of(reader)) == ["boot", "site"]
    reader.get_by_role("combobox").first.focus()
    reader.keyboard.type("السو")
    expect(reader.get_by_role("option").first).to_be_visible()
    reader.locator("[data-save]").click()
    expect(reader.locator("[data-save]")).to_have_attribute("aria-pressed", "true")
    assert sorted(scripts_of(reader)) == ["boot", "saving", "search_suggestions", "site"]
    assert problems == []


def test_saved_article_and_list_are_complete_without_a_network(site: Site, reader: Page) -> None:
    headline = save(reader, site.paths["article"])
    reader.context.set_offline(True)
    reader.goto("/saved/")
    reader.get_by_role("link", name=headline).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(headline)
    assert reader.evaluate(STYLED) == "flex"
    picture = reader.locator(".lead-figure img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    # The script came too: the theme can be chosen.
    reader.locator("[data-theme-toggle]").click()
    assert reader.evaluate("document.documentElement.dataset.theme") == "dark"


def test_picture_is_shown_in_another_size_where_its_own_was_not_kept(site: Site, reader: Page) -> None:
    reader.set_viewport_size({"width": 360, "height": 800})
    save(reader, site.paths["article"])
    reader.context.set_offline(True)
    reader.set_viewport_size({"width": 1280, "height": 800})
    reader.goto(site.paths["article"])
    picture = reader.locator(".lead-figure img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0


def test_article_saved_before_a_release_wears_the_style_of_today(site: Site, reader: Page) -> None:
    headline = save(reader, site.paths["article"])
    reader.evaluate(AGE)
    reader.context.set_offline(True)
    # An address that the browser itself has not kept.
    reader.goto("/".join(site.paths["article"].split("/")[:3]) + "/")
    expect(reader.get_by_role("heading", level=1)).to_have_text(headline)
    assert "0123456789ab" in reader.content()
    assert reader.evaluate(STYLED) == "flex"


def test_offline_page_is_styled_and_lists_what_is_saved(site: Site, reader: Page) -> None:
    headline = save(reader, site.paths["article"])
    reader.context.set_offline(True)
    reader.goto("/sections/not-kept/")
    expect(reader.locator("[data-retry]")).to_be_visible()
    expect(reader.locator("[data-saved-list] a")).to_have_text([headline])
    assert reader.evaluate("document.fonts.ready.then(() => document.fonts.check('16px UI', 'خبر'))")


def test_site_can_be_installed(site: Site, chromium: Browser, tmp_path: Path) -> None:
    """In a profile of its own: Chromium installs nothing from a private window, which other tests have."""
    with chromium.browser_type.launch_persistent_context(tmp_path, **launch_options()) as context:
        page = context.new_page()
        page.goto(site.url, wait_until="networkidle")
        devtools = context.new_cdp_session(page)
        assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
        manifest = devtools.send("Page.getAppManifest")
        assert manifest["errors"] == []
        assert manifest["url"] == f"{site.url}/manifest.webmanifest"
