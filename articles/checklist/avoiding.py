"""Words that the newsroom does not print: found in every spelling and behind the small words that Arabic glues on."""

import re
from dataclasses import dataclass
from functools import lru_cache

from articles.models import AvoidedWord
from newsroom.lib.arabic import fold
from newsroom.lib.text_edits import Edit

_WORD = re.compile(r"[^\W_]+(?:[\u064b-\u065f\u0670\u0640][^\W_]*)*")
_QUOTATION = re.compile("«[^»]{0,500}»")  # a mark that nobody closes must not be looked for to the end
_PREFIXES = ("", "و", "ف", "ب", "ك", "ل", "وب", "فب", "ول", "فل", "وك")
_WITH_ARTICLE = ("ال", "وال", "فال", "بال", "وبال", "فبال", "كال", "وكال", "لل", "ولل", "فلل")
# Before shorter ones a letter in front is as likely a part of another word.
_SHORTEST_WITH_PREFIX = 4


@dataclass(frozen=True)
class Avoided:
    """`forms` maps each folded form of the first word to what stands before the word itself in it."""

    word: AvoidedWord
    rest: tuple[str, ...]
    forms: dict[str, str]


@dataclass(frozen=True)
class Hit:
    start: int
    end: int
    word: AvoidedWord
    new: str  # "" where the list names no other word


class Vocabulary:
    """The list, ready to be looked for: one query."""

    def __init__(self) -> None:
        self._by_form: dict[str, list[tuple[Avoided, str]]] = {}
        for word in AvoidedWord.objects.all():
            if avoided := _avoided(word):
                for form, prefix in avoided.forms.items():
                    self._by_form.setdefault(form, []).append((avoided, prefix))

    def hits(self, line: str) -> list[Hit]:
        """In a masked line, outside of quotations: others may say what they say."""
        if not self._by_form:
            return []
        quotations = [match.span() for match in _QUOTATION.finditer(line)]
        words = list(_WORD.finditer(line))
        keys = [_folded(match[0]) for match in words]
        found: list[Hit] = []
        for at, key in enumerate(keys):
            for avoided, prefix in self._by_form.get(key, ()):
                last = at + len(avoided.rest)
                if tuple(keys[at + 1 : last + 1]) != avoided.rest:
                    continue
                start, end = words[at].start(), words[last].end()
                is_free = not found or start >= found[-1].end
                if is_free and not any(first <= start < past for first, past in quotations):
                    found.append(Hit(start, end, avoided.word, _instead(avoided.word.instead, prefix)))
        return found

    def edits(self, line: str) -> list[Edit]:
        return [Edit(hit.start, hit.end, hit.new) for hit in self.hits(line) if hit.new]


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    return fold(word)


def _avoided(word: AvoidedWord) -> Avoided | None:
    first, *rest = word.word_key.split()
    forms = {first: ""}
    if first.startswith("ال") and len(first) >= _SHORTEST_WITH_PREFIX:
        forms |= {prefix + first: prefix for prefix in ("و", "ف", "ب", "ك", "وب", "فب", "وك")}
        forms |= {f"{prefix}ل{first[2:]}": prefix for prefix in ("ل", "ول", "فل")}
    else:
        forms |= {prefix + first: prefix for prefix in _WITH_ARTICLE}
        if rest or len(first) >= _SHORTEST_WITH_PREFIX:
            forms |= {prefix + first: prefix for prefix in _PREFIXES}
    return Avoided(word, tuple(rest), forms)


def _instead(word: str, prefix: str) -> str:
    """«بال» + «ضحايا» is «بالضحايا», «ل» + «الضحايا» «للضحايا»."""
    if not word:
        return ""
    bare = word.removeprefix("ال") if len(word) > _SHORTEST_WITH_PREFIX else word
    if prefix.endswith(("ال", "لل")):
        return prefix + bare
    if prefix.endswith("ل") and bare != word:
        return f"{prefix}ل{bare}"
    return prefix + word
