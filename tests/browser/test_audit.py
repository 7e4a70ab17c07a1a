"""The log of deeds in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from audit.enums import Action
from audit.models import AuditEntry
from audit.recording import log
from tests.axe import violations
from tests.browser.conftest import OpenPage
from tests.browser.test_desk import PASSWORD, sign_in
from tests.factories import make_article, make_site, make_user


@pytest.fixture
def administrator(transactional_db: None) -> User:
    make_site(name="مدار اليوم")
    user = make_user(Role.ADMINISTRATOR, username="samer", password=PASSWORD, first_name="سامر")
    for number in range(3):
        article = make_article(f"افتتاح حديقة عامة جديدة على ضفة النهر {number}")
        log(Action.PUBLISHED, by=user, subject=article, before="draft", after="published", note="العنوان، المتن")
    return user


def test_list_and_line_are_accessible_and_fit_the_window(any_page: Page, administrator: User) -> None:
    sign_in(any_page)
    line = AuditEntry.objects.filter(action=Action.PUBLISHED).latest("pk")
    for path in ("", "?action=published&q=سامر&since=2020-01-01", f"{line.pk}/change/"):
        any_page.goto(f"/admin/audit/auditentry/{path}")
        assert violations(any_page) == [], path
        assert any_page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_list_is_narrowed_and_taken_out_without_javascript(open_page: OpenPage, administrator: User) -> None:
    page = open_page(javascript=False)
    sign_in(page)
    page.goto("/admin/audit/auditentry/")
    page.select_option("#filter_action", "published")
    page.click(".log-filter button")
    expect(page.locator("#result_list tbody tr")).to_have_count(3)
    with page.expect_download() as download:
        page.click(".log-export button")
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 4
    assert AuditEntry.objects.get(action=Action.EXPORTED).actor == administrator
