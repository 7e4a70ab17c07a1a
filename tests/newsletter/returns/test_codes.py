"""What the answers of mail servers mean: by the registry of codes, and of those who mean something else."""

import pytest

from newsletter.enums import EventKind
from newsletter.returns.codes import ENHANCED, KINDS, PECULIAR, Meaning, codes_in, kind_of, meaning_of

HARD, SOFT, POLICY = Meaning.NO_MAILBOX, Meaning.LATER, Meaning.POLICY


@pytest.mark.parametrize(
    ("enhanced", "meaning"),
    [
        ("5.1.0", HARD), ("5.1.1", HARD), ("5.1.2", HARD), ("5.1.3", HARD), ("5.1.6", HARD), ("5.1.10", HARD),
        ("5.1.4", SOFT), ("5.1.8", POLICY), ("5.1.99", SOFT),
        ("5.2.0", SOFT), ("5.2.1", SOFT), ("5.2.2", SOFT), ("5.2.3", POLICY),
        ("5.3.0", SOFT), ("5.3.4", POLICY), ("5.4.4", SOFT), ("5.4.7", SOFT), ("5.5.2", POLICY), ("5.6.0", POLICY),
        ("5.7.0", POLICY), ("5.7.1", POLICY), ("5.7.26", POLICY), ("5.7.515", POLICY), ("5.7.999", POLICY),
        ("4.1.1", SOFT), ("4.2.2", SOFT), ("4.7.0", SOFT), ("2.1.5", Meaning.ACCEPTED),
    ],
)  # fmt: skip
def test_enhanced_codes(enhanced: str, meaning: Meaning):
    assert meaning_of(550 if enhanced[0] == "5" else None, enhanced) == meaning


@pytest.mark.parametrize(
    ("reply", "meaning"),
    [
        # Google
        ("550-5.1.1 The email account that you tried to reach does not exist. Please try\n550 5.1.1 again", HARD),
        ("550 5.2.1 The email account that you tried to reach is disabled.", SOFT),
        ("552-5.2.2 The recipient's inbox is out of storage space.", SOFT),
        ("550-5.7.26 Your email has been blocked because the sender is unauthenticated.", POLICY),
        ("421-4.7.28 Our system has detected an unusual rate of unsolicited mail", SOFT),
        ("550 5.4.5 Daily user sending limit exceeded.", POLICY),
        # Microsoft
        ("550 5.7.515 Access denied, sending domain example.org does not meet the required level", POLICY),
        ("550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).", HARD),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", HARD),
        ("550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. (S3140)", POLICY),
        # Yahoo
        ("554 delivery error: dd This user doesn't have a yahoo.com account (x@yahoo.com) [0]", HARD),
        ("552 1 Requested mail action aborted, mailbox not found", HARD),
        ("554 30 Sorry, your message cannot be delivered. This mailbox is disabled (554.30).", SOFT),
        ("553 5.7.1 [BL21] Connections will not be accepted", POLICY),
        ("421 4.7.0 [TSS04] Messages temporarily deferred due to user complaints", SOFT),
        # Apple
        ("554 5.7.1 [HM08] Message rejected due to local policy", POLICY),
        # without enhanced codes
        ("550 No such user here", HARD),
        ("550 user unknown", HARD),
        ("550 <x@example.com>... User unknown", HARD),
        ("511 sorry, no mailbox here by that name", HARD),
        ("550 Mailbox not found", HARD),
        ("553 sorry, that recipient does not exist", HARD),
        ("550 mailbox unavailable", SOFT),
        ("552 quota", SOFT),
        ("550 Mailbox is full", SOFT),
        ("550 5.1.1 mailbox full, quota exceeded", SOFT),
        ("554 Transaction failed", POLICY),
        ("550 rejected: listed at zen.example DNSBL", POLICY),
        ("450 try again later", SOFT),
        ("421 too many connections", SOFT),
        ("250 2.0.0 OK", Meaning.ACCEPTED),
        # the name of a mailbox is no reason
        ("550 5.1.1 <antispam@blocked.example>: Recipient address rejected: User unknown", HARD),
        ("550 antispam@policy.example user unknown", HARD),
        ("5.1.1", HARD),
        ("Sorry, no mailbox here by that name. (#5.1.1)", HARD),
        ("لا يوجد مستخدم بهذا الاسم", SOFT),
        ("", SOFT),
    ],
)
def test_answers_of_servers(reply: str, meaning: Meaning):
    assert meaning_of(None, "", reply) == meaning


def test_status_that_says_nothing_gives_way_to_the_words():
    """Exim writes 5.0.0 into the report."""
    assert meaning_of(550, "5.0.0", "550 no such user") == HARD


def test_code_of_a_relay_between_does_not_outweigh_that_of_the_last_server():
    assert meaning_of(550, "4.2.2") == SOFT
    assert meaning_of(450, "5.1.1") == HARD


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("550 5.1.1 x", (550, "5.1.1")), ("550-5.1.1 x", (550, "5.1.1")), ("550 x", (550, "")),
        ("(#5.1.1)", (None, "5.1.1")), ("192.0.2.5 said: 550 5.7.1", (550, "5.7.1")), ("", (None, "")),
        ("5.1.1.1", (None, "")), ("٥٥٠ ٥٫١", (None, "")),
    ],
)  # fmt: skip
def test_codes_in_words(text: str, found: tuple[int | None, str]):
    assert codes_in(text) == found


def test_every_meaning_is_a_kind_of_report():
    assert set(KINDS) == set(Meaning)
    assert kind_of(550, "5.1.1") == EventKind.HARD_BOUNCE


def test_every_row_says_where_it_is_from_and_the_longest_name_comes_first():
    assert all(row.source for row in PECULIAR)
    names = [name for name, _meaning in ENHANCED]
    assert len(set(names)) == len(names)
    assert [
        name for place, name in enumerate(names) if any(name.startswith(f"{short}.") for short in names[:place])
    ] == []


def test_endless_answer_is_read_in_no_time():
    assert meaning_of(550, "", "mailbox " * 200_000) == SOFT
