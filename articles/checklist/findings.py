"""Everything that could be better in a text, check by check, in the order of the catalogue."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from articles.checklist import headline, papers, text
from articles.checklist.catalogue import CHECKS
from articles.checklist.levels import strictness_of_checks
from articles.checklist.links import dead_links
from articles.checklist.mending import MENDABLE, Mender
from articles.checklist.noticed import Checked, Noticed
from articles.enums import Strictness
from articles.models import Article


@dataclass(frozen=True)
class Finding:
    """A sentence and the field of the form that it is about; "comments" stands for the panel below it.

    `places` quotes the text where the fault stands, the first few; `has_fix`: articles.checklist.mended can mend it.
    """

    check: str
    field: str
    sentence: str
    strictness: Strictness
    places: tuple[str, ...] = ()
    has_fix: bool = False


_Look = Callable[[Checked], Iterable[Noticed]]
_LOOKS: dict[str, _Look] = {
    "headline_length": headline.length,
    "headline_lines": headline.lines,
    "headline_snippet": headline.snippet,
    "headline_repeated": headline.repeated,
    "standfirst_missing": headline.standfirst_missing,
    "standfirst_length": headline.standfirst_length,
    "unpaired_marks": text.unpaired_marks,
    "long_paragraph": text.long_paragraphs,
    "long_sentence": text.long_sentences,
    "tags": papers.tags,
    "picture_credit": papers.picture_credit,
    "picture_size": papers.picture_size,
    "picture_rights": papers.picture_rights,
    "picture_rights_soon": papers.picture_rights_soon,
    "picture_words": papers.picture_words,
    "related_links": papers.related_links,
    "dead_links": dead_links,
    "open_comments": papers.open_comments,
}


def findings(article: Article, *, at: datetime | None = None) -> list[Finding]:
    """What could be better. Of a working copy: of the text that readers would see.

    `at` is when readers will first see it, for rights that end; without one as soon as its own time says.
    The article may be in memory alone (articles.as_typed). About ten queries; the length of the text costs none.
    """
    levels = strictness_of_checks()
    checked, mender = Checked(article, at), Mender()
    found: list[Finding] = []
    for check in CHECKS:
        level = levels[check.name]
        if level == Strictness.SILENT:
            continue
        look = _LOOKS.get(check.name)
        noticed = look(checked) if look else text.of_mendable(check.name, checked.words, mender)
        has_fix = check.name in MENDABLE
        found += [
            Finding(check.name, one.field, one.sentence, level, one.places, has_fix and one.has_fix) for one in noticed
        ]
    return found


def blocking(found: Iterable[Finding]) -> list[Finding]:
    return [one for one in found if one.strictness == Strictness.BLOCKS]


def by_field(found: Iterable[Finding]) -> dict[str, str]:
    """Their sentences, for what is refused because of them."""
    reasons: dict[str, list[str]] = {}
    for one in found:
        reasons.setdefault(one.field, []).append(one.sentence)
    return {field: " ".join(sentences) for field, sentences in reasons.items()}
