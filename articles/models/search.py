"""What the search looks into, and the words that the desk teaches it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Protocol

from django.db import models
from django.db.models import BigIntegerField, Case, F, Lookup, When
from django.utils.translation import gettext_lazy as _

from newsroom.lib.arabic import fold
from newsroom.lib.fields import CleanCharField, KeyField
from newsroom.lib.scopes import SEARCH_WORDS
from newsroom.lib.watched import WatchedModel

# Stands where no word is: between paragraphs, so that no phrase reaches over them, and between loose words.
# No letter and no digit, so that nobody can type it; not ASCII, so that FTS5's `ascii` takes it for a word.
GAP = "¦"
# PostgreSQL keeps no place beyond this one and no more than 255 of one word; both engines then do the same.
LAST_PLACE, MOST_PLACES = 16_383, 255
# The lower bits of a place that readers can see (articles.search.places).
ID_BITS = 30
IDS = (1 << ID_BITS) - 1
# Of a tsvector's megabyte: the words, those that are loose besides; the rest is for the numbers of places.
MOST_BYTES, MOST_LOOSE_BYTES = 600_000, 300_000


@dataclass(frozen=True)
class Terms:
    """The stems of a text: `words` in their order (GAP between paragraphs), `loose` without a place.

    A phrase is found among the words alone, a word among both.
    """

    words: Sequence[str]
    loose: frozenset[str] = frozenset()

    def placed(self) -> tuple[list[str], list[str]]:
        """The words as both engines can keep them, and what is kept without a place, in a fixed order."""
        seen: Counter[str] = Counter()
        placed: list[str] = []
        late: set[str] = set()
        size = 0
        for word in self.words:
            if word not in seen:
                size += len(word.encode())
                if size > MOST_BYTES:
                    break
            seen[word] += 1
            if len(placed) < LAST_PLACE:
                placed.append(word if seen[word] <= MOST_PLACES else GAP)
            else:
                late.add(word)
        loose = sorted((self.loose | late) - set(placed) - {GAP}, key=_labels_first)
        ends = accumulate(0 if word in late else len(word.encode()) for word in loose)
        return placed, [word for word, end in zip(loose, ends, strict=True) if end <= MOST_LOOSE_BYTES or word in late]

    def as_text(self) -> str:
        """For FTS5: the words with a space between them, then the loose ones, each on its own."""
        placed, loose = self.placed()
        return " ".join([*placed, *(f"{GAP} {word}" for word in loose)])

    def as_tsvector(self) -> str:
        """The literal of a tsvector; PostgreSQL's own parser, which reads Arabic badly, never sees the text."""
        placed, loose = self.placed()
        places: dict[str, list[str]] = {}
        for number, word in enumerate(placed, start=1):
            if word != GAP:
                places.setdefault(word, []).append(str(number))
        return " ".join([*(f"'{word}':{','.join(at)}" for word, at in places.items()), *(f"'{w}'" for w in loose)])


def _labels_first(word: str) -> tuple[bool, str]:
    """A label is no word (articles.search.document); no text may be so long that it is left out."""
    return word.isalnum(), word


class TermsQuery(Protocol):
    """What is looked for, in the language of each engine (articles.search.query)."""

    def fts5(self) -> str: ...

    def tsquery(self) -> str: ...


class TermsField(models.Field):
    """Terms: a tsvector on PostgreSQL; on SQLite their text, which the FTS5 table named `fts` indexes."""

    def __init__(self, *args: Any, fts: str, **kwargs: Any) -> None:
        self.fts = fts
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"]
        return name, path, args, {**kwargs, "fts": self.fts}

    def db_type(self, connection: Any) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if not isinstance(value, Terms):
            return value
        return value.as_tsvector() if connection.vendor == "postgresql" else value.as_text()

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"


@TermsField.register_lookup
class Matches(Lookup):
    """`words__matches=query`: the one condition that both engines answer alike."""

    lookup_name = "matches"
    prepare_rhs = False
    rhs: TermsQuery

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        sql, params = self.process_lhs(compiler, connection)
        return f"{sql} @@ %s::tsquery", (*params, self.rhs.tsquery())

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        field: Any = self.lhs.output_field
        place = f'"{self.lhs.alias}"."place"'
        return f"{place} IN (SELECT rowid FROM {field.fts} WHERE {field.fts} MATCH %s)", (self.rhs.fts5(),)  # noqa: S608 - our own name


class SearchDocumentQuerySet(models.QuerySet["SearchDocument"]):
    """Documents, and the articles that they are of."""

    def hidden(self) -> "SearchDocumentQuerySet":
        """Of what readers cannot have seen."""
        return self.filter(place__lt=0)

    def article_ids(self) -> models.QuerySet[Any]:
        """Read from the place, so that SQLite finds them in its FTS5 table alone."""
        return self.order_by().values_list(
            Case(When(place__lt=0, then=-F("place")), default=F("place").bitand(IDS), output_field=BigIntegerField()),
            flat=True,
        )


class SearchDocument(models.Model):
    """An article as the search knows it. articles.search.indexing writes it, nobody else.

    On SQLite two FTS5 tables follow this one by triggers (migration 0004). Django alters a table there by making a new
    one, and the triggers go with the old: a migration that alters it must make them again.
    """

    # The order of results, newest last (articles.search.places); below zero what readers cannot have seen.
    place = models.BigIntegerField(primary_key=True)
    article = models.OneToOneField("articles.Article", models.CASCADE, related_name="search_document")
    title = TermsField(fts="articles_search_title")
    words = TermsField(fts="articles_search_words")
    # The fingerprint of the analyser that made the terms; another one makes others.
    analyser = models.CharField(max_length=12, db_index=True)

    objects = SearchDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.article_id}"


class _TaughtWord(WatchedModel):
    class Meta:
        abstract = True

    def changed_scopes(self) -> Iterable[str]:
        return [SEARCH_WORDS]


class Synonym(_TaughtWord):
    """Words that mean the same to whoever looks for one of them, beside those that the search comes with."""

    words = CleanCharField(
        _("words"),
        max_length=300,
        help_text=_("Two or more, with a comma between them: «هاتف، تلفون». An entry may have several words."),
    )
    is_off = models.BooleanField(
        _("these are not the same"),
        default=False,
        help_text=_("Parts words that the search comes with as the same."),
    )
    words_key = KeyField(source="words", key=fold, max_length=300)

    class Meta:
        verbose_name = _("words that mean the same")
        verbose_name_plural = _("words that mean the same")
        ordering = ["words_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["words_key"],
                name="synonym_words_unique",
                violation_error_message=_("These words stand in the list already."),
            ),
        ]

    def __str__(self) -> str:
        return self.words


class ProtectedWord(_TaughtWord):
    """A word of which the search takes nothing off: a name that would otherwise be taken for a form of another word."""

    word = CleanCharField(_("word"), max_length=60, help_text=_("One word, without article: «طالبان»."))
    is_off = models.BooleanField(
        _("not protected"), default=False, help_text=_("Takes a word from the list that the search comes with.")
    )
    word_key = KeyField(source="word", key=fold, max_length=60)

    class Meta:
        verbose_name = _("protected word")
        verbose_name_plural = _("protected words")
        ordering = ["word_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["word_key"],
                name="protected_word_unique",
                violation_error_message=_("This word stands in the list already."),
            ),
            models.CheckConstraint(name="protected_word_not_empty", condition=~models.Q(word_key="")),
        ]

    def __str__(self) -> str:
        return self.word
