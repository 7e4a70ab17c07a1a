from datetime import date
from io import BytesIO

import pytest
from PIL import Image as Pixels

from images.papers import Papers, cut, read_papers
from images.papers_iptc import decode
from images.papers_raw import read_day
from images.papers_xmp import MAX_BYTES as MAX_XMP_BYTES
from images.papers_xmp import read_xmp
from tests.images.library_pictures import shots
from tests.images.pictures import XMP, picture_file, with_iptc


def papers_of(raw: bytes) -> Papers:
    with Pixels.open(BytesIO(raw)) as picture:
        return read_papers(picture)


def test_a_file_without_papers() -> None:
    assert papers_of(picture_file().read()) == Papers()


def test_iptc_in_utf_8() -> None:
    raw = with_iptc(
        picture_file().read(),
        {
            (1, 90): b"\x1b%G",
            (2, 80): "سلمى عطار".encode(),
            (2, 110): "وكالة الساحل".encode(),
            (2, 120): "السوق".encode(),
        },
    )
    assert papers_of(raw) == Papers(caption="السوق", credit="سلمى عطار / وكالة الساحل")


def test_iptc_of_older_arabic_tools() -> None:
    raw = with_iptc(picture_file().read(), {(2, 120): "رصيف الميناء".encode("cp1256")})
    assert papers_of(raw).caption == "رصيف الميناء"


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
def test_xmp_arabic_first(name: str) -> None:
    options: dict = {"xmp": XMP.encode()}
    if name == "a.png":
        from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415 - PNG keeps it in a text block

        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", XMP)
        options = {"pnginfo": info}
    raw = picture_file(name, **options).read()
    assert papers_of(raw) == Papers(caption="رصيف الميناء", credit="سلمى عطار / وكالة الساحل")


def test_iptc_wins_over_xmp() -> None:
    raw = with_iptc(picture_file(xmp=XMP.encode()).read(), {(2, 120): "من الوكالة".encode()})
    assert papers_of(raw) == Papers(caption="من الوكالة", credit="سلمى عطار / وكالة الساحل")


def test_words_are_cleaned() -> None:
    raw = with_iptc(picture_file().read(), {(2, 120): "\u202eالسوق\u0007".encode(), (2, 110): "وكـــالة\n ".encode()})
    assert papers_of(raw) == Papers(caption="السوق", credit="وكالة")


@pytest.mark.parametrize(
    "xmp",
    [
        b"",
        b"<broken",
        b"\xff\xfe<\x00x\x00>\x00",
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        b"<x>" + b" " * MAX_XMP_BYTES + b"</x>",
    ],
)
def test_hostile_or_broken_xmp_counts_as_none(xmp: bytes) -> None:
    with Pixels.open(BytesIO(picture_file().read())) as picture:
        picture.info["xmp"] = xmp
        assert read_papers(picture) == Papers()


def test_broken_iptc_counts_as_none() -> None:
    raw = with_iptc(picture_file().read(), {(2, 120): "نص".encode()})
    assert papers_of(raw.replace(b"\x1c\x02\x78", b"\x1c\xff\xff")) == Papers()


def test_everything_that_an_agency_says() -> None:
    records = {
        (1, 90): "\x1b%G", (2, 25): "ميناء", (2, 37): "20271231", (2, 55): "20261119", (2, 80): "سلمى عطار",
        (2, 90): "اللاذقية", (2, 101): "سورية", (2, 105): "الميناء يعود إلى العمل", (2, 110): "وكالة الساحل",
        (2, 116): "© وكالة الساحل 2026",
    }  # fmt: skip
    raw = with_iptc(picture_file().read(), {key: text.encode() for key, text in records.items()})
    assert papers_of(raw) == Papers(
        caption="الميناء يعود إلى العمل",
        credit="سلمى عطار / وكالة الساحل",
        headline="الميناء يعود إلى العمل",
        keywords="ميناء، اللاذقية، سورية",
        taken_on=date(2026, 11, 19),
        rights_note="© وكالة الساحل 2026",
        rights_until=date(2027, 12, 31),
    )


def test_everything_that_a_program_says() -> None:
    raw = shots_of("xmp")
    papers = papers_of(raw)
    assert papers.keywords == "سوق، طرابلس، لبنان"
    assert (papers.taken_on, papers.rights_until) == (date(2026, 1, 6), date(2027, 1, 6))
    assert papers.rights_note == "للنشر في الموقع وحده"


def test_a_camera_tells_only_the_day() -> None:
    papers = papers_of(shots_of("exif"))
    assert papers == Papers(taken_on=date(2026, 1, 9))


def shots_of(kind: str) -> bytes:
    number = ("utf-8", "xmp", "cp1256", "webp", "exif", "png", "turned").index(kind)
    return next(shot.raw for shot in shots(7) if shot.number == number)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("وكالة".encode(), "وكالة"),
        ("وكالة".encode()[:-1], "وكال"),  # cut in the middle of a letter
        ("وكالة الساحل".encode("cp1256"), "وكالة الساحل"),
        (b"Agence \xe9t\xe9", "Agence été"),
        (b"", ""),
    ],
)
def test_letters_of_every_tool(raw: bytes, text: str) -> None:
    assert decode(raw) == text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20261120", date(2026, 11, 20)),
        ("2026-11-20T09:40:00+03:00", date(2026, 11, 20)),
        ("2026:11:20 09:40:00", date(2026, 11, 20)),
        ("0000:00:00 00:00:00", None),
        ("20261350", None),
        ("202611201", None),
        ("99991231", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "room", "kept"),
    [
        ("قارب في الميناء", 15, "قارب في الميناء"),
        ("قارب في الميناء", 14, "قارب في"),
        ("قارب، في", 6, "قارب"),
        ("قارب", 2, "قا"),
    ],
)
def test_a_long_text_ends_with_a_whole_word(text: str, room: int, kept: str) -> None:
    assert cut(text, room) == kept


def test_words_are_as_long_as_their_columns() -> None:
    long = "كلمة " * 500
    raw = with_iptc(picture_file().read(), {(2, 120): long.encode(), (2, 110): long.encode(), (2, 25): long.encode()})
    papers = papers_of(raw)
    assert (len(papers.caption), len(papers.credit), len(papers.keywords)) == (999, 199, 299)
    assert {text.split()[-1] for text in (papers.caption, papers.credit, papers.keywords)} == {"كلمة"}


def test_properties_one_in_the_other_do_not_multiply_what_they_say() -> None:
    """A quarter of a megabyte of them would be a hundred million entries, and fill the memory."""
    names = 'xmlns:d="http://purl.org/dc/elements/1.1/" xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    inner = "<r:Bag><r:li>كلمة</r:li></r:Bag>"
    xmp = f"<x {names}>" + "<d:subject>" * 30 + inner + "</d:subject>" * 30 + "</x>"
    with Pixels.open(BytesIO(picture_file().read())) as picture:
        picture.info["xmp"] = xmp.encode()
        assert read_xmp(picture).keywords.count("كلمة") == 1
