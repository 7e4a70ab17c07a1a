"""Which words of one paragraph another version has, lacks or writes differently; spaces and styles included."""

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import accumulate, groupby, zip_longest
from typing import Literal, NamedTuple

from newsroom.lib.lcs import common

PieceKind = Literal["same", "added", "removed"]

_OPENING = r"(\[{«“‘\"'<‹"
_CLOSING = r".,;:!?…،؛؟۔)\]}»”’\"'>›"
_CHUNK = re.compile(r"(\s*)(\S*)")
_SENTENCE_ENDS = ".!?؟…"
_PAUSES = "،؛,;:»)"
_FARTHEST_SLIDE = 100  # words


class Token(NamedTuple):
    """A word or a punctuation mark with the white space before it. At the end of a line the word may be ''."""

    lead: str
    text: str
    style: Hashable = None


class Piece(NamedTuple):
    """A run of text of one kind and one style."""

    kind: PieceKind
    text: str
    style: Hashable = None


class Segment(NamedTuple):
    """A run of words: places [i0, i1) of the old version and [j0, j1) of the new one."""

    is_same: bool
    i0: int
    i1: int
    j0: int
    j1: int


def tokens_of(text: str, style: Hashable = None) -> tuple[Token, ...]:
    """Cut a text into words and the punctuation round them. Joined with their leads they are the text again."""
    found = []
    for lead, chunk in _CHUNK.findall(text):
        for part in _parts(chunk) or ([""] if lead else []):
            found.append(Token(lead, part, style))
            lead = ""
    return tuple(found)


def _parts(chunk: str) -> list[str]:
    """«(كلمة)،» in four; a mark that is written several times is one part."""
    if not chunk or chunk[0] not in _OPENING and chunk[-1] not in _CLOSING:
        return [chunk] if chunk else []
    word = chunk.lstrip(_OPENING)
    core = word.rstrip(_CLOSING)
    marks = chunk[: len(chunk) - len(word)], word[len(core) :]
    opening, closing = (["".join(run) for _mark, run in groupby(part)] for part in marks)
    return [*opening, *filter(None, [core]), *closing]


def segments(old: Sequence[Token], new: Sequence[Token]) -> list[Segment] | None:
    """Return what is the same and what is not, in turns; None when the texts are too long to be compared."""
    matches = common([token.text for token in old], [token.text for token in new])
    if matches is None:
        return None
    letters = _Letters(old, new)
    found = letters.without_islands(_in_turns(matches, len(old), len(new)))
    if letters.are_strangers(found):
        return [Segment(False, 0, len(old), 0, len(new))]
    return _slid(found, old, new)


def pieces(
    parts: Sequence[Segment], old: Sequence[Token], new: Sequence[Token], *, is_continued: bool = False
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return both versions in pieces. `is_continued`: the line begins where another was cut or joined.

    A word whose style changed is taken away and put back, so that both styles are seen.
    """
    left, right = _Writer(), _Writer()
    has_space = is_continued
    for part, following in zip_longest(parts, parts[1:]):
        gone, come = old[part.i0 : part.i1], new[part.j0 : part.j1]
        if part.is_same:
            _write_same(gone, come, left, right, has_space=has_space)
            has_space = False
        else:
            has_space = bool(following) and _lends_space(part, following, old, new)
            keeps_space = has_space or (bool(gone and come) and gone[0].lead == come[0].lead)
            left.write_all(gone, "removed", keeps_space)
            right.write_all(come, "added", keeps_space)
    return left.pieces, right.pieces


def _write_same(
    gone: Sequence[Token], come: Sequence[Token], left: "_Writer", right: "_Writer", *, has_space: bool
) -> None:
    """The same words, whose spaces or styles may differ. A run of restyled words is marked with its spaces.

    `has_space`: the space before the first word is not to be compared.
    """
    kept_style = True
    for a, b in zip(gone, come, strict=True):
        keeps_style = a.style == b.style
        keeps_space = has_space or (a.lead == b.lead and (keeps_style or kept_style))
        left.write(a, "same" if keeps_style else "removed", "same" if keeps_space else "removed")
        right.write(b, "same" if keeps_style else "added", "same" if keeps_space else "added")
        kept_style, has_space = keeps_style, False


def _lends_space(part: Segment, following: Segment, old: Sequence[Token], new: Sequence[Token]) -> bool:
    """A mark that came between a space and its word, as an opening quotation mark does, takes over the space."""
    if following.i0 == following.i1 or (part.i0 < part.i1 and part.j0 < part.j1):
        return False
    before, after = old[following.i0].lead, new[following.j0].lead
    if part.i0 == part.i1:
        return after == "" and new[part.j0].lead == before
    return before == "" and old[part.i0].lead == after


def whole(tokens: Sequence[Token], kind: PieceKind) -> tuple[Piece, ...]:
    """Return a line that is of one kind from end to end."""
    writer = _Writer()
    writer.write_all(tokens, kind, keeps_space=False)
    return writer.pieces


class _Writer:
    """Joins words to pieces. Between two words of one style the space has it too: an underline runs through."""

    def __init__(self) -> None:
        self._runs: list[tuple[PieceKind, Hashable, list[str]]] = []
        self._style: Hashable = None

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(Piece(kind, "".join(texts), style) for kind, style, texts in self._runs)

    def write(self, token: Token, kind: PieceKind, space: PieceKind) -> None:
        self._add(token.lead, space, token.style if token.style == self._style else None)
        self._add(token.text, kind, token.style)
        self._style = token.style

    def write_all(self, tokens: Sequence[Token], kind: PieceKind, keeps_space: bool) -> None:
        for place, token in enumerate(tokens):
            self.write(token, kind, "same" if keeps_space and place == 0 else kind)

    def _add(self, text: str, kind: PieceKind, style: Hashable) -> None:
        if not text:
            return
        if self._runs and self._runs[-1][:2] == (kind, style):
            self._runs[-1][2].append(text)
        else:
            self._runs.append((kind, style, [text]))


def _in_turns(matches: Sequence[tuple[int, int]], old_count: int, new_count: int) -> Iterator[Segment]:
    i = j = start_i = start_j = 0
    for a, b in [*matches, (old_count, new_count)]:
        if (a, b) == (i, j) and (a, b) != (old_count, new_count):
            i, j = i + 1, j + 1
            continue
        if i > start_i:
            yield Segment(True, start_i, i, start_j, j)
        if a > i or b > j:
            yield Segment(False, i, a, j, b)
        start_i, start_j, i, j = a, b, a + 1, b + 1


class _Letters:
    """How much is written in a run of words. Punctuation counts nothing."""

    def __init__(self, old: Sequence[Token], new: Sequence[Token]) -> None:
        self._old = [0, *accumulate(_weight(token.text) for token in old)]
        self._new = [0, *accumulate(_weight(token.text) for token in new)]

    def size(self, part: Segment) -> int:
        return max(self._old[part.i1] - self._old[part.i0], self._new[part.j1] - self._new[part.j0])

    def without_islands(self, parts: Iterable[Segment]) -> list[Segment]:
        """Give up a word or two that two rewritten passages happen to share: «في» between them explains nothing."""
        kept: list[Segment] = []
        for part in parts:
            kept.append(part)
            while len(kept) >= 3 and not kept[-1].is_same and self._is_island(*kept[-3:]):
                after, _island, before = kept.pop(), kept.pop(), kept.pop()
                kept.append(Segment(False, before.i0, after.i1, before.j0, after.j1))
        return kept

    def _is_island(self, before: Segment, island: Segment, after: Segment) -> bool:
        return 2 * self.size(island) <= min(self.size(before), self.size(after))

    def are_strangers(self, parts: Iterable[Segment]) -> bool:
        """Less than a quarter of the shorter text is in the other."""
        shared = sum(self.size(part) for part in parts if part.is_same)
        return 4 * shared < min(self._old[-1], self._new[-1])


def _weight(text: str) -> int:
    return len(text) if any(map(str.isalnum, text)) else 0


def _slid(parts: list[Segment], old: Sequence[Token], new: Sequence[Token]) -> list[Segment]:
    """Move each passage that only came or went to where a sentence or a clause begins, if it can stand there.

    «أ ب. أ ج.» after «أ ج.» gained «أ ب.», not «ب. أ» in the middle.
    """
    parts = list(parts)
    for place in range(1, len(parts) - 1):
        before, part, after = parts[place - 1 : place + 2]
        if part.is_same or (part.i0 < part.i1 and part.j0 < part.j1):
            continue
        text, start, end = (old, part.i0, part.i1) if part.i0 < part.i1 else (new, part.j0, part.j1)
        # A word stays between two changes; at the ends of the line none need stay.
        room_before = before.i1 - before.i0 - (place > 1)
        room_after = after.i1 - after.i0 - (place < len(parts) - 2)
        if step := _best_step(text, start, end, room_before, room_after):
            i0, i1, j0, j1 = (value + step for value in part[1:])
            parts[place - 1] = before._replace(i1=i0, j1=j0)
            parts[place] = Segment(False, i0, i1, j0, j1)
            parts[place + 1] = after._replace(i0=i1, j0=j1)
    return parts


def _best_step(text: Sequence[Token], start: int, end: int, room_before: int, room_after: int) -> int:
    """How far text[start:end] moves, in words; below 0 towards the beginning."""
    steps = [0]
    for step in range(-1, -1 - min(room_before, _FARTHEST_SLIDE), -1):
        if text[start + step][1:] != text[end + step][1:]:
            break
        steps.append(step)
    for step in range(1, 1 + min(room_after, _FARTHEST_SLIDE)):
        if text[start + step - 1][1:] != text[end + step - 1][1:]:
            break
        steps.append(step)
    return max(steps, key=lambda step: (_edge(text, start + step) + _edge(text, end + step), -abs(step)))


def _edge(text: Sequence[Token], place: int) -> int:
    """How much of an end stands before a place."""
    last = text[place - 1].text[-1:] if place else "."
    return 3 if last and last in _SENTENCE_ENDS else 1 if last and last in _PAUSES else 0
