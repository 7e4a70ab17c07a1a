"""Whatever an editor or a reader types: one header stays one header and is read back as it was meant."""

import random
from email.header import decode_header, make_header

import pytest

from newsletter.mails.headers import HeaderRefused, ascii_address, encoded, header, mailbox

ALPHABETS = ("أبجد هوّز حُطّي ", "abc XYZ 019 ", "=?_\"'<>,;:\\()@ ", "\u200f\u2066\u2069ـ", "😀🇸🇾𝛼", "é漢字ค")


def texts() -> list[str]:
    choice = random.Random(6)  # noqa: S311 - a fixed draw
    made = ["", " ", "a" * 300, "ب" * 300, "😀" * 100, "=?utf-8?b?2YU=?=", "Re: =?utf-8?q?x?=", "نص \ud83d مقطوع"]
    for _ in range(300):
        pool = "".join(choice.sample(ALPHABETS, choice.randint(1, 3)))
        made.append("".join(choice.choices(pool, k=choice.randint(1, 160))))
    return made


def read(line: str) -> str:
    name, _colon, value = line.partition(": ")
    assert name == "Subject"
    return str(make_header(decode_header(value.replace("\r\n ", " ").removesuffix("\r\n"))))


def test_any_subject_is_read_back() -> None:
    for text in texts():
        line = header("Subject", encoded(text, after=len("Subject: ")))
        assert read(line) == text.replace("\ud83d", "?"), text
        assert line.isascii()
        assert all(len(part) <= 76 for part in line.split("\r\n")), line


def test_no_encoded_word_ends_inside_a_character() -> None:
    for text in texts():
        for word in encoded(text, after=9).split("\r\n "):
            for octets, charset in decode_header(word):
                assert charset != "utf-8" or octets.decode()


def test_short_ascii_stays_readable() -> None:
    assert encoded("Morning brief 7:00", after=9) == "Morning brief 7:00"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x00", "\x7f"])
def test_line_break_in_a_text_begins_no_header(end: str) -> None:
    for text in (f"a{end}Bcc: x@example.org", f"ب{end}Bcc: x@example.org"):
        line = header("Subject", encoded(text, after=9))
        assert line.count("\n") == line.count("\r\n ") + 1
        assert read(line) == text.replace(end, " ").replace("\r\n", " ") or end == "\r\n"
        assert "\r\nBcc" not in line


@pytest.mark.parametrize("value", ["a\r\nBcc: x", "a\nBcc: x", "a\rBcc: x", "a\r\n\r\nbody", "م", "a\x00"])
def test_header_takes_nothing_that_would_end_it(value: str) -> None:
    with pytest.raises(HeaderRefused):
        header("To", value)


def test_name_of_a_mailbox_means_nothing_but_itself() -> None:
    for name in ("ليلى", 'x" <thief@example.net>', "a\r\nBcc: x@example.org", "=?utf-8?q?x?=", "ليلى " * 20):
        line = header("To", mailbox(name, "layla@example.com", after=4))
        assert line.endswith("<layla@example.com>\r\n")
        assert line.count("@") == 1
        assert all(len(part) <= 76 for part in line.split("\r\n"))
    assert mailbox("  ", "layla@example.com", after=4) == "layla@example.com"


@pytest.mark.parametrize(
    "address",
    ["", "layla", "a\r\nBcc: x@example.org", "a b@example.org", "<a@example.org>", "a@example.org,b@example.org",
     "ليلى@example.org", "a@\x00x"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(HeaderRefused):
        ascii_address(address)


def test_arabic_domain_is_written_in_ascii() -> None:
    assert ascii_address("Layla@مثال.إختبار") == "Layla@xn--mgbh0fb.xn--kgbechtv"
