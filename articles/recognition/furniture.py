"""Lines of the page that are no part of the story, known by the whole line and nothing around it."""

import re

from articles.recognition import patterns, vocabulary
from articles.recognition.codes import Reason
from articles.recognition.lines import LABEL_WORDS, Line
from newsroom.lib.arabic import fold_letters, skeleton

_ARABIC = re.compile("[\u0621-\u064a]")
_STEPS = re.compile(r"[|/،,•·\-–—]")
_SKIP = vocabulary.keys(
    *(f"{verb} إلى" for verb in ("انتقل", "الانتقال", "تخطي", "تخط", "التخطي", "تجاوز", "اذهب", "العودة")), "skip to"
)
_PARTS_OF_PAGE = vocabulary.keys(
    "المحتوى", "محتوى", "شريط", "قائمة", "القائمة", "قوائم", "التنقل", "الرئيسي", "الرئيسية", "البحث", "الصفحة",
    "صفحة", "للموقع", "الموقع", "للصفحة", "السفلي", "السفلية", "الجانبي", "الجانبية", "التذييل", "تذييل", "أعلى",
    "أسفل", "main", "the", "content", "navigation", "menu", "search", "footer",
)  # fmt: skip
_END = vocabulary.keys("انتهى", "النهاية")
_BETWEEN_INITIALS = re.compile(r"[./ ]+")
_ADDRESS_AT_END = re.compile(r"(?:https?://|t\.me/)\S+$")
_OF_NEWS = vocabulary.keys("الإخبارية", "الإخباري", "للأنباء", "نيوز", "برس", "نت", "أونلاين", "الإلكترونية")


def reason_for(line: Line) -> Reason | None:
    """Say why a line is furniture wherever it stands, or None. Tells nothing about words like «اقتصاد»."""
    text, key = line.text, line.key if len(line.text) <= 400 else ""
    if not key and len(text) <= 400:
        return Reason.SEPARATOR
    if not key:
        return None
    if patterns.LINK.match(text):
        return Reason.LINK
    if patterns.CODE.search(text) and len(_ARABIC.findall(text)) * 10 < len(text):
        return Reason.CHROME
    if line.is_short:
        return _label(line) or _tools(line) or _boxes(line) or _foot(line)
    if line.trails_off and line.words <= 4:
        return _label(line) or _tools(line) or _sentence(line)  # «جاري التحميل...»
    return _sentence(line)


def is_section(line: Line) -> bool:
    """The name of a department: furniture at the head and foot of a page only."""
    return line.key in vocabulary.SECTIONS or all(part in vocabulary.SECTIONS for part in _parts(line.text))


def is_site_name(line: Line) -> bool:
    """«صحيفة كذا», «شبكة كذا الإخبارية»: stands above headlines, never is one."""
    words = line.key.split()
    if not 1 <= len(words) <= 4 or line.has_stop:
        return False
    named = words[0] in vocabulary.AGENCY_FIRST_WORDS and (len(words) <= 3 or words[-1] in _OF_NEWS)
    return named or line.key in vocabulary.AGENCIES


def _label(line: Line) -> Reason | None:
    known = line.key in vocabulary.LABELS or patterns.READER_LIST.match(line.key) or _is_skip_link(line.key.split())
    return Reason.CHROME if known else None


def _is_skip_link(words: list[str]) -> bool:
    """«انتقل إلى شريط التنقل الرئيسي»: nothing but parts of a page."""
    return len(words) >= 3 and f"{words[0]} {words[1]}" in _SKIP and all(word in _PARTS_OF_PAGE for word in words[2:])


def _sentence(line: Line) -> Reason | None:
    """A line of more than 14 words, or with its full stop, is set aside only as a sentence that sites print."""
    key = line.key
    if patterns.COMMENT_SENTENCE.match(key):
        return Reason.COMMENTS
    if line.words <= 40 and patterns.COOKIE_SENTENCE.match(key):
        return Reason.NOTICE
    most = LABEL_WORDS if line.has_stop else 30
    if line.words <= most and patterns.NEWSLETTER_SENTENCE.match(key) and patterns.ADDRESSED.search(key):
        return Reason.NEWSLETTER
    if patterns.SPOKEN_TO.match(key) and _ADDRESS_AT_END.search(line.text) and line.words <= 30:
        return Reason.SHARE
    is_exact = key in vocabulary.FOOTERS or patterns.NOTICE.match(fold_letters(line.text).lower())
    if (is_exact and line.words <= 60) or (line.words <= LABEL_WORDS and patterns.COPYRIGHT_YEAR.match(line.text)):
        return Reason.FOOTER
    return None


def _parts(text: str) -> list[str]:
    return [skeleton(part) for part in _STEPS.split(text)]


def _tools(line: Line) -> Reason | None:
    key = line.key
    if key in vocabulary.SHARE or (len(line.text) <= 60 and patterns.SHARE.match(key)) or patterns.TOOLS.match(key):
        return Reason.SHARE
    if line.words <= 12 and _only_share_words(key):
        return Reason.SHARE
    if not line.is_short:
        return None  # «أمس...» opens a tale
    if patterns.AGO.match(key) or (patterns.CLOCK.match(key) and ":" in line.text):
        return Reason.DATE
    return None


def _only_share_words(key: str) -> bool:
    """A run of share words, two-word names included, as «فيسبوك تويتر نسخ الرابط»."""
    words = key.split()
    found = at = 0
    while at < len(words):
        if at + 1 < len(words) and " ".join(words[at : at + 2]) in vocabulary.SHARE:
            found, at = found + 1, at + 2
        elif words[at] in vocabulary.SHARE:
            found, at = found + 1, at + 1
        elif (
            words[at] in vocabulary.SHARE_GLUE
            and words[at] not in vocabulary.NOT_IN_NAMES | {"و"}
            or words[at] in vocabulary.SHARE_GLUE
            and found
        ):
            at += 1
        else:
            return False
    return found >= 2 or (found == 1 and len(words) == 1)


def _boxes(line: Line) -> Reason | None:
    key = line.key
    if patterns.ADDRESS_FIELD.match(key):
        return Reason.NEWSLETTER
    if patterns.NEWSLETTER_VERB.match(key) and patterns.NEWSLETTER_OBJECT.search(key) and _is_appeal(line):
        return Reason.NEWSLETTER
    if key in vocabulary.NEWSLETTER_HEADINGS:
        return Reason.NEWSLETTER
    if key in vocabulary.COMMENT_HEADINGS or patterns.COMMENT.match(key):
        return Reason.COMMENTS
    if patterns.FOLLOW.match(key) and _names_network(line):
        return Reason.SHARE
    return None


def _is_appeal(line: Line) -> bool:
    return bool(patterns.ADDRESSED.search(line.key)) or (line.words <= 12 and bool(patterns.URGED.search(line.key)))


def _names_network(line: Line) -> bool:
    """A channel of the site, not one in the news: an address, or «قناتنا على تلغرام» without a stop."""
    if "http" in line.text or "t.me/" in line.text:
        return True
    words = line.key.split()
    pairs = {*words, *(" ".join(words[at : at + 2]) for at in range(len(words) - 1))}
    ours = any(word.endswith(("تنا", "ابنا", "بيقنا")) for word in words)
    spoken_to = bool(patterns.SPOKEN_TO.match(line.key))
    return line.is_short and bool(pairs & vocabulary.NETWORKS) and (ours or spoken_to)


def _foot(line: Line) -> Reason | None:
    if _is_press_end(line.key.split()) or patterns.FOOTER.search(fold_letters(line.text).lower()):
        return Reason.FOOTER
    return _sentence(line)


def _is_press_end(words: list[str]) -> bool:
    """«/انتهى/ س.م»: the word alone or with initials and the time."""
    return words[0] in _END and all(len(word) <= 2 for word in words[1:])


def is_initials(line: Line) -> bool:
    """«م.ب/ س.ك» and «--(بترا) أ م/ف ق»: how agencies sign; «لن نتوقف.» has its only mark behind the words."""
    text = line.text.rstrip(". ")
    letters = _BETWEEN_INITIALS.split(text)
    signed = len(letters) >= 2 and all(len(part) <= 2 and part.isalpha() for part in letters)
    return (signed and bool(set(text) & {".", "/"})) or bool(patterns.DESK_SIGNATURE.match(line.text))


def is_more_of(line: Line) -> bool:
    """«المزيد من كذا» below the story opens a list."""
    return (
        line.words <= 5
        and line.is_short
        and line.key.startswith(("المزيد من ", "المزيد في ", "المزيد عن ", "المزيد حول "))
    )


def is_consent(line: Line) -> bool:
    """A button of a cookie notice; believed only next to one."""
    return line.key in vocabulary.CONSENT
