"""An editor's path from «new issue» to «sent», with a mouse and without scripts."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.roles import Role
from newsletter.composing import new_issue
from newsletter.enums import IssueState
from newsletter.models import Issue, MailingList
from tests.axe import violations
from tests.browser.conftest import OpenPage
from tests.factories import (
    make_article,
    make_mailing_list,
    make_section,
    make_site,
    make_subscription,
    make_user,
)
from tests.newsletter.mailroom import add_readers, running_sink

PASSWORD = "correct horse battery"
READERS = 12
MANY = 10_000


@pytest.fixture
def mailing_list(transactional_db: None) -> MailingList:
    make_site(name="مدار اليوم", postal_address="شارع الميناء 7، المدينة")
    make_user(Role.NEWSLETTER_EDITOR, username="rima", password=PASSWORD, first_name="ريما", email="rima@example.com")
    mailing_list = make_mailing_list("نشرة الصباح", section=make_section("محليات"))
    before = timezone.now() - timedelta(days=1)
    for number in range(READERS):
        make_subscription(mailing_list, email=f"reader{number}@example.com", confirmed_at=before)
    for number in range(3):
        make_article(f"افتتاح الحديقة رقم {number}", section=mailing_list.section)
    return mailing_list


@pytest.fixture
def issue(mailing_list: MailingList) -> Issue:
    articles = [make_article(words, section=mailing_list.section) for words in ("الأولى", "الثانية", "الثالثة")]
    return new_issue(mailing_list, by=None, articles=articles, subject="أخبار الصباح")


def sign_in(page: Page) -> None:
    page.goto("/admin/")
    page.fill("#id_username", "rima")
    page.fill("#id_password", PASSWORD)
    page.click("#login-form [type=submit]")
    expect(page.locator("#user-tools")).to_contain_text("ريما")


def address(issue: Issue, page: str = "change") -> str:
    return reverse(f"admin:newsletter_issue_{page}", args=[issue.pk])


def headlines(issue: Issue) -> list[str]:
    return [str(item) for item in issue.items.select_related("article")]


def begin(page: Page) -> Issue:
    """From the list of issues to the form of a new one, with what was published today."""
    page.goto("/admin/newsletter/issue/")
    page.click(".object-tools .addlink")
    page.click(".issue-new .submit-row button")
    page.click("[name=_pull]")
    expect(page.locator(".issue-hits input:checked")).to_have_count(3)
    page.click("[name=_add]")
    expect(page.locator(".issue-item")).to_have_count(3)
    return Issue.objects.get()


def confirm(page: Page, readers: int = READERS) -> None:
    """The number of the sentence, typed again."""
    expect(page.locator("#sentence")).to_contain_text("نشرة الصباح")
    page.fill("[name=count]", str(readers))
    page.click(".publishing .submit-row .default")


def test_from_a_new_issue_to_the_last_reader(
    page: Page, mailing_list: MailingList, run_tasks: Any, mailoutbox: Any
) -> None:
    sign_in(page)
    issue = begin(page)
    page.fill("#id_issue-subject", "ثلاث حدائق في صباح واحد")
    expect(page.locator(".issue-letters").first).to_contain_text("٢٣")
    page.fill("#id_issue-preheader", "مواعيد وطرق")
    mail = page.frame_locator("iframe[name=issue-mail]")
    expect(mail.locator("body")).to_contain_text("افتتاح الحديقة رقم 2")
    page.locator(".issue-item [name$=-headline]").first.fill("عنوان كُتب للتو")
    expect(mail.locator("body")).to_contain_text("عنوان كُتب للتو")

    page.click(".submit-row [name=_test]")
    expect(page.locator("[name=addresses]")).to_have_value("rima@example.com")
    page.click(".submit-row .default")
    run_tasks()
    assert [(mail.to, "ثلاث حدائق" in mail.subject) for mail in mailoutbox] == [(["rima@example.com"], True)]

    page.click(".submit-row [name=_send]")
    confirm(page)
    expect(page.locator(".issue-state")).to_be_visible()
    run_tasks()
    issue.refresh_from_db()
    assert (issue.state, issue.sent_count, issue.candidate_count) == (IssueState.FINISHED, READERS, READERS)
    page.reload()
    expect(page.locator(".publishing-sentence")).to_contain_text("١٢")


@pytest.fixture
def sink(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A mail server in a process of its own; the lines of its log are what it took."""
    with running_sink(tmp_path) as (port, log):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield log


def test_an_issue_goes_to_ten_thousand(page: Page, mailing_list: MailingList, run_tasks: Any, sink: Path) -> None:
    add_readers(mailing_list, MANY - READERS)
    sign_in(page)
    issue = begin(page)
    page.fill("#id_issue-subject", "ثلاث حدائق في صباح واحد")
    page.click(".submit-row [name=_send]")
    expect(page.locator("#sentence")).to_contain_text("١٠٬٠٠٠")
    confirm(page, MANY)
    expect(page.locator(".issue-state")).to_be_visible()
    run_tasks()
    issue.refresh_from_db()
    assert (issue.state, issue.sent_count) == (IssueState.FINISHED, MANY)
    page.reload()
    expect(page.locator(".publishing-sentence")).to_contain_text("١٠٬٠٠٠")
    taken = [line.split()[0] for line in sink.read_text().splitlines()]
    assert (len(taken), len(set(taken))) == (MANY, MANY)


def test_the_whole_path_goes_without_scripts(open_page: OpenPage, mailing_list: MailingList) -> None:
    page = open_page(javascript=False)
    sign_in(page)
    issue = begin(page)
    before = headlines(issue)
    page.locator("[name=_down]").first.click()
    assert headlines(issue) == [before[1], before[0], before[2]]
    page.locator("[name=_remove]").last.click()
    assert headlines(issue) == [before[1], before[0]]
    page.fill("#id_new-summary", "صباح الخير من المحررين.")
    page.click("[name=_text]")
    expect(page.locator(".issue-item")).to_have_count(3)
    page.fill("#id_issue-subject", "عنوان بلا سكربت")
    page.locator("[name$=-headline]").first.fill("عنوان كُتب للتو")
    page.click("[data-preview]")
    expect(page.frame_locator("iframe[name=issue-mail]").locator("body")).to_contain_text("عنوان كُتب للتو")
    page.click(".submit-row [name=_send]")
    page.fill("[name=at_0]", f"{timezone.now() + timedelta(days=2):%Y-%m-%d}")
    page.fill("[name=at_1]", "07:00")
    page.click("[name=_show]")
    confirm(page)
    issue.refresh_from_db()
    assert (issue.state, issue.subject) == (IssueState.SCHEDULED, "عنوان بلا سكربت")


def test_items_are_dragged(page: Page, issue: Issue) -> None:
    sign_in(page)
    page.goto(address(issue))
    items = page.locator(".issue-item")
    grip, first = items.nth(2).locator(".issue-grip"), items.nth(0)
    grip.scroll_into_view_if_needed()
    first.scroll_into_view_if_needed()
    page.evaluate("window.scrollTo(0, 0); document.body.style.zoom = '0.5'")
    grip.hover()
    page.mouse.down()
    box = first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 4, steps=8)
    page.mouse.up()
    expect(items.nth(0)).to_contain_text("الثالثة")
    expect(page.locator(".issue-status")).to_contain_text("١")
    page.click(".submit-row [name=_save]")
    page.wait_for_selector(".messagelist .success")
    assert headlines(issue) == ["الثالثة", "الأولى", "الثانية"]


def test_the_enter_key_of_the_search_searches(page: Page, issue: Issue) -> None:
    sign_in(page)
    page.goto(address(issue))
    page.fill("#id_find-q", "شيء")
    page.press("#id_find-q", "Enter")
    page.wait_for_url(re.compile(r"\?q="))
    expect(page.locator("#id_find-q")).to_have_value("شيء")


def test_a_second_editor_is_asked(page: Page, issue: Issue) -> None:
    sign_in(page)
    page.goto(address(issue))
    Issue.objects.filter(pk=issue.pk).update(version=2, preheader="من زميل")
    page.fill("#id_issue-subject", "عنواني")
    page.click(".submit-row [name=_save]")
    expect(page.locator(".issue-conflict textarea").nth(1)).to_have_value("عنواني")
    assert violations(page) == []
    page.click("[name=_overwrite]")
    page.wait_for_selector(".messagelist .success")
    issue.refresh_from_db()
    assert issue.subject == "عنواني"


def test_every_page_of_an_issue_is_accessible_and_fits(any_page: Page, issue: Issue) -> None:
    scheduled = new_issue(issue.mailing_list, by=None, articles=[make_article()], subject="مجدول")
    Issue.objects.filter(pk=scheduled.pk).update(state=IssueState.SCHEDULED, send_at=timezone.now() + timedelta(days=1))
    sign_in(any_page)
    pages = [address(issue, name) for name in ("change", "preview", "test", "send")]
    pages += ["/admin/newsletter/issue/", "/admin/newsletter/issue/add/", address(scheduled)]
    pages.append(address(issue) + "?pull=1&hours=168")
    for path in pages:
        any_page.goto(path)
        assert violations(any_page) == [], path
        assert any_page.locator("html").evaluate("(box) => box.scrollWidth - box.clientWidth") <= 0, path
