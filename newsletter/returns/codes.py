"""What the answer of a mail server means for the address: the codes of RFC 5321, RFC 3463 and of those who differ.

Three tables, asked one after the other; the first row that fits decides. An address is given up at once only where the
answer says that there is no such mailbox. What is about the sender, the content or trust (X.6, X.7) says nothing about
the reader and suppresses nobody.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from newsletter.enums import EventKind


class Meaning(StrEnum):
    NO_MAILBOX = "no_mailbox"  # hard: never again
    LATER = "later"  # soft: full, disabled, down
    POLICY = "policy"  # about us or the message, not about the reader
    ACCEPTED = "accepted"


KINDS = {
    Meaning.NO_MAILBOX: EventKind.HARD_BOUNCE,
    Meaning.LATER: EventKind.SOFT_BOUNCE,
    Meaning.POLICY: EventKind.REJECTED,
    Meaning.ACCEPTED: EventKind.DELIVERED,
}


class Peculiar(NamedTuple):
    """`answer`: how code, enhanced code and words begin or what they hold, in small letters."""

    answer: str
    meaning: Meaning
    source: str


# Those whose answer means something else than its code does.
PECULIAR = [
    # The address exists and takes nothing from us; the code is that of a missing mailbox.
    Peculiar(r"^550 5\.7\.515\b", Meaning.POLICY, "Microsoft, limits for high volume senders, 2025"),
    Peculiar(r"\[(ts|tss|bl|gl)[0-9]{2}\]", Meaning.POLICY, "Yahoo, SMTP error codes"),
    Peculiar(
        r"\((s3140|s3150|s844|oc-00[0-9])\)", Meaning.POLICY, "Microsoft, Outlook.com postmaster, troubleshooting"
    ),
    Peculiar(r"\[(hm|cs)[0-9]{2}\]", Meaning.POLICY, "Apple, iCloud Mail postmaster"),
    Peculiar(r"daily (user )?sending (quota|limit)", Meaning.POLICY, "Google, SMTP errors: 550 5.4.5"),
    Peculiar(
        r"doesn'?t have a (yahoo|ymail|rocketmail|aol)\S* account", Meaning.NO_MAILBOX, "Yahoo: 554 delivery error: dd"
    ),
    Peculiar(r"^552 1 .*mailbox not found", Meaning.NO_MAILBOX, "Yahoo, SMTP error codes: 552"),
    Peculiar(r"\(554\.30\)|this mailbox is disabled", Meaning.LATER, "Yahoo: 554 30"),
    Peculiar(
        r"^550 5\.5\.0 requested action not taken: mailbox unavailable", Meaning.NO_MAILBOX, "Outlook.com: 550 5.5.0"
    ),
    Peculiar(r"resolver\.adr\.recip(ient)?notfound", Meaning.NO_MAILBOX, "Microsoft, Exchange Online NDR 5.1.10"),
    Peculiar(r"^550 5\.1\.0 .*(sender|spf|authentication)", Meaning.POLICY, "Cisco and others: 5.1.0 about the sender"),
    Peculiar(
        r"^5[0-9]{2} 5\.1\.[01] .*(blocked|blacklist|spam|reputation)",
        Meaning.POLICY,
        "seen at small hosts: 5.1.1 for spam",
    ),
    Peculiar(
        r"^5[0-9]{2} .*(mailbox|inbox|quota)\b.*\b(full|exceeded|out of storage|over ?quota)",
        Meaning.LATER,
        "RFC 5321 §4.2.3: 552, said with 550 too",
    ),
]

# Class 5 of the registry "SMTP Enhanced Status Codes" (IANA; RFC 3463, 5248, 7505), the longest name first.
ENHANCED = [
    ("1.4", Meaning.LATER),  # ambiguous
    ("1.5", Meaning.ACCEPTED),  # destination address valid
    ("1.7", Meaning.POLICY),  # sender's address
    ("1.8", Meaning.POLICY),
    ("1.9", Meaning.POLICY),  # relayed to a mailer that does not follow the rules
    ("1.10", Meaning.NO_MAILBOX),  # RFC 7505: a domain that takes no mail
    ("1.0", Meaning.NO_MAILBOX),
    ("1.1", Meaning.NO_MAILBOX),
    ("1.2", Meaning.NO_MAILBOX),
    ("1.3", Meaning.NO_MAILBOX),
    ("1.6", Meaning.NO_MAILBOX),  # moved, and left no address
    ("1", Meaning.LATER),
    ("2.3", Meaning.POLICY),  # message longer than the mailbox may take
    ("2", Meaning.LATER),  # 2.1 disabled, 2.2 full
    ("3.4", Meaning.POLICY),  # message too big
    ("3", Meaning.LATER),
    ("4", Meaning.LATER),  # network and routing; 4.7: too long in a queue
    ("5", Meaning.POLICY),
    ("6", Meaning.POLICY),
    ("7", Meaning.POLICY),
]

# Servers without enhanced codes: words beside 550, 551, 553 and 554 (RFC 5321 §4.2.3 leaves the reason open).
WORDS = [
    (
        r"spam|blocked|black ?list|block ?list|dnsbl|rbl|policy|reputation|dmarc|spf|denied|not permitted",
        Meaning.POLICY,
    ),
    (
        r"(user|recipient|mailbox|address|account|alias)[^.;]{0,40}(unknown|not found|invalid|not exist|no longer)",
        Meaning.NO_MAILBOX,
    ),
    (
        r"(unknown|invalid|no such|nonexistent|non-existent)[^.;]{0,20}(user|recipient|mailbox|address|account|alias)",
        Meaning.NO_MAILBOX,
    ),
    (
        r"no mailbox (here )?by that name|user not local|doesn'?t exist|does not exist|not our customer",
        Meaning.NO_MAILBOX,
    ),
]

_ANSWER = re.compile(r"\b([245][0-9]{2})(?:[ -]+|$)(?:#?([245]\.[0-9]{1,3}\.[0-9]{1,3})\b)?")
_ENHANCED = re.compile(r"(?<![0-9.])#?([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
_CODES = re.compile(r"(?:\b[245][0-9]{2}[ -])?#?[245]\.[0-9]{1,3}\.[0-9]{1,3}\b|\b[245][0-9]{2}[ -]")
# Whose mailbox it was must not be mistaken for the reason: antispam@example.com.
_ADDRESS = re.compile(r"[^\s<>]{1,64}@[^\s<>]{1,255}")
# Longer answers say nothing new, and no pattern has to read them.
_LONGEST = 1000


def codes_in(text: str) -> tuple[int | None, str]:
    """(550, "5.1.1") of a server's answer in plain words; None and '' for what it does not say."""
    text = text[:_LONGEST]
    answer = _ANSWER.search(text)
    enhanced = _ENHANCED.search(text)
    named = (answer and answer[2]) or (enhanced[1] if enhanced else "")
    return (int(answer[1]) if answer else None), named


def meaning_of(code: int | None, enhanced: str = "", reply: str = "") -> Meaning:
    """What is to be done about the address. `code` and `enhanced` may be missing and are then read from `reply`."""
    said, said_enhanced = codes_in(reply)
    code = code or said
    if not enhanced or enhanced.endswith(".0.0"):  # Exim and others report 5.0.0 and tell more in words
        enhanced = said_enhanced or enhanced
    answer = _in_one_line(code, enhanced, reply)
    for row in PECULIAR:
        if re.search(row.answer, answer):
            return row.meaning if _is_final(code, enhanced) else Meaning.LATER
    if not _is_final(code, enhanced):
        return Meaning.ACCEPTED if enhanced.startswith("2.") or (code or 0) // 100 == 2 else Meaning.LATER
    return _by_enhanced_code(enhanced) or _by_words(code, answer)


def kind_of(code: int | None, enhanced: str = "", reply: str = "") -> EventKind:
    return KINDS[meaning_of(code, enhanced, reply)]


def _is_final(code: int | None, enhanced: str) -> bool:
    """The enhanced code is that of the last server; the other may be of a relay between."""
    return enhanced.startswith("5.") if enhanced else (code or 0) // 100 == 5


def _by_enhanced_code(enhanced: str) -> Meaning | None:
    detail = enhanced.partition(".")[2]
    for name, meaning in ENHANCED:
        if detail == name or detail.startswith(f"{name}."):
            return meaning
    return None


def _by_words(code: int | None, answer: str) -> Meaning:
    if code == 552:
        return Meaning.LATER
    for pattern, meaning in WORDS:
        if re.search(pattern, answer):
            return meaning
    return Meaning.POLICY if code == 554 else Meaning.LATER


def _in_one_line(code: int | None, enhanced: str, reply: str) -> str:
    """«550 5.1.1 no such user»: continuation lines repeat the codes, which are taken out (RFC 5321 §4.2.1)."""
    words = _CODES.sub(" ", _ADDRESS.sub(" ", reply[:_LONGEST]))
    line = " ".join([str(code or ""), enhanced, *words.split()])
    return " ".join(line.lower().split())
