"""What the pages of statistics say: sums and shares that are true, and what is not known."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from newsletter.enums import DeliveryState, EventKind, Tracking
from newsletter.hit_counting import MACHINE_OPENED
from newsletter.models import Delivery, DeliveryEvent, HitCount, Issue, IssueItem, LinkTarget, MailingList
from newsletter.proportions import Side, Verdict, compare
from newsletter.statistics import issue_figures, list_rows
from newsletter.statistics_charts import by_the_day, by_the_hour, of_issues, of_links, of_providers
from tests.factories import make_issue, make_mailing_list, make_site, make_user
from tests.newsletter.returns.sent import make_delivery, make_sent_issue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def issue() -> Issue:
    make_site()
    started = timezone.now() - timedelta(hours=30)
    return make_sent_issue(at=started, subject="افتتاح الحديقة", subject_b="حديقة جديدة", sent_count=8)


def send(issue: Issue, *addresses: str, variant: str = "a") -> list[Delivery]:
    return [make_delivery(issue=issue, email=address, variant=variant) for address in addresses]


def came_back(delivery: Delivery, kind: EventKind, number: int = 1) -> None:
    for count in range(number):
        DeliveryEvent.objects.create(
            provider="test", provider_event_id=f"{kind}{delivery.pk}{count}", kind=kind, delivery=delivery,
            domain=delivery.domain, at=timezone.now(),
        )  # fmt: skip


def hit(issue: Issue, number: int, count: int, *, variant: str = "a", hours: int = 0) -> None:
    hour = (issue.started_at + timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)
    HitCount.objects.create(issue=issue, variant=variant, number=number, hour=hour, count=count)


def page(client: Client, path: str, *roles: str) -> Any:
    client.force_login(make_user(*(roles or [Role.NEWSLETTER_EDITOR])))
    return client.get(path)


# --- the numbers ---


def test_delivery_is_told_by_provider(issue: Issue):
    gmail = send(issue, "a@gmail.com", "b@googlemail.com")
    [yahoo] = send(issue, "a@yahoo.fr")
    [other] = send(issue, "a@example.org")
    send(issue, "c@gmail.com")[0].__class__.objects.filter(pk=gmail[1].pk).update(state=DeliveryState.FAILED)
    came_back(gmail[0], EventKind.HARD_BOUNCE, 3)
    came_back(yahoo, EventKind.SOFT_BOUNCE)
    came_back(other, EventKind.COMPLAINED)
    came_back(other, EventKind.DEFERRED)

    found = issue_figures(issue).providers

    assert list(found) == ["Gmail", "Yahoo", ""]
    assert (found["Gmail"].sent, found["Gmail"].hard) == (2, 1), "one message that came back thrice is one"
    assert (found["Yahoo"].sent, found["Yahoo"].soft) == (1, 1)
    assert (found[""].complained, found[""].deferred, found[""].returned) == (1, 1, 0)


def test_figures_of_an_issue_take_a_fixed_number_of_queries(issue: Issue, django_assert_num_queries):
    for number in range(3):
        came_back(send(issue, f"a{number}@x{number}.example")[0], EventKind.HARD_BOUNCE)
        LinkTarget.objects.create(issue=issue, number=number + 1, url=f"https://a.example/{number}")
    with django_assert_num_queries(6):
        issue_figures(issue)


def test_opens_of_machines_are_told_apart(issue: Issue):
    hit(issue, 0, 5)
    hit(issue, 0, 2, variant="b")
    hit(issue, MACHINE_OPENED, 40)
    found = issue_figures(issue)
    assert (found.opens, found.machine_opens, found.clicks) == (7, 40, 0)
    assert list(found.hours.values()) == [(7, 0)]


def test_links_stand_with_the_most_followed_first(issue: Issue):
    for number in (1, 2):
        LinkTarget.objects.create(issue=issue, number=number, url=f"https://a.example/{number}")
    hit(issue, 1, 1)
    hit(issue, 2, 3)
    hit(issue, 2, 4, variant="b")
    chart = of_links(issue_figures(issue))
    assert [row.label for row in chart.rows] == ["https://a.example/2", "https://a.example/1"]
    assert chart.rows[0].numbers == ["٧", "٣", "٤"]


def test_link_is_known_by_the_headline_that_stood_there(issue: Issue):
    LinkTarget.objects.create(issue=issue, number=1, url="https://a.example/1")
    IssueItem.objects.create(issue=issue, headline="افتتاح الحديقة", url="https://a.example/1")
    hit(issue, 1, 1)
    [row] = of_links(issue_figures(issue)).rows
    assert (row.label, row.url, row.is_foreign) == ("افتتاح الحديقة", "https://a.example/1", False)


def test_hours_and_days_are_those_of_the_site(issue: Issue):
    hit(issue, 0, 5, hours=0)
    hit(issue, 1, 2, hours=0)
    hit(issue, 0, 7, hours=29)
    figures = issue_figures(issue)
    assert [row.numbers for row in by_the_hour(figures).rows] == [["٥", "٢"], ["٧", "٠"]]
    assert [row.label for row in by_the_day(figures).rows] == [
        "الخميس ١٩ نوفمبر/تشرين الثاني",
        "الجمعة ٢٠ نوفمبر/تشرين الثاني",
    ]


def test_issues_of_a_list_stand_with_the_newest_first():
    make_site()
    mailing_list = make_mailing_list()
    issues = [
        make_sent_issue(mailing_list=mailing_list, at=timezone.now() - timedelta(days=age), sent_count=9)
        for age in (2, 1)
    ]
    make_issue(mailing_list)
    hit(issues[0], 0, 4)
    hit(issues[0], MACHINE_OPENED, 4)
    hit(issues[0], 3, 2)
    came_back(send(issues[1], "a@x.example")[0], EventKind.COMPLAINED)

    rows = list_rows(mailing_list)

    assert [row.issue for row in rows] == issues[::-1]
    assert (rows[1].opens, rows[1].clicks, rows[0].complained) == (4, 2, 1)
    assert len(of_issues(rows).rows) == 2


def test_list_takes_a_fixed_number_of_queries(django_assert_num_queries):
    mailing_list = make_mailing_list()
    for _number in range(3):
        make_sent_issue(mailing_list=mailing_list, sent_count=1)
    with django_assert_num_queries(3):
        list_rows(mailing_list)


def test_empty_issue_divides_by_nothing(issue: Issue):
    figures = issue_figures(issue)
    assert of_providers(figures).is_empty
    assert figures.comparison.verdict == Verdict.TOO_FEW


# --- the two subjects ---


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        ((1000, 300), (1000, 240), Verdict.A),
        ((1000, 240), (1000, 300), Verdict.B),
        ((1000, 250), (1000, 255), Verdict.CHANCE),
        ((50, 5), (50, 9), Verdict.TOO_FEW),
        ((0, 0), (10, 5), Verdict.TOO_FEW),
        ((1000, 995), (1000, 999), Verdict.TOO_FEW),
    ],
)
def test_verdict_about_two_subjects(a, b, verdict):
    assert compare(Side(*a), Side(*b), by_name=True).verdict == verdict


def test_chance_is_that_of_the_test_of_two_proportions():
    """Worked by hand: pooled 0.27, standard error 0.019855, z = 3.0219."""
    assert compare(Side(1000, 300), Side(1000, 240), by_name=True).chance == pytest.approx(0.00251, abs=0.00002)


def test_without_names_only_a_larger_difference_is_one():
    sides = Side(1000, 300), Side(1000, 240)
    assert compare(*sides, by_name=True).verdict == Verdict.A
    assert compare(*sides, by_name=False).verdict == Verdict.CHANCE
    assert compare(Side(100, 150), Side(100, 90), by_name=False).verdict == Verdict.A, "more opens than messages"


# --- the pages ---


def test_page_of_an_issue_shows_charts_with_tables(client: Client, issue: Issue):
    came_back(send(issue, "a@gmail.com")[0], EventKind.HARD_BOUNCE)
    LinkTarget.objects.create(issue=issue, number=1, url="https://a.example/<b>")
    hit(issue, 0, 5)
    hit(issue, 1, 3)
    hit(issue, MACHINE_OPENED, 2)
    text = page(client, f"/admin/newsletter/issue/{issue.pk}/statistics/").content.decode()
    assert text.count('class="chart"') == text.count('class="statistics-table"') == 4
    assert "https://a.example/&lt;b&gt;" in text
    assert "Gmail" in text
    assert "<style" not in text
    assert "style=" not in text


@pytest.mark.parametrize("tracking", Tracking.values)
def test_page_says_what_is_kept(tracking: str, client: Client, issue: Issue):
    Issue.objects.update(tracking=tracking)
    text = page(client, f"/admin/newsletter/issue/{issue.pk}/statistics/").content.decode()
    assert ("hours-title" in text) == (tracking != Tracking.OFF)
    assert "honesty-title" in text


def test_page_of_a_draft_says_that_nothing_was_sent(client: Client):
    issue = make_issue()
    response = page(client, f"/admin/newsletter/issue/{issue.pk}/statistics/")
    assert response.status_code == 200
    assert b'class="chart"' not in response.content


def test_page_of_a_list(client: Client, issue: Issue):
    hit(issue, 0, 5)
    response = page(client, f"/admin/newsletter/mailinglist/{issue.mailing_list_id}/statistics/")
    assert response.status_code == 200
    assert issue.subject in response.content.decode()
    assert f"/admin/newsletter/issue/{issue.pk}/statistics/" in response.content.decode()


def test_page_of_a_list_without_issues(client: Client):
    make_mailing_list()
    path = f"/admin/newsletter/mailinglist/{MailingList.objects.get().pk}/statistics/"
    assert page(client, path).status_code == 200


@pytest.mark.parametrize("kind", ["issue", "mailinglist"])
def test_who_may_not_see_issues_sees_no_statistics(kind: str, client: Client, issue: Issue):
    pk = issue.pk if kind == "issue" else issue.mailing_list_id
    assert page(client, f"/admin/newsletter/{kind}/{pk}/statistics/", Role.REPORTER).status_code == 403
    assert page(client, f"/admin/newsletter/{kind}/987654/statistics/").status_code == 404
    assert Client().get(f"/admin/newsletter/{kind}/{pk}/statistics/").status_code == 302


def test_pages_write_nothing(client: Client, issue: Issue):
    before = Delivery.objects.count(), DeliveryEvent.objects.count(), HitCount.objects.count()
    page(client, f"/admin/newsletter/issue/{issue.pk}/statistics/")
    assert before == (Delivery.objects.count(), DeliveryEvent.objects.count(), HitCount.objects.count())
