"""Who wrote it: lines that name people."""

import re

from articles.recognition import vocabulary
from articles.recognition.lines import Line
from articles.recognition.results import Credit
from newsroom.lib.arabic import fold_letters, skeleton

_LABELLED = re.compile(
    rf"^(?P<label>{vocabulary.alternatives('byline_labels')})"
    r"(?P<mark> ?[:：/\-–—ـ|]{1,3} ?| )(?P<names>\S.{1,90})$"
)
_NEEDS_MARK = frozenset("تقرير حوار متابعة مراسل تحرير المحرر الكاتب الكاتبة المؤلف شعر".split())
_AMBIGUOUS = frozenset("تقرير حوار متابعة مراسل شعر".split())
_LATIN = frozenset(("By", "by", "Written by", "Author"))
_ROLE = re.compile(r"^(?:Role|Reporting from),? \S.{1,60}$")
_TAIL = re.compile(r"^[(\[](?:إعداد|اعداد|تحرير|ترجمة|تغطية|شارك في|كتابة)\s[^.]{4,150}[)\]]\.?$")
_TAIL_NAME = re.compile(
    r"(?:إعداد|اعداد|تغطية|ترجمة|كتابة) (?P<name>[^\W\d_][^\d()،\-–]{2,40}?)(?= للنشرة| - | – |،|\)| في |$)"
)
_NAME_WORD = re.compile(r"^(?:[^\W\d_]+|[دام]\.|[A-Z]\.)$")  # folded, so that «حدّاد» is one word
_BETWEEN = re.compile(r" ?[،,/&+] ?| - | – | و(?=[^\W\d_]+ [^\W\d_]+)")
_JOB_MARK = re.compile(r"( ?[،|] ?| [-–—] )")
_TITLES = frozenset("د الدكتور الدكتوره ا الاستاذ المهندس م السيد الشيخ".split())
PHOTOGRAPHY = frozenset("تصوير عدسة".split())


def byline(line: Line, *, in_story: bool) -> tuple[Credit, ...]:
    """Read «كتب: فلان», «بقلم فلان وعلان», «By X». Inside the story only with a mark after the label."""
    match = _LABELLED.match(line.text)
    if match is None or line.has_stop or any(mark in line.text for mark in '«»"“”؟?!'):
        return ()
    marked = bool(match["mark"].strip())
    if (in_story or match["label"] in _NEEDS_MARK) and not marked:
        return ()
    names = _split(match["names"])
    if any(not 1 <= len(name.split()) <= 5 for name in names) or (not marked and "،" in line.text):
        return ()
    if not all(_could_be_name(name, least=1 if marked else 2) for name in names):
        return ()
    if match["label"] in _LATIN and names[0].isascii() and names[0].istitle():
        return tuple(Credit(name, match["label"]) for name in names)
    # «كتب تراثية نادرة» and «تقرير: واشنطن تدرس» are no lines of names.
    if (not marked or match["label"] in _AMBIGUOUS) and not is_name(names[0], known=match["label"] != "بقلم"):
        return ()
    return tuple(Credit(name, match["label"]) for name in names)


def is_role(line: Line) -> bool:
    """«Role, مراسل»: what a page says about the author above."""
    return bool(_ROLE.match(line.text))


def is_job(line: Line) -> bool:
    """«كاتب وباحث»: a short line that opens with the name of a trade."""
    return line.is_open and 1 <= line.words <= 5 and not line.has_stop and line.key.split(" ")[0] in vocabulary.JOBS


def before_job(line: Line) -> str:
    """Return the name of «فلان الفلاني - كاتب من كذا», '' when the line is none of the kind."""
    name, mark, job = _JOB_MARK.split(line.text, maxsplit=1) if _JOB_MARK.search(line.text) else ("", "", "")
    is_byline = line.is_short and 1 <= len(job.split()) <= 8 and skeleton(job).split(" ")[0] in vocabulary.JOBS
    return name if mark and is_byline and is_name(name) else ""


def has_title(line: Line) -> bool:
    """«د. فلان»."""
    return line.key.split(" ")[0] in _TITLES


def agency_tail(line: Line) -> tuple[Credit, ...] | None:
    """Read «(إعداد فلان للنشرة العربية - تحرير علان)»; None when the line is none of the kind."""
    if not _TAIL.match(line.text) or not (line.is_short or "للنشرة" in line.text or "تحرير " in line.text):
        return None
    match = _TAIL_NAME.search(line.text)
    return (Credit(match["name"], "إعداد"),) if match else ()


def is_name(text: str, *, known: bool = False) -> bool:
    """Say whether a bare line could be the name of a person: two to four words, five with «عبد» or «أبو».

    With `known` its first word must be a title or a common first name: «واجهة السوق» could be a name as well.
    """
    words = skeleton(text).split()
    compounds = sum(word in {"عبد", "ابو", "بن", "ابن", "ال", "ام"} for word in words)
    titles = sum(word in _TITLES for word in words[:1])
    if known and not titles and words and words[0] not in vocabulary.FIRST_NAMES:
        return False
    return 2 <= len(words) - titles <= 4 + min(compounds, 1) and _could_be_name(text, least=2)


def _could_be_name(text: str, *, least: int) -> bool:
    words = text.split()
    folded = skeleton(text).split()
    if len(words) < least or not all(_NAME_WORD.match(fold_letters(word).strip(":")) for word in words):
        return False
    if any(word.isascii() and not word[0].isupper() for word in words):
        return False
    # «على» folds to the name «علي», and in Egypt is typed for it; no name begins with it.
    if words[0] == "على" or any(word in vocabulary.NOT_IN_NAMES for word in folded):
        return False
    if any(word.startswith(("وال", "بال", "لل", "فال", "كال")) and len(word) > 4 for word in folded):
        return False
    # The article stands before the last part of a name or after «عبد»: «سوق المدينة القديم» is no name.
    pairs = zip(["", *folded], folded[:-1], strict=False)
    return not any(word.startswith("ال") and before not in _TITLES | {"عبد", "ابو"} for before, word in pairs)


def _split(names: str) -> tuple[str, ...]:
    parts: list[str] = []
    for part in _BETWEEN.split(names.strip(" :-–—")):
        name = part.strip(" :()[]")
        if parts and skeleton("و" + name.split(" ")[0] if name else "") in vocabulary.NAMES_WITH_WAW:
            # «محمد علي وائل حسن» is one name: give back what looked like «and».
            parts[-1] += " و" + name
        elif name:
            parts.append(name)
    return tuple(parts)
