"""Checks of the words of a text: signs, quotations, paragraphs and sentences."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.checklist.mending import Mender
from articles.checklist.noticed import Checked, Noticed
from articles.checklist.words import FIELDS, Words
from newsroom.lib.quotation_marks import unpaired_guillemets, unpaired_quotes
from newsroom.lib.text_edits import quoted

MOST_PLACES = 5
LONGEST_PARAGRAPH, LONGEST_SENTENCE = 90, 40  # words
_FIRST_WORDS = 60  # letters of a paragraph, for whoever looks for it
# A stop ends a sentence only before a space: ١٢.٥ and «د. أحمد» are none, and what follows is a word.
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{2}[.!?؟…])\s+|(?<=[\d»\")][.!?؟…])\s+|(?<=[!?؟…])\s+")

_SENTENCES = {
    "tatweel": gettext_lazy("A tatweel stretches a word."),
    "latin_signs": gettext_lazy("There is Latin punctuation in Arabic text."),
    "quotation_marks": gettext_lazy("Quotations stand between Latin marks in place of guillemets."),
    "spaces": gettext_lazy("Spaces are doubled, or wrong beside a punctuation mark."),
    "mixed_digits": gettext_lazy("The numbers of the text are in digits of two scripts."),
    "persian_letters": gettext_lazy("There are Persian letters in Arabic text."),
    "direction_marks": gettext_lazy("Hidden marks of direction stand where they do nothing."),
    "separators": gettext_lazy("Underlines stand in the place of dashes or between parts."),
}


def of_mendable(check: str, words: Words, mender: Mender) -> Iterator[Noticed]:
    """What a mender would change, a field at a time."""
    if check == "avoided_words":
        yield from _avoided_words(words, mender)
        return
    for name, lines in mender.edits(check, words).items():
        shown = words.shown[name]
        places = [
            quoted(line, edit.start, edit.end) for line, edits in zip(shown, lines, strict=True) for edit in edits
        ]
        yield Noticed(name, str(_SENTENCES[check]), tuple(places[:MOST_PLACES]))


def _avoided_words(words: Words, mender: Mender) -> Iterator[Noticed]:
    for name in FIELDS:
        said: dict[int, Noticed] = {}
        for shown, line in zip(words.shown[name], words.masked[name], strict=True):
            for hit in mender.vocabulary.hits(line):
                before = said.get(hit.word.pk)
                places = (*(before.places if before else ()), quoted(shown, hit.start, hit.end))[:MOST_PLACES]
                sentence = _avoided_sentence(hit.word.word, hit.word.instead, hit.word.note)
                said[hit.word.pk] = Noticed(name, sentence, places, bool(hit.word.instead))
        yield from said.values()


def _avoided_sentence(word: str, instead: str, note: str) -> str:
    if instead:
        sentence = _("The newsroom does not write “%(word)s” but “%(instead)s”.") % {"word": word, "instead": instead}
    else:
        sentence = _("The newsroom does not write “%(word)s”.") % {"word": word}
    return f"{sentence} {note}".strip()


def unpaired_marks(checked: Checked) -> Iterator[Noticed]:
    for name in FIELDS:
        shown, lines = checked.words.shown[name], checked.words.masked[name]
        places = [(number, at) for number, line in enumerate(lines) for at in unpaired_quotes(line)]
        places = sorted(places + unpaired_guillemets(lines))
        if places:
            quotes = tuple(quoted(shown[number], at, at + 1) for number, at in places[:MOST_PLACES])
            yield Noticed(name, _("A quotation mark has no partner."), quotes)


def long_paragraphs(checked: Checked) -> Iterator[Noticed]:
    long = [line.shown for line in checked.words.body if line.tag == "p" and _count(line.shown) > LONGEST_PARAGRAPH]
    if long:
        sentence = ngettext(
            "%(count)d paragraph has more than 90 words.", "%(count)d paragraphs have more than 90 words.", len(long)
        )
        yield Noticed("body", sentence % {"count": len(long)}, _beginnings(long))


def long_sentences(checked: Checked) -> Iterator[Noticed]:
    shown = [line.shown for line in checked.words.body if line.tag in {"p", "li", "blockquote"}]
    long = [one for line in shown for one in _SENTENCE_END.split(line) if _count(one) > LONGEST_SENTENCE]
    if long:
        sentence = ngettext(
            "%(count)d sentence has more than 40 words.", "%(count)d sentences have more than 40 words.", len(long)
        )
        yield Noticed("body", sentence % {"count": len(long)}, _beginnings(long))


def _count(text: str) -> int:
    return sum(any(map(str.isalnum, word)) for word in text.split())


def _beginnings(texts: list[str]) -> tuple[str, ...]:
    return tuple(quoted(" ".join(text.split()), 0, _FIRST_WORDS) for text in texts[:MOST_PLACES])
