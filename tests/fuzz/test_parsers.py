"""The small readers of what people and programs send: none raises, none grows, each settles."""

import re
from datetime import date
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from articles.tagging import parse_tags
from newsletter.addresses import clean_address, mask, normalise, readable, validate_address
from newsletter.import_rows import LONGEST_NAME, NoAddresses, find_layout, read_moment, read_rows, split_lines
from newsletter.returns.codes import codes_in, kind_of, meaning_of
from newsletter.returns.messages import LONGEST, read_report
from newsroom.kept_answer import _bare_tags, best_encoding
from newsroom.lib import hygiene
from newsroom.lib.addresses import read_address
from newsroom.lib.arabic import fold, fold_digits
from newsroom.lib.bidi import runs
from newsroom.lib.date_reading import is_impossible_date_line, parse_date, read_date_line
from newsroom.lib.dates import MONTHS, PrintStyle, format_date, format_hijri, format_short_date
from newsroom.lib.forms import typed_number
from newsroom.lib.names import name_key, says, typed_words
from newsroom.lib.reversed_text import is_reversed, turned
from newsroom.lib.slugs import slugify
from newsroom.lib.spreadsheets import harmless
from tests.fuzz.pieces import WORDS, anything, mixed, storable, texts

DAYS = st.dates(date(1920, 1, 1), date(2090, 12, 31))
STYLES = st.builds(PrintStyle, digits=st.sampled_from(("arab", "latn")), months=st.sampled_from(sorted(MONTHS)))
of_dates = mixed(*WORDS, "31", "٣٠", "02", "/", "-", ".", " ", "2026", "١٤٤٨", "شباط", "هـ", "T", ":", "م", "مساء")
headers = mixed("gzip", "br", "*", "identity", ";q=", "0", "1", "0.5", "nan", "inf", "-1", "1e999", ",", ";", '"', "W/")
HEADINGS = ("email", "البريد", "name", "تاريخ", "sep=;")
cells = mixed(*HEADINGS, "a@b.example", "2024-01-02", "٣/٥/٢٠٢٤", '"', '""', ",", ";", "\t", "\n", "\r\n", "=", "-")
mailboxes = mixed("a", "ا", "@", ".", "b.example", "مثال", "xn--", "xn--mgbh0fb", "-", "+", '"', "\n", "[", "١")
FIELDS = (
    "Final-Recipient: rfc822; a@b.example", "Action: failed", "Status: 5.1.1", "Diagnostic-Code: smtp; 550 5.1.1 no",
    "Feedback-Type: abuse", "Version: 1", "User-Agent: x", "Content-Type: multipart/report; boundary=b", "--b", "--b--",
    "Content-Type: message/delivery-status", "Content-Transfer-Encoding: base64", "", "From: MAILER-DAEMON@x",
    "Auto-Submitted: auto-replied", "Date: Fri, 20 Nov 2026 06:40:00 +0000", "Content-Type: text/plain; charset=evil",
    "To: =?x?b?y?=",
)  # fmt: skip
mails = st.lists(st.sampled_from(FIELDS) | anything, max_size=30).map(
    lambda each: "\r\n".join(each).encode("utf-8", "replace")
)


@given(texts | of_dates)
def test_date_is_read_or_is_none(text: str) -> None:
    assert parse_date(text) is None or isinstance(parse_date(text), date)
    line = read_date_line(text)
    assert line is None or not is_impossible_date_line(text)


@given(DAYS, STYLES, st.booleans(), texts)
def test_date_that_we_print_is_read_back(day: date, style: PrintStyle, weekday: bool, around: str) -> None:
    printed = format_date(day, style, weekday=weekday)
    line = read_date_line(printed)
    assert parse_date(printed) == parse_date(format_short_date(day, style)) == day
    assert line is not None
    assert (line.date, line.weekday_agrees) == (day, True if weekday else None)


@given(st.dates(date(1950, 1, 1), date(2070, 12, 31)), STYLES)
def test_hijri_date_that_we_print_is_read_back(day: date, style: PrintStyle) -> None:
    printed = format_hijri(day, style)
    assert printed is not None
    assert parse_date(printed) == day


@given(texts)
def test_tags_are_clean_and_each_is_there_once(text: str) -> None:
    tags = parse_tags(text)
    assert len({name_key(tag) for tag in tags}) == len(tags)
    assert all(tag and tag == hygiene.clean_line(tag) for tag in tags)
    assert not [tag for tag in tags if re.search("[,،؛\n]", tag)]
    assert parse_tags("،".join(tags)) == tags


@given(texts, st.integers(1, 100))
def test_slug_is_short_and_its_own_slug(text: str, limit: int) -> None:
    slug = slugify(text, limit)
    assert len(slug) <= limit
    assert slugify(slug, limit) == slug
    assert re.fullmatch(r"[^\W_]*(-[^\W_]+)*-?", slug)


@given(texts)
def test_cleaning_settles_at_once(text: str) -> None:
    for clean in (hygiene.clean_line, hygiene.clean_text, hygiene.clean_address):
        once = clean(text)
        assert clean(once) == once
        assert storable(once) == once or clean is hygiene.clean_address
        assert "\x00" not in once
    assert "\n" not in hygiene.clean_line(text)
    assert all(mending.kind for mending in hygiene.mendings(text))


@given(texts, st.integers(1, 60))
def test_cleaned_line_fits_its_column(text: str, room: int) -> None:
    assert len(hygiene.clean_line_within(text[:room], room)) <= room


@given(texts)
def test_folded_is_folded_and_found(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert fold_digits(fold_digits(text)) == fold_digits(text)
    assert len(name_key(text)) <= len(once)
    assert isinstance(says(text, text), bool)
    assert typed_words(text) == list(dict.fromkeys(typed_words(text)))


@given(texts)
def test_directions_are_found_without_losing_a_letter(text: str) -> None:
    assert "".join(piece for _element, piece in runs(text)) == text
    assert list(map(len, turned(text).split("\n"))) == list(map(len, text.splitlines() or [""]))
    assert not is_reversed(text) or turned(text) != text


@given(texts)
def test_address_in_the_bar_is_read(text: str) -> None:
    assert len(read_address(text)) <= len(text)
    assert isinstance(typed_number(text), str)


@given(cells)
def test_no_cell_becomes_a_formula(text: str) -> None:
    assert not harmless(text).lstrip(" \ufeff").startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert text in harmless(text)


@given(cells)
def test_list_of_readers_is_read_or_has_no_addresses(text: str) -> None:
    lines = split_lines(text)
    try:
        layout = find_layout(lines)
    except NoAddresses:
        return
    rows = list(read_rows(lines, layout, zone=ZoneInfo("Asia/Damascus")))
    assert rows == list(read_rows(lines, layout, zone=ZoneInfo("Asia/Damascus")))
    taken = [row for row in rows if not row.refusal]
    assert len({row.normal for row in taken}) == len(taken)
    assert all(len(row.name) <= LONGEST_NAME and "\n" not in row.email for row in rows)


@given(of_dates)
def test_moment_of_a_consent_is_past_or_none(text: str) -> None:
    moment = read_moment(text, ZoneInfo("Asia/Damascus"))
    assert moment is None or (moment.tzinfo is not None and moment.year >= 1995)


@given(mailboxes)
def test_mail_address_is_refused_or_can_be_shown(text: str) -> None:
    address = clean_address(text)
    try:
        validate_address(address)
    except ValidationError:
        return
    normal = normalise(address)
    assert normalise(readable(normal)) == normal
    assert "•••@" in mask(normal)
    assert not set(address) & set(' \n\r,;<>"')


@given(st.binary(max_size=600) | mails)
def test_report_of_a_mail_server_is_read(raw: bytes) -> None:
    report = read_report(raw)
    assert len(raw) <= LONGEST
    assert storable(report.text) == report.text
    assert "\x00" not in report.text
    assert all("@" in address for address in report.recipients)
    assert kind_of(report.code, report.enhanced, report.reply)


@given(texts | st.text("0123456789.- #"))
def test_answer_of_a_mail_server_has_a_meaning(text: str) -> None:
    code, enhanced = codes_in(text)
    assert code is None or 200 <= code <= 599
    assert re.fullmatch(r"|[245]\.\d{1,3}\.\d{1,3}", enhanced)
    assert meaning_of(code, enhanced, text)


@given(headers)
def test_encoding_is_one_of_ours(header: str) -> None:
    assert best_encoding(header) in {"", "br", "gzip"}
    assert all(isinstance(tag, str) for tag in _bare_tags(header))


@given(st.sampled_from(("br", "gzip")), st.sampled_from(("0", "0.0", "0.000")))
def test_encoding_of_no_weight_is_refused(name: str, weight: str) -> None:
    assert best_encoding(f"{name};q={weight}") == ""
    assert best_encoding(f"*;q=1, {name};q={weight}") != name
