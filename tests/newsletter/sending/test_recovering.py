from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter.enums import DeliveryPolicy, DeliveryState
from newsletter.models import Delivery, SenderSlot
from newsletter.sending import runs
from newsletter.sending.journal import Entry, Mark, packed
from newsletter.sending.recovering import recover
from newsletter.sending.runs import Run
from tests.newsletter.sending.conftest import claimed_by, states

PENDING, CLAIMED, SENT, UNCERTAIN = (
    DeliveryState.PENDING,
    DeliveryState.CLAIMED,
    DeliveryState.SENT,
    DeliveryState.UNCERTAIN,
)


@pytest.fixture
def held(being_sent):
    """Three deliveries of a run: one accepted, one on its way, one that was not begun; and a fourth of nobody."""

    def held(policy=DeliveryPolicy.RESEND, **fields):
        issue = being_sent(4, policy=policy)
        run = Run()
        fields = {"lease_until": timezone.now() + timedelta(seconds=90)} | fields
        accepted, on_its_way, _not_begun = (claimed_by(issue, run.id, **fields) for _number in range(3))
        run.journal.write(Entry(Mark.INTENT, accepted.pk, 1))
        run.journal.write(Entry(Mark.INTENT, on_its_way.pk, 1))
        run.journal.write(Entry(Mark.ACCEPTED, accepted.pk, 1, 250))
        SenderSlot.objects.create(issue=issue, number=0, owner=run.id, beat_at=timezone.now())
        return issue, run

    return held


def test_the_journal_of_a_dead_sender_is_believed(held):
    issue, run = held()
    run.abandon()
    assert recover() == 3
    assert states(issue) == [SENT, PENDING, PENDING, PENDING]
    assert list(issue.deliveries.order_by("id").values_list("attempts", flat=True)) == [1, 1, 0, 0]
    issue.refresh_from_db()
    assert issue.sent_count == 1
    assert SenderSlot.objects.get().owner == ""
    assert runs.folders() == []


def test_under_hold_nobody_is_mailed_twice_and_a_person_decides(held):
    issue, run = held(DeliveryPolicy.HOLD)
    run.abandon()
    recover()
    assert states(issue) == [SENT, UNCERTAIN, PENDING, PENDING]


def test_recovering_twice_changes_nothing_more(held):
    issue, run = held()
    run.abandon()
    recover()
    before = list(issue.deliveries.values())
    assert recover() == 0
    assert list(issue.deliveries.values()) == before


def test_the_living_are_left_alone(held):
    issue, run = held()
    run.hold_until(runs.ticks() + 90)
    assert recover() == 0
    assert states(issue) == [CLAIMED, CLAIMED, CLAIMED, PENDING]
    run.end()


def test_a_clock_that_jumps_ahead_takes_nothing_from_the_living(held):
    issue, run = held(lease_until=timezone.now() - timedelta(hours=1))
    run.hold_until(runs.ticks() + 90)
    assert recover() == 0
    run.end()


def test_a_stopped_sender_loses_what_it_holds_after_its_lease_and_its_journal_counts(held):
    issue, run = held(lease_until=timezone.now() - timedelta(seconds=1))
    run.hold_until(runs.ticks() - 1)
    assert not run.may_send()
    assert recover() == 3
    assert states(issue) == [SENT, PENDING, PENDING, PENDING]
    assert runs.folders() == [run.id]
    run.end()


@pytest.mark.parametrize(("policy", "state"), [(DeliveryPolicy.RESEND, PENDING), (DeliveryPolicy.HOLD, UNCERTAIN)])
def test_of_a_machine_that_is_gone_the_end_of_the_lease_decides(being_sent, policy, state):
    issue = being_sent(2, policy=policy)
    claimed_by(issue, "elsewhere", lease_until=timezone.now() + timedelta(seconds=1))
    assert recover() == 0
    Delivery.objects.filter(owner="elsewhere").update(lease_until=timezone.now() - timedelta(seconds=10))
    assert recover() == 1
    assert states(issue) == [state, PENDING]


def test_after_a_power_cut_the_journal_is_not_the_whole_truth(held, monkeypatch):
    issue, run = held(DeliveryPolicy.HOLD)
    run.abandon()
    monkeypatch.setattr(runs, "boot_id", lambda: "another")
    recover()
    assert states(issue) == [SENT, UNCERTAIN, UNCERTAIN, PENDING]


def test_a_clock_that_is_set_back_delays_by_one_lease_only(being_sent, settings):
    issue = being_sent(1)
    claimed_by(issue, "elsewhere", lease_until=timezone.now() + timedelta(hours=1))
    recover()
    seconds = (issue.deliveries.get().lease_until - timezone.now()).total_seconds()
    assert seconds <= settings.NEWSLETTER_LEASE_SECONDS


def test_a_journal_that_was_cut_off_anywhere_loses_nobody(held, settings):
    """Property: whatever is left of the journal, no row stays in the hands of the dead."""
    issue, run = held(DeliveryPolicy.HOLD)
    run.abandon()
    journal = next(settings.SENDERS_FOLDER.glob("*/journal"))
    whole = journal.read_bytes()
    rows = list(issue.deliveries.all())
    for length in range(len(whole) + 1):
        folder = settings.SENDERS_FOLDER / run.id
        folder.mkdir(exist_ok=True)
        (folder / "journal").write_bytes(whole[:length])
        (folder / "lock").write_bytes(runs._LEASE.pack(runs.boot_id().encode(), runs.ticks() + 90))
        Delivery.objects.bulk_update(rows, ["state", "owner", "lease_until", "attempts", "sent_at"])
        recover()
        assert CLAIMED not in states(issue)
        assert states(issue)[0] in {PENDING, UNCERTAIN, SENT}
        if length >= len(packed(Entry(Mark.INTENT, 1, 1))):
            assert states(issue)[0] != PENDING


def test_two_who_recover_at_once_do_not_wait_for_each_other(held):
    _issue, run = held()
    run.abandon()
    with runs.taken_over(run.id) as first, runs.taken_over(run.id) as second:
        assert first
        assert second is None
    assert runs.folders() == []


def test_unborn_runs_are_forgotten(settings):
    hidden = settings.SENDERS_FOLDER / ".new-x"
    hidden.mkdir(parents=True)
    runs.forget_unborn()
    assert hidden.exists()
    runs.forget_unborn(older_than=-1)
    assert not hidden.exists()
