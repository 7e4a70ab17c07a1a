"""The checklist of an article: it follows what is typed, mends it, and keeps from publishing what it should."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from articles.models import Article
from articles.revisions import record
from audit.enums import Action
from audit.models import AuditEntry
from tests.axe import violations
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.test_desk import PASSWORD, READY
from tests.factories import BODY, make_article, make_image, make_section, make_site, make_source, make_user

LATIN_COMMA = BODY.replace("للمشي ومكتبة", "للمشي, ومكتبة")


@pytest.fixture
def chief(transactional_db: None) -> User:
    make_site(name="مدار اليوم")
    make_section("محليات")
    return make_user(Role.CHIEF_EDITOR, username="samer", password=PASSWORD, first_name="سامر")


def draft(by: User, **fields: Any) -> Article:
    article = make_article("افتتاح حديقة المدينة", published=False, created_by=by, sources=(make_source(),), **fields)
    record(article, by=by)
    article.refresh_from_db()
    return article


def sign_in(page: Page, user: User, address: str) -> None:
    page.goto(address)
    page.fill("#id_username", user.username)
    page.fill("#id_password", PASSWORD)
    page.click("#login-form [type=submit]")
    expect(page.locator("#user-tools")).to_contain_text(user.first_name)


def form_of(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def publishing_of(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/publish/"


def test_a_warning_comes_while_typing_and_its_fix_goes_into_the_form(page: Page, chief: User) -> None:
    article = draft(chief, standfirst="تضم الحديقة ممرات للمشي ومكتبة صغيرة.")
    sign_in(page, chief, form_of(article))
    page.wait_for_function(READY)
    fix = page.locator("#checklist [name=_mend][value=latin_signs]")
    expect(fix).to_have_count(0)
    page.fill("#id_standfirst", "تضم الحديقة ممرات للمشي, ومكتبة صغيرة.")
    fix.click()
    dialog = page.locator("#checklist dialog")
    expect(dialog.locator(".compare-new")).to_contain_text("للمشي، ومكتبة")
    dialog.locator("[data-apply]").click()
    expect(page.locator("#id_standfirst")).to_have_value("تضم الحديقة ممرات للمشي، ومكتبة صغيرة.")
    expect(fix).to_have_count(0)
    article.refresh_from_db()
    assert article.standfirst == "تضم الحديقة ممرات للمشي ومكتبة صغيرة."


def test_a_fix_of_the_body_goes_into_the_editor(page: Page, chief: User) -> None:
    article = draft(chief, body=LATIN_COMMA)
    sign_in(page, chief, form_of(article))
    page.wait_for_function(READY)
    page.click("#checklist [name=_mend][value=latin_signs]")
    page.click("#checklist [data-apply]")
    page.wait_for_function("() => CKEDITOR.instances.id_body.getData().includes('للمشي، ومكتبة')")
    page.click("[name=_continue] >> nth=-1")
    expect(page.locator(".messagelist .success")).to_be_visible()
    article.refresh_from_db()
    assert "للمشي، ومكتبة" in article.body


def test_without_scripts_a_page_of_its_own_mends(open_page: OpenPage, chief: User) -> None:
    article = draft(chief, body=LATIN_COMMA)
    page = open_page(PHONE, javascript=False)
    sign_in(page, chief, form_of(article))
    page.click("#checklist noscript a")
    page.click("#checklist [name=_mend][value=latin_signs]")
    expect(page.locator(".compare-new").first).to_contain_text("للمشي، ومكتبة")
    page.click(".submit-row button")
    expect(page.locator(".messagelist .success")).to_be_visible()
    article.refresh_from_db()
    assert "للمشي، ومكتبة" in article.body


def test_an_editor_is_stopped_and_a_chief_gives_a_reason(open_page: OpenPage, chief: User) -> None:
    editor = make_user(Role.EDITOR, username="rana", password=PASSWORD, first_name="رنا")
    article = draft(chief, lead_image=make_image(credit=""))
    stopped = open_page()
    sign_in(stopped, editor, publishing_of(article))
    expect(stopped.locator(".publishing-blocks")).to_be_visible()
    expect(stopped.locator("[name=override]")).to_have_count(0)
    expect(stopped.locator(".publishing .submit-row button")).to_have_count(0)

    page = open_page(PHONE, "dark")
    sign_in(page, chief, publishing_of(article))
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.click(".publishing .submit-row button")
    expect(page.locator(".publishing-blocks")).to_be_visible()
    article.refresh_from_db()
    assert not article.is_published
    page.fill("[name=override]", "أرسلها صاحبها")
    page.click(".publishing .submit-row button")
    page.wait_for_selector("[name=_withdraw]")
    article.refresh_from_db()
    assert article.is_published
    assert "أرسلها صاحبها" in AuditEntry.objects.get(action=Action.CHECKS_OVERRIDDEN).note


def test_what_is_chosen_on_the_page_of_the_house_style_holds(open_page: OpenPage, chief: User) -> None:
    article = draft(chief, standfirst="")
    page = open_page(PHONE)
    sign_in(page, chief, "/admin/articles/checklevel/")
    page.check("[aria-labelledby='rule-standfirst_missing'] [value=blocks]")
    page.click(".submit-row [type=submit]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.goto(publishing_of(article))
    expect(page.locator(".publishing-blocks [name=override]")).to_be_visible()
    assert not Article.objects.get().is_published
