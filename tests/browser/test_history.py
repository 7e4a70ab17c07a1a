"""Versions of an article in a real browser: chosen, compared, read, restored, with and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from articles.models import Article, RelatedLink
from articles.revisions import record
from tests.axe import violations
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.test_desk import PASSWORD, sign_in
from tests.factories import make_article, make_author, make_image, make_section, make_site, make_user

OLD = (
    '<h2>خلفية</h2><p>أعلنت البلدية افتتاح الحديقه العامة أمس، وتفاصيلها في <a href="/old">موقعها</a>.</p>'
    "<p>فقرة لم تعد صحيحة.</p>"
    "<p>وتضم الحديقة ممرات للمشي.</p><p>ويبدأ استقبال الزوار يوم السبت.</p><p>وختم المتحدث حديثه.</p>"
)
NEW = (
    '<h3>خلفية</h3><p>أعلنت البلدية افتتاح الحديقة العامة أمس، وتفاصيلها في <a href="/new">موقعها</a>.</p>'
    "<p>وتضم الحديقة ممرات للمشي.</p><p>ويبدأ استقبال الزوار يوم السبت.</p><p>وختم المتحدث حديثه.</p>"
    '<p dir="ltr">The park opens on Saturday.</p>'
)


@pytest.fixture
def article(transactional_db: None) -> Article:
    make_site(name="مدار اليوم")
    editor = make_user(Role.EDITOR, username="samer", password=PASSWORD, first_name="سامر")
    made = make_article("افتتاح الحديقة", published=False, section=make_section("محليات"), body=OLD, tags=("مدن",))
    record(made, by=editor)
    change(made, editor)
    record(made, by=editor, reason="أضيفت تفاصيل")
    return made


def change(article: Article, editor: User) -> None:
    """A change of every kind."""
    article.body, article.headline, article.lead_image = NEW, "افتتاح الحديقة العامة", make_image()
    article.save()
    article.tags.add("حدائق")
    article.bylines.create(author=make_author("John Smith"))
    RelatedLink.objects.create(article=article, target=make_article("مكتبة المدينة"), after_block=1)


def address(article: Article, page: str) -> str:
    return f"/admin/articles/article/{article.pk}/{page}"


def test_an_editor_finds_what_changed_and_takes_it_back(page: Page, article: Article) -> None:
    sign_in(page)
    page.goto(address(article, "history/"))
    page.click("#revisions button")
    headline = page.locator("section:has(#field-headline)")
    expect(headline.locator("ins")).to_have_text(" العامة")
    body = page.locator("section:has(#field-body)")
    expect(body.locator("del", has_text="الحديقه")).to_have_count(1)
    expect(body.locator(".compare-address")).to_have_text(["/old", "/new"])
    expect(body.locator(".is-removed")).to_contain_text("فقرة لم تعد صحيحة.")
    expect(body.locator(".is-added")).to_contain_text("The park opens on Saturday.")
    page.click(".compare-sides a[href$='/revisions/1/restore/']")
    page.click("form.compare [type=submit]")
    expect(page.locator(".messagelist .success")).to_have_count(1)
    article.refresh_from_db()
    assert (article.headline, article.body, article.version) == ("افتتاح الحديقة", OLD, 3)


def test_versions_are_compared_without_javascript(open_page: OpenPage, article: Article) -> None:
    page = open_page(javascript=False)
    sign_in(page)
    page.goto(address(article, "history/"))
    page.check("[name=old][value='1']")
    page.check("[name=new][value='2']")
    page.click("#revisions button")
    expect(page.locator("del", has_text="الحديقه")).to_have_count(1)


def test_old_and_new_stand_side_by_side_or_one_above_the_other(any_page: Page, article: Article) -> None:
    sign_in(any_page)
    any_page.goto(address(article, "compare/?old=1&new=2"))
    row = any_page.locator("section:has(#field-headline) .is-changed")
    old, new = (row.locator(side).bounding_box() for side in (".compare-old", ".compare-new"))
    assert old
    assert new
    if any_page.viewport_size == {"width": PHONE, "height": 800}:
        assert new["y"] >= old["y"] + old["height"]
    else:
        assert new["x"] + new["width"] <= old["x"] + 1  # right to left: the old version is read first
        assert new["y"] == old["y"]


def test_what_changed_is_told_by_more_than_colour(page: Page, article: Article) -> None:
    sign_in(page)
    page.goto(address(article, "compare/?old=1&new=2"))
    line = "(words) => getComputedStyle(words).textDecorationLine"
    row = page.locator("section:has(#field-body) .is-changed")
    assert row.locator("del").first.evaluate(line) == "line-through"
    assert row.locator("ins").first.evaluate(line) == "underline"
    sign = "(cell) => getComputedStyle(cell, '::before').content"
    assert "+" in page.locator(".is-added > .compare-new").first.evaluate(sign)


def test_the_pages_of_versions_are_accessible_and_fit(any_page: Page, article: Article) -> None:
    sign_in(any_page)
    for name in ("history/", "compare/?old=1&new=2", "revisions/2/", "revisions/1/restore/"):
        any_page.goto(address(article, name))
        found = violations(any_page)
        assert [(name, rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
        assert any_page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
