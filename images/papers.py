"""The words that photographers write into a picture file: IPTC (agencies), XMP (newer programs), the day of EXIF.

All of it is a proposal: what an editor has typed wins. Records that are broken count as none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from PIL.ImageFile import ImageFile

from images.papers_exif import day_taken
from images.papers_iptc import read_iptc
from images.papers_raw import RawPapers
from images.papers_xmp import read_xmp
from newsroom.lib.hygiene import clean_line, clean_text

LONGEST_CAPTION, LONGEST_CREDIT, LONGEST_KEYWORDS, LONGEST_NOTE, LONGEST_HEADLINE = 1000, 200, 300, 300, 200
_COMMA = "، "


@dataclass(frozen=True)
class Papers:
    """What a file says about its picture, clean and as long as the columns of Image; '' or None: nothing."""

    caption: str = ""
    credit: str = ""
    headline: str = ""
    keywords: str = ""  # with the place
    taken_on: date | None = None
    rights_note: str = ""
    rights_until: date | None = None


def read_papers(picture: ImageFile) -> Papers:
    """Read what an opened picture says. The agency's IPTC goes before XMP, and XMP before EXIF."""
    raw = merge(read_iptc(picture), read_xmp(picture))
    return Papers(
        caption=cut(clean_text(raw.caption or raw.headline).strip(), LONGEST_CAPTION),
        credit=cut(clean_line(_joined(" / ", raw.author, raw.agency)), LONGEST_CREDIT),
        headline=cut(clean_line(raw.headline), LONGEST_HEADLINE),
        keywords=_listed((*raw.keywords, raw.city, raw.country), LONGEST_KEYWORDS),
        taken_on=raw.taken_on or day_taken(picture),
        rights_note=cut(clean_line(_joined(". ", raw.copyright.rstrip(". "), raw.terms)), LONGEST_NOTE),
        rights_until=raw.rights_until,
    )


def merge(first: RawPapers, second: RawPapers) -> RawPapers:
    """Field by field what the first says, else what the second says."""
    return RawPapers(**{each.name: getattr(first, each.name) or getattr(second, each.name) for each in fields(first)})


def cut(text: str, room: int) -> str:
    """At most `room` characters, without half a word at the end where there is a space to cut at."""
    if len(text) <= room:
        return text
    whole, space, _half = text[: room + 1].rpartition(" ")
    return (whole if space else text[:room]).rstrip(" ،,;؛")


def _joined(between: str, *parts: str) -> str:
    """«سلمى / وكالة»: the form in which credits are printed; what is said twice is said once."""
    return between.join(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _listed(words: Iterable[str], room: int) -> str:
    """«ميناء، قارب، اللاذقية»: each once, as many whole ones as there is room for."""
    listed = ""
    for word in dict.fromkeys(filter(None, map(clean_line, words))):
        longer = f"{listed}{_COMMA}{word}" if listed else cut(word, room)
        if len(longer) > room:
            break
        listed = longer
    return listed
