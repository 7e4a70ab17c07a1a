from io import BytesIO

import pytest
from PIL import Image as Pixels

from images.papers import MAX_XMP_BYTES, Papers, read_papers
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
