"""The newsletter of the sample newsroom for the pictures of the guide: its readers, an issue that was sent, a draft.

No mail server answers here, so what servers said of single messages is written past the deeds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import time_machine
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from newsletter.composing import Row, new_issue, save_issue
from newsletter.enums import DeliveryPolicy, DeliveryState, EventKind, Frequency
from newsletter.hit_counting import Sum, write
from newsletter.importing import read_list, rehearse, run_import, take_over
from newsletter.models import Delivery, Issue, MailingList, SubscriberImport, Subscription
from newsletter.returns.recording import record_event
from newsletter.sending import freezing, lifecycle, slices
from newsroom.lib.hours import hour_of

READERS = 1240
WEEKLY = 31  # who take one issue a week and have had it
# Of mail domains, the commonest first.
DOMAINS = ("gmail.com", "gmail.com", "hotmail.com", "yahoo.com", "madar.example")
PROOF = "نموذج الاشتراك في الموقع السابق، من آذار 2023 إلى تشرين الأول 2026، ونصه: «أوافق على تلقي نشرة الصباح»."
# Lines of a list as they come out of other programs: a spare column, a slip, a second time.
OLD_LIST = """البريد,الاسم,تاريخ الاشتراك
layan@example.org,ليان حداد,12/03/2023
majd@example.org,مجد سليمان,02/11/2024
reader7@gmail.com,سمير,19/06/2025
hala@example,هالة عمر,05/01/2026
layan@example.org,ليان حداد,12/03/2023
yousef@example.org,يوسف قاسم,31/02/2025
reader40@gmail.com,,14/08/2025
"""
# Opens in each hour after sending, and how many followed the first links.
OPENS = (210, 96, 41)
CLICKS = (64, 38, 17, 9)


@dataclass(frozen=True)
class NewsletterScenes:
    """Keys of what the pictures show."""

    draft: int
    sent: int
    rehearsal: int


def make_newsletter(editor: User) -> NewsletterScenes:
    morning = MailingList.objects.get(slug="morning")
    _bring_readers(morning, by=editor)
    with time_machine.travel(timezone.now() - timedelta(minutes=130)):
        sent = _send(morning, by=editor)
    _let_servers_answer(sent)
    _let_readers_open(sent)
    weekly = Subscription.objects.filter(subscriber__email_normal__startswith="reader3")[:WEEKLY].values("pk")
    Subscription.objects.filter(pk__in=weekly).update(frequency=Frequency.WEEKLY, last_issue_at=sent.snapshot_at)
    rehearsal = rehearse(morning, by=editor, text=read_list(OLD_LIST.encode()), file_name="المشتركون.csv", proof=PROOF)
    run_import.call(rehearsal.pk)
    return NewsletterScenes(draft=_draft(morning, by=editor).pk, sent=sent.pk, rehearsal=rehearsal.pk)


def _bring_readers(mailing_list: MailingList, *, by: User) -> None:
    lines = ["البريد", *(f"reader{number}@{DOMAINS[number % len(DOMAINS)]}" for number in range(READERS))]
    text = read_list("\n".join(lines).encode())
    rehearsal = rehearse(mailing_list, by=by, text=text, file_name="readers.csv", proof=PROOF)
    run_import.call(rehearsal.pk)
    run_import.call(take_over(rehearsal, by=by).pk)
    SubscriberImport.objects.all().delete()
    Subscription.objects.update(confirmed_at=timezone.now() - timedelta(days=40))


def _stories(first: int, last: int) -> Iterator[Article]:
    yield from Article.objects.published().order_by("-published_at")[first:last]


def _send(mailing_list: MailingList, *, by: User) -> Issue:
    stories = list(_stories(4, 9))
    subject = f"نشرة الصباح: {stories[0].card_headline}"
    issue = new_issue(mailing_list, by=by, articles=stories, subject=subject, policy=DeliveryPolicy.HOLD)
    lifecycle.send_now(issue, by=by, expected_count=lifecycle.candidates_of(issue)[0])
    freezing.freeze(issue.pk)
    while slices.run_slice(issue.pk, 0) is not None:
        pass
    issue.refresh_from_db()
    return issue


def _let_servers_answer(issue: Issue) -> None:
    """Three whose connection broke, four that do not exist, one complaint."""
    rows = list(Delivery.objects.filter(issue=issue).order_by("pk")[100:108])
    for row in rows[:3]:
        _say(row, state=DeliveryState.UNCERTAIN, sent_at=None, reply="connection lost after the final dot")
    for row in rows[3:7]:
        _say(row, state=DeliveryState.FAILED, sent_at=None, smtp_code=550, enhanced_code="5.1.1", reply="no such user")
    Issue.objects.filter(pk=issue.pk).update(uncertain_count=3, failed_count=4, sent_count=issue.sent_count - 7)
    for number, row in enumerate(rows[3:]):
        kind = EventKind.COMPLAINED if number == 4 else EventKind.HARD_BOUNCE
        record_event(provider="guide", event_id=str(number), kind=kind, at=timezone.now(), delivery=row)


def _say(row: Delivery, **columns: object) -> None:
    Delivery.objects.filter(pk=row.pk).update(**columns)


def _let_readers_open(issue: Issue) -> None:
    first = hour_of(timezone.now() - timedelta(hours=2))
    sums = {Sum(issue.pk, "a", 0, first + timedelta(hours=hour)): count for hour, count in enumerate(OPENS)}
    sums |= {Sum(issue.pk, "a", number, first): count for number, count in enumerate(CLICKS, start=1)}
    write(sums, {})


def _draft(mailing_list: MailingList, *, by: User) -> Issue:
    issue = new_issue(mailing_list, by=by, articles=_stories(0, 4))
    words = {
        "subject": "نشرة الصباح: السوق القديم يفتح أبوابه من جديد بعد ترميم استمر ثلاثة أعوام",
        "preheader": "وفي العدد: مواعيد جديدة للحافلات، ومقال الأسبوع",
    }
    rows = [Row.of(item) for item in issue.items.all()]
    return save_issue(issue, by=by, version=issue.version, words=words, rows=rows)
