"""A reader from the sign-up box to leaving for good; every mail is read from a mail server that is not ours."""

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, expect

from newsletter.enums import IssueState, SubscriptionStatus
from newsletter.models import Issue, MailingList, Subscription
from newsletter.sending import lifecycle
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.factories import make_article, make_issue, make_mailing_list, make_site
from tests.site.serving import free_port

pytestmark = pytest.mark.django_db(transaction=True)

READER = "layla@example.com"
HEADLINE = "افتتاح حديقة عامة عند الميناء"


class Mailbox:
    """What aiosmtpd took, newest last."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.senders: list[str] = []

    async def handle_DATA(self, server, session, envelope) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.senders.append(envelope.mail_from)
        return "250 2.0.0 Taken"


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield box
    server.stop()


@pytest.fixture
def newsroom(settings, live_server) -> MailingList:
    settings.SITE_URL = live_server.url
    make_site(name="مدار اليوم", postal_address="شارع الميناء 7، المدينة")
    return make_mailing_list("نشرة الصباح", cadence="يوميًا عند السابعة صباحًا", is_default=True)


def link_in(mail: EmailMessage, page: str) -> str:
    """The address of the link to `page`, as it stands in the plain text."""
    text = mail.get_body(("plain",)).get_content()
    found = re.search(rf"http://\S+/newsletter/{page}/[^\s\u2069]+", text)
    assert found, text
    return found[0]


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")])
def test_reader_subscribes_reads_an_issue_and_leaves(
    width: int,
    scheme: str,
    open_page: OpenPage,
    chromium: Browser,
    newsroom: MailingList,
    mailbox: Mailbox,
    run_tasks: Callable[..., int],
) -> None:
    page = open_page(width, scheme)
    subscribe(page)
    run_tasks()
    [confirmation] = mailbox.mails
    assert confirmation["To"] == READER

    page.goto(link_in(confirmation, "confirm"))
    assert Subscription.objects.get().status == SubscriptionStatus.PENDING, "opening the link confirms nothing"
    page.get_by_role("button", name="تأكيد الاشتراك").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("اكتمل اشتراكك")
    run_tasks()

    issue = send_issue(newsroom, run_tasks)
    mail = mailbox.mails[-1]
    assert mail["Subject"] == "أخبار هذا الصباح"
    read_mail(chromium, mail, width)
    read_on_site(page, issue)
    leave(page, mail)


def subscribe(page: Page) -> None:
    page.goto("/newsletter/")
    page.get_by_label("بريدك الإلكتروني").fill(READER)
    page.wait_for_timeout(2500)  # a person needs a moment; who is faster is taken for a program
    page.get_by_role("main").get_by_role("button", name="اشترك").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("تفقّد بريدك")


def send_issue(mailing_list: MailingList, run_tasks: Callable[..., int]) -> Issue:
    article = make_article(HEADLINE)
    issue = make_issue(mailing_list, articles=(article,), text="صباح الخير.", subject="أخبار هذا الصباح")
    lifecycle.send_now(issue, by=None, expected_count=1)
    run_tasks()
    issue.refresh_from_db()
    assert (issue.state, issue.sent_count) == (IssueState.FINISHED, 1)
    return issue


def read_mail(chromium: Browser, mail: EmailMessage, width: int) -> None:
    """As a mail program shows it: without the site, its styles or its policy."""
    with chromium.new_page(viewport={"width": width, "height": 800}) as page:
        page.route("**/*", lambda route: route.abort())
        page.set_content(mail.get_body(("html",)).get_content())
        assert page.evaluate("document.documentElement.dir") == "rtl"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        expect(page.get_by_role("link", name=HEADLINE)).to_be_visible()


def read_on_site(page: Page, issue: Issue) -> None:
    page.goto(issue.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_contain_text("أخبار هذا الصباح")
    page.get_by_role("link", name=HEADLINE).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(HEADLINE)


def leave(page: Page, mail: EmailMessage) -> None:
    """By the visible link, back again, and then by the button of the mail program."""
    page.goto(link_in(mail, "unsubscribe"))
    page.get_by_role("button", name="ألغِ اشتراكي").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("أُلغي اشتراكك")
    assert Subscription.objects.get().status == SubscriptionStatus.UNSUBSCRIBED
    page.get_by_role("button", name="إعادة الاشتراك").click()
    assert Subscription.objects.get().status == SubscriptionStatus.CONFIRMED

    address = mail["List-Unsubscribe"].partition("<")[2].partition(">")[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer = page.request.post(address, form={"List-Unsubscribe": "One-Click"}, max_redirects=0)
    assert answer.status == 200
    assert Subscription.objects.get().status == SubscriptionStatus.UNSUBSCRIBED
