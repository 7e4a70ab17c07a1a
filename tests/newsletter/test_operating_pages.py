import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from newsletter.enums import DeliveryState, EventKind, IssueState
from newsletter.models import Delivery, DeliveryEvent, Issue, SenderCheck, SendingIdentity
from tests.factories import make_mailing_list, make_site, make_user
from tests.newsletter.on_its_way import S, make_delivery, make_sending

pytestmark = pytest.mark.django_db

OVERVIEW = "/admin/newsletter/delivery/"


@pytest.fixture
def editor(db) -> User:
    make_site()
    return make_user(Role.NEWSLETTER_EDITOR)


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def page(issue: Issue) -> str:
    return reverse("admin:newsletter_issue_sending", args=[issue.pk])


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def state_of(issue: Issue) -> str:
    issue.refresh_from_db()
    return issue.state


def test_page_shows_the_line_and_that_it_adds_up(desk: Client, clock) -> None:
    issue = make_sending(candidate_count=3, sent_count=1, excluded_counts={"suppressed": 1})
    make_delivery(issue, S.SENT)
    make_delivery(issue)
    shown = text(desk, page(issue))
    assert "sending-adds-up" in shown
    assert "<progress" in shown


def test_page_says_in_red_when_the_numbers_do_not_add_up(desk: Client, clock) -> None:
    issue = make_sending(candidate_count=3, sent_count=2)
    make_delivery(issue, S.SENT)
    shown = text(desk, page(issue))
    assert 'class="errornote" role="alert"' in shown
    assert "sending-adds-up" not in shown
    assert "«أُرسل»: يقول العدّاد ٢، وعدد الصفوف ١" in shown


def test_answer_of_a_server_is_shown_as_text(desk: Client, clock) -> None:
    issue = make_sending(candidate_count=1, failed_count=1)
    make_delivery(issue, S.FAILED, reply="<script>alert(1)</script>")
    shown = text(desk, page(issue))
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown


def test_moving_part_is_asked_for_alone_and_counts_no_rows(desk: Client, clock, django_assert_max_num_queries) -> None:
    issue = make_sending(candidate_count=2, sent_count=1)
    make_delivery(issue, S.SENT)
    desk.get(page(issue) + "?part=progress")
    with django_assert_max_num_queries(16) as queries:
        shown = text(desk, page(issue) + "?part=progress")
    assert shown.strip().startswith('<div id="sending-progress" data-state="sending" data-moving="1"')
    assert not [
        query for query in queries.captured_queries if "GROUP BY" in query["sql"] and "delivery" in query["sql"]
    ]


def test_page_of_an_ended_issue_asks_for_nothing_more(desk: Client, clock) -> None:
    issue = make_sending(IssueState.FINISHED)
    shown = text(desk, page(issue))
    assert "sending.js" not in shown
    assert "http-equiv" not in shown


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("pause", IssueState.SENDING, IssueState.PAUSED),
        ("resume", IssueState.PAUSED, IssueState.SENDING),
        ("cancel", IssueState.PAUSED, IssueState.CANCELLED),
    ],
)
def test_buttons_do_what_they_say(name: str, before: str, after: str, desk: Client, clock) -> None:
    issue = make_sending(before)
    address = reverse(f"admin:newsletter_issue_{name}", args=[issue.pk])
    assert address in text(desk, page(issue))
    assert desk.get(address).status_code == 405
    assert state_of(issue) == before
    assert desk.post(address).status_code == 302
    assert state_of(issue) == after
    assert address not in text(desk, page(issue))


def test_button_that_comes_too_late_changes_nothing_and_says_so(desk: Client, clock) -> None:
    issue = make_sending(IssueState.FINISHED)
    response = desk.post(reverse("admin:newsletter_issue_pause", args=[issue.pk]), follow=True)
    assert state_of(issue) == IssueState.FINISHED
    assert 'class="error"' in response.content.decode()


def test_who_may_not_send_gets_no_button_and_cannot_press_one(client: Client, clock) -> None:
    make_site()
    reader = make_user(Role.REPORTER)
    client.force_login(reader)
    issue = make_sending(subject="عدد سري")
    for path in (page(issue), page(issue) + "deliveries/", OVERVIEW):
        response = client.get(path)
        assert response.status_code == 403
        assert "عدد سري" not in response.content.decode()
    for name in ("pause", "cancel", "resume", "resolve"):
        assert client.post(f"{page(issue)}{name}/").status_code == 403
    assert state_of(issue) == IssueState.SENDING


def test_uncertain_ones_are_settled_one_by_one(desk: Client, clock) -> None:
    issue = make_sending(IssueState.PAUSED, candidate_count=2, uncertain_count=2)
    again, sent = make_delivery(issue, S.UNCERTAIN), make_delivery(issue, S.UNCERTAIN)
    other = make_delivery(make_sending(uncertain_count=1), S.UNCERTAIN)
    address = reverse("admin:newsletter_issue_resolve", args=[issue.pk])
    desk.post(address, {"delivery": again.pk, "_resend": "1"})
    desk.post(address, {"delivery": sent.pk, "_count_as_sent": "1"})
    desk.post(address, {"delivery": other.pk, "_count_as_sent": "1"})
    desk.post(address, {"delivery": other.pk})
    states = dict(Delivery.objects.values_list("pk", "state"))
    assert states == {again.pk: S.PENDING, sent.pk: S.SENT, other.pk: S.UNCERTAIN}
    assert desk.get(address).status_code == 405


@pytest.mark.parametrize(("button", "state"), [("_resend", S.PENDING), ("_count_as_sent", S.SENT)])
def test_uncertain_ones_are_settled_all_at_once(button: str, state: int, desk: Client, clock) -> None:
    issue = make_sending(IssueState.PAUSED, candidate_count=4, uncertain_count=3, sent_count=1)
    for _number in range(3):
        make_delivery(issue, S.UNCERTAIN)
    make_delivery(issue, S.SENT)
    desk.post(reverse("admin:newsletter_issue_resolve", args=[issue.pk]), {"delivery": "all", button: "1"})
    assert issue.deliveries.filter(state=state).count() == (4 if state == S.SENT else 3)
    assert "sending-adds-up" in text(desk, page(issue))


def test_settling_twice_counts_once(desk: Client, clock) -> None:
    issue = make_sending(IssueState.PAUSED, candidate_count=1, uncertain_count=1)
    row = make_delivery(issue, S.UNCERTAIN)
    address = reverse("admin:newsletter_issue_resolve", args=[issue.pk])
    for _time in range(2):
        desk.post(address, {"delivery": row.pk, "_count_as_sent": "1"})
    issue.refresh_from_db()
    assert (issue.sent_count, issue.uncertain_count) == (1, 0)


def test_deliveries_are_found_by_address_and_state(desk: Client, clock) -> None:
    issue = make_sending()
    make_delivery(issue, S.FAILED, email="layla@example.com", reply="no mailbox")
    make_delivery(issue, S.SENT, email="samer@example.org")
    address = page(issue) + "deliveries/"
    both = text(desk, address)
    assert "layla@example.com" in both
    assert "samer@example.org" in both
    assert "samer" not in text(desk, f"{address}?q=layla@example.com")
    assert "layla" not in text(desk, f"{address}?state=2").replace('value="layla', "")
    for nonsense in ("?state=x", "?state=99", "?after=-1", "?after=" + "9" * 30, "?q=%D9"):
        text(desk, address + nonsense)


def test_pages_of_deliveries_cost_the_same_number_of_queries(desk: Client, clock) -> None:
    issue = make_sending()
    make_delivery(issue, S.SENT)
    address = page(issue) + "deliveries/"
    desk.get(address)
    with CaptureQueriesContext(connection) as one:
        desk.get(address)
    for _number in range(3):
        make_delivery(issue, S.SENT)
    with CaptureQueriesContext(connection) as many:
        desk.get(address)
    assert len(one) == len(many)


def test_restored_copy_is_told_with_what_to_do(desk: Client, clock, settings) -> None:
    SendingIdentity.objects.create(pk=1, site_url="https://live.example", generation=1)
    issue = make_sending(IssueState.PAUSED)
    for path in (page(issue), OVERVIEW):
        shown = text(desk, path)
        assert "accept_database" in shown
        assert "live.example" in shown
    desk.post(reverse("admin:newsletter_issue_resume", args=[issue.pk]))
    assert state_of(issue) == IssueState.PAUSED


def test_overview_shows_what_is_on_its_way_and_the_gauge(desk: Client, clock) -> None:
    issue = make_sending(subject="عدد في الطريق", candidate_count=1)
    done = make_sending(IssueState.FINISHED, subject="عدد الأمس", candidate_count=1, sent_count=1)
    row = make_delivery(done, S.SENT, email="a@gmail.com")
    DeliveryEvent.objects.create(
        provider="p",
        provider_event_id="1",
        kind=EventKind.COMPLAINED,
        delivery=row,
        at=timezone.now(),
        domain="gmail.com",
    )
    shown = text(desk, OVERVIEW)
    assert page(issue) in shown
    assert page(done) in shown
    assert '<svg class="gauge"' in shown
    assert "Gmail" in shown


def test_check_of_a_domain_is_a_post_and_is_kept(desk: Client, clock, settings, monkeypatch) -> None:
    asked: list[str] = []

    class Silent:
        def texts(self, name: str) -> list[str]:
            asked.append(name)
            return []

        addresses = mail_hosts = texts

    monkeypatch.setattr("newsletter.sender_check.NameServers", Silent)
    settings.DEFAULT_FROM_EMAIL = "desk@news.example.org"
    address = reverse("admin:newsletter_sender_check")
    assert desk.get(address).status_code == 405
    desk.post(address, {"domain": "somebody-else.example"})
    assert asked == []
    desk.post(address, {"domain": "news.example.org", "selector": "x y"})
    assert not SenderCheck.objects.exists()
    desk.post(address, {"domain": "news.example.org", "selector": "news"})
    assert "news._domainkey.news.example.org" in asked
    assert "v=DMARC1; p=none" in text(desk, OVERVIEW)


def test_set_up_is_shown_without_a_secret(desk: Client, clock, settings) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.brevo.EmailBackend"
    settings.MAIL_PROVIDER, settings.ANYMAIL = "brevo", {"BREVO_API_KEY": "hush"}
    settings.DEFAULT_FROM_EMAIL = "desk@news.example.org"
    shown = text(desk, OVERVIEW)
    assert "brevo" in shown
    assert "hush" not in shown


def test_index_of_issues_leads_to_its_operator(desk: Client, clock) -> None:
    make_mailing_list()
    assert OVERVIEW in text(desk, "/admin/")


def test_counts_are_never_cut_by_the_language(desk: Client, clock) -> None:
    """A number inside of an attribute is read by the browser, so it has no separators."""
    issue = make_sending(candidate_count=12_345, sent_count=2_345)
    bar = re.search(r"<progress[^>]*>", text(desk, page(issue)))
    assert bar
    assert 'max="12345" value="2345"' in bar[0]


def test_nobody_sees_whole_addresses_who_may_not_see_subscribers(client: Client, clock) -> None:
    make_site()
    user = make_user(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_delivery"))
    client.force_login(user)
    issue = make_sending(uncertain_count=1, candidate_count=1)
    make_delivery(issue, DeliveryState.UNCERTAIN, email="layla@example.com")
    for path in (page(issue), page(issue) + "deliveries/", page(issue) + "deliveries/?q=layla@example.com"):
        shown = text(client, path)
        assert "l•••@example.com" in shown
        assert "layla@example.com" not in shown.replace('value="layla@example.com"', "")
