"""Tags that a new name may be another spelling of, asked about before a second one is made."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, permutations, product
from typing import Any

from django.db.models import QuerySet

from articles.models import Tag, TagAlias
from articles.search.vocabulary import current_analyser
from newsroom.lib import key_sets  # noqa: F401 - registers `among`
from newsroom.lib.analyser import Analyser
from newsroom.lib.arabic import fold, without_article
from newsroom.lib.names import name_key
from newsroom.lib.tables import rows

MOST_SHOWN = 5
# A word of fewer letters is another word when one of them changes: «حرب», «حزب».
SHORTEST_CHANGED = 4
# Names of more words are compared by these first ones alone.
MOST_WORDS, MOST_SPELLINGS = 4, 6000
_LETTERS = "ءابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_CODE = "near_tag:"
_ENDINGS = ("", "ه", "ات", "ون", "ين", "ان")


def near_duplicates(name: str, *, but: int | None = None) -> list[Tag]:
    """Tags that resemble a name which no tag and no alias says, the nearest first; [] for one that is there already.

    Near: one letter more, less, other or in another place within a word of four; with or without article; singular
    and plural; the same words in another order or written together. Three queries: each spelling that would be near
    is looked up, no tag is read for comparison. `but` is the key of the tag that the name is of.
    """
    return near_duplicates_of([name], but=but).get(name, [])


def near_duplicates_of(names: Iterable[str], *, but: int | None = None) -> dict[str, list[Tag]]:
    """The same for several names in three queries; names that resemble nothing are left out."""
    wanted = {name: name_key(name) for name in names}
    if not wanted:
        return {}
    known = set(_saying(Tag.objects.exclude(pk=but or 0), wanted.values()))
    known |= set(_saying(TagAlias.objects.exclude(tag=but), wanted.values()))
    return _found([(name, but) for name, key in wanted.items() if key and key not in known])


def near_tag_code(name: str, other: str) -> str:
    """What an import keeps of a tag that it did not make: its name and that of the tag that it resembles."""
    return f"{_CODE}{name}={other}"


def read_near_tag_code(code: str) -> tuple[str, str] | None:
    name, _sep, other = code.removeprefix(_CODE).rpartition("=")
    return (name, other) if code.startswith(_CODE) else None


def similar_tags(tags: Iterable[Tag]) -> dict[str, list[Tag]]:
    """For tags that are there: by name, the others that each resembles."""
    return _found([(tag.name, tag.pk) for tag in tags])


def _saying(rows: QuerySet[Any], keys: Collection[str]) -> Iterable[str]:
    return rows.filter(name_key__among=list(keys)).values_list("name_key", flat=True)


def _found(names: Sequence[tuple[str, int | None]]) -> dict[str, list[Tag]]:
    """`names` with the key of the tag that each is of."""
    if not names:
        return {}
    near = _near(_asked([name for name, _own in names]))
    for name, own in names:
        near[name].pop(own or 0, None)
    found = Tag.objects.in_bulk({pk for pks in near.values() for pk in pks})
    nearest = {name: sorted(near[name], key=lambda pk: (near[name][pk], pk))[:MOST_SHOWN] for name, _own in names}
    return {name: [found[pk] for pk in keys if pk in found] for name, keys in nearest.items() if keys}


def _asked(names: Iterable[str]) -> dict[str, dict[str, int]]:
    """By spelling, the names that it would be near to, and how far."""
    analyser = current_analyser()
    asked: dict[str, dict[str, int]] = defaultdict(dict)
    for name in names:
        for far, spelling in enumerate(_spellings(name, analyser)):
            asked[spelling].setdefault(name, far)
    return asked


def _near(asked: dict[str, dict[str, int]]) -> dict[str, dict[int, int]]:
    """By name, the tags near to it and how far they are."""
    with_article = [*asked, *(f"ال{key}" for key in asked)]
    tags = Tag.objects.filter(sort_key__among=asked).order_by("pk").values_list("pk", "sort_key", "name_key")
    aliases = TagAlias.objects.filter(name_key__among=with_article).order_by("pk")
    near: dict[str, dict[int, int]] = defaultdict(dict)
    for pk, *keys in (*tags, *aliases.values_list("tag", "sort_key", "name_key")):
        for key in {*keys, without_article(keys[1])}:
            for name, far in asked.get(key, {}).items():
                near[name][pk] = min(far, near[name].get(pk, far))
    return near


def _spellings(name: str, analyser: Analyser) -> list[str]:
    """Keys without the first word's article under which a near tag would be found, the nearest first."""
    words = fold(name).split()
    found: list[Iterable[str]] = [
        (" ".join(_bare_first(one)) for one in _with_and_without_article(words)),
        _written_together(" ".join(_bare_first(words))),
    ]
    if 1 < len(words) <= MOST_WORDS:
        found.append(" ".join(_bare_first(order)) for order in permutations(words))
    if len(words) <= MOST_WORDS:
        found += [_counted(words, analyser)]
    found += [_changed(words)]
    return list(islice(dict.fromkeys(one for each in found for one in each if one), MOST_SPELLINGS))


def _bare_first(words: Iterable[str]) -> list[str]:
    first, *rest = words
    return [without_article(first), *rest]


def _with_and_without_article(words: list[str]) -> Iterator[list[str]]:
    """Every word with and without it; of a name of many words the first ones alone."""
    choices = [[word, *({without_article(word), f"ال{without_article(word)}"} - {word})] for word in words[:MOST_WORDS]]
    for one in product(*choices):
        yield [*one, *words[MOST_WORDS:]]


def _written_together(key: str) -> Iterator[str]:
    """«عبدالرحمن» and «عبد الرحمن»: one space less or more."""
    for at, letter in enumerate(key):
        if letter == " ":
            yield key[:at] + key[at + 1 :]
        elif at > 1 and key[at - 1] != " ":
            yield f"{key[:at]} {key[at:]}"


def _counted(words: list[str], analyser: Analyser) -> Iterator[str]:
    """Singular and plural of each word that has both; «قمة عربية» and «قمم عربية»."""
    forms = [[word, *_other_numbers(word, analyser)] for word in words]
    for one in product(*forms):
        yield " ".join(_bare_first(one))


def _other_numbers(word: str, analyser: Analyser) -> list[str]:
    if not _is_word(word):
        return []
    article, base = word[: len(word) - len(without_article(word))], without_article(word)
    stem = analyser.stem(base)
    roots = {base} | {base.removesuffix(ending) for ending in _ENDINGS if ending and base.endswith(ending)}
    forms = {root + ending for root in roots if len(root) > 2 for ending in _ENDINGS}
    same = sorted(form for form in forms - {base} if analyser.stem(form) == stem)
    return [article + form for form in (*same, *_broken_plurals().get(base, ()))]


@lru_cache(maxsize=1)
def _broken_plurals() -> dict[str, tuple[str, ...]]:
    """By folded form, the others of its row: «مدرسة» and «مدارس»."""
    others: dict[str, tuple[str, ...]] = {}
    for group in rows("broken_plurals"):
        keys = [fold(form) for form in group]
        for key in keys:
            others[key] = tuple(other for other in keys if other != key)
    return others


def _changed(words: list[str]) -> Iterator[str]:
    """One edit in one word (Damerau, Levenshtein)."""
    for at, word in enumerate(words):
        article = word[: len(word) - len(without_article(word))] if at else ""
        for other in _edits(without_article(word)) if _is_word(without_article(word)) else ():
            yield " ".join([*_bare_first([*words[:at], ""])[:-1], article + other, *words[at + 1 :]])


def _edits(word: str) -> Iterator[str]:
    letters = _LATIN if word.isascii() else _LETTERS
    for at in range(1, len(word)):
        yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
        for letter in letters:
            yield word[:at] + letter + word[at + 1 :]
    for at in range(len(word) + 1):
        for letter in letters:
            yield word[:at] + letter + word[at:]


def _is_word(word: str) -> bool:
    """Long enough to be mistyped, and no number: 2022 is not 2026."""
    return len(word) >= SHORTEST_CHANGED and word.isalpha()
