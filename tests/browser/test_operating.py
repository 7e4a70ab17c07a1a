"""An operator's way in a real browser: hold an issue, let it go, settle what is uncertain, read a kept mail."""

from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.roles import Role
from newsletter.enums import EventKind, IssueState
from newsletter.models import DeliveryEvent, Issue, SenderCheck
from newsroom.lib.mail import EmlFileBackend, kept_names
from tests.axe import violations
from tests.browser.conftest import OpenPage
from tests.factories import make_site, make_user
from tests.newsletter.on_its_way import S, make_delivery, make_sending

PASSWORD = "correct horse battery"


@pytest.fixture
def issue(transactional_db: None, settings: Any) -> Issue:
    """Half-way: eight have it, two are uncertain, two failed, three wait."""
    settings.EMAIL_BACKEND = "newsroom.lib.mail.EmlFileBackend"
    settings.DEFAULT_FROM_EMAIL = "desk@news.example.org"
    make_site()
    make_user(Role.NEWSLETTER_EDITOR, username="huda", password=PASSWORD, first_name="هدى")
    issue = make_sending(candidate_count=17, sent_count=8, failed_count=2, uncertain_count=2)
    issue.excluded_counts = {"suppressed": 2}
    issue.save()
    states = [S.SENT] * 8 + [S.UNCERTAIN] * 2 + [S.FAILED] * 2 + [S.PENDING] * 2
    rows = [make_delivery(issue, state, reply="no mailbox here") for state in states]
    make_delivery(issue, email="a@slow.example", attempts=2, next_attempt_at=timezone.now(), reply="come back later")
    DeliveryEvent.objects.create(
        provider="p", provider_event_id="1", kind=EventKind.COMPLAINED, delivery=rows[0], at=timezone.now()
    )
    return issue


def sign_in(page: Page) -> None:
    page.goto("/admin/login/")
    page.fill("#id_username", "huda")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")


def is_accessible(page: Page) -> None:
    found = violations(page)
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


def address(issue: Issue) -> str:
    return f"/admin/newsletter/issue/{issue.pk}/sending/"


def test_operator_holds_an_issue_settles_it_and_lets_it_go(issue: Issue, open_page: OpenPage) -> None:
    page = open_page(360, javascript=False)
    sign_in(page)
    page.goto(address(issue))
    expect(page.locator(".sending-adds-up")).to_be_visible()
    page.click(f'form[action$="{issue.pk}/sending/pause/"] button')
    issue.refresh_from_db()
    assert issue.state == IssueState.PAUSED
    page.locator('td button[name="_count_as_sent"]').first.click()
    page.locator('.sending-all button[name="_resend"]').click()
    expect(page.locator("#uncertain-title")).to_have_count(0)
    expect(page.locator(".sending-adds-up")).to_be_visible()
    page.click(f'form[action$="{issue.pk}/sending/resume/"] button')
    issue.refresh_from_db()
    assert (issue.state, issue.sent_count, issue.uncertain_count) == (IssueState.SENDING, 9, 0)


def test_page_moves_by_itself_and_loads_anew_when_the_state_changes(issue: Issue, open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page)
    page.clock.install()
    page.goto(address(issue))
    bar = page.locator("#sending-bar")
    expect(bar).to_have_attribute("value", "12")
    Issue.objects.update(sent_count=9)
    page.clock.run_for(6_000)
    expect(bar).to_have_attribute("value", "13")
    Issue.objects.update(state=IssueState.PAUSED)
    page.clock.run_for(6_000)
    expect(page.locator(f'form[action$="{issue.pk}/sending/resume/"]')).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_pages_are_accessible_and_fit(width: int, scheme: Any, issue: Issue, open_page: OpenPage) -> None:
    finding = {"about": "spf", "level": "bad", "code": "spf_missing", "name": "news.example.org", "found": ""}
    SenderCheck.objects.create(
        domain="news.example.org",
        result={"selector": "news", "findings": [finding | {"put": "v=spf1 mx ~all", "number": 0}]},
    )
    mail = EmailMultiAlternatives("أكّد اشتراكك", "نص", "a@news.example.org", ["layla@example.com"])
    mail.attach_alternative("<p>مرحبًا</p>", "text/html")
    EmlFileBackend().send_messages([mail])
    page = open_page(width, scheme)
    sign_in(page)
    kept = f"/admin/newsletter/delivery/mail/{next(kept_names())}/"
    for path in (
        address(issue),
        address(issue) + "deliveries/",
        "/admin/newsletter/delivery/",
        "/admin/newsletter/delivery/mail/",
        kept,
    ):
        page.goto(path)
        is_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_kept_mail_is_shown_as_its_reader_would_see_it(issue: Issue, open_page: OpenPage) -> None:
    mail = EmailMultiAlternatives("أكّد اشتراكك", "نص", "a@news.example.org", ["layla@example.com"])
    mail.attach_alternative("<p id='hello' style='color: teal'>مرحبًا</p>", "text/html")
    EmlFileBackend().send_messages([mail])
    page = open_page()
    sign_in(page)
    page.goto("/admin/newsletter/delivery/mail/")
    page.click("text=أكّد اشتراكك")
    shown = page.frame_locator(".sending-frame").locator("#hello")
    expect(shown).to_have_text("مرحبًا")
    expect(shown).to_have_css("color", "rgb(0, 128, 128)")
