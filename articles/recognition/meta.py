"""Lines about the story: when, who, from where. What they may be depends on where they stand."""

import re
from dataclasses import replace

from articles.recognition import agencies, furniture, links, people, vocabulary
from articles.recognition.codes import Reason, Warn
from articles.recognition.lines import Line
from articles.recognition.page import Page
from articles.recognition.results import Credit
from newsroom.lib.arabic import skeleton
from newsroom.lib.date_reading import read_date_line

_PARTS = re.compile(r" ?[|•·] ?| [-–—ـ] |،")
_LABEL_AHEAD = re.compile(r" (?=(?:بقلم|المصدر|آخر تحديث|كتب ?:|كتبت ?:|تحديث ?:)(?:\s|:))| (?:في|يوم) (?=\d)")
_PUBLISHED_IN = re.compile(r"^نُ?شرت? في ")


def settle_meta(page: Page, line: Line, *, in_story: bool) -> bool:
    """Take the line if it tells time, names, sources or tags; in the story only with clear labels."""
    if line.role == "tags":
        page.tags = list(links.unique([*page.tags, *links.tags(line)]))
        line.put("tags")
        return True
    if line.role == "date":
        page.take_date(line, is_below_headline=_is_below_headline(page, line))
        return True
    if line.role == "credit":
        line.drop(Reason.CREDIT)
        return True
    if not line.is_open or line.words > 24:
        return False
    return _names(page, line, in_story=in_story) or (not in_story and _mixture(page, line))


def settle_name(page: Page, line: Line) -> None:
    """Take a bare name as the author, and say that it was a guess."""
    page.add_credits((Credit(line.text.strip(" :")),))
    line.put("byline")
    page.warn(Warn.BYLINE_GUESSED)


def settle_sources(page: Page, line: Line, names: tuple[str, ...]) -> bool:
    page.add_sources(names)
    line.put("sources")
    return bool(names)


def _names(page: Page, line: Line, *, in_story: bool) -> bool:
    if found := agencies.labelled_sources(line, in_story=in_story):
        return settle_sources(page, line, found)
    if names := people.byline(line, in_story=in_story):
        return _settle_byline(page, line, names)
    if people.is_role(line):
        line.drop(Reason.BYLINE)
        return True
    tail = people.agency_tail(line)
    if tail is not None:
        page.add_credits(tail)
        line.drop(Reason.BYLINE)
        return True
    return not in_story and _unlabelled_names(page, line)


def _unlabelled_names(page: Page, line: Line) -> bool:
    if place := agencies.dateline(line, lenient=page.headline is not None):
        return _settle_dateline(page, line, place)
    if found := agencies.bare_sources(line):
        return settle_sources(page, line, found)
    if name := people.before_job(line) or agencies.site_and_name(line, page.short_keys):
        page.add_credits((Credit(name),))
        line.drop(Reason.BYLINE)
        return True
    place = agencies.place_and_name(line)
    if place and skeleton(place.name) in vocabulary.JOBS:
        return _settle_dateline(page, line, replace(place, name=""))
    if place and people.is_name(place.name, known=page.headline is None):
        return _settle_dateline(page, line, place)
    return False


def _settle_byline(page: Page, line: Line, found: tuple[Credit, ...]) -> bool:
    """«كتب: فلان - دمشق - سانا»: the place and the agency are no authors; then the line is kept as it was."""
    persons = tuple(credit for credit in found if not _is_place_or_agency(credit.name))
    page.add_sources(tuple(credit.name for credit in found if agencies.is_agency(credit.name)))
    if all(credit.label in people.PHOTOGRAPHY for credit in found):
        line.drop(Reason.CREDIT)
    elif len(persons) < len(found):
        page.add_credits(persons)
        line.drop(Reason.BYLINE)
    else:
        page.add_credits(persons)
        line.put("byline")
    return True


def _is_place_or_agency(name: str) -> bool:
    key = skeleton(name)
    return key in vocabulary.PLACES or key.split(" ")[0] in vocabulary.JOBS or agencies.is_agency(name)


def _settle_dateline(page: Page, line: Line, found: agencies.Dateline) -> bool:
    page.dateline = page.dateline or found.place or None
    page.add_sources(found.sources)
    if found.name:
        page.add_credits((Credit(found.name),))
    line.drop(Reason.DATELINE)
    return True


def tells_time(line: Line) -> bool:
    """A line made of a date and of known things beside it."""
    return bool(_pieces(line))


def _mixture(page: Page, line: Line) -> bool:
    pieces = _pieces(line)
    for piece, kind in pieces:
        _settle_piece(page, piece, kind, is_below_headline=_is_below_headline(page, line))
    if pieces:
        line.drop(Reason.DATE)
    return bool(pieces)


def _pieces(line: Line) -> list[tuple[Line, str]]:
    """Read «سياسة | فلان | 3 مايو 2024 | 3 دقائق»: every part must be known and one of them tell the time."""
    if line.has_stop or line.words > 24:
        return []
    if found := _place_and_date(line.text):
        kinds = ["new_place", "date", "source"][: len(found)]
        return [(Line(line.position, part), kind) for part, kind in zip(found, kinds, strict=True)]
    parts = [part.strip() for part in _PARTS.split(_LABEL_AHEAD.sub(" | ", line.text)) if part.strip(" -–—:|")]
    if not 2 <= len(parts) <= 7:
        return []
    pieces = [(piece, _kind(piece)) for piece in (Line(line.position, part) for part in parts)]
    kinds = [kind for _piece, kind in pieces]
    return pieces if all(kinds) and {"date", "time"} & set(kinds) else []


def _place_and_date(text: str) -> tuple[str, ...]:
    """Read «السروة، 12 مايو 2026» and «تل القمح 12 مايو 2026 سانا».

    Without an agency a place that we do not know has one word: «عناوين الصحف، 12 مايو 2026» is a headline.
    """
    place, comma, rest = text.partition("،")
    is_place = " " not in place or skeleton(place) in vocabulary.PLACES
    if comma and is_place and read_date_line(rest) and not read_date_line(place):
        return (place.strip(), rest.strip())
    words = text.split(" ")
    number = next((at for at, word in enumerate(words) if any(map(str.isdigit, word))), 0)
    if not 1 <= number <= 3 or len(words) > 16:
        return ()
    for count in (1, 2, 3):
        date, agency = " ".join(words[number:-count]), " ".join(words[-count:])
        if agencies.is_agency(agency) and read_date_line(date):
            return (" ".join(words[:number]).strip("،,:-– "), date, agency)
    return ()


def _kind(piece: Line) -> str:
    if read_date_line(piece.text):
        return "date"
    if furniture.reason_for(piece) is not None:
        return "time"
    if people.byline(piece, in_story=False):
        return "byline"
    if agencies.labelled_sources(piece, in_story=False):
        return "labelled_source"
    if skeleton(piece.text) in vocabulary.PLACES or furniture.is_section(piece):
        return "place"
    if agencies.is_agency(_PUBLISHED_IN.sub("", piece.text), among_others=True):
        return "source"
    return "name" if people.is_name(piece.text, known=True) else ""


def _is_below_headline(page: Page, line: Line) -> bool:
    """Between headline and story; a line of the foot knows no more than the head of the page."""
    return page.headline_at is not None and page.headline_at < line.position and not page.story_ended


def _settle_piece(page: Page, piece: Line, kind: str, *, is_below_headline: bool) -> None:
    if kind == "date":
        piece.when = read_date_line(piece.text)
        page.take_date(piece, is_below_headline=is_below_headline)
    elif kind == "new_place":
        page.dateline = page.dateline or piece.text
    elif kind == "byline":
        page.add_credits(people.byline(piece, in_story=False))
    elif kind == "name":
        page.add_credits((Credit(piece.text),))
    elif kind == "labelled_source":
        page.add_sources(agencies.labelled_sources(piece, in_story=False))
    elif kind == "source":
        page.add_sources((_PUBLISHED_IN.sub("", piece.text),))
