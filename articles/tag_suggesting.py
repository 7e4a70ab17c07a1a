"""Tags that a text speaks of: those whose name or alias stands in it as whole words."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from math import log2
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Max

from articles.models import Article, Tag, TagAlias, TaggedArticle
from articles.search.vocabulary import current_analyser
from newsroom.lib.analyser import Analyser, tokens
from newsroom.lib.arabic import fold, without_article
from newsroom.lib.tokens import Token
from richtext.render import to_lines

MOST_SUGGESTED = 8
# Longer texts are read up to here: a suggestion is no reason to let somebody wait.
MOST_WORDS, LONGEST_NAME = 3000, 5
# Used in so many of the last articles: "lately".
LATELY = 2000
# Of a text of more words, a tag of one word that is named once, far below the headline, is not its subject.
SHORT_TEXT = 60
MOST_COUNTED = 5

_CLITICS = ("و", "ف", "ب", "ك", "ل", "وب", "ول", "وك", "فب", "فل", "فك")
_WITH_ARTICLE = re.compile(r"[وف]?لل(?=\w\w)")
_SHORTEST_REST = 3
_TABLES = (("id", Tag._meta.db_table, "sort_key"), ("tag_id", TagAlias._meta.db_table, "name_key"))
# What stands between two words of one name.
_JOINED = re.compile(r"[\s\u2010-\u2015_/-]*").fullmatch


class Place(IntEnum):
    """Where a tag was found; the value is what it is worth there."""

    BODY = 1
    STANDFIRST = 4
    HEADLINE = 10


class _Word(NamedTuple):
    text: str
    key: str
    is_stop: bool
    forms: tuple[str, ...]  # as the first word of a name: without what is written together with it


class _Line(NamedTuple):
    place: Place
    words: list[_Word]
    joins: list[str | None]  # between a word and the next one: "", " ", or None where no name goes on


class _Found(NamedTuple):
    line: int
    start: int
    length: int


_Asked = tuple[_Word, int, Sequence[tuple[int, int]]]  # a word, the length of the name, line and start of each


@dataclass
class _Score:
    worth: float = 0
    times: int = 0
    best: Place = Place.BODY
    longest: int = 0
    seen: set[Place] = field(default_factory=set)


def suggest_tags(article: Article, *, limit: int = MOST_SUGGESTED) -> list[Tag]:
    """Tags that the text of `article` names and that it does not carry yet, the best first. Seven queries at most.

    By folded name or alias, also behind و ف ب ك ل ال; a name within a longer one that is a tag too does not count.
    The headline is worth more than the standfirst and this more than the body; then how often, then how much the tag
    was used lately.
    """
    analyser = current_analyser()
    lines = list(_lines(article, analyser))
    # Those that it carries stand inside and round others too: «كأس العالم» there is still no «العالم».
    carried = {tag.pk for tag in article.tags.all()}
    scores = _scores(lines, _known(lines, analyser))
    worth = {pk: score.worth for pk, score in scores.items() if pk not in carried}
    if not worth:
        return []
    shortlist = sorted(worth, key=lambda pk: (-worth[pk], pk))[: 3 * limit]
    for pk, uses in _lately_used(shortlist).items():
        worth[pk] += log2(1 + uses) / 2
    best = sorted(shortlist, key=lambda pk: (-worth[pk], pk))[:limit]
    rows = Tag.objects.in_bulk(best)
    return [rows[pk] for pk in best if pk in rows]


def _lines(article: Article, analyser: Analyser) -> Iterator[_Line]:
    parts = [(Place.HEADLINE, article.headline), (Place.HEADLINE, article.kicker)]
    parts += [(Place.STANDFIRST, line) for line in (article.standfirst, *article.points)]
    parts += [(Place.BODY, line) for line in to_lines(article.body)]
    known: dict[str, _Word] = {}
    left = MOST_WORDS
    for place, text in parts:
        found = tokens(text)[:left]
        left -= len(found)
        words = [known.get(token.text) or _word(token.text, analyser, known) for token in found]
        if words:
            yield _Line(place, words, _joins(text, found))


def _word(text: str, analyser: Analyser, known: dict[str, _Word]) -> _Word:
    key = fold(text)
    known[text] = _Word(text, key, analyser.is_stop_word(text), tuple(_forms(key)))
    return known[text]


def _joins(text: str, found: Sequence[Token]) -> list[str | None]:
    joins: list[str | None] = []
    for one, other in zip(found, found[1:], strict=False):
        between = text[one.end : other.start]
        joins.append(None if not _JOINED(between) else " " if between else "")
    return joins


def _forms(key: str) -> set[str]:
    """The word, and what it may be the word of: «وبالعراق» of «العراق» and «عراق». Too many on purpose: `_is_named`."""
    forms = {key}
    for clitic in _CLITICS:
        if key.startswith(clitic) and len(key) >= len(clitic) + _SHORTEST_REST:
            forms.add(key[len(clitic) :])
    if match := _WITH_ARTICLE.match(key):
        forms.add("ال" + key[match.end() :])
    return forms | {without_article(form) for form in forms}


def _known(lines: Sequence[_Line], analyser: Analyser) -> dict[int, set[_Found]]:
    """Where each tag is named, by its key. No tag is read that no word asks for: two queries."""
    asked = _asked(lines)
    found: dict[int, set[_Found]] = defaultdict(set)
    for pk, name, key in _named(asked):
        first = next(iter(tokens(name)), None)
        for word, length, places in asked.get(key, ()):
            if first and _is_named(word, key, first.text, analyser):
                found[pk].update(_Found(line, start, length) for line, start in places)
    return found


def _asked(lines: Sequence[_Line]) -> dict[str, list[_Asked]]:
    """By every key that may be that of a name: the word with which it begins, its length in words, where it stands."""
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, line in enumerate(lines):
        for start, word in enumerate(line.words):
            places[word.text].append((number, start))
    words = {word.text: word for line in lines for word in line.words if not word.is_stop}
    asked: dict[str, list[_Asked]] = defaultdict(list)
    for text, word in words.items():
        for form in word.forms:
            asked[form].append((word, 1, places[text]))
    going_on = _going_on(asked)
    for text, word in words.items():
        if forms := [form for form in word.forms if form in going_on]:
            for at in places[text]:
                for length, rest in _rests(lines[at[0]], at[1]):
                    for form in forms:
                        asked[form + rest].append((word, length, [at]))
    return asked


def _going_on(forms: Iterable[str]) -> set[str]:
    """Those with which a name of several words begins: what follows the others in the text is not looked up."""
    begun = """
        SELECT key.value FROM {keys} AS key
        WHERE EXISTS (SELECT 1 FROM {table} WHERE {column} > key.value || ' ' AND {column} < key.value || '!')
    """
    return {value for (value,) in _of_each(begun, forms)}


def _named(keys: Iterable[str]) -> list[tuple[int, str, str]]:
    """Of the tags and aliases with one of these keys: key of the tag, name, key of the name."""
    return _of_each(
        "SELECT named.{tag}, named.name, key.value FROM {keys} AS key CROSS JOIN {table} AS named"
        " WHERE named.{column} = key.value",
        keys,
    )


def _of_each(select: str, keys: Iterable[str]) -> list[tuple[Any, ...]]:
    """Rows of `select` for the tags and for their aliases. Joined: `IN` would have SQLite sort the keys first."""
    listed = json.dumps(list(keys), ensure_ascii=False)
    each = "json_each(%s)" if connection.vendor == "sqlite" else "json_array_elements_text(%s)"
    parts = [select.format(keys=each, tag=tag, table=table, column=column) for tag, table, column in _TABLES]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [listed] * len(parts))
        return list(cursor.fetchall())


def _rests(line: _Line, start: int) -> Iterator[tuple[int, str]]:
    """What of the line may go on in a name of several words: (words of it all, key behind that of the first)."""
    rest = ""
    for length in range(2, min(LONGEST_NAME, len(line.words) - start) + 1):
        join, word = line.joins[start + length - 2], line.words[start + length - 1]
        if join is None:
            return
        rest += join + word.key
        if not word.is_stop:  # no name ends with such a word
            yield length, rest


def _is_named(word: _Word, key: str, name: str, analyser: Analyser) -> bool:
    """Whether the first word of a name is meant: «لبنان» is not «بنان» behind ل."""
    if without_article(key.partition(" ")[0]) in {word.key, without_article(word.key)}:
        return True
    return analyser.stem(name) in {analyser.stem(word.text)} | analyser.variants(word.text)


def _scores(lines: Sequence[_Line], found: dict[int, set[_Found]]) -> dict[int, _Score]:
    """Longer names first: what stands inside one is no mention of its own («العالم» in «كأس العالم»)."""
    taken: dict[int, set[int]] = defaultdict(set)
    scores: dict[int, _Score] = defaultdict(_Score)
    by_length = sorted(((at, pk) for pk, places in found.items() for at in places), key=lambda pair: -pair[0].length)
    for length in sorted({at.length for at, _pk in by_length}, reverse=True):
        same = [(at, pk) for at, pk in by_length if at.length == length]
        free = [(at, pk) for at, pk in same if not set(range(at.start, at.start + length)) <= taken[at.line]]
        for at, pk in free:
            _count(scores[pk], lines[at.line].place, length)
        for at, _pk in free:
            taken[at.line] |= set(range(at.start, at.start + length))
    size = sum(len(line.words) for line in lines)
    return {pk: score for pk, score in scores.items() if size < SHORT_TEXT or not _is_passing(score)}


def _count(score: _Score, place: Place, length: int) -> None:
    score.times += 1
    score.longest = max(score.longest, length)
    if place != Place.BODY and place not in score.seen:
        score.worth += place
    elif score.times <= MOST_COUNTED:
        score.worth += 1
    score.seen.add(place)
    score.best = max(score.best, place)


def _is_passing(score: _Score) -> bool:
    return score.best == Place.BODY and score.times == 1 and score.longest == 1


def _lately_used(tags: Iterable[int]) -> dict[int, int]:
    """In how many of the last articles, by tag: counted in the index `tagged_article_lately` alone."""
    newest = TaggedArticle.objects.aggregate(newest=Max("content_object_id"))["newest"] or 0
    rows = TaggedArticle.objects.filter(tag__in=list(tags), content_object_id__gt=newest - LATELY)
    return dict(rows.order_by().values_list("tag").annotate(uses=Count("pk")))
