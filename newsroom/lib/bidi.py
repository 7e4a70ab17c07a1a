"""Direction of what stands inside an Arabic line: by markup where there is some, by marks where there is none.

Unicode annex 9 orders a line by the letters in it. Inside Arabic it turns a phone number round group by group and
2023-2024 end for end, and the signs of «C++» and «@name» change their side. What reads from left to right is
therefore set apart as a box of its own. Ranges in Arabic-Indic digits, ٢٠٢٣-٢٠٢٤, read from the right and come out so
by themselves; only of a phone number in them must the order be written down.
"""

import re
from collections.abc import Iterator

from newsroom.lib.escaping import escaped, fill, fill_each

LRM, RLM = "\u200e", "\u200f"
_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Of scripts that read from left to right: Latin, Greek, Cyrillic with their accents, Armenian, East Asian.
_LETTER = (
    "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0589"
    "\u1e00-\u1fff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3"
)
_ARABIC = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
# The first strong letter decides the direction of a line without markup (annex 9, P2); LRM counts as one.
_FIRST_STRONG = re.compile(f"[{LRM}{_LETTER}{_ARABIC}]")
_IS_ARABIC = re.compile(f"[{_ARABIC}]")

# No quantifier gives back what it took and every look ahead is bounded, so that a line costs linear time.
_CHAR = f"[0-9_{_LETTER}]"
_TOKEN = rf"{_CHAR}++(?:[-–_.'’&/@:+=%~]{{1,3}}{_CHAR}++)*+(?:\+{{1,2}}|#)?+"
_ADDRESS = r"""(?:https?://|www\.)(?:[^\s<>«»"“”،؛؟.,:;!?()\[\]']|[.,:;!?()\[\]'](?=[0-9A-Za-z/_%&=#?-]))++"""
_DAY = r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}"
_REST_OF_PHONE = r"(?:[ .()/-]{0,2}[0-9]){6,16}+(?![0-9:])"
_PHONE = rf"(?!{_DAY})(?:\+[0-9]|\(0[0-9]{{1,4}}\)|0[0-9]){_REST_OF_PHONE}"
# Latin words side by side are one run, so that their spaces and commas keep their side too.
_WORDS = rf"(?:[@#$]|(?<!\S)\.)?+(?=[0-9_.:@/+-]{{0,32}}[{_LETTER}]){_TOKEN}(?:(?:[,;:]| &)?[ \u00a0][@#$]?+{_TOKEN})*+"
_NUMBER = r"[0-9]++(?:[.,:/][0-9]++)*+"
_SIGN = r"(?<![^\s(«\"])[-+−±]"
_SUM = rf"(?:{_SIGN})?+{_NUMBER}(?:[-–—−+=×*~]{{1,2}}{_NUMBER})++"
_THOUSANDS = r"[0-9]{1,3}(?: [0-9]{3})++(?![0-9])"
_LTR = rf"{_ADDRESS}|{_PHONE}|{_WORDS}|{_SUM}|{_SIGN}{_NUMBER}|{_THOUSANDS}"
_ARABIC_PHONE = r"(?:\+|٠)[٠-٩](?:[ .()/-]{0,2}[٠-٩]){6,16}+(?![٠-٩])"
# A number alone keeps its place; it is read as one piece so that nobody looks for a run inside it.
_RUN = re.compile(f"(?<![٠-٩]|{_CHAR})(?:(?P<bdi>{_LTR})|(?P<bdo>{_ARABIC_PHONE})|{_NUMBER})")
# Looked for first, because a set of characters is found many times faster than a choice of patterns fails.
_START = re.compile(f"[-+−±@#$.(٠0-9_{_LETTER}]")
_ELEMENTS = {"bdi": '<bdi dir="ltr">{}</bdi>', "bdo": '<bdo dir="ltr">{}</bdo>'}


def runs(text: str) -> Iterator[tuple[str, str]]:
    """Yield (element, piece) in order; the element is "" for what needs none.

    "bdi" is a run that reads from left to right, "bdo" one whose order must be forced.
    """
    done = at = 0
    while start := _START.search(text, at):
        match = _RUN.match(text, start.start())
        at = match.end() if match else start.end()
        if match and match.lastgroup:
            if match.start() > done:
                yield "", text[done : match.start()]
            yield match.lastgroup, match[0]
            done = at
    if done < len(text):
        yield "", text[done:]


def isolate(text: str) -> str:
    """Return safe HTML of a plain text: escaped, what reads from left to right set apart in `<bdi dir="ltr">`."""
    if not _START.search(text):
        return escaped(text)
    pieces = ((fill(_ELEMENTS[tag], piece) if tag else piece,) for tag, piece in runs(text))
    return fill_each("{}", pieces)


def plain_title(text: str) -> str:
    """Return a title for a place without markup: the title of a window, a shared link, the subject of a mail.

    Such places lay a line out by its first strong letter, so a headline that opens with a Latin name gets a
    right-to-left mark before it. Left-to-right marks hold together what would fall apart: «C++», «2-1», «@name».
    Marks that were in the text before are taken out.
    """
    cleaned = without_marks(text)
    marked = "".join(LRM + piece + LRM if tag and _falls_apart(piece) else piece for tag, piece in runs(cleaned))
    strong = _FIRST_STRONG.search(marked)
    return RLM + marked if strong and not _IS_ARABIC.match(strong[0]) else marked


def without_marks(text: str) -> str:
    """Return a text without marks of direction, for machines: they show it as they like."""
    return _CONTROLS.sub("", text)


def _falls_apart(run: str) -> bool:
    """A Latin word keeps its place by itself; signs at its ends do not, nor do numbers with signs between them."""
    return not (run[0].isalpha() and run[-1].isalnum())
