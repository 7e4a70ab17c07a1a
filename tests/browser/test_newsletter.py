"""A reader's way through the sign-up, by hand: nothing is posted that a page does not offer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import Page, expect

from newsletter import limits
from newsletter.enums import SubscriptionStatus
from newsletter.models import MailingList, Subscription
from tests.axe import violations
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.factories import make_site
from tests.newsletter.conftest import path_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def newsroom(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser of a test types faster than any reader."""
    monkeypatch.setattr(limits, "LEAST_FILL_TIME", timedelta())
    make_site(name="مدار اليوم")
    MailingList.objects.create(name="نشرة الصباح", cadence="يوميًا عند السابعة صباحًا", is_default=True)


@pytest.fixture(params=[(PHONE, "light"), (DESKTOP, "dark")], ids=["phone-light", "desktop-dark"])
def page(request: pytest.FixtureRequest, open_page: OpenPage) -> Page:
    """Width and colours do not depend on each other here: two of the four pairs show all."""
    width, scheme = request.param
    return open_page(width, scheme)


def look_at(page: Page) -> None:
    """No finding by axe, nothing sticks out, nothing is stored in the browser."""
    # Without preload: axe would fetch imported style sheets by relative addresses of the page.
    findings = violations(page, {"preload": False})
    assert [finding["id"] for finding in findings] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.context.cookies() == []


def test_reader_subscribes_confirms_and_leaves(
    page: Page, mailoutbox: list[EmailMessage], run_tasks: Callable[..., int]
) -> None:
    page.goto("/newsletter/")
    look_at(page)
    page.get_by_label("بريدك الإلكتروني").fill("reader@example.com")
    page.get_by_role("main").get_by_role("button", name="اشترك").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("تفقّد بريدك")
    expect(page.get_by_role("main")).to_contain_text("reader@example.com")
    look_at(page)
    page.reload()
    run_tasks()
    assert len(mailoutbox) == 1

    page.goto(path_in(mailoutbox[0], "not-me"))
    look_at(page)
    page.goto(path_in(mailoutbox[0]))
    look_at(page)
    page.get_by_role("button", name="تأكيد الاشتراك").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("اكتمل اشتراكك")
    look_at(page)
    run_tasks()

    page.goto(path_in(mailoutbox[1], "unsubscribe"))
    look_at(page)
    page.get_by_role("button", name="ألغِ اشتراكي").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("أُلغي اشتراكك")
    look_at(page)
    page.get_by_role("button", name="إعادة الاشتراك").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("عاد اشتراكك")
    page.goto(path_in(mailoutbox[1], "unsubscribe"))
    page.get_by_role("button", name="قلّل عدد الرسائل").click()
    look_at(page)
    assert Subscription.objects.get().frequency == "weekly"
    page.get_by_role("button", name="ألغِ اشتراكي").click()
    page.get_by_label("الرسائل كثيرة").check()
    page.get_by_role("button", name="إرسال").click()
    look_at(page)
    left = Subscription.objects.get()
    assert (left.status, left.end_reason) == (SubscriptionStatus.UNSUBSCRIBED, "too_many")


def test_reader_changes_the_settings_and_has_the_data_erased(
    page: Page, client, mailoutbox: list[EmailMessage], run_tasks: Callable[..., int]
) -> None:
    client.post("/newsletter/subscribe/", {"email": "reader@example.com"})
    run_tasks()
    client.post(path_in(mailoutbox[0]))
    run_tasks()
    page.goto(path_in(mailoutbox[1], "preferences"))
    look_at(page)
    page.get_by_label("نشرة الصباح").select_option(label="عدد واحد في الأسبوع على الأكثر")
    page.get_by_label("إيقاف الرسائل مؤقتًا").select_option(label="أسبوعين")
    page.get_by_label("اسمك").fill("ليلى")
    page.get_by_role("button", name="حفظ").click()
    expect(page.get_by_role("main").get_by_role("status")).to_have_text("حُفظت إعداداتك.")
    look_at(page)
    subscription = Subscription.objects.select_related("subscriber").get()
    assert (subscription.frequency, subscription.subscriber.name) == ("weekly", "ليلى")
    assert subscription.subscriber.paused_until is not None

    page.get_by_role("button", name="حذف بياناتي نهائيًا").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("تفقّد بريدك")
    look_at(page)
    run_tasks()
    page.goto(path_in(mailoutbox[2], "erase"))
    look_at(page)
    page.get_by_role("button", name="حذف بياناتي نهائيًا").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("حُذفت بياناتك")
    look_at(page)
    assert not Subscription.objects.exists()


def test_mistyped_domain_is_one_press_away_from_the_right_one(
    page: Page, mailoutbox: list[EmailMessage], run_tasks: Callable[..., int]
) -> None:
    page.goto("/newsletter/")
    page.get_by_label("بريدك الإلكتروني").fill("reader@gmial.com")
    page.get_by_role("main").get_by_role("button", name="اشترك").click()
    expect(page.get_by_role("alert")).to_contain_text("هل تقصد gmail.com؟")
    look_at(page)
    page.get_by_role("button", name="reader@gmail.com").click()
    expect(page.get_by_role("main")).to_contain_text("reader@gmail.com")
    run_tasks()
    assert [mail.to for mail in mailoutbox] == [["reader@gmail.com"]]


def space_above_heading(page: Page) -> float:
    """Pixels between the rule of the page's head and the highest mark of its h1."""
    return page.evaluate("""() => {
        const heading = document.querySelector("h1"), head = heading.parentElement;
        const probe = heading.insertBefore(document.createElement("span"), heading.firstChild);
        probe.style.display = "inline-block";
        const baseline = probe.getBoundingClientRect().bottom;
        const rule = getComputedStyle(head, "::before");
        const ruleEnd = head.getBoundingClientRect().top + parseFloat(getComputedStyle(head).paddingBlockStart)
            + parseFloat(rule.blockSize) + parseFloat(rule.borderBlockStartWidth);
        const brush = document.createElement("canvas").getContext("2d");
        brush.font = getComputedStyle(heading).font;
        return baseline - brush.measureText(heading.textContent).actualBoundingBoxAscent - ruleEnd;
    }""")


def test_marks_of_the_heading_stay_clear_of_the_rule_above(
    page: Page, client, mailoutbox: list[EmailMessage], run_tasks: Callable[..., int]
) -> None:
    client.post("/newsletter/subscribe/", {"email": "reader@example.com"})
    run_tasks()
    client.post(path_in(mailoutbox[0]))
    run_tasks()
    path = path_in(mailoutbox[1], "unsubscribe")
    client.post(path)
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_have_text("أُلغي اشتراكك")
    assert space_above_heading(page) >= 8


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
@pytest.mark.parametrize("path", ["/newsletter/", "/newsletter/confirm/cut-off/"], ids=["form", "box"])
def test_mistake_is_said_where_the_reader_is(open_page: OpenPage, path: str, javascript: bool) -> None:
    page = open_page(PHONE, javascript=javascript)
    page.goto(path)
    field = page.get_by_label("بريدك الإلكتروني")
    field.fill("reader@localhost")
    field.press("Enter")
    expect(page).to_have_title("خطأ: النشرة الإخبارية | مدار اليوم")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(field).to_have_value("reader@localhost")
    page.get_by_role("alert").get_by_role("link").click()
    expect(field).to_be_focused()
    field.fill("reader@example.com")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("تفقّد بريدك")


def test_page_with_a_mistake_is_accessible(page: Page) -> None:
    page.goto("/newsletter/")
    page.get_by_role("main").get_by_role("button", name="اشترك").click()
    expect(page.get_by_role("alert")).to_contain_text("أدخل بريدك الإلكتروني.")
    look_at(page)


def test_broken_link_offers_the_form(page: Page, mailoutbox: list[EmailMessage], run_tasks: Callable[..., int]) -> None:
    page.goto("/newsletter/confirm/cut-off/")
    look_at(page)
    page.get_by_label("بريدك الإلكتروني").fill("reader@example.com")
    page.get_by_role("main").get_by_role("button", name="اشترك").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("تفقّد بريدك")
    run_tasks()
    assert len(mailoutbox) == 1


def test_mail_fits_a_phone_and_reads_from_the_right(
    page: Page, client, mailoutbox: list[EmailMessage], run_tasks: Callable[..., int]
) -> None:
    client.post("/newsletter/subscribe/", {"email": "reader@example.com"})
    run_tasks()
    client.post(path_in(mailoutbox[0]))
    client.post("/newsletter/subscribe/", {"email": "reader@example.com"})
    run_tasks()
    assert len(mailoutbox) == 3
    for mail in mailoutbox:
        page.set_content(mail.alternatives[0][0])
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        alignments = "[...document.querySelectorAll('td > p')].map((p) => getComputedStyle(p).textAlign)"
        assert set(page.evaluate(alignments)) == {"right"}
