from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from time_machine import Traveller

from newsletter.import_rows import NoAddresses, Row, find_layout, read_moment, read_rows, split_lines

DAMASCUS = ZoneInfo("Asia/Damascus")


def read(text: str) -> list[Row]:
    lines = split_lines(text)
    return list(read_rows(lines, find_layout(lines), zone=DAMASCUS))


def taken(text: str) -> list[tuple[str, str]]:
    return [(row.normal, row.name) for row in read(text) if not row.refusal]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "headings",
    [
        ["email", "name"], ["E-Mail", "Full Name"], ["Email Address", "NAME"],
        ["البريد", "الاسم"], ["البريد الإلكتروني", "الاسم الكامل"], ["البريد الالكتروني", "اسم"], ["الإيميل", "الإسم"],
    ],
)  # fmt: skip
def test_headings_and_delimiters_of_older_lists(headings: list[str], delimiter: str) -> None:
    text = f"{delimiter.join(headings)}\nlayla@example.com{delimiter}ليلى\n"
    assert taken(text) == [("layla@example.com", "ليلى")]


@pytest.mark.parametrize(
    "text",
    [
        "layla@example.com\n",
        "\n\nlayla@example.com\n",
        "sep=;\nالاسم;البريد\nx;layla@example.com\n",
        "العنوان,الصفة\nدمشق,layla@example.com\n",
        "email\r\nlayla@example.com\r\n",
        "email\rlayla@example.com\r",
        'email,name\n"Layla <layla@example.com>",x\n',
        "email\nmailto:layla@example.com\n",
        "First Name,Last Name,Email\nل,ق,LAYLA@Example.com\n",
    ],
)
def test_the_addresses_are_found(text: str) -> None:
    assert [normal for normal, _name in taken(text)] == ["layla@example.com"]


def test_a_name_in_two_columns() -> None:
    assert taken("first name,last name,email\nليلى,القاسم,a@example.com") == [("a@example.com", "ليلى القاسم")]


@pytest.mark.parametrize("text", ["", "\n\n", "الاسم,المدينة\nليلى,دمشق\n"])
def test_without_addresses_it_is_no_list(text: str) -> None:
    with pytest.raises(NoAddresses):
        read(text)


@pytest.mark.parametrize(
    "line",
    [
        "layla@",
        "=cmd|x@x.com",
        "a@b@example.com",
        "a@localhost",
        ",only a name",
        "a\ufffd@example.com",
        "x" * 1_000_000 + "@example.com",
        '"layla@example.com,ليلى',
        'lay"la@example.com,"x"y',
        "a@example.com,x,2099-01-01",
        "a@example.com,x,غدًا",
        "a@example.com,x,0099-01-01",
        "a@example.com,x,2024-01-01,unsubscribed",
        "a@example.com,x,,ملغى",
        "a@example.com,x,,Cleaned",
    ],
)
def test_a_bad_row_says_why_and_the_rest_goes_on(clock: Traveller, line: str) -> None:
    before, bad, after = read(f"email,name,date,status\nfirst@example.com\n{line}\nlast@example.com\n")
    assert (before.refusal, after.refusal) == ("", "")
    assert bad.line == 3
    assert bad.refusal


def test_an_address_that_stands_there_twice_is_refused_the_second_time() -> None:
    rows = read("email\na@example.com\nb@example.com\nA@Example.COM\n")
    assert [bool(row.refusal) for row in rows] == [False, False, True]


def test_a_cell_over_several_lines() -> None:
    rows = read('email,name\na@example.com,"ليلى\nالقاسم"\nb@example.com,x\n')
    assert [(row.line, row.name) for row in rows] == [(2, "ليلى القاسم"), (4, "x")]


def test_rows_that_say_nothing_are_no_rows() -> None:
    assert len(read("email,name\n\n,\n  ,  \na@example.com,x\n\n")) == 1


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2024-05-03", datetime(2024, 5, 2, 21, tzinfo=UTC)),
        ("2024-05-03 10:00:00", datetime(2024, 5, 3, 7, tzinfo=UTC)),
        ("2024-05-03T10:00:00Z", datetime(2024, 5, 3, 10, tzinfo=UTC)),
        ("03/05/2024", datetime(2024, 5, 2, 21, tzinfo=UTC)),
        ("٣/٥/٢٠٢٤", datetime(2024, 5, 2, 21, tzinfo=UTC)),
        ("3 أيار 2024", datetime(2024, 5, 2, 21, tzinfo=UTC)),
        ("2026-11-21", None),
        ("05/23/2024", None),
        ("قديم", None),
    ],
)
def test_dates_as_they_are_written(clock: Traveller, said: str, moment: datetime | None) -> None:
    assert read_moment(said, DAMASCUS) == moment
