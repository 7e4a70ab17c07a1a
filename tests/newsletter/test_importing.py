"""Older lists of subscribers: what comes in, what stays out, and that nothing is done twice."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from accounts.models import User
from audit.enums import Action
from audit.models import AuditEntry
from newsletter import importing
from newsletter.address_keys import address_hash
from newsletter.enums import ConsentAction, ConsentPlace, ImportState, SubscriptionStatus, SuppressionReason
from newsletter.importing import (
    ContentGone,
    forget_imports,
    read_list,
    rehearse,
    run_import,
    take_over,
    wake_imports,
)
from newsletter.models import ConsentRecord, MailingList, RefusedRow, Subscriber, SubscriberImport, Subscription
from newsletter.subscribing import subscribe, unsubscribe
from newsletter.suppressing import suppress
from newsroom.lib.decoding import Undecodable
from tests.conftest import NOW
from tests.factories import make_mailing_list, make_site, make_subscriber, make_subscription, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

PROOF = "استمارة التسجيل في معرض الكتاب، أيار 2024"
Import = Callable[..., SubscriberImport]


@pytest.fixture
def mailing_list() -> MailingList:
    make_site()
    return make_mailing_list("نشرة الصباح")


@pytest.fixture
def editor() -> User:
    return make_user()


@pytest.fixture
def bring(mailing_list: MailingList, editor: User) -> Import:
    """Rehearse a list and, unless told otherwise, take it over."""

    def bring(text: str, *, rehearsal: bool = False, into: MailingList = mailing_list) -> SubscriberImport:
        job = rehearse(into, by=editor, text=text, file_name="قديم.csv", proof=PROOF)
        run_import.func(job.pk)
        job.refresh_from_db()
        if not rehearsal:
            job = take_over(job, by=editor)
            run_import.func(job.pk)
            job.refresh_from_db()
        return job

    return bring


def counts(job: SubscriberImport) -> tuple[int, int, int]:
    return job.added_count, job.known_count, job.refused_count


def reasons(job: SubscriberImport) -> dict[int, str]:
    return dict(job.refused_rows.values_list("line", "reason"))


def test_a_reader_comes_in_confirmed_with_the_proof(bring: Import, mailing_list: MailingList) -> None:
    job = bring("email,name,date\nLayla@Example.com,ليلى,03/05/2024\nnizar@example.com,,\n")
    assert (job.state, counts(job), job.row_count, job.done_count) == (ImportState.FINISHED, (2, 0, 0), 2, 2)
    layla, nizar = Subscription.objects.select_related("subscriber").order_by("pk")
    assert (layla.subscriber.email_normal, layla.subscriber.name) == ("layla@example.com", "ليلى")
    assert (layla.subscriber.address_hash, layla.subscriber.domain) == (
        address_hash("layla@example.com"),
        "example.com",
    )
    assert (layla.mailing_list, layla.status) == (mailing_list, SubscriptionStatus.CONFIRMED)
    assert layla.confirmed_at == datetime(2024, 5, 2, 21, tzinfo=UTC)
    assert nizar.confirmed_at == NOW
    first, second = ConsentRecord.objects.order_by("pk")
    assert (first.action, first.place, first.mailing_list_name) == (
        ConsentAction.IMPORTED, ConsentPlace.IMPORT, mailing_list.name,
    )  # fmt: skip
    assert (first.subscriber, first.address_hash) == (layla.subscriber, layla.subscriber.address_hash)
    assert first.wording.startswith(PROOF)
    assert "2024-05-03" in first.wording
    assert second.wording == PROOF


def test_a_rehearsal_counts_and_changes_nothing(bring: Import) -> None:
    job = bring("a@example.com\nb@\na@example.com\n", rehearsal=True)
    assert counts(job) == (1, 0, 2)
    assert sorted(reasons(job)) == [2, 3]
    assert not Subscriber.objects.exists()
    assert not Subscription.objects.exists()
    assert not ConsentRecord.objects.exists()
    assert not AuditEntry.objects.filter(action=Action.IMPORTED).exists()


def test_who_left_and_was_asked_for_again_is_not_brought_back(bring: Import, mailing_list: MailingList) -> None:
    """The record of consent names the list as it was called then."""
    left = make_subscription(mailing_list, email="a@example.com")
    unsubscribe(left, place=ConsentPlace.UNSUBSCRIBE_PAGE)
    subscribe("a@example.com", mailing_lists=[mailing_list])
    MailingList.objects.update(name="نشرة المساء")
    assert counts(bring("a@example.com\n")) == (0, 0, 1)
    left.refresh_from_db()
    assert left.status == SubscriptionStatus.PENDING


def test_the_addresses_are_forgotten_when_the_import_has_ended(bring: Import) -> None:
    job = bring("a@example.com\n")
    assert list(SubscriberImport.objects.values_list("content", flat=True)) == ["", ""]
    assert not RefusedRow.objects.filter(subscriber_import=job).exists()


def test_a_rehearsal_can_be_followed_once(bring: Import, editor: User) -> None:
    rehearsal = bring("a@example.com\n", rehearsal=True)
    take_over(rehearsal, by=editor)
    with pytest.raises(ContentGone):
        take_over(rehearsal, by=editor)


def test_who_is_there_is_known_and_stays_as_he_is(bring: Import, mailing_list: MailingList) -> None:
    subscription = make_subscription(mailing_list, email="a@example.com", confirmed_at=NOW - timedelta(days=9))
    job = bring("email,name,date\nA@EXAMPLE.com,x,2020-01-01\n")
    assert counts(job) == (0, 1, 0)
    subscription.refresh_from_db()
    assert subscription.confirmed_at == NOW - timedelta(days=9)
    assert subscription.subscriber.name == ""
    assert not ConsentRecord.objects.exists()


def test_a_known_reader_comes_onto_another_list(bring: Import) -> None:
    make_subscription(make_mailing_list(), email="a@example.com")
    assert counts(bring("a@example.com\n")) == (1, 0, 0)
    assert Subscriber.objects.get().subscriptions.count() == 2


def test_who_waits_for_the_confirmation_is_confirmed_by_the_proof(bring: Import, mailing_list: MailingList) -> None:
    make_subscription(mailing_list, email="a@example.com", status=SubscriptionStatus.PENDING, confirmed_at=None)
    assert counts(bring("a@example.com\n")) == (1, 0, 0)
    assert Subscription.objects.get().is_confirmed


def test_who_has_unsubscribed_never_comes_back_by_a_file(bring: Import, mailing_list: MailingList) -> None:
    subscription = make_subscription(mailing_list, email="a@example.com")
    unsubscribe(subscription, place=ConsentPlace.UNSUBSCRIBE_PAGE)
    job = bring("a@example.com\n")
    assert counts(job) == (0, 0, 1)
    subscription.refresh_from_db()
    assert subscription.status == SubscriptionStatus.UNSUBSCRIBED


def test_who_unsubscribed_and_only_asked_again_does_not_come_back(bring: Import, mailing_list: MailingList) -> None:
    unsubscribe(make_subscription(mailing_list, email="a@example.com"), place=ConsentPlace.UNSUBSCRIBE_PAGE)
    subscribe("a@example.com", mailing_lists=[mailing_list])
    assert counts(bring("a@example.com\n")) == (0, 0, 1)


@pytest.mark.parametrize("action", [ConsentAction.ERASED, ConsentAction.UNSUBSCRIBED, ConsentAction.REFUSED])
def test_whose_data_was_erased_is_known_by_the_hash_alone(bring: Import, action: ConsentAction) -> None:
    ConsentRecord.objects.create(
        address_hash=address_hash("a@example.com"),
        action=action,
        mailing_list_name="" if action == ConsentAction.ERASED else "نشرة الصباح",
        place=ConsentPlace.PREFERENCES_PAGE,
    )
    job = bring("A@example.com\n")
    assert counts(job) == (0, 0, 1)
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("reason", SuppressionReason)
def test_a_suppressed_address_is_refused(bring: Import, reason: SuppressionReason) -> None:
    suppress("a@example.com", reason=reason)
    job = bring("a@example.com\nb@example.com\n")
    assert counts(job) == (1, 0, 1)
    assert reasons(job)[1].startswith("محجوب")
    assert [row.email for row in Subscriber.objects.all()] == ["b@example.com"]


def test_a_suppression_of_another_list_or_one_that_is_over_refuses_nobody(bring: Import) -> None:
    suppress("a@example.com", reason=SuppressionReason.MANUAL, mailing_list=make_mailing_list())
    suppress("b@example.com", reason=SuppressionReason.SOFT_BOUNCES, expires_at=NOW - timedelta(days=1))
    assert counts(bring("a@example.com\nb@example.com\n")) == (2, 0, 0)


def test_the_real_import_is_logged_with_its_counts(bring: Import, mailing_list: MailingList, editor: User) -> None:
    bring("a@example.com\nb@\n")
    line = AuditEntry.objects.get(action=Action.IMPORTED)
    assert (line.actor_id, line.subject_id) == (editor.pk, str(mailing_list.pk))
    assert "قديم.csv" in line.note
    assert "example.com" not in line.note


def test_it_goes_on_where_it_was_killed(
    mailing_list: MailingList, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each piece in turn: nobody twice, nobody lost, and the counts are true."""
    monkeypatch.setattr(importing, "FIRST_PIECE", 2)
    text = "".join(f"reader{number}@example.com\n" for number in range(7)) + "broken@\nREADER0@example.com\n"
    rehearsal = rehearse(mailing_list, by=editor, text=text, file_name="x.csv", proof=PROOF)
    run_import.func(rehearsal.pk)
    job = take_over(rehearsal, by=editor)
    do = importing._do

    def killed(job: SubscriberImport, piece: Any, *, after: int) -> bool:
        assert do(job, piece, after=after)
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "_do", killed)
    for _kill in range(3):
        with pytest.raises(KeyboardInterrupt):
            run_import.func(job.pk)
    monkeypatch.setattr(importing, "_do", do)
    run_import.func(job.pk)
    run_import.func(job.pk)
    job.refresh_from_db()
    assert (job.state, counts(job), job.done_count) == (ImportState.FINISHED, (7, 0, 2), 9)
    assert Subscription.objects.count() == ConsentRecord.objects.count() == 7
    assert sorted(reasons(job)) == [8, 9]


def test_of_two_runs_at_the_same_import_one_leaves(
    mailing_list: MailingList, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "FIRST_PIECE", 1)
    job = rehearse(mailing_list, by=editor, text="a@example.com\nb@example.com\n", file_name="x.csv", proof=PROOF)
    do, others = importing._do, []

    def after_another(job: SubscriberImport, piece: Any, *, after: int) -> bool:
        if not others:
            others.append(True)
            run_import.func(job.pk)
        return do(job, piece, after=after)

    monkeypatch.setattr(importing, "_do", after_another)
    run_import.func(job.pk)
    job.refresh_from_db()
    assert (job.state, counts(job)) == (ImportState.FINISHED, (2, 0, 0))


def test_an_import_that_fails_says_so_and_keeps_no_address(
    mailing_list: MailingList, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = rehearse(mailing_list, by=editor, text="a@example.com\n", file_name="x.csv", proof=PROOF)

    def fail(*args: Any, **kwargs: Any) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(importing, "_do", fail)
    run_import.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.content) == (ImportState.FAILED, "")
    assert job.error


def test_a_database_that_is_away_is_tried_again(
    mailing_list: MailingList, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = rehearse(mailing_list, by=editor, text="a@example.com\n", file_name="x.csv", proof=PROOF)
    do = importing._do

    def away(*args: Any, **kwargs: Any) -> bool:
        raise OperationalError

    monkeypatch.setattr(importing, "_do", away)
    with pytest.raises(OperationalError):
        run_import.func(job.pk)
    monkeypatch.setattr(importing, "_do", do)
    run_import.func(job.pk)
    job.refresh_from_db()
    assert counts(job) == (1, 0, 0)


def test_the_tick_wakes_an_import_whose_task_was_lost(mailing_list: MailingList, editor: User) -> None:
    rehearse(mailing_list, by=editor, text="a@example.com\n", file_name="x.csv", proof=PROOF)
    assert wake_imports(timezone.now()) == 0
    later = timezone.now() + timedelta(minutes=3)
    assert [wake_imports(later), wake_imports(later)] == [1, 0]


def test_imports_are_forgotten_after_thirty_days(bring: Import) -> None:
    job = bring("a@example.com\nb@\n")
    assert forget_imports(NOW + timedelta(days=29)) == 0
    assert forget_imports(NOW + timedelta(days=31)) == 2
    assert not RefusedRow.objects.exists()
    assert not SubscriberImport.objects.filter(pk=job.pk).exists()
    assert Subscription.objects.count() == 1


def test_a_rehearsal_keeps_its_addresses_for_a_day(bring: Import) -> None:
    job = bring("a@example.com\n", rehearsal=True)
    forget_imports(NOW + timedelta(hours=23))
    job.refresh_from_db()
    assert job.content
    forget_imports(NOW + timedelta(hours=25))
    job.refresh_from_db()
    assert job.content == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_encodings_of_older_lists(bring: Import, encoding: str) -> None:
    text = "البريد;الاسم\n" + "".join(f"reader{number}@example.com;ليلى\n" for number in range(3))
    bring(read_list(text.encode(encoding)))
    assert list(Subscriber.objects.values_list("name", flat=True)) == ["ليلى"] * 3


def test_a_hostile_file_is_reported_row_by_row(bring: Import) -> None:
    lines = ["email,name", "a" * 1_000_000, "nul\x00@example.com,x", '"open,x', "ok@example.com,=1+1", "x" * 400]
    job = bring(read_list("\n".join(lines).encode() + b"\n\xff\xfe@example.com,x\n"))
    assert counts(job) == (1, 0, 5)
    assert list(reasons(job)) == [2, 3, 4, 6, 7]
    assert max(len(text) for text in job.refused_rows.values_list("text", flat=True)) <= 300


def test_a_file_beyond_twenty_megabytes_is_not_read() -> None:
    with pytest.raises(Undecodable) as caught:
        read_list(b"a" * (importing.MOST_BYTES + 1))
    assert caught.value.reason == "too_large"


def test_a_piece_asks_the_same_number_of_questions_for_one_row_and_for_many(
    bring: Import, django_assert_max_num_queries: Any
) -> None:
    make_subscriber("reader0@example.com")
    for count in (1, 30):
        with django_assert_max_num_queries(45):
            bring("".join(f"reader{number}-{count}@example.com\n" for number in range(count)))
