import pytest

from newsroom.lib.decoding import Undecodable, decode, decode_list

TEXT = "قالت البلدية في بيان إن العمل على الجسر القديم ينتهي من دون تأخير، وإن المرور يعود إليه."


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("cp1256"), "cp1256"),
        (TEXT.encode("iso-8859-6"), "iso-8859-6"),
        (b"Plain English text.", "utf-8"),
    ],
)
def test_encodings_of_arabic_news(raw: bytes, encoding: str) -> None:
    decoded = decode(raw)
    assert decoded.encoding == encoding
    assert decoded.text in {TEXT, "Plain English text."}
    assert decoded.warnings == ()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        ("\u00a0\u200b\ufeff\n".encode(), "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "binary"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "binary"),
        (b"%PDF-1.7 " + TEXT.encode(), "binary"),
        (b"PK\x03\x04" + bytes(200), "binary"),
        (bytes(range(32)) * 20, "binary"),
        (b"a" * 5_000_001, "too_large"),
        ("Où est passée la forêt brûlée ? Là-bas, près du château.".encode("latin-1"), "unreadable"),
    ],
)
def test_bytes_that_are_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decode(raw)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "raw",
    [
        (TEXT * 5).encode() + b"\xd9",
        TEXT.encode() + b"\xd9",
        "عاد القطار".encode() + b" \xff " + "إلى سكته".encode(),
        "عاد القطار".encode()[1:],
    ],
)
def test_one_broken_byte_does_not_change_the_alphabet(raw: bytes) -> None:
    decoded = decode(raw)
    assert decoded.encoding == "utf-8"
    assert decoded.text.count("\ufffd") == 1
    assert decoded.warnings == ("broken_bytes",)


ADDRESSES = "email,name\n" + "".join(f"reader{number}@example.com,ليلى\n" for number in range(20))


@pytest.mark.parametrize(
    "raw",
    [
        ADDRESSES.encode(),
        ADDRESSES.encode("utf-8-sig"),
        ADDRESSES.encode("utf-16"),
        ADDRESSES.encode("utf-16-le"),
        ADDRESSES.encode("cp1256"),
    ],
)
def test_a_list_of_addresses_has_few_arabic_letters(raw: bytes) -> None:
    assert decode_list(raw, most_bytes=10_000).text == ADDRESSES


def test_one_arabic_name_among_thousands_of_addresses_is_read_as_it_was_written() -> None:
    text = "".join(f"reader{number}@example.com,\n" for number in range(5000)) + "layla@example.com,ليلى\n"
    assert decode_list(text.encode("cp1256"), most_bytes=1_000_000).text == text


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b" \n", "empty"),
        (b"PK\x03\x04" + bytes(50), "binary"),
        (bytes(range(32)) * 20, "binary"),
        (b"a" * 101, "too_large"),
    ],
)
def test_a_list_that_is_none(raw: bytes, reason: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decode_list(raw, most_bytes=100 if reason == "too_large" else 10_000)
    assert caught.value.reason == reason
