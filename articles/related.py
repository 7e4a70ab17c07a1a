"""Which articles belong beside one: by tags, words of the headline, section and age, and by an editor's choice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from heapq import nlargest
from math import log2, sqrt
from typing import Any, NamedTuple, TypeVar

from django.db import connection, models
from django.utils import timezone

from articles.models import Article, RelatedChoice, TaggedArticle
from articles.querysets import ArticleQuerySet
from articles.search.engines import newest_places
from articles.search.places import article_at, last_place
from articles.search.query import parse
from articles.search.vocabulary import current_vocabulary, shipped_analyser
from newsroom.lib.analyser import tokens
from newsroom.lib.keeping import kept_each
from pages.public_time import public_now

BANNED = -1
MOST_PINNED = 4  # shown; more may be chosen, for some are not public yet
# Of each tag so many of the last stories are looked at, and among so many those that share several tags.
OF_A_TAG, LATELY, SHARING_MOST, MOST_TAGS = 8, 100, 16, 12
# For the desk: stories with a word of the headline in theirs, and the newest of the section.
OF_A_WORD, MOST_TERMS, OF_THE_SECTION = 16, 6, 12
DAYS_OF_A_RARE_TAG = 365
HALF_AS_NEW_AFTER = 120  # days


# A story, or what is told of one.
_R = TypeVar("_R", Article, "Told")


class Told(NamedTuple):
    """Of a story what decides whether it is related to another."""

    pk: int
    headline: str
    section_id: int | None
    published_at: datetime | None


@dataclass(frozen=True)
class Marks:
    """What puts stories beside one, by their keys, public or not (`marks_beside`)."""

    keys: list[int]
    shared: dict[int, int]  # a bit for each tag that they share
    chosen: dict[int, int]  # the place of what an editor has pinned
    banned: frozenset[int]


def marks_beside(article: Article) -> Marks:
    """What an editor and the tags put beside a story, for its page: one query where some tag is not kept.

    The choices of the editor were fetched with the story (articles.page_rows), or cost another.
    The choice of KeysBeside among what has ever been public: some of each tag, because a frequent one would hide a rare
    one, and those of its last stories that share most. A tag counts with what is among its last ones (LATELY).
    """
    tags = _tags(article)
    last: dict[int, list[int]] = kept_each(_last_of, tags, _last_of)
    shared: dict[int, int] = {}
    for number, tag in enumerate(tags):
        bit = 1 << number
        for key in last[tag]:
            shared[key] = shared.get(key, 0) | bit
    choices = article.story.related_choices.all() if story_key(article) else ()
    pinned = {choice.target_id: choice.position for choice in choices if not choice.is_banned}
    banned = frozenset(choice.target_id for choice in choices if choice.is_banned)
    heads = [key for tag in tags for key in last[tag][:OF_A_TAG]]
    keys = [*pinned, *heads, *(_sharing_most(shared) if len(tags) > 1 else ())]
    return Marks([*dict.fromkeys(keys)], shared, pinned, banned)


def _sharing_most(shared: dict[int, int]) -> list[int]:
    """The keys of SHARING_MOST of them; of those that share as much the newest."""
    several = [(bits.bit_count(), key) for key, bits in shared.items() if bits & (bits - 1)]
    keys = [key for _many, key in nlargest(SHARING_MOST, several)]
    if len(keys) < SHARING_MOST:
        keys += sorted((key for key, bits in shared.items() if not bits & (bits - 1)), reverse=True)
    return keys[:SHARING_MOST]


def _last_of(tags: list[int]) -> dict[int, list[int]]:
    """By tag the keys of its last stories, the greatest first.

    They depend on nothing: a new one need not renew the pages of all others.
    """
    last: dict[int, list[int]] = {tag: [] for tag in tags}
    if not tags:
        return last
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(_LAST.format(tag, LATELY) for tag in tags))
        for tag, key in cursor.fetchall():
            last[tag].append(key)
    for keys in last.values():
        keys.sort(reverse=True)
    return last


# Read from the index of the tag's page alone.
_LAST = (
    "SELECT tag_id, content_object_id FROM (SELECT tag_id, content_object_id"  # noqa: S608
    f" FROM {TaggedArticle._meta.db_table} WHERE tag_id = {{:d}} AND published_at IS NOT NULL"
    " ORDER BY published_at DESC, content_object_id DESC LIMIT {:d}) AS last"
)


class KeysBeside(models.Func):
    """Keys of articles that an editor or their tags put beside a story, public or not; for pk__in.

    As text: put together from querysets it takes longer than its answer. Every part is read from one index, however
    long the archive is. Some of each tag, because a frequent one would hide a rare one.
    """

    arity = 0
    output_field = models.BigAutoField()

    def __init__(self, article: Article) -> None:
        tagged = TaggedArticle._meta.db_table
        lasts = (
            "SELECT key FROM"
            " (SELECT content_object_id AS key FROM {} WHERE tag_id = {:d} ORDER BY 1 DESC LIMIT {:d}) AS last"
        )
        parts = [
            f"SELECT target_id FROM {RelatedChoice._meta.db_table} WHERE article_id = {story_key(article):d}",  # noqa: S608
        ]
        tags = _tags(article)
        parts += [lasts.format(tagged, tag, OF_A_TAG) for tag in tags]
        if len(tags) > 1:
            lately = " UNION ALL ".join(lasts.format(tagged, tag, LATELY) for tag in tags)
            most = f"SELECT key FROM ({lately}) AS lately GROUP BY key ORDER BY COUNT(*) DESC, key DESC"  # noqa: S608
            parts.append(f"SELECT key FROM ({most} LIMIT {SHARING_MOST}) AS sharing")  # noqa: S608
        super().__init__()
        self.extra["keys"] = " UNION ".join(parts)

    template = "(%(keys)s)"


def with_marks(articles: ArticleQuerySet, article: Article) -> ArticleQuerySet:
    """Each with `shared`, a bit for each tag of `article` that it carries, and `chosen_as` (_Chosen), or None."""
    return articles.annotate(shared=_Shared(article), chosen_as=_Chosen(article))


class _Shared(models.Func):
    arity = 1
    output_field = models.IntegerField()
    template = "COALESCE((SELECT SUM(%(bits)s) FROM %(table)s WHERE content_object_id = %(expressions)s), 0)"

    def __init__(self, article: Article) -> None:
        cases = "".join(f" WHEN {tag:d} THEN {1 << number}" for number, tag in enumerate(_tags(article)))
        super().__init__("pk")
        self.extra |= {
            "table": TaggedArticle._meta.db_table,
            "bits": f"CASE tag_id{cases} ELSE 0 END" if cases else "0",
        }


class _Chosen(models.Func):
    """The place of a pinned one among them, BANNED for one that is never shown."""

    arity = 1
    output_field = models.IntegerField()
    template = (
        "(SELECT CASE WHEN is_banned THEN -1 ELSE position END FROM %(table)s"
        " WHERE article_id = %(story)d AND target_id = %(expressions)s)"
    )

    def __init__(self, article: Article) -> None:
        super().__init__("pk")
        self.extra |= {"table": RelatedChoice._meta.db_table, "story": story_key(article)}


def story_key(article: Article) -> int:
    """Choices are made for the story; its working copy has none of its own. 0 for an article that is not stored."""
    return article.working_copy_of_id or article.pk or 0


def related_to(article: Article, limit: int) -> list[Article]:
    """Public articles that belong beside this one, the best first: for the desk, also while the text is written.

    The editor's own choice stands first, what is banned never. Among the last stories of each of its tags, those with
    a word of its headline in theirs and the newest of its section. Never itself; empty only where nothing else is
    public. A dozen queries, whose cost does not grow with the archive.
    """
    kept = Article.objects.published().exclude(pk__in=own_keys(article))
    parts = [
        kept.filter(pk__in=KeysBeside(article)),
        kept.filter(pk__in=_titled(article)),
        kept.filter(section=article.section_id).newest_first()[:OF_THE_SECTION],
        kept.newest_first()[:limit],
    ]
    found = not_banned(with_marks(Article.objects.any_of(parts), article).newest_first().for_links())
    pinned = pinned_among(found, {row.pk: row.chosen_as for row in found if row.chosen_as is not None})
    others = [one for one in found if one not in pinned]
    best = ranked(article, others, {row.pk: row.shared for row in others if row.shared})
    return list(dict.fromkeys([*pinned, *best, *others]))[:limit]


def own_keys(article: Article) -> list[int]:
    return [key for key in (article.pk, article.working_copy_of_id) if key]


def not_banned(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.chosen_as != BANNED]


def pinned_among(rows: Iterable[_R], chosen: Mapping[int, int]) -> list[_R]:
    """In the order of the editor, which `chosen` tells by their keys; so many as are shown."""
    pinned = [row for row in rows if row.pk in chosen]
    return sorted(pinned, key=lambda row: chosen[row.pk])[:MOST_PINNED]


def ranked(article: Article, rows: Sequence[_R], shared: Mapping[int, int]) -> list[_R]:
    """Those of `rows` that share a tag or a word of the headline, the most related first. No query.

    `shared` has by their keys a bit for each tag that they share. Rare tags weigh more; how rare one is, is told by the
    days over which its last stories are spread.
    """
    weights, terms, now = _weights(article, rows, shared), _terms(article.headline), timezone.now()
    of_bits = {bits: _weight_of(bits, weights) for bits in {*shared.values()}}
    scored = [(_score(article, row, of_bits.get(shared.get(row.pk, 0), 0.0), terms, now), row) for row in rows]
    best = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
    return [row for _score_of, row in best]


def _weight_of(bits: int, weights: Sequence[float]) -> float:
    return sum([weight for number, weight in enumerate(weights) if bits >> number & 1])


def _score(article: Article, row: Any, tags: float, terms: frozenset[str], now: datetime) -> float:
    """0 for what has nothing in common with it but section and age; `tags` is the weight of those that it shares."""
    others = _terms(row.headline)
    common = 0 if terms.isdisjoint(others) else len(terms & others)
    words = common / sqrt(len(terms) * len(others)) if common else 0.0
    if not tags and words < 0.2:
        return 0.0
    age: int = (now - (row.published_at or now)).days
    recency = 1 / (1 + max(age, 0) / HALF_AS_NEW_AFTER)
    in_section = 0.5 if row.section_id == article.section_id else 0.0
    return tags * (1 + 2 * words) + 3 * words + in_section + recency


def _weights(article: Article, rows: Sequence[Any], shared: Mapping[int, int]) -> list[float]:
    """By tag: one a day and more weigh 1.5 at most, one a month 3.5."""
    weights = []
    tagged = [(shared[row.pk], row.published_at) for row in rows if row.pk in shared and row.published_at]
    for number, _tag in enumerate(_tags(article)):
        moments = sorted([moment for bits, moment in tagged if bits >> number & 1])
        last = moments[-OF_A_TAG:]
        days = (timezone.now() - last[0]).days if last else DAYS_OF_A_RARE_TAG
        spread = days if len(last) == OF_A_TAG else max(days, DAYS_OF_A_RARE_TAG)
        weights.append(1 + log2(1 + spread / (len(last) or 1)) / 2)
    return weights


def _tags(article: Article) -> list[int]:
    return [tag.pk for tag in article.tags.all() if tag.pk][:MOST_TAGS]


@lru_cache(maxsize=8192)
def _terms(headline: str) -> frozenset[str]:
    """The stems of a headline by the words that the code comes with: the desk's own would cost each page a query."""
    analyser = shipped_analyser()
    return frozenset(
        stem
        for token in tokens(headline)
        if not analyser.is_stop_word(token.text) and len(stem := analyser.stem(token.text)) > 1
    )


def _titled(article: Article) -> set[int]:
    """Keys of the last stories with each of the rarest words of the headline in theirs."""
    words = current_vocabulary()
    high = last_place(public_now())
    places: dict[str, list[int]] = defaultdict(list)
    for token in tokens(article.headline):
        query = parse(token.text, words.analyser, words.synonyms)
        if query and not words.analyser.is_stop_word(token.text) and token.text not in places:
            places[token.text] = newest_places(query, "title", low=1, high=high, limit=OF_A_WORD)
    # The further back the last so many reach, the rarer is the word; one in nothing asks for nothing.
    by_rarity = sorted(filter(None, places.values()), key=lambda found: (len(found) == OF_A_WORD, found[-1]))
    return {article_at(place) for found in by_rarity[:MOST_TERMS] for place in found}
