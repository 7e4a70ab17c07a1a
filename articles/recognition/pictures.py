"""Captions and credits of pictures, known by their marks."""

import re

from articles.recognition.agencies import is_agency
from articles.recognition.lines import Line

_OPENING = re.compile(
    r"^\[?(?:التعليق على الصورة ?[،,:]|تعليق الصورة ?[:،]|شرح الصورة ?[:،]|صورة ?[:：]|الصورة ?[:：]"
    r"|[Ii]mage caption ?[:،,]?|camera icon ?|📷|📸) ?(?P<text>\S.*)$"
)
_CREDIT = re.compile(
    r"^(?:صدر الصورة|مصدر الصورة|مصدر الصور|حقوق الصورة|تصوير|[Ii]mage source|[Ii]mage copyright"
    r"|صورة من|[Pp]hoto|[Pp]hoto by|[Cc]redit)"
    r"(?: ?[،,:：]| (?=[A-Za-z])) ?\S.{0,80}$|^©(?! ?(?:19|20)\d\d).{1,60}$"
)
_OWN_PICTURE = re.compile(r"^(?:صور|صورة|الصورة|الصور) ?[:：] ?(?P<owner>\S.{1,30})$")
_CREDIT_LABEL = re.compile(r"^(?:صدر الصورة|مصدر الصورة|مصدر الصور|حقوق الصورة|[Ii]mage source)$")
_ARCHIVE = re.compile(r"(?:[/\-–—(،|] ?)(?:صورة )?(?:أرشيفية|ارشيفية|أرشيفي|ارشيفي|أرشيف|ارشيف|من الأرشيف)\)?$")
_STARTS = re.compile(r"^صورة (?:أرشيفية|ارشيفية|توضيحية|تعبيرية|متداولة|من الأرشيف|ملتقطة|جوية|نشرتها|وزعتها)\b")
_BRACKET_END = re.compile(r"\((?P<agency>[^()]{1,40})\)$")
_DASH_END = re.compile(r"(?:/| [-–—|]) ?(?P<agency>[^/\-–—|]{1,30})$")
_LATIN_TAIL = re.compile(
    r"[/\-–—(|©] ?(?:AFP|Reuters|Getty|AP|EPA|DPA|Anadolu|Gettyimages|Shutterstock)\b[^\u0600-\u06ff]*$",
    re.IGNORECASE,
)
_PHOTOGRAPHER = re.compile(r"[/(|\-–—] ?(?:تصوير|عدسة|photo|photo by) ?[:：/] ?\S[^()]{2,40}\)?$", re.IGNORECASE)
_PLACEHOLDERS = frozenset(("صورة أرشيفية", "أرشيفية", "صورة توضيحية", "صورة تعبيرية", "تعبيرية", "صورة من الأرشيف"))


def caption(line: Line) -> str:
    """Return the words of a marked caption, '' when the line is none."""
    if line.words > 24:
        return ""
    opening = _OPENING.match(line.text)
    if opening:
        return opening["text"].removesuffix("]")
    if line.words > 20 or line.has_stop:
        return ""
    if line.words <= 20 and "©" in line.text[1:]:
        return line.text
    if line.text.strip(" .()-") in _PLACEHOLDERS or _STARTS.match(line.text) or _ARCHIVE.search(line.text):
        return line.text
    if line.words >= 2 and (
        _ends_with_agency(line) or _LATIN_TAIL.search(line.text) or _PHOTOGRAPHER.search(line.text, 2)
    ):
        return line.text
    return ""


def is_credit(line: Line) -> bool:
    """«صدر الصورة، X», «© X / Y»."""
    if line.words > 10 or line.has_stop:
        return False
    own = _OWN_PICTURE.match(line.text)
    return bool(_CREDIT.match(line.text)) or bool(own and _is_owner(own["owner"]))


def is_credit_label(line: Line) -> bool:
    """«مصدر الصورة» alone, with the name on the next line."""
    return bool(_CREDIT_LABEL.match(line.text))


def _is_owner(name: str) -> bool:
    return name in {"خاص", "خاصة", "أرشيف", "أرشيفية", "متداولة", "مواقع التواصل"} or is_agency(name)


def _ends_with_agency(line: Line) -> bool:
    bracket = _BRACKET_END.search(line.text)
    if bracket:
        parts = re.split(r" ?[/،,\-–—] ?", bracket["agency"])
        return any(is_agency(part, among_others=True) for part in parts) and line.words >= 3
    dash = _DASH_END.search(line.text)
    return dash is not None and is_agency(dash["agency"]) and dash.start() > 0
