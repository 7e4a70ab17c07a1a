"""What can be mended without reading the sentence: which signs, and the text with them written as they should be."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from articles.checklist.avoiding import Vocabulary
from articles.checklist.words import FIELDS, HEADLINES, Words
from articles.models import Article
from newsroom.lib.mixed_digits import Script, mixed_digits
from newsroom.lib.quotation_marks import foreign_quotes
from newsroom.lib.site_style import site_style
from newsroom.lib.text_edits import Edit
from newsroom.lib.text_faults import idle_marks, latin_signs, persian_letters, separators, spaces, tatweels

# By field: for each of its lines what should be written.
Edits = dict[str, list[list[Edit]]]
_OfLine = Callable[[str], Sequence[Edit]]


@dataclass(frozen=True)
class Mended:
    """What would be written: new values of the fields that change, and the checks that they satisfy then."""

    values: Mapping[str, str]
    checks: tuple[str, ...]


class Mender:
    """Finds the faults of one kind in a text; asks for the avoided words once, and only when somebody wants them."""

    def __init__(self) -> None:
        self._vocabulary: Vocabulary | None = None

    @property
    def vocabulary(self) -> Vocabulary:
        self._vocabulary = self._vocabulary or Vocabulary()
        return self._vocabulary

    def edits(self, check: str, words: Words) -> Edits:
        """Without the fields in which there is nothing to mend."""
        if check == "mixed_digits":
            found = _of_whole_text(words)
        else:
            names = HEADLINES if check == "tatweel" else FIELDS
            find = self.vocabulary.edits if check == "avoided_words" else _OF_LINE[check]
            found = {name: [list(find(line)) for line in words.masked[name]] for name in names}
        return {name: lines for name, lines in found.items() if any(lines)}


# In this order: a space that a comma wants can be seen when the comma is there.
_OF_LINE: dict[str, _OfLine] = {
    "direction_marks": idle_marks,
    "separators": separators,
    "tatweel": tatweels,
    "latin_signs": latin_signs,
    "quotation_marks": foreign_quotes,
    "spaces": spaces,
    "persian_letters": persian_letters,
}
MENDABLE = (*_OF_LINE, "mixed_digits", "avoided_words")


def mended(article: Article, checks: Iterable[str]) -> Mended:
    """The text of the article with what these checks find, mended. Names that are no mendable check are left out."""
    wanted = set(checks)
    before = words = Words.of(article)
    mender, done = Mender(), []
    for check in (name for name in MENDABLE if name in wanted):
        if edits := mender.edits(check, words):
            words = words.edited(edits)
            done.append(check)
    values = {name: value for name, value in words.values.items() if value != before.values[name]}
    return Mended(values, tuple(done))


def _of_whole_text(words: Words) -> Edits:
    preferred: Script = "arab" if site_style().digits == "arab" else "latn"
    lines = [(name, line) for name in FIELDS for line in words.masked[name]]
    found: Edits = {name: [] for name in FIELDS}
    for (name, _line), edits in zip(lines, mixed_digits([line for _name, line in lines], preferred), strict=True):
        found[name].append(edits)
    return found
