"""Assignment, comments, the dashboard and the page that publishes, in a real browser."""

from collections.abc import Callable
from datetime import timedelta
from typing import Literal

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from articles.changes import open_changes, publish_changes
from articles.commenting import comment
from articles.enums import Status
from articles.models import Article, Comment, Section
from articles.revisions import record
from tests.browser.conftest import OpenPage
from tests.browser.test_desk import PASSWORD, READY, is_accessible
from tests.factories import make_article, make_section, make_site, make_user

WIDTHS = [(360, "dark"), (360, "light"), (1280, "light"), (1280, "dark")]


@pytest.fixture
def section(transactional_db: None) -> Section:
    make_site(name="مدار اليوم", months="levant")
    return make_section("محليات")


@pytest.fixture
def editor(section: Section) -> User:
    return make_user(Role.EDITOR, username="samer", password=PASSWORD, first_name="سامر", email="samer@example.org")


@pytest.fixture
def reporter(section: Section) -> User:
    return make_user(Role.REPORTER, username="rana", password=PASSWORD, first_name="رنا", email="rana@example.org")


def sign_in(page: Page, user: User) -> None:
    page.goto("/admin/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", PASSWORD)
    page.click("#login-form [type=submit]")
    expect(page.locator("#user-tools")).to_contain_text(user.first_name)


def form_of(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def changes_of(story: Article, by: User) -> Article:
    record(story, by=by)
    copy = open_changes(story, by=by)
    Article.objects.filter(pk=copy.pk).update(headline="عنوان معدل")
    copy.refresh_from_db()
    record(copy, by=by)
    return copy


def fits(page: Page) -> bool:
    answer: bool = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return answer


def test_an_editor_reads_the_sentence_moves_the_moment_and_schedules(page: Page, editor: User) -> None:
    article = make_article("افتتاح الحديقة", published=False)
    day = timezone.now() + timedelta(days=3)
    sign_in(page, editor)
    page.goto(form_of(article))
    page.wait_for_function(READY)
    page.fill("#id_headline", "افتتاح الحديقة العامة")
    page.click("[name=_publish]")
    expect(page.locator("#sentence")).to_have_text("سيُنشر الآن، ويظهر في الصفحة الرئيسية وقسم محليات")
    page.fill("#id_at_0", f"{day:%Y-%m-%d}")
    page.fill("#id_at_1", "09:40")
    page.get_by_role("button", name="اعرض الجملة من جديد").click()
    expect(page.locator("#sentence")).to_contain_text("عند ٩:٤٠ صباحًا بتوقيت دمشق، ويظهر في الصفحة الرئيسية")
    page.get_by_role("button", name="جدولة النشر").click()
    expect(page.locator(".messagelist .success")).to_contain_text("عند ٩:٤٠ صباحًا بتوقيت دمشق")
    article.refresh_from_db()
    assert (article.headline, article.is_scheduled) == ("افتتاح الحديقة العامة", True)


def test_changes_are_published_from_their_page_without_javascript(open_page: OpenPage, editor: User) -> None:
    story = make_article("عنوان قديم")
    copy = changes_of(story, editor)
    page = open_page(javascript=False)
    sign_in(page, editor)
    page.goto(f"/admin/articles/article/{copy.pk}/publish/")
    expect(page.locator("#sentence")).to_have_text("سيرى القراء التعديلات الآن")
    page.check("[name=kind][value=update]")
    page.get_by_role("button", name="اعرض الجملة من جديد").click()
    expect(page.locator("#sentence")).to_contain_text("ويظهر على المادة وقت هذا التحديث")
    page.get_by_role("button", name="نشر التعديلات الآن").click()
    story.refresh_from_db()
    assert (story.headline, story.updated_at is not None) == ("عنوان معدل", True)


def test_a_comment_leaves_the_unsaved_article_alone(
    open_page: OpenPage, editor: User, reporter: User, mailoutbox: list[EmailMessage], run_tasks: Callable[..., int]
) -> None:
    article = make_article("افتتاح الحديقة", published=False, created_by=reporter)
    page = open_page()
    sign_in(page, editor)
    page.goto(form_of(article))
    page.wait_for_function(READY)
    page.fill("#id_headline", "عنوان لم يُحفظ")
    page.fill("#id_comment-text", "من أين هذا الرقم؟")
    page.select_option("#id_comment-to", str(reporter.pk))
    page.get_by_role("button", name="أضف التعليق").click()
    expect(page.locator("#comments .comment-text")).to_have_text("من أين هذا الرقم؟")
    expect(page.locator("#id_headline")).to_have_value("عنوان لم يُحفظ")
    expect(page.locator("#id_comment-text")).to_have_value("")
    run_tasks()
    assert [mail.to for mail in mailoutbox] == [["rana@example.org"]]

    page.fill("#id_comment-text", "ما لم يُرسل بعد")
    page.click("#comments .comment form button")
    expect(page.locator("#comments .comments-resolved")).to_be_visible()
    expect(page.locator("#id_comment-text")).to_have_value("ما لم يُرسل بعد")
    page.click(".submit-row [name=_continue]")
    page.wait_for_load_state()
    expect(page.locator("#id_comment-text")).to_have_value("ما لم يُرسل بعد")
    page.locator("#comments .comments-resolved summary").click()
    page.locator("#comments button[name=reopen]").click()
    expect(page.locator("#comments .comments-none")).to_have_count(0)

    hers = open_page()
    sign_in(hers, reporter)
    hers.get_by_role("link", name="لك تعليق").click()
    hers.locator("#desk-comments").get_by_role("link", name="عنوان لم يُحفظ").click()
    expect(hers.locator("#comments")).to_contain_text("من أين هذا الرقم؟")
    hers.click("#comments .comment form button")
    expect(hers.locator("#comments .comments-none")).to_be_visible()
    assert Comment.objects.get().resolved_by == reporter


def test_a_comment_that_cannot_be_sent_stays_in_its_box(open_page: OpenPage, editor: User) -> None:
    article = make_article(published=False)
    page = open_page()
    sign_in(page, editor)
    page.goto(f"/admin/articles/article/{article.pk}/comments/")
    page.fill("#id_comment-text", "رأي")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="أضف التعليق").click()
    expect(page.locator(".comments-unsent")).to_be_visible()
    expect(page.locator("#id_comment-text")).to_have_value("رأي")


def test_comments_work_without_javascript(open_page: OpenPage, editor: User) -> None:
    article = make_article(published=False)
    page = open_page(javascript=False)
    sign_in(page, editor)
    page.goto(form_of(article))
    page.fill("#id_comment-text", " ")
    page.get_by_role("button", name="أضف التعليق").click()
    expect(page.locator("#comments .errorlist")).to_be_visible()
    page.fill("#id_comment-text", "رأي")
    page.get_by_role("button", name="أضف التعليق").click()
    expect(page.locator("#comments .comment-text")).to_have_text("رأي")


def test_a_draft_with_a_date_leads_to_its_schedule(page: Page, editor: User) -> None:
    article = make_article(published=False)
    sign_in(page, editor)
    page.goto(form_of(article))
    page.wait_for_function(READY)
    page.fill("#id_publish_at_0", "2090-05-03")
    page.fill("#id_publish_at_1", "12:00")
    page.click(".submit-row [name=_continue]")
    page.get_by_role("link", name="جدولها").click()
    expect(page.locator("#sentence")).to_contain_text("سيُنشر الأربعاء ٣ أيار ٢٠٩٠ عند ١٢:٠٠ ظهرًا")


@pytest.mark.parametrize(("width", "scheme"), WIDTHS)
def test_the_pages_are_accessible_and_fit(
    open_page: OpenPage, editor: User, reporter: User, width: int, scheme: Literal["light", "dark"]
) -> None:
    now = timezone.now()
    late = make_article(published=False, created_by=reporter, assigned_to=editor, deadline=now - timedelta(hours=1))
    comment(late, by=reporter, text="من أين هذا الرقم؟", to=editor)
    copy = changes_of(make_article(), editor)
    publish_changes(copy, by=editor, at=now + timedelta(hours=1))
    failed = {"publish_at": now - timedelta(hours=1), "schedule_error": "المتن فارغ.", "status": Status.APPROVED}
    Article.objects.filter(pk=copy.pk).update(**failed)
    empty = make_article(published=False)
    Article.objects.filter(pk=empty.pk).update(body="")
    page = open_page(width, scheme)
    sign_in(page, editor)
    for address in (
        "",
        "articles/article/?work=late",
        f"articles/article/{copy.pk}/publish/",
        f"articles/article/{late.pk}/publish/?at_0=2020-01-01",
        f"articles/article/{empty.pk}/publish/",
        f"articles/article/{late.pk}/comments/",
    ):
        page.goto(f"/admin/{address}")
        is_accessible(page)
        assert fits(page), address
