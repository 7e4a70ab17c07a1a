"""Digests that make themselves."""

from datetime import UTC, datetime, time, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from time_machine import Traveller

from articles.models import Article
from audit.enums import Action
from audit.models import AuditEntry
from newsletter import digesting
from newsletter.digesting import make_due_digests
from newsletter.enums import DigestMode, IssueKind, IssueState
from newsletter.models import Issue, MailingList
from tests.conftest import NOW
from tests.factories import make_article, make_issue, make_mailing_list, make_section, make_site, make_subscription

pytestmark = pytest.mark.django_db

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
SEVEN = datetime(2026, 11, 20, 4, tzinfo=UTC)  # on the clock of Damascus


def make_digest_list(**fields: Any) -> MailingList:
    """Daily at seven, switched on the day before."""
    fields = {"digest_every": "day", "digest_at": time(7), "digested_at": SEVEN - DAY, "digest_minimum": 1} | fields
    return make_mailing_list("نشرة الصباح", **fields)


def make_articles(count: int, *, at: datetime = SEVEN - HOUR) -> list[Article]:
    return [make_article(at=at - number * MINUTE) for number in range(count)]


@pytest.fixture(autouse=True)
def morning(clock: Traveller) -> Traveller:
    """Seven o'clock."""
    make_site(postal_address="دمشق، شارع النصر ١٢")
    clock.move_to(SEVEN)
    return clock


def test_an_issue_of_what_was_published_since_the_last_one() -> None:
    mailing_list = make_digest_list(policy="hold", tracking="off")
    make_issue(mailing_list, kind=IssueKind.DIGEST, created_at=SEVEN - DAY)
    make_article(at=SEVEN - DAY - MINUTE)
    articles = make_articles(2)
    assert make_due_digests(SEVEN) == 1
    issue = Issue.objects.latest("pk")
    assert (issue.mailing_list, issue.kind, issue.state) == (mailing_list, IssueKind.DIGEST, IssueState.DRAFT)
    assert (issue.policy, issue.tracking, issue.created_by) == ("hold", "off", None)
    assert [item.article for item in issue.items.all()] == articles
    assert issue.digest_key == f"{mailing_list.pk}:2026-11-20"


def test_the_subject_says_what_is_in_it() -> None:
    make_digest_list()
    make_article("افتتاح الجسر الجديد", promo_headline="الجسر مفتوح", at=SEVEN - HOUR)
    make_article("المطر يعود", at=SEVEN - 2 * HOUR)
    make_article("ك" * 160, at=SEVEN - 3 * HOUR)
    make_due_digests(SEVEN)
    issue = Issue.objects.get()
    assert issue.subject == "نشرة الصباح: الجسر مفتوح"
    assert issue.preheader == "المطر يعود"


def test_a_long_headline_is_cut_between_words() -> None:
    make_digest_list()
    make_article("كلمات " * 30 + "نهاية", at=SEVEN - HOUR)
    make_due_digests(SEVEN)
    subject = Issue.objects.get().subject
    assert len(subject) <= 150
    assert subject.endswith("كلمات…")


def test_two_clocks_a_repeated_tick_and_a_clock_put_back_make_one_issue(morning: Traveller) -> None:
    make_digest_list()
    make_articles(2)
    for moment in (SEVEN, SEVEN, SEVEN + MINUTE, SEVEN - HOUR, SEVEN, SEVEN + 5 * HOUR):
        morning.move_to(moment)
        make_articles(1, at=moment - MINUTE)
        make_due_digests(moment)
    assert Issue.objects.count() == 1


def test_a_draft_that_an_editor_deleted_does_not_come_back() -> None:
    make_digest_list()
    make_articles(2)
    make_due_digests(SEVEN)
    Issue.objects.all().delete()
    assert make_due_digests(SEVEN + MINUTE) == 0


def test_a_key_that_is_there_is_not_made_again() -> None:
    """Whatever the list remembers: the time of the digest was moved to later on the same day."""
    mailing_list = make_digest_list()
    make_issue(mailing_list, kind=IssueKind.DIGEST, digest_key=f"{mailing_list.pk}:2026-11-20")
    make_articles(2)
    assert make_due_digests(SEVEN) == 0


@pytest.mark.django_db(transaction=True)
def test_clocks_that_strike_at_the_same_moment_make_one_issue() -> None:
    mailing_list = make_digest_list()
    make_articles(2)
    start, failed = Barrier(4), []

    def strike() -> None:
        try:
            start.wait()
            make_due_digests(SEVEN)
        except Exception as error:  # noqa: BLE001 - of a thread
            failed.append(error)
        finally:
            connection.close()

    clocks = [Thread(target=strike) for _number in range(4)]
    for thread in clocks:
        thread.start()
    for thread in clocks:
        thread.join()
    assert failed == []
    assert Issue.objects.filter(mailing_list=mailing_list).count() == 1


def test_every_day_has_its_issue_with_what_is_new(morning: Traveller) -> None:
    make_digest_list()
    brought = []
    for day in range(3):
        morning.move_to(SEVEN + day * DAY)
        [article] = make_articles(1, at=SEVEN + day * DAY - HOUR)
        make_due_digests(SEVEN + day * DAY)
        brought.append(article)
    issues = Issue.objects.order_by("pk")
    assert [[item.article for item in issue.items.all()] for issue in issues] == [[article] for article in brought]


def test_too_few_articles_make_no_issue_and_wait_for_the_next(morning: Traveller) -> None:
    make_digest_list(digest_minimum=2)
    [first] = make_articles(1)
    assert make_due_digests(SEVEN) == 0
    [second] = make_articles(1, at=SEVEN + HOUR)
    morning.move_to(SEVEN + 2 * HOUR)
    assert make_due_digests(SEVEN + 2 * HOUR) == 0, "the time of today is over"
    morning.move_to(SEVEN + DAY)
    assert make_due_digests(SEVEN + DAY) == 1
    assert [item.article for item in Issue.objects.get().items.all()] == [second, first]


def test_nothing_older_than_a_week_comes_into_a_daily_digest() -> None:
    make_digest_list()
    make_article(at=SEVEN - 8 * DAY)
    make_due_digests(SEVEN)
    assert not Issue.objects.exists()


def test_an_article_stands_in_one_issue_of_a_list() -> None:
    mailing_list = make_digest_list()
    sent, new = make_articles(2)
    make_issue(
        mailing_list, articles=(sent,), state=IssueState.FINISHED,
        compiled_at=SEVEN, snapshot_at=SEVEN, started_at=SEVEN, finished_at=SEVEN,
    )  # fmt: skip
    make_due_digests(SEVEN)
    assert [item.article for item in Issue.objects.get(kind=IssueKind.DIGEST).items.all()] == [new]


def test_a_digest_of_a_section_and_at_most_so_many() -> None:
    sport, other = make_section("رياضة"), make_section("أخرى")
    make_digest_list(section=sport, digest_most=2)
    make_article(section=other, at=SEVEN - HOUR)
    matches = [make_article(section=sport, at=SEVEN - number * HOUR) for number in (1, 2, 3)]
    make_due_digests(SEVEN)
    assert [item.article for item in Issue.objects.get().items.all()] == matches[:2]


def test_a_digest_that_was_just_switched_on_begins_with_the_next_time(morning: Traveller) -> None:
    make_digest_list(digested_at=None)
    make_articles(2)
    assert make_due_digests(SEVEN + HOUR) == 0
    morning.move_to(SEVEN + DAY)
    make_articles(1, at=SEVEN + DAY - HOUR)
    assert make_due_digests(SEVEN + DAY) == 1


def test_sent_by_itself_through_the_clock_that_sends() -> None:
    mailing_list = make_digest_list(digest_mode=DigestMode.SEND)
    make_subscription(mailing_list, confirmed_at=SEVEN - DAY)
    make_articles(2)
    make_due_digests(SEVEN)
    issue = Issue.objects.get()
    assert (issue.state, issue.send_at, issue.sent_by) == (IssueState.SCHEDULED, SEVEN, None)


def test_what_cannot_be_sent_stays_a_draft_that_says_why() -> None:
    make_site(postal_address="")
    make_digest_list(digest_mode=DigestMode.SEND)
    make_articles(2)
    assert make_due_digests(SEVEN) == 1
    issue = Issue.objects.get()
    assert issue.state == IssueState.DRAFT
    assert issue.paused_reason
    assert issue.paused_reason in AuditEntry.objects.get(action=Action.FAILED).note


@pytest.mark.parametrize(("late", "state"), [(2 * HOUR, IssueState.SCHEDULED), (2 * HOUR + MINUTE, IssueState.DRAFT)])
def test_a_digest_that_comes_too_late_waits_for_a_person(morning: Traveller, late: timedelta, state: str) -> None:
    make_digest_list(digest_mode=DigestMode.SEND, stale_after_hours=2)
    make_articles(2)
    morning.move_to(SEVEN + late)
    assert make_due_digests(SEVEN + late) == 1
    issue = Issue.objects.get()
    assert issue.state == state
    assert bool(issue.paused_reason) is (state == IssueState.DRAFT)


def test_after_days_without_a_clock_there_is_one_digest(morning: Traveller) -> None:
    make_digest_list(digested_at=SEVEN - 5 * DAY)
    make_articles(1)
    assert [make_due_digests(SEVEN), make_due_digests(SEVEN)] == [1, 0]


def test_a_list_that_fails_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sound = make_digest_list(), make_mailing_list("أخرى", digest_every="day", digested_at=SEVEN - DAY)
    MailingList.objects.filter(pk=sound.pk).update(digest_minimum=1)
    make_articles(2)
    new_issue = digesting.new_issue

    def fail(mailing_list: MailingList, **fields: Any) -> Issue:
        if mailing_list == broken:
            raise ZeroDivisionError
        return new_issue(mailing_list, **fields)

    monkeypatch.setattr(digesting, "new_issue", fail)
    with pytest.raises(ZeroDivisionError):
        make_due_digests(SEVEN)
    assert [issue.mailing_list for issue in Issue.objects.all()] == [sound]
    monkeypatch.undo()
    make_due_digests(SEVEN + MINUTE)
    assert Issue.objects.filter(mailing_list=broken).count() == 1, "it is tried again at the next minute"


def test_a_tick_without_anything_due_asks_little(django_assert_num_queries: Any) -> None:
    make_digest_list(digested_at=SEVEN)
    assert make_due_digests(NOW) == 0
    with django_assert_num_queries(1):
        make_due_digests(NOW)
