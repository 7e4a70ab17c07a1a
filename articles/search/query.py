"""What a reader typed, as conditions that both databases understand.

Words are joined by AND; "..." and «...» are phrases; -word excludes; word* is the beginning of words. Nothing that is
typed is an error: what is no operator is a word, and what is no word is nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from newsroom.lib.analyser import Analyser, Token, tokens
from newsroom.lib.arabic import fold
from newsroom.lib.hygiene import clean_line
from newsroom.lib.tables import rows

LONGEST, MOST_ITEMS = 200, 12  # letters; words and phrases
# A phrase of words with several stems each is written out; beyond this only the first stems count.
_MOST_PHRASES = 32

_PART = re.compile(
    r'(?P<minus>(?<!\S)[-−–](?=[^\s"-]|"))?(?:["“”„«»](?P<phrase>[^"“”„«»]*)["“”„«»]?|(?P<word>[^\s"“”„«»]+))'
)
_LETTERS_AND_DIGITS = re.compile(r"([^\W\d_]+)(\d+)")

# First words of names and how the second begins.
_HEADS = {fold(head): "".join(map(fold, beginning)) for head, *beginning in rows("compound_heads")}
_SHORTEST_SECOND = 3  # letters

# The stems that may stand at one place of a text.
Stems = frozenset[str]


@dataclass(frozen=True)
class Choice:
    """One way to find an item: a word, or several that follow each other. `is_prefix`: a word that begins like this."""

    words: tuple[Stems, ...]
    is_prefix: bool = False

    def fts5(self) -> str:
        if len(self.words) == 1:
            star = " *" if self.is_prefix else ""
            return " OR ".join(f'"{stem}"{star}' for stem in sorted(self.words[0]))
        return " OR ".join(f'"{" ".join(stems)}"' for stems in self._written_out())

    def tsquery(self) -> str:
        if len(self.words) == 1:
            star = ":*" if self.is_prefix else ""
            return " | ".join(f"'{stem}'{star}" for stem in sorted(self.words[0]))
        return " | ".join("(" + " <-> ".join(f"'{stem}'" for stem in stems) + ")" for stems in self._written_out())

    def _written_out(self) -> Iterable[tuple[str, ...]]:
        ways = 1
        for stems in self.words:
            ways *= len(stems)
        columns = [sorted(stems) if ways <= _MOST_PHRASES else sorted(stems)[:1] for stems in self.words]
        if ways > _MOST_PHRASES:
            columns[0] = sorted(self.words[0])[:_MOST_PHRASES]
        return product(*columns)


@dataclass(frozen=True)
class Item:
    """What was typed between two spaces, with everything that counts as the same."""

    choices: tuple[Choice, ...]
    is_excluded: bool = False
    is_stop_word: bool = False


@dataclass(frozen=True)
class Query:
    """Items that must all be there (or, with `any_of_them`, one of them) and items that must not."""

    items: tuple[Item, ...]
    any_of_them: bool = False
    # Groups of labels of articles.search.document: of each group one must be there.
    labels: tuple[tuple[str, ...], ...] = ()

    @property
    def wanted(self) -> tuple[Item, ...]:
        """Without words that stand in every text, unless there is nothing else."""
        items = tuple(item for item in self.items if not item.is_excluded)
        return tuple(item for item in items if not item.is_stop_word) or items

    @property
    def excluded(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.is_excluded)

    def __bool__(self) -> bool:
        return bool(self.wanted)

    def without_excluded(self) -> "Query":
        return replace(self, items=tuple(item for item in self.items if not item.is_excluded))

    def only_excluded(self) -> "Query":
        """A query for anything that must not be there."""
        return Query(tuple(replace(item, is_excluded=False) for item in self.excluded), any_of_them=True)

    def of_any_word(self) -> "Query":
        return replace(self, any_of_them=True)

    def with_label(self, *labels: str) -> "Query":
        """Among the documents that carry one of `labels` (articles.search.document)."""
        return replace(self, labels=(*self.labels, labels))

    def fts5(self) -> str:
        return self._written("fts5", " AND ", " OR ", "({}) NOT ({})", '"{}"')

    def tsquery(self) -> str:
        return self._written("tsquery", " & ", " | ", "({}) & !({})", "'{}'")

    def _written(self, language: str, both: str, either: str, without: str, label: str) -> str:
        wanted = [_any(item, language, either) for item in self.wanted]
        narrowed = [f"({either.join(map(label.format, group))})" for group in self.labels]
        text = both.join([f"({(either if self.any_of_them else both).join(wanted)})", *narrowed])
        excluded = either.join(_any(item, language, either) for item in self.excluded)
        return without.format(text, excluded) if excluded else text


def parse(typed: str, analyser: Analyser, synonyms: "Synonyms", *, is_unfinished: bool = False) -> Query:
    """Read what was typed; raises nothing. `is_unfinished`: the last word may go on (as-you-type)."""
    text = clean_line(typed[: 4 * LONGEST])[:LONGEST]
    reader = _Reader(analyser, synonyms)
    items: list[Item] = []
    run: list[Token] = []  # single words next to each other, in which a synonym of several words may hide
    parts = list(_PART.finditer(text))
    for number, part in enumerate(parts):
        is_last = is_unfinished and number == len(parts) - 1 and part["word"] is not None
        found = reader.tokens(part["phrase"] if part["word"] is None else part["word"])
        is_plain = not part["minus"] and part["word"] and not part["word"].endswith("*") and not is_last
        if is_plain and len(found) == 1:
            run += found
            continue
        items += reader.words(run)
        run = []
        if found:
            is_prefix = is_last or bool(part["word"] and part["word"].endswith("*"))
            made = reader.beginning(found) if is_prefix else [reader.phrase(found, is_quoted=part["word"] is None)]
            items += [replace(item, is_excluded=bool(part["minus"]), is_stop_word=False) for item in made]
    items += reader.words(run)
    return Query(tuple(items[:MOST_ITEMS]))


class Synonyms:
    """Groups of words and phrases that mean the same, found by their stems."""

    def __init__(self, groups: Iterable[Sequence[str]], analyser: Analyser, *, parted: Iterable[Sequence[str]] = ()):
        self._groups: dict[tuple[str, ...], list[tuple[Choice, ...]]] = {}
        self.longest = 1
        apart = [{_stems(entry, analyser) for entry in group} for group in parted]
        for group in groups:
            entries = {stems: _choice(entry, analyser) for entry in group if (stems := _stems(entry, analyser))}
            for stems in entries:
                others = tuple(
                    choice
                    for other, choice in entries.items()
                    if other != stems and not any({stems, other} <= pair for pair in apart)
                )
                self._groups.setdefault(stems, []).append(others)
                self.longest = max(self.longest, len(stems))

    def of(self, stems: tuple[str, ...]) -> tuple[Choice, ...]:
        """Other ways to say it; empty when there are none."""
        return tuple(choice for others in self._groups.get(stems, ()) for choice in others)


class _Reader:
    """Makes items of tokens."""

    def __init__(self, analyser: Analyser, synonyms: Synonyms) -> None:
        self.analyser, self.synonyms = analyser, synonyms

    def tokens(self, text: str) -> list[Token]:
        """Without those that have nothing to be looked for: marks alone."""
        return [token for token in tokens(text) if self.analyser.stem(token.text)]

    def words(self, run: Sequence[Token]) -> list[Item]:
        """Items of plain words; the longest synonym of several words is one item."""
        items: list[Item] = []
        start = 0
        while start < len(run):
            if name := self._name_in_two_words(run[start : start + 2]):
                items.append(name)
                start += 2
                continue
            for length in range(min(self.synonyms.longest, len(run) - start), 1, -1):
                several = run[start : start + length]
                others = self.synonyms.of(tuple(self.analyser.stem(token.text) for token in several))
                if others:
                    items.append(Item((self._phrase(several), *others)))
                    start += length
                    break
            else:
                items.append(self.word(run[start]))
                start += 1
        return items

    def word(self, token: Token) -> Item:
        stems = self.analyser.alternatives(token.text)
        choices = [Choice((stems,))]
        for stem in sorted(stems):
            choices += self.synonyms.of((stem,))
        choices += self._in_two_words(token)
        # F16 stands in texts as F-16 too; the other way round is in phrase().
        if parts := _LETTERS_AND_DIGITS.fullmatch(token.text):
            choices.append(Choice(tuple(frozenset({self.analyser.stem(part)}) for part in parts.groups())))
        return Item(tuple(dict.fromkeys(choices)), is_stop_word=self.analyser.is_stop_word(token.text))

    def _name_in_two_words(self, two: Sequence[Token]) -> Item | None:
        """«عبد الله» stands in texts as «عبدالله» too."""
        if len(two) < 2 or not _follows_head(fold(two[0].text), fold(two[1].text)):
            return None
        joined = self.analyser.alternatives(two[0].text + two[1].text)
        return Item((self._phrase(two), Choice((joined,))))

    def _in_two_words(self, token: Token) -> list[Choice]:
        """The other way round. What is no such name gets a phrase that nobody writes, which does no harm."""
        key = fold(token.text)
        parts = [(key[: len(head)], key[len(head) :]) for head in _HEADS if key.startswith(head)]
        return [
            Choice((self.analyser.phrase_starts(first), self.analyser.alternatives(second)))
            for first, second in parts
            if _follows_head(first, second) and len(second) >= _SHORTEST_SECOND
        ]

    def phrase(self, several: Sequence[Token], *, is_quoted: bool) -> Item:
        """Quotes ask for these words in this order; glued ones (كوفيد-19, 3/5) are the same without quotes."""
        if len(several) == 1:
            return self.word(several[0]) if not is_quoted else Item((self._phrase(several),))
        choices = [self._phrase(several)]
        if not is_quoted:
            joined = "".join(token.text for token in several)
            if _LETTERS_AND_DIGITS.fullmatch(joined):
                choices.append(Choice((frozenset({self.analyser.stem(joined)}),)))
        return Item(tuple(choices))

    def beginning(self, several: Sequence[Token]) -> list[Item]:
        """The last word may go on; of glued ones those before it are words like others."""
        *before, last = several
        heads = self.analyser.heads(last.text)
        end = Item((Choice((heads,), is_prefix=True),)) if heads else self.word(last)
        return [*map(self.word, before), end]

    def _phrase(self, several: Sequence[Token]) -> Choice:
        first, *others = several
        starts = self.analyser.phrase_starts(first.text) or self.analyser.alternatives(first.text)
        return Choice((starts, *(self.analyser.alternatives(token.text) for token in others)))


def _follows_head(first: str, second: str) -> bool:
    return first in _HEADS and second.startswith(_HEADS[first])


def _any(item: Item, language: str, either: str) -> str:
    return "(" + either.join(getattr(choice, language)() for choice in item.choices) + ")"


def _stems(entry: str, analyser: Analyser) -> tuple[str, ...]:
    return tuple(analyser.stem(token.text) for token in tokens(entry))


def _choice(entry: str, analyser: Analyser) -> Choice:
    first, *others = tokens(entry)
    if not others:
        return Choice((analyser.alternatives(first.text),))
    return Choice((analyser.phrase_starts(first.text), *(analyser.alternatives(token.text) for token in others)))


def groups_of(rows: Iterable[str]) -> list[list[str]]:
    """The entries of each row of the desk's synonyms."""
    return [[entry.strip() for entry in re.split(r"[,،؛\n|]", row) if entry.strip()] for row in rows]
