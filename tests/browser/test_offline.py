"""Saved articles and the service worker in a real browser, with the network and without."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article
from pages.models import SiteSettings
from tests.browser.conftest import PHONE
from tests.factories import make_article, make_image, make_section, make_site

NO_NETWORK = "لا يوجد اتصال بالإنترنت"
# What lies in the caches of the site, as paths; the names of the shells are left out.
KEPT = """async () => {
    const kept = { shell: [], saved: [] };
    for (const name of await caches.keys()) {
        const keys = await (await caches.open(name)).keys();
        kept[name.startsWith("shell-") ? "shell" : name].push(...keys.map(({ url }) => new URL(url).pathname));
    }
    return kept;
}"""
SHELLS = "caches.keys().then((names) => names.filter((name) => name.startsWith('shell-')))"
CONTROLLED = "navigator.serviceWorker.controller?.state === 'activated'"


@pytest.fixture
def stories(transactional_db: None) -> list[Article]:
    make_site()
    section = make_section("ثقافة", color="amber")
    return [
        make_article(
            f"خبر من المدينة {number}",
            section=section,
            body="<p>عاد الباعة إلى السوق.</p>",
            lead_image=make_image(),
            at=timezone.now() - timedelta(hours=number + 2),
        )
        for number in range(3)
    ]


@pytest.fixture
def reader(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A telephone whose browser may run the service worker."""
    context = chromium.new_context(base_url=live_server.url, viewport={"width": PHONE, "height": 800}, locale="ar")
    context.set_default_timeout(15_000)
    page = context.new_page()
    yield page
    # Whatever the worker still asks for ends here, before the database is emptied.
    page.goto("about:blank")
    context.close()


def wait_until(page: Page, expression: str) -> None:
    """Ask again and again; Playwright's own way needs eval, which the policy of the site forbids."""
    for _attempt in range(300):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {expression}")


def save(page: Page, *articles: Article) -> None:
    """Read and save; the worker rules the page afterwards, and has what it needs."""
    for article in articles:
        page.goto(article.get_absolute_url())
        page.locator("[data-save]").click()
        expect(page.get_by_role("status")).to_have_text(page.locator("[data-save]").get_attribute("data-saved"))
    wait_until(page, CONTROLLED)
    # Files of development have no hash in their names: they are there for the worker when they were asked for once.
    for path in ("/saved/", articles[-1].get_absolute_url()):
        page.goto(path, wait_until="networkidle")


def listed(page: Page) -> list[str]:
    return page.locator("[data-saved-list] a").all_inner_texts()


def test_saved_articles_are_read_without_a_network(reader: Page, stories: list[Article]) -> None:
    first, second, unsaved = stories
    save(reader, first, second)
    reader.context.set_offline(True)
    reader.goto("/saved/")
    expect(reader.locator("[data-saved-list] a")).to_have_text([second.headline, first.headline])
    reader.get_by_role("link", name=first.headline).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(first.headline)
    picture = reader.locator(".lead-figure img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    for address in (first.get_short_url(), f"/news/{first.pk}/", f"/news/{first.pk}/another-name/"):
        reader.goto(address)
        expect(reader.get_by_role("heading", level=1)).to_have_text(first.headline)
    reader.goto(unsaved.get_absolute_url())
    expect(reader.get_by_role("heading", level=1)).to_have_text(NO_NETWORK)
    assert listed(reader) == [second.headline, first.headline]
    reader.context.set_offline(False)
    reader.locator("[data-retry]").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(unsaved.headline)


def test_worker_comes_when_reading_has_begun(reader: Page, stories: list[Article]) -> None:
    reader.goto("/", wait_until="networkidle")
    assert reader.evaluate("navigator.serviceWorker.getRegistration().then(Boolean)") is False
    reader.mouse.wheel(0, 300)
    wait_until(reader, CONTROLLED)
    reader.context.set_offline(True)
    reader.goto("/archive/")
    expect(reader.get_by_role("heading", level=1)).to_have_text(NO_NETWORK)
    expect(reader.locator("[data-saved-empty]")).to_be_visible()


def test_withdrawn_and_deleted_articles_leave_the_device(reader: Page, stories: list[Article]) -> None:
    withdrawn, deleted, kept = stories
    save(reader, *stories)
    Article.objects.filter(pk=withdrawn.pk).update(status="withdrawn", withdrawn_at=timezone.now())
    Article.objects.filter(pk=deleted.pk).delete()
    for article, status in ((withdrawn, 410), (deleted, 404)):
        reader.goto(article.get_absolute_url())
        # A browser may show what it has for a while; asked anew, it must believe the network.
        response = reader.reload()
        assert response is not None
        assert response.status == status
    reader.goto("/saved/")
    expect(reader.locator("[data-saved-list] a")).to_have_text([kept.headline])
    left = reader.evaluate(KEPT)["saved"]
    assert [path for path in left if path.startswith("/news/")] == [f"/news/{kept.pk}/"]


def test_nothing_but_the_shell_and_saved_articles_is_kept(reader: Page, stories: list[Article]) -> None:
    save(reader, stories[0])
    for path in ("/", "/newsletter/", "/search/?q=خبر", "/admin/", "/admin/login/", stories[1].get_absolute_url()):
        reader.goto(path, wait_until="networkidle")
    kept = reader.evaluate(KEPT)
    assert [path for path in kept["saved"] if not path.startswith("/media/")] == [f"/news/{stories[0].pk}/"]
    ours = ("/static/css/", "/static/js/", "/static/fonts/", "/static/img/")
    assert {path for path in kept["shell"] if not path.startswith(ours)} == {"/offline/", "/saved/"}


def test_page_is_saved_as_a_stranger_sees_it(reader: Page, live_server: LiveServer, stories: list[Article]) -> None:
    reader.context.add_cookies([{"name": "sessionid", "value": "secret", "url": live_server.url}])
    asked: list[dict[str, str]] = []
    reader.goto(stories[0].get_absolute_url())
    reader.on("request", lambda r: asked.append(r.all_headers()) if r.resource_type == "fetch" else None)
    reader.locator("[data-save]").click()
    expect(reader.get_by_role("status")).to_have_text(reader.locator("[data-save]").get_attribute("data-saved"))
    assert asked
    assert not any("cookie" in headers for headers in asked)


def test_one_is_removed_and_put_back_also_without_a_network(reader: Page, stories: list[Article]) -> None:
    first, second, _third = stories
    save(reader, first, second)
    reader.context.set_offline(True)
    reader.goto("/saved/")
    reader.locator("[data-saved-list] li button").first.click()
    undo = reader.get_by_role("button", name="تراجع", exact=True)
    expect(undo).to_be_focused()
    assert f"/news/{second.pk}/" not in reader.evaluate(KEPT)["saved"]
    undo.click()
    expect(reader.locator("[data-saved-list] a")).to_have_text([second.headline, first.headline])
    expect(reader.locator("[data-saved-list] li button").first).to_be_focused()
    reader.goto(second.get_absolute_url())
    expect(reader.get_by_role("heading", level=1)).to_have_text(second.headline)


def test_clearing_leaves_nothing_and_can_be_undone(reader: Page, stories: list[Article]) -> None:
    first, second, _third = stories
    save(reader, first, second)
    reader.goto("/saved/")
    before = reader.evaluate(KEPT)["saved"]
    reader.locator("[data-saved-clear]").click()
    expect(reader.locator("[data-saved-undo]")).to_be_focused()
    expect(reader.locator("[data-saved-empty]")).to_be_visible()
    assert reader.evaluate(KEPT)["saved"] == []
    assert reader.evaluate("localStorage.getItem('saved')") is None
    reader.locator("[data-saved-undo]").click()
    expect(reader.locator("[data-saved-list] a")).to_have_text([second.headline, first.headline])
    assert sorted(reader.evaluate(KEPT)["saved"]) == sorted(before)
    reader.locator("[data-saved-clear]").click()
    reader.reload()
    expect(reader.locator("[data-saved-undo]")).to_be_hidden()
    expect(reader.locator("[data-saved-list] li")).to_have_count(0)


def test_changed_article_is_saved_anew_when_it_is_read(reader: Page, stories: list[Article]) -> None:
    article = stories[0]
    save(reader, article)
    Article.objects.filter(pk=article.pk).update(headline="عنوان مصحح", version=article.version + 1)
    reader.goto(article.get_absolute_url())
    reader.reload(wait_until="networkidle")
    wait_until(reader, "localStorage.getItem('saved').includes('عنوان مصحح')")
    reader.context.set_offline(True)
    reader.goto(article.get_short_url())
    expect(reader.get_by_role("heading", level=1)).to_have_text("عنوان مصحح")


def test_new_release_takes_the_place_of_the_old_worker(reader: Page, stories: list[Article]) -> None:
    save(reader, stories[0])
    before = reader.evaluate(SHELLS)
    assert len(before) == 1
    SiteSettings.objects.update(name="مدار الغد")
    reader.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update()).then(() => true)")
    wait_until(reader, f"{SHELLS}.then((names) => names.length === 1 && names[0] !== '{before[0]}')")
    reader.context.set_offline(True)
    reader.goto("/archive/")
    expect(reader).to_have_title(f"{NO_NETWORK} | مدار الغد")


def test_worker_that_is_switched_off_goes_and_leaves_the_saved_articles(
    reader: Page, stories: list[Article], settings: LazySettings
) -> None:
    save(reader, stories[0])
    settings.SERVICE_WORKER = False
    reader.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update()).then(() => true)")
    wait_until(reader, "navigator.serviceWorker.getRegistration().then((registration) => !registration)")
    kept = reader.evaluate(KEPT)
    assert kept["shell"] == []
    assert f"/news/{stories[0].pk}/" in kept["saved"]
