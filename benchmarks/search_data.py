"""An archive of ten years to search in: what `benchmarks.search` measures on. The same rows every time.

The words are made up and fall off as those of a language do (Zipf); among them stand words of known frequency. The
documents are put together from the stems of the vocabulary, each word analysed once: reading a million texts with the
analyser would take an hour and give the same rows, which `checked` makes sure of for a few.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from itertools import accumulate, islice
from typing import Any, NamedTuple

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from articles.enums import Status
from articles.models import Article, SearchDocument, Section, Terms
from articles.models.search import GAP, ID_BITS
from articles.search.document import month_label, section_label
from articles.search.indexing import make_document
from articles.search.places import month_at, place_of
from articles.search.vocabulary import current_analyser
from benchmarks.desk_data import fast_writes
from newsroom.lib.analyser import Analyser
from pages.models import SiteSettings

YEARS, SECTIONS = 10, 10
VOCABULARY, POOL = 30_000, 20_000
MADE = 100_000  # more are the same ones again
PARAGRAPHS, PARAGRAPH_WORDS, HEADLINE_WORDS = 6, 55, 8
BATCH = 5_000
LETTERS = "بتثجحخدذرزسشصضطظعغفقكلمنهي"
# Word and the share of the articles that have it in their text; a twentieth of them have it in the headline too.
SHARES = {
    "الحكومة": 0.3,
    "الأسعار": 0.3,
    "الوزارة": 0.1,
    "الانتخابات": 0.03,
    "الزيتون": 0.01,
    "المتحف": 0.001,
    "الخسوف": 0.0001,
}
# In a third of the articles of one year, long ago, and in none since.
BURST, BURST_YEAR = "الزلزال", 6
# Always next to each other in one of a thousand articles, and each for itself in many.
PHRASE = ("مجلس", "المدينة")


INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename IN ('articles_article', 'articles_searchdocument')
AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


class Line(NamedTuple):
    """A headline or a paragraph with the terms of its words."""

    text: str
    stems: tuple[str, ...]
    variants: frozenset[str]

    def with_words(self, other: "Line") -> "Line":
        """The same with other words at its end."""
        return Line(f"{self.text} {other.text}", self.stems + other.stems, self.variants | other.variants)


class Archive:
    """Makes articles with their documents, one after the other, the oldest first."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.random = random.Random(count)  # noqa: S311 - the same texts every time
        self.analyser: Analyser = current_analyser()
        self.now = timezone.now().replace(microsecond=0)
        self.sections = [
            Section.objects.get_or_create(name=f"قسم {number}", defaults={"slug": f"s{number}"})[0]
            for number in range(SECTIONS)
        ]
        vocabulary = [self._made_up() for _number in range(VOCABULARY)]
        weights = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))

        def line(words: int) -> Line:
            return self.line(" ".join(self.random.choices(vocabulary, cum_weights=weights, k=words)))

        self.headlines = [line(HEADLINE_WORDS) for _number in range(POOL)]
        self.paragraphs = [line(PARAGRAPH_WORDS) for _number in range(POOL)]
        self.known = {text: self.line(text) for text in [*SHARES, BURST, *PHRASE, " ".join(PHRASE)]}

    def line(self, text: str) -> Line:
        words = text.split()
        variants = frozenset[str]().union(*map(self.analyser.variants, words))
        return Line(text, tuple(map(self.analyser.stem, words)), variants)

    def _made_up(self) -> str:
        head = self.random.choice(["", "", "ال", "ال", "و", "وال", "ب", "لل"])
        tail = self.random.choice(["", "", "", "ة", "ات", "ين", "ها", "ي"])
        return head + "".join(self.random.choices(LETTERS, k=self.random.randint(3, 5))) + tail

    def articles(self) -> Iterator[tuple[Article, SearchDocument]]:
        age = timedelta(days=365 * YEARS)
        for number in range(self.count):
            moment = self.now - age * (1 - number / self.count)
            yield self._article(number + 1, moment, (self.now - moment).days // 365)

    def _article(self, pk: int, moment: datetime, years_ago: int) -> tuple[Article, SearchDocument]:
        lines = [self.random.choice(self.headlines), *self.random.sample(self.paragraphs, k=PARAGRAPHS)]
        shares = {**SHARES, BURST: 0.33} if years_ago == BURST_YEAR else SHARES
        for text, share in {**shares, **dict.fromkeys(PHRASE, 0.05), " ".join(PHRASE): 0.001}.items():
            if self.random.random() < share:
                at = self.random.randrange(1, len(lines))
                lines[at] = lines[at].with_words(self.known[text])
                if self.random.random() < 0.05:
                    lines[0] = lines[0].with_words(self.known[text])
        section = self.sections[pk % SECTIONS]
        article = Article(
            pk=pk,
            headline=lines[0].text,
            slug=f"a{pk}",
            body="".join(f"<p>{line.text}</p>" for line in lines[1:]),
            section=section,
            status=Status.APPROVED,
            publish_at=moment,
            published_at=moment,
            created_at=moment,
            saved_at=moment,
        )
        place = place_of(moment, pk)
        labels = [section_label(section.pk), month_label(month_at(place))]
        document = SearchDocument(
            place=place,
            article_id=pk,
            title=_terms(lines[:1], labels),
            words=_terms(lines, labels),
            analyser=self.analyser.fingerprint,
        )
        return article, document


def _terms(lines: list[Line], labels: list[str]) -> Terms:
    words: list[str] = []
    for line in lines:
        words += ([GAP] if words else []) + [*line.stems]
    return Terms(words, frozenset(labels).union(*(line.variants for line in lines)))


def made(count: int) -> None:
    """Fill an empty database; one that is full already stays as it is."""
    call_command("migrate", verbosity=0)
    SiteSettings.objects.get_or_create(pk=SiteSettings.SINGLETON, defaults={"name": "مدار اليوم"})
    if not Article.objects.exists():
        checked(Archive(min(count, MADE)))
        with fast_writes():
            _fill(Archive(min(count, MADE)), times=max(1, count // MADE))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def checked(archive: Archive) -> None:
    """The documents are those that indexing would make. Raises AssertionError."""
    for article, document in islice(archive.articles(), 20):
        with transaction.atomic():
            article.save(force_insert=True)
            real = make_document(article, archive.analyser)
            transaction.set_rollback(True)
        for column in ("title", "words"):
            assert getattr(real, column).as_tsvector() == getattr(document, column).as_tsvector(), article.headline  # noqa: S101


def _fill(archive: Archive, *, times: int) -> None:
    rows = archive.articles()
    if connection.vendor == "sqlite":
        while batch := list(islice(rows, BATCH)):
            with transaction.atomic():
                Article.objects.bulk_create(article for article, _document in batch)
                SearchDocument.objects.bulk_create(document for _article, document in batch)
        return
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute(INDEXES)
        indexes = cursor.fetchall()
        # Made at once for all rows, which is many times faster than row by row and gives the same.
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        while batch := list(islice(rows, BATCH)):
            for model, objects in ((Article, [a for a, _d in batch]), (SearchDocument, [d for _a, d in batch])):
                _copy(cursor, model, objects)
        for number in range(1, times):
            _repeat(cursor, archive.count, number)
        for _name, definition in indexes:
            cursor.execute(definition)


def _repeat(cursor: Any, count: int, number: int) -> None:
    """The first `count` articles once more with other ids, each `number` seconds after itself."""
    add = number * count
    changed = {
        "id": f"id + {add}",
        "article_id": f"article_id + {add}",
        "place": f"place + {(number << ID_BITS) + add}",
        "publish_at": f"publish_at + interval '{number} seconds'",
        "published_at": f"published_at + interval '{number} seconds'",
        "saved_at": f"saved_at + interval '{number} seconds'",
    }
    for model, key in ((Article, "id"), (SearchDocument, "article_id")):
        columns = [field.column for field in model._meta.concrete_fields]
        values = ", ".join(changed.get(column, column) for column in columns)
        table = model._meta.db_table
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {key} <= {count}"  # noqa: S608
        )


def _copy(cursor: Any, model: Any, objects: list[Any]) -> None:
    fields = model._meta.concrete_fields
    lines = StringIO()
    for row in objects:
        values = []
        for field in fields:
            # Not pre_save: the times of ten years ago are not now.
            value = field.of(row) if hasattr(field, "of") else getattr(row, field.attname)
            values.append(_copied(field.get_db_prep_save(value, connection)))
        lines.write("\t".join(values) + "\n")
    lines.seek(0)
    names = ", ".join(f'"{field.column}"' for field in fields)
    cursor.cursor.copy_expert(f"COPY {model._meta.db_table} ({names}) FROM STDIN", lines)


def _copied(value: Any) -> str:
    if value is None:
        return r"\N"
    text = ("t" if value else "f") if isinstance(value, bool) else str(value)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
