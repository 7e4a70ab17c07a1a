"""The relevance sets of fixtures/search: articles made of their texts, and how well each query is answered."""

import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from articles.enums import Status
from articles.models import Article, Section
from articles.search import current_vocabulary, find, parse
from articles.search.indexing import index

FOLDER = Path(__file__).parents[2] / "fixtures" / "search"
SETS = ("first", "second", "third", "fourth")
LAST_DAY = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass
class Judgement:
    """How one query was answered, as keys of texts."""

    typed: str
    kind: str
    found: list[str]
    missed: list[str]
    wrong: list[str]


@dataclass
class Report:
    judgements: list[Judgement] = field(default_factory=list)
    wanted: int = 0

    @property
    def recall(self) -> float:
        return 1 - sum(len(judgement.missed) for judgement in self.judgements) / self.wanted

    @property
    def wrong(self) -> int:
        return sum(len(judgement.wrong) for judgement in self.judgements)

    @property
    def faults(self) -> list[Judgement]:
        return [judgement for judgement in self.judgements if judgement.missed or judgement.wrong]

    def by_kind(self) -> dict[str, tuple[int, int]]:
        """Of each kind of query how many there are and how many are answered without a fault."""
        kinds: dict[str, list[bool]] = defaultdict(list)
        for judgement in self.judgements:
            kinds[judgement.kind].append(not judgement.missed and not judgement.wrong)
        return {kind: (len(right), sum(right)) for kind, right in sorted(kinds.items())}


def read(file: str, entry: str) -> list[dict[str, Any]]:
    """The entries of a file."""
    rows: list[dict[str, Any]] = tomllib.loads((FOLDER / f"{file}.toml").read_text("utf-8"))[entry]
    return rows


def load(name: str) -> dict[int, str]:
    """Publish and index the texts of a set; returns their keys by id."""
    section = Section.objects.get_or_create(name="أخبار")[0]
    keys = {}
    for number, text in enumerate(read(f"texts_{name}", "text")):
        day = datetime.combine(text["day"], time(9), UTC) if "day" in text else LAST_DAY - timedelta(hours=number)
        body = "".join(f"<p>{line}</p>" for line in text["body"].strip().splitlines() if line.strip())
        article = Article.objects.create(
            headline=text["headline"],
            body=body,
            section=section,
            status=Status.APPROVED,
            publish_at=day,
            published_at=day,
        )
        keys[article.pk] = text["key"]
    index(list(keys))
    return keys


def judge(keys: dict[int, str], name: str) -> Report:
    """Ask every query of a set. Wrong is whatever was found and is not named, whether the set warns of it or not."""
    words = current_vocabulary()
    report = Report()
    for query in read(f"queries_{name}", "query"):
        asked = parse(query["q"], words.analyser, words.synonyms)
        found = [keys[pk] for pk in find(asked).ids if pk in keys]
        wanted = set(query["finds"])
        report.wanted += len(wanted)
        missed, wrong = sorted(wanted - set(found)), sorted(set(found) - wanted)
        report.judgements.append(Judgement(query["q"], query.get("kind", ""), found, missed, wrong))
    return report
