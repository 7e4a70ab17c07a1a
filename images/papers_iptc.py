"""IPTC Information Interchange Model 4.2, records 1:90 and 2:x, in the Photoshop block of a JPEG."""

from collections import defaultdict
from collections.abc import Mapping

from PIL.ImageFile import ImageFile

from images.papers_raw import RawPapers, read_day

_IPTC_BLOCK = 0x0404
_MARKER = 0x1C
_CHARACTER_SET, _UTF_8 = (1, 90), b"\x1b%G"
_TITLE, _KEYWORDS, _EXPIRES, _CREATED, _AUTHOR = (2, 5), (2, 25), (2, 37), (2, 55), (2, 80)
_CITY, _COUNTRY, _HEADLINE, _AGENCY, _COPYRIGHT, _CAPTION = (2, 90), (2, 101), (2, 105), (2, 110), (2, 116), (2, 120)

Records = Mapping[tuple[int, int], list[bytes]]


def read_iptc(picture: ImageFile) -> RawPapers:
    blocks = picture.info.get("photoshop")
    raw = blocks.get(_IPTC_BLOCK) if isinstance(blocks, dict) else None
    records = _records(raw) if isinstance(raw, bytes) else {}
    is_utf_8 = _UTF_8 in records.get(_CHARACTER_SET, [])

    def words(key: tuple[int, int]) -> list[str]:
        return [decode(value, is_utf_8=is_utf_8).strip() for value in records.get(key, [])]

    def first(key: tuple[int, int]) -> str:
        return next(filter(None, words(key)), "")

    return RawPapers(
        caption=first(_CAPTION),
        headline=first(_HEADLINE) or first(_TITLE),
        author=", ".join(filter(None, words(_AUTHOR))),
        agency=first(_AGENCY),
        keywords=tuple(words(_KEYWORDS)),
        city=first(_CITY),
        country=first(_COUNTRY),
        copyright=first(_COPYRIGHT),
        taken_on=read_day(first(_CREATED)),
        rights_until=read_day(first(_EXPIRES)),
    )


def decode(raw: bytes, *, is_utf_8: bool = False) -> str:
    """Older Arabic agency tools write Windows-1256 and do not say so; others cut a text in the middle of a letter."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        is_cut = error.reason == "unexpected end of data" and error.start > 0
        if is_utf_8 or is_cut:
            return raw.decode("utf-8", errors="ignore")
        return raw.decode("cp1256", errors="replace")


def _records(raw: bytes) -> Records:
    """What can be read, up to the first record that is none: {(record, dataset): values in their order}."""
    found: defaultdict[tuple[int, int], list[bytes]] = defaultdict(list)
    offset = 0
    while offset + 5 <= len(raw) and raw[offset] == _MARKER:
        key, size = (raw[offset + 1], raw[offset + 2]), int.from_bytes(raw[offset + 3 : offset + 5], "big")
        offset += 5 + size
        if size & 0x8000 or offset > len(raw):  # an "extended" one of more than 32 KB, or a broken one
            break
        found[key].append(raw[offset - size : offset])
    return found
