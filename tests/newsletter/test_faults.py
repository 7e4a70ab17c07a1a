"""Invariants 3, 4, 5, 6, 7 and 8 of the newsletter with real processes: whatever happens, nobody is lost.

One run of faults.py for all tests of this file, since a database of its own and workers take their time.
"""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.newsletter.mailroom import ROOT

WORKERS, CONNECTIONS = 2, 4  # of one worker: settings.NEWSLETTER_CONNECTIONS
AT_ONCE = WORKERS * CONNECTIONS  # messages that may be on their way
MOST_ATTEMPTS = 8

Facts = dict[str, Any]


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Facts]:
    command = [sys.executable, "-m", "tests.newsletter.faults"]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), check=True, stdout=subprocess.PIPE, text=True)
    return {facts.pop("case"): facts for facts in map(json.loads, done.stdout.splitlines())}


@pytest.fixture
def outcome(request: pytest.FixtureRequest, outcomes: dict[str, Facts]) -> Facts:
    """Of the case that the parameter names."""
    facts = outcomes[request.param]
    assert "error" not in facts, facts["error"]
    return facts


def of(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("outcome", [name], indirect=True)


def assert_nobody_is_lost(facts: Facts, *, copies: int, state: str = "finished") -> None:
    """`copies`: the most messages too many that there may be."""
    assert facts["state"] == state, facts
    assert facts["lost"] == 0, facts
    assert facts["unwanted"] == 0, facts
    assert facts["unexplained"] == 0, facts
    assert facts["held"] == 0, facts
    assert facts["adds_up"], facts
    assert facts["identities"] == facts["received"], "copies of a mail have one Message-ID"
    assert facts["extra"] <= copies, facts
    assert facts["most_attempts"] <= MOST_ATTEMPTS, facts
    assert facts["received"] + facts["uncertain"] >= facts["owed"], facts


# Killed, halted, cut off from the database


@of("killed while preparing")
def test_killed_while_the_recipients_are_written_down_each_gets_one_delivery(outcome: Facts) -> None:
    assert_nobody_is_lost(outcome, copies=0)
    assert outcome["states"] == ["preparing"] * 2, "the kills came too late to show anything"
    assert outcome["received"] == outcome["tries"] == outcome["owed"]


@of("killed all at once")
def test_all_workers_killed_at_once_resend_only_what_was_on_its_way(outcome: Facts) -> None:
    assert_nobody_is_lost(outcome, copies=2 * AT_ONCE)


@of("killed while recovering")
def test_killed_while_it_reads_the_journal_of_the_dead_nothing_is_counted_twice(outcome: Facts) -> None:
    assert_nobody_is_lost(outcome, copies=AT_ONCE)
    held = outcome["held_by_the_dead"]
    assert held == sorted(held, reverse=True)
    assert 0 < held[-1] < held[0], "the kills came too late to show anything"


@of("halted past its lease")
def test_a_sender_that_was_halted_past_its_lease_sends_not_one_more_message(outcome: Facts) -> None:
    assert_nobody_is_lost(outcome, copies=CONNECTIONS)
    assert outcome["held_when_halted"] > CONNECTIONS, "it had nothing to send"
    assert outcome["late"] == 0


@of("locked database")
def test_a_locked_database_is_waited_for_and_nobody_is_mailed_twice(outcome: Facts) -> None:
    assert_nobody_is_lost(outcome, copies=0)


@of("ended connections")
def test_ended_connections_to_the_database_are_made_anew(outcome: Facts) -> None:
    assert_nobody_is_lost(outcome, copies=0)


# What mail servers do


@of("silent")
def test_of_a_silent_server_a_person_decides_where_uncertain_mail_is_held(outcome: Facts) -> None:
    assert_nobody_is_lost(outcome, copies=0)
    assert 0 < outcome["uncertain"] <= 0.1 * outcome["owed"]
    assert outcome["received"] == outcome["owed"]


@of("reset")
def test_a_connection_that_breaks_before_the_answer_costs_one_copy_at_most(outcome: Facts) -> None:
    assert_nobody_is_lost(outcome, copies=outcome["tries"] - outcome["owed"])
    assert 0 < outcome["extra"] <= 0.2 * outcome["owed"]


@of("cut")
def test_a_connection_that_breaks_before_the_message_is_taken_loses_nobody(outcome: Facts) -> None:
    assert_nobody_is_lost(outcome, copies=0)
    assert outcome["tries"] > outcome["owed"]


@of("421")
def test_a_server_that_hangs_up_after_some_messages_gets_the_others_later(outcome: Facts) -> None:
    assert_nobody_is_lost(outcome, copies=0)


@of("451")
def test_not_now_is_tried_again_without_copies(outcome: Facts) -> None:
    assert_nobody_is_lost(outcome, copies=0)
    assert outcome["owed"] < outcome["tries"] < 1.5 * outcome["owed"]


@of("domain that says not now")
def test_a_domain_that_says_not_now_does_not_hold_up_the_others(outcome: Facts) -> None:
    assert_nobody_is_lost(outcome, copies=0, state="cancelled")
    assert outcome["received"] == outcome["owed"] == 320
    assert outcome["skipped"] == 80
    assert outcome["tries_at_the_domain"] <= 40, "it is left alone after some refusals"


@of("unknown addresses")
def test_an_address_that_does_not_exist_is_suppressed_and_not_tried_again(outcome: Facts) -> None:
    assert_nobody_is_lost(outcome, copies=0)
    assert outcome["suppressed"] == outcome["failed"] > 0
    assert outcome["tries_at_the_unknown"] == 1


@of("wave of refusals")
def test_a_wave_of_refusals_for_policy_pauses_and_suppresses_nobody(outcome: Facts) -> None:
    assert "5.7.1" in outcome["paused_with"]
    assert outcome["failed_then"] == 0
    assert outcome["taken_then"] == 99
    assert outcome["suppressed"] == 0
    assert outcome["tries"] <= 400 + 2 * AT_ONCE, "it stops at once"
    assert_nobody_is_lost(outcome, copies=0)


@of("server that goes away")
def test_a_server_that_goes_away_and_comes_back_is_waited_for(outcome: Facts) -> None:
    assert_nobody_is_lost(outcome, copies=AT_ONCE)
    assert outcome["most_attempts"] <= 3


# What people and clocks do


@of("clocks at once")
def test_several_clocks_start_an_issue_once(outcome: Facts) -> None:
    assert_nobody_is_lost(outcome, copies=0)
    assert outcome["exits"] == [0] * 4
    assert outcome["starts"] == 1
    assert outcome["tries"] == outcome["owed"] == 200


@of("pause and resume")
def test_a_pause_is_heard_and_the_rest_is_sent_once(outcome: Facts) -> None:
    assert outcome["late"] == 0
    assert outcome["held_while_paused"] == 0
    assert outcome["sent_before"] == outcome["taken_before"] < outcome["owed"]
    assert_nobody_is_lost(outcome, copies=0)
    assert outcome["tries"] == outcome["owed"]


@of("cancel")
def test_a_cancelled_issue_sends_no_more_and_what_was_sent_is_true(outcome: Facts) -> None:
    assert_nobody_is_lost(outcome, copies=0, state="cancelled")
    assert outcome["late"] == 0
    assert 0 < outcome["received"] < 700
    assert outcome["received"] + outcome["skipped"] == 700


@of("leaving meanwhile")
def test_who_leaves_in_the_middle_gets_nothing_from_then_on(outcome: Facts) -> None:
    assert_nobody_is_lost(outcome, copies=0)
    assert outcome["number_left"] > 0
    assert outcome["skipped"] >= outcome["number_left"]
