"""Where a story came from: source lines, datelines, agencies in the first and last words of the text."""

import re
from collections.abc import Container
from dataclasses import dataclass

from articles.recognition import people, vocabulary
from articles.recognition.lines import Line
from newsroom.lib.arabic import skeleton

_LABEL = re.compile(r"^(?:المصدر|المصادر|مصدر الخبر|مصادر|نقلا عن|نقلاً عن|بالاتفاق مع|وفق|source|sources)$")
_LABELLED = re.compile(r"^(?P<label>[^:：]{3,15}?) ?[:：] ?(?P<names>\S.{0,120})$")
_QUOTED_FROM = re.compile(r"^(?:نقلا عن|نقلاً عن|نقلًا عن|عن) (?P<name>\S.{1,50})$")
_REPORTED_FROM = re.compile(r"^(?P<agency>\S.{1,30}) من (?P<place>\S.{1,20})$")
_SIGNATURE = re.compile(r"^(?P<before>[\w./ ]{0,20})\((?P<agency>[^()]{1,40})\)(?P<behind>[\w./ ]{0,20})$")
_JOINTS = re.compile(r" ?[+،,؛;|&_/•·] ?| [-–—ـ] | و(?=«|\()")
_DASHES = re.compile(r" ?[-–—ـ:/|_،] ?")
_QUOTES = "«»\"“”'()[] .ـ"
_WITH_BRACKETS = re.compile(r"^(?P<place>[^\W\d_]+(?: [^\W\d_]+){0,3})(?: ?[-–—])? ?\((?P<agency>[^()]{1,30})\)")
# «نابلس 3-5-2026 وفا- »; «الدوحة في 03 مايو /قنا/ », «عمان 3 أيار (بترا)- ».
_WITH_DATE = re.compile(
    r"^(?P<place>[^\W\d_]+(?: [^\W\d_]+)?) \d{1,2}[-/]\d{1,2}[-/]\d{4} (?P<agency>[^\W\d_]+) ?[-–—/]"
)
_IN_SLASHES = re.compile(
    r"^(?P<place>[^\W\d_]+(?: [^\W\d_]+)??)(?: في| -|/|،)? [^()/]{0,28}[(/] ?(?P<agency>[^()/]{1,25}) ?[)/]"
)
_AT_END = re.compile(r"[\s.\-–—]\((?P<agency>[^()]{1,30})\)[.\s]*$")


@dataclass(frozen=True)
class Dateline:
    """A line of place, perhaps a name, and an agency: «دمشق - فلان - رويترز»."""

    place: str
    name: str
    sources: tuple[str, ...]


def is_agency(name: str, *, among_others: bool = False) -> bool:
    """Say whether a name is an agency or outlet; `among_others` also believes names that are common words."""
    key = skeleton(name.strip(_QUOTES))
    if key in vocabulary.AGENCIES or (among_others and key in vocabulary.OUTLETS):
        return True
    words = key.split()
    if not 2 <= len(words) <= 5:
        return False
    if words[0] in vocabulary.NOT_IN_NAMES:
        return False
    return words[-1] in vocabulary.AGENCY_LAST_WORDS or (among_others and words[0] in vocabulary.AGENCY_FIRST_WORDS)


def labelled_sources(line: Line, *, in_story: bool) -> tuple[str, ...]:
    """Read «المصدر: أ + ب». Inside the story that may be a speaker: all must be agencies."""
    quoted = _QUOTED_FROM.match(line.text)
    if quoted and line.words <= 8 and is_agency(quoted["name"], among_others=True):
        return (quoted["name"].strip(_QUOTES),)
    match = _LABELLED.match(line.text)
    if match is None or not _LABEL.match(skeleton(match["label"])) or line.words > 14:
        return ()
    names = _names(match["names"])
    known = all(is_agency(name, among_others=True) for name in names)
    plausible = not in_story and not line.has_stop and all(len(name.split()) <= 5 for name in names)
    return names if names and (known or plausible) else ()


def is_label(line: Line) -> bool:
    """«المصدر» alone, with the name on the next line."""
    return line.words <= 2 and bool(_LABEL.match(line.key))


def bare_sources(line: Line) -> tuple[str, ...]:
    """Read a short line made of agency names only: «ليفانت نيوز_ العربية نت», «(رويترز)», «وكالات»."""
    if line.words > 12 or len(line.text) > 100:
        return ()
    names = _names(line.text)
    several = len(names) > 1 or line.text[0] in '«"“('
    if names and all(is_agency(name, among_others=several) for name in names) and any(map(is_agency, names)):
        return names
    return ()


def dateline(line: Line, *, lenient: bool = False) -> Dateline | None:
    """Read «دمشق-سانا», «دبي - العربية.نت», «بيروت: «الشرق الأوسط»», «القاهرة - فلان - أ ف ب».

    `lenient` also takes a place that we do not know: one word, or any beside the name of a person.
    """
    if line.words > 10 or line.has_stop:
        return None
    reported = _REPORTED_FROM.match(line.text)
    if reported and is_agency(reported["agency"]) and skeleton(reported["place"]) in vocabulary.PLACES:
        return Dateline(reported["place"], "", (reported["agency"],))
    parts = [part.strip(_QUOTES) for part in _DASHES.split(line.text.rstrip(": "))]
    is_own = any(skeleton(part) == "خاص" for part in parts)
    parts = [part for part in parts if part and skeleton(part) != "خاص"]
    if is_own and len(parts) == 1 and skeleton(parts[0]) in vocabulary.PLACES:
        return Dateline(parts[0], "", ())
    if not 2 <= len(parts) <= 4:
        return None
    sources = tuple(part for part in parts if is_agency(part, among_others=True))
    others = [part for part in parts if part not in sources]
    places = [part for part in others if skeleton(part) in vocabulary.PLACES]
    names = [part for part in others if part not in places]
    if lenient and sources and not places and names and _is_unknown_place(names):
        places, names = names[:1], names[1:]
    if not sources or len(places) > 2 or len(names) > 1:
        return None
    if (names and not people.is_name(names[0], known=not places)) or not (places or names):
        return None
    return Dateline("، ".join(places), names[0] if names else "", sources)


def _is_unknown_place(others: list[str]) -> bool:
    if len(others) == 1:
        return " " not in others[0]
    return len(others) == 2 and len(others[0].split()) <= 3 and people.is_name(others[1], known=True)


def place_and_name(line: Line) -> Dateline | None:
    """Read «أنقرة: فلان الفلاني» and «فلان الفلاني - بيروت»; whether it is one is for the caller to say."""
    if line.words > 7 or line.has_stop:
        return None
    parts = [part.strip(_QUOTES) for part in _DASHES.split(line.text.rstrip(": ")) if part.strip(_QUOTES)]
    if len(parts) != 2:
        return None
    for place, name in (parts, parts[::-1]):
        if skeleton(place) in vocabulary.PLACES and skeleton(name) not in vocabulary.PLACES:
            return Dateline(place, name, ())
    return None


def site_and_name(line: Line, said: Container[str]) -> str:
    """Read «صدى المدينة – فلان الفلاني» where the page says the first part elsewhere: its own name."""
    if line.words > 8 or line.has_stop:
        return ""
    parts = [part.strip(_QUOTES) for part in _DASHES.split(line.text.rstrip(": ")) if part.strip(_QUOTES)]
    if len(parts) != 2 or skeleton(parts[0]) not in said or not people.is_name(parts[1], known=True):
        return ""
    return parts[1]


def opening(text: str) -> tuple[str, tuple[str, ...]]:
    """Return place and agencies of «بيروت (رويترز) - قال ...» and its kin; the text itself stays as it is."""
    head = text[:90]
    match = _WITH_DATE.match(head) or _IN_SLASHES.match(head)
    if match and is_agency(match["agency"]) and skeleton(match["place"]) in vocabulary.PLACES:
        return match["place"], (match["agency"].strip(_QUOTES),)
    match = _WITH_BRACKETS.match(head)
    if match and is_agency(match["agency"], among_others=True) and _opens_story(match):
        return match["place"], (match["agency"].strip(_QUOTES),)
    parts = _DASHES.split(head, maxsplit=3)
    if len(parts[0].split()) > 3:
        return "", ()
    if is_agency(parts[0]) and re.match(r" ?[/ـ–—-]", head[len(parts[0]) :]):
        return "", (parts[0].strip(_QUOTES),)
    is_place = skeleton(parts[0]) in vocabulary.PLACES
    for part in parts[1:3]:
        agency = _leading_agency(part)
        if agency and is_place:
            return parts[0].strip(), (agency,)
        if len(part.split()) > 4:
            break
    return "", ()


def _opens_story(match: re.Match[str]) -> bool:
    """«بيروت (رويترز)», or a place that we do not know with a dash after the agency; not «قالت وكالة (رويترز)»."""
    rest = match.string[match.end() :].lstrip()
    return skeleton(match["place"]) in vocabulary.PLACES or rest[:1] in {"-", "–", "—", "ـ"}


def closing(text: str) -> tuple[str, ...]:
    """Return the agency in brackets that ends the last paragraph: «... الأسبوع المقبل. (رويترز)»."""
    match = _AT_END.search(text[-60:])
    return (match["agency"].strip(_QUOTES),) if match and is_agency(match["agency"]) else ()


def signature(line: Line) -> tuple[str, ...]:
    """Read «ع.م/ س.ح (د ب أ، رويترز)»: initials of the desk and where it took the story from."""
    match = _SIGNATURE.match(line.text)
    initials = (match["before"] + match["behind"]).strip() if match else ""
    if match is None or not set(initials) & {".", "/"} or any(len(part) > 2 for part in re.split("[./ ]+", initials)):
        return ()
    names = _names(match["agency"])
    return names if all(map(is_agency, names)) else ()


def _leading_agency(part: str) -> str:
    words = part.strip(_QUOTES).split()
    for count in (3, 2, 1):
        name = " ".join(words[:count]).strip(_QUOTES)
        if len(words) >= count and is_agency(name):
            return name
    return ""


def _names(text: str) -> tuple[str, ...]:
    names: dict[str, str] = {}
    for part in _JOINTS.split(text):
        name = part.strip(_QUOTES + "-–—:")
        if skeleton(name) == "خاص":
            continue
        first, _, second = name.partition(" و")
        pair = [first, second] if second and (is_agency(first) or is_agency(second)) else [name]
        for one in pair:
            # «الجزيرة ووكالات»: the conjunction is no part of the second name.
            one = one[1:] if one.startswith("و") and is_agency(one[1:]) and not is_agency(one) else one
            if key := skeleton(one):
                names.setdefault(key, one)
    return tuple(names.values())
