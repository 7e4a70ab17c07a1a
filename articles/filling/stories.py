"""Made articles, one after the other, as the values of their columns."""

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Model

from articles.enums import Origin, Status
from articles.filling.texts import Line, Piece, Sentence, Texts, text_of
from articles.filling.world import World
from articles.models import Article, Attribution, Byline, RelatedLink, SearchDocument, TaggedArticle
from articles.search.document import month_label, section_label
from articles.search.places import month_at, place_of

PARAGRAPHS, SENTENCES = 8, 4
TAGS, RELATED, NEAR = 5, 3, 500  # related links lead to one of so many before it
LONGEST_SLUG = 80
ORIGINS = [Origin.OWN] * 6 + [Origin.AGENCY] * 3 + [Origin.OPINION]

# What is told of each row; the other columns have what a new row of the model has.
COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Article: (
        "id", "headline", "headline_key", "slug", "standfirst", "body", "section_id", "lead_image_id", "origin",
        "status", "publish_at", "published_at", "created_at", "saved_at",
    ),
    Byline: ("article_id", "author_id", "position", "published_at"),
    Attribution: ("article_id", "source_id", "published_at"),
    TaggedArticle: ("content_object_id", "tag_id", "published_at"),
    RelatedLink: ("article_id", "target_id", "position"),
    SearchDocument: ("place", "article_id", "title", "words", "analyser"),
}  # fmt: skip

Rows = dict[type[Model], list[tuple[object, ...]]]
# How the database is told the terms of lines with their labels.
Told = Callable[[Sequence[Line], Iterable[str]], str]


class Named(NamedTuple):
    """An author, a source or a tag."""

    pk: int
    piece: Piece


class Story(NamedTuple):
    """What stands on the page."""

    headline: Line
    standfirst: Line
    paragraphs: list[Line]
    tags: list[Named]
    authors: list[Named]
    source: Named


class Maker:
    """Makes articles of one world; those of the same seed are the same."""

    def __init__(self, world: World, texts: Texts, told: Told) -> None:
        self.world, self.texts, self.told = world, texts, told
        self.tags, self.authors, self.sources = (
            [Named(pk, texts.piece(name)) for pk, name in rows] for rows in (world.tags, world.authors, world.sources)
        )
        self.random = random.Random()  # noqa: S311 - nothing here is a secret

    def rows(self, ids: Sequence[int], moments: Iterable[datetime], *, seed: int) -> Rows:
        self.random.seed(seed)
        rows: Rows = {model: [] for model in COLUMNS}
        for number, (pk, moment) in enumerate(zip(ids, moments, strict=True)):
            self._add(rows, pk, moment, near=ids[max(0, number - NEAR) : number])
        return rows

    def _add(self, rows: Rows, pk: int, moment: datetime, *, near: Sequence[int]) -> None:
        story, section = self._story(), self.random.choice(self.world.sections)
        at = f"{moment:%Y-%m-%d %H:%M:%S}"
        rows[Article].append(self._article(story, pk, at, section))
        rows[Byline] += [(pk, author.pk, position, at) for position, author in enumerate(story.authors)]
        rows[Attribution].append((pk, story.source.pk, at))
        rows[TaggedArticle] += [(pk, tag.pk, at) for tag in story.tags]
        related = self.random.sample(near, min(RELATED, len(near)))
        rows[RelatedLink] += [(pk, target, position) for position, target in enumerate(related)]
        rows[SearchDocument].append(self._document(story, pk, moment, section))

    def _story(self) -> Story:
        one, some, texts = self.random.choice, self.random.choices, self.texts
        tags = [self.tags[number] for number in sorted(self.random.sample(range(len(self.tags)), TAGS))]
        openings = [self._filled(one(texts.openings), tag.piece) for tag in self.random.sample(tags, TAGS)]
        starts = [*openings[1:], self._filled(one(texts.quotes), one(texts.people))]
        starts += [[one(texts.sentences)] for _number in range(PARAGRAPHS - len(starts))]
        return Story(
            headline=[one(tags).piece, texts.within, one(texts.places), one(texts.tails)],
            standfirst=openings[0],
            paragraphs=[[*start, *some(texts.sentences, k=SENTENCES - 1)] for start in starts],
            tags=tags,
            authors=self.random.sample(self.authors, one((1, 2))),
            source=one(self.sources),
        )

    def _filled(self, sentence: Sentence, subject: Piece) -> Line:
        line = [sentence.parts[0]]
        for slot, part in zip(sentence.slots, sentence.parts[1:], strict=True):
            line += [self.random.choice(self.texts.places) if slot == "place" else subject, part]
        return line

    def _article(self, story: Story, pk: int, at: str, section: int) -> tuple[object, ...]:
        words = [piece.slug for piece in story.headline]
        return (
            pk,
            text_of(story.headline),
            " ".join([piece.key for piece in story.headline]),
            "-".join(words if sum(map(len, words)) < LONGEST_SLUG - len(words) else words[:-1]),
            text_of(story.standfirst),
            "\n".join([f"<p>{text_of(paragraph)}</p>" for paragraph in story.paragraphs]),
            section,
            self.random.choice(self.world.pictures),
            self.random.choice(ORIGINS),
            Status.APPROVED,
            *[at] * 4,
        )

    def _document(self, story: Story, pk: int, moment: datetime, section: int) -> tuple[object, ...]:
        place = place_of(moment, pk)
        labels = [section_label(section), month_label(month_at(place))]
        names = [[named.piece] for named in (*story.tags, *story.authors, story.source)]
        lines = [story.headline, story.standfirst, *story.paragraphs, *names]
        title, words = self.told([story.headline], labels), self.told(lines, labels)
        return place, pk, title, words, self.texts.analyser.fingerprint
