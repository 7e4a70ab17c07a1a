"""Bytes of a text to a draft: the deed around articles.recognising."""

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles import revisions
from articles.enums import BylineRole, Origin, RevisionAction, SourceKind, Status
from articles.import_bounds import within_bounds
from articles.import_html import body_html
from articles.mending import mended_in_text
from articles.models import (
    Article,
    Attribution,
    Author,
    Byline,
    DroppedLine,
    ImportRecord,
    RelatedLink,
    Section,
    Source,
)
from articles.near_tags import near_duplicates_of, near_tag_code
from articles.recognising import Block, BlockType, Credit, Recognised, Warn, recognise
from audit.enums import Action
from audit.recording import log
from newsroom.lib.arabic import fold
from newsroom.lib.decoding import Decoded, Undecodable, decode
from newsroom.lib.names import name_key
from newsroom.lib.reversed_text import is_reversed, turned

logger = logging.getLogger(__name__)

PROPOSED_CHARS = 110
_SENTENCE_END = re.compile(r"[.؟!…](?=\s|$)")
_ROLES = {
    "ترجمة": BylineRole.TRANSLATION,
    "إعداد": BylineRole.PREPARATION,
    "اعداد": BylineRole.PREPARATION,
    "تحرير": BylineRole.EDITING,
    "المحرر": BylineRole.EDITING,
}


class ImportStatus(models.TextChoices):
    OK = "ok", _("imported")
    OK_WITH_WARNINGS = "ok_with_warnings", _("imported, please check")
    EMPTY = "empty", _("no story in it")
    REJECTED = "rejected", _("refused")
    DUPLICATE = "duplicate", _("here already")


class Refusal(models.TextChoices):
    """Why nothing was made of a file; stands among the warnings of its result."""

    EMPTY = "empty", _("The file is empty.")
    ONLY_FURNITURE = "only_furniture", _("The file holds only menus and labels, no story.")
    BINARY = "binary", _("The file is no text.")
    TOO_LARGE = "too_large", _("The file is larger than 5 MB.")
    UNREADABLE = "unreadable", _("The file cannot be opened, or its encoding is unknown.")
    FAILED = "failed", _("The text could not be saved.")


@dataclass(frozen=True)
class ImportResult:
    """What became of one file."""

    file: str
    status: ImportStatus
    encoding: str | None = None
    recognised: Recognised = field(default_factory=Recognised)
    warnings: tuple[str, ...] = ()
    article_id: int | None = None
    # What hygiene took out of the text or replaced: articles.mending.
    mended: tuple[dict[str, Any], ...] = ()

    @property
    def is_refused(self) -> bool:
        return self.status in {ImportStatus.EMPTY, ImportStatus.REJECTED}

    def as_json(self) -> dict[str, Any]:
        """What was recognised: all keys always, null for a missing text, [] for a missing list."""
        story = self.recognised
        return {
            "file": self.file,
            "status": str(self.status.value),
            "encoding": self.encoding,
            "headline": story.headline,
            "subtitle": story.subtitle,
            "date": story.date.isoformat() if story.date else None,
            "byline": story.byline,
            "lead_caption": story.lead_caption,
            "sources": list(story.sources),
            "tags": list(story.tags),
            "blocks": [{"type": str(block.type.value), "text": block.text} for block in story.blocks],
            "dropped": [{"text": line.text, "reason": str(line.reason.value)} for line in story.dropped],
            "warnings": list(self.warnings),
            "article_id": self.article_id,
        }

    def report(self) -> dict[str, Any]:
        """The object of the report: what was recognised, and what was cleaned where anything was (articles.mending)."""
        return {**self.as_json(), **({"mended": list(self.mended)} if self.mended else {})}


def import_text(
    raw: bytes,
    *,
    file_name: str,
    by: User | None = None,
    section: Section | None = None,
    dry_run: bool = False,
    turns: bool = False,
    seen: dict[str, int | None] | None = None,
) -> ImportResult:
    """Make a draft of one text, or say why not. Raises nothing for bad bytes; one transaction for the rows.

    `turns` reads each line of a reversed text from its other end (newsroom.lib.reversed_text).
    `seen` carries the fingerprints of a batch from text to text, so that a dry run finds them twice too.
    """
    seen = {} if seen is None else seen
    file_name = file_name.encode(errors="replace").decode()  # a name in an unknown encoding has half characters
    try:
        decoded = decode(raw)
    except Undecodable as error:
        status = ImportStatus.EMPTY if error.reason == "empty" else ImportStatus.REJECTED
        return ImportResult(file_name, status, warnings=(error.reason,))
    if turns and is_reversed(decoded.text):
        decoded = replace(decoded, text=turned(decoded.text))
    result = _read(decoded, file_name)
    if result.is_refused:
        return result
    sha256, reference = hashlib.sha256(raw).hexdigest(), import_reference(result.recognised)
    known = _find_duplicate(sha256, reference, seen)
    if known is None and not dry_run:
        try:
            text = decoded.text.replace("\x00", "")
            article = _save(result, text=text, sha256=sha256, reference=reference, by=by, section=section)
            result = replace(result, article_id=article.pk)
        except IntegrityError:
            # Somebody else imported the same text a moment ago; any other clash is a real failure.
            known = _find_duplicate(sha256, reference, {})
            if known is None:
                raise
    if known is not None:
        return replace(result, status=ImportStatus.DUPLICATE, article_id=known or None)
    seen[sha256] = seen[reference] = result.article_id or 0
    return result


def _read(decoded: Decoded, file_name: str) -> ImportResult:
    """What a text holds, before anything is stored."""
    story = within_bounds(recognise(decoded.text))
    found = [Warn.REVERSED] if is_reversed(decoded.text) else []
    warnings = (*decoded.warnings, *(str(warning.value) for warning in (*found, *story.warnings)))
    status = ImportStatus.OK_WITH_WARNINGS if warnings else ImportStatus.OK
    if not story.has_story:
        status, warnings = ImportStatus.EMPTY, (str(Refusal.ONLY_FURNITURE.value), *warnings)
    mended = tuple(mended_in_text(decoded.text))
    return ImportResult(file_name, status, decoded.encoding, story, warnings, mended=mended)


def import_batch(
    files: Iterable[tuple[str, bytes | None]],
    *,
    by: User | None = None,
    section: Section | None = None,
    dry_run: bool = False,
    turns: bool = False,
) -> Iterator[ImportResult]:
    """Import many texts; one that fails is reported as rejected and the rest goes on.

    A file without bytes (None) could not be opened.
    """
    seen: dict[str, int | None] = {}
    for file_name, raw in files:
        if raw is None:
            yield ImportResult(file_name, ImportStatus.REJECTED, warnings=(str(Refusal.UNREADABLE.value),))
            continue
        try:
            yield import_text(raw, file_name=file_name, by=by, section=section, dry_run=dry_run, turns=turns, seen=seen)
        except Exception:
            logger.exception("Importing %r failed", file_name)
            yield ImportResult(file_name, ImportStatus.REJECTED, warnings=(str(Refusal.FAILED.value),))


def import_reference(story: Recognised) -> str:
    """Fingerprint of the folded headline and first paragraph; without a headline, of the whole text.

    Two stories may begin alike, and without a headline a beginning alone would make them one.
    """
    paragraphs = [block.text for block in story.blocks if block.type == BlockType.PARAGRAPH]
    texts = [block.text for block in story.blocks]
    parts = [story.headline, *paragraphs[:1]] if story.headline and paragraphs else [story.headline or "", *texts]
    return hashlib.sha256("\n".join(fold(part) for part in parts).encode()).hexdigest()


def propose_headline(story: Recognised) -> str:
    """The first sentence of the first paragraph, cut between words."""
    first = next((block.text for block in story.blocks if block.type == BlockType.PARAGRAPH), "")
    end = _SENTENCE_END.search(first)
    sentence = first[: end.start()] if end else first
    if len(sentence) <= PROPOSED_CHARS:
        return sentence.strip(" ،:")
    return sentence[: PROPOSED_CHARS + 1].rpartition(" ")[0].strip(" ،:") or sentence[:PROPOSED_CHARS]


def _find_duplicate(sha256: str, reference: str, seen: dict[str, int | None]) -> int | None:
    """The article that the text became before, 0 when a dry run only saw the text, None when it is new."""
    for fingerprint in (sha256, reference):
        if fingerprint in seen:
            return seen[fingerprint] or 0
    by_bytes = ImportRecord.objects.filter(sha256=sha256).values_list("article_id", flat=True).first()
    if by_bytes is not None:
        return by_bytes
    return Article.objects.filter(import_ref=reference).values_list("pk", flat=True).first()


@transaction.atomic
def _save(
    result: ImportResult, *, text: str, sha256: str, reference: str, by: User | None, section: Section | None
) -> Article:
    story = result.recognised
    article = Article.objects.create(
        headline=story.headline or "",
        standfirst=story.subtitle or "",
        body=body_html(story.blocks),
        dateline=story.dateline or "",
        section=section,
        lead_caption=story.lead_caption or "",
        origin=Origin.AGENCY if story.sources else Origin.OWN,
        created_by=by,
        import_ref=reference,
    )
    record = ImportRecord.objects.create(
        article=article,
        file_name=result.file[-255:],
        encoding=result.encoding or "",
        sha256=sha256,
        original_text=text,
        warnings=[*result.warnings, *_tag(article, story.tags)],
        proposed_headline="" if story.headline else propose_headline(story),
        proposed_date=story.date,
        by=by,
    )
    DroppedLine.objects.bulk_create(
        DroppedLine(record=record, position=at, text=line.text, reason=line.reason, after_block=line.after_block)
        for at, line in enumerate(story.dropped)
    )
    _credit_authors(article, story.credits)
    _attribute(article, story.sources)
    _link(article, story.blocks, by=by)
    revisions.record(article, by=by, action=RevisionAction.IMPORTED, mended=result.mended)
    log(Action.IMPORTED, by=by, subject=article)
    return article


def _tag(article: Article, names: tuple[str, ...]) -> list[str]:
    """Put its tags on the article. A new one that resembles another is not made: an editor is told, by a code each."""
    near = near_duplicates_of(names)
    if kept := [name for name in names if name not in near]:
        article.tags.set(kept)
    return [near_tag_code(name, tags[0].name) for name, tags in near.items()]


def _credit_authors(article: Article, credits: tuple[Credit, ...]) -> None:
    bylines: dict[tuple[int, str], Byline] = {}
    for position, credit in enumerate(credits):
        author, _created = Author.objects.get_or_create(name_key=name_key(credit.name), defaults={"name": credit.name})
        role = _ROLES.get(credit.label, BylineRole.WRITING)
        bylines.setdefault((author.pk, role), Byline(article=article, author=author, role=role, position=position))
    Byline.objects.bulk_create(bylines.values())


def _attribute(article: Article, names: tuple[str, ...]) -> None:
    attributions: dict[int, Attribution] = {}
    for position, name in enumerate(names):
        kind = SourceKind.AGENCY if fold(name).startswith("وكال") else SourceKind.OUTLET
        source, _created = Source.objects.get_or_create(name_key=name_key(name), defaults={"name": name, "kind": kind})
        printed_as = "" if source.name == name else name
        attributions.setdefault(
            source.pk, Attribution(article=article, source=source, printed_as=printed_as, position=position)
        )
    Attribution.objects.bulk_create(attributions.values())


def _link(article: Article, blocks: tuple[Block, ...], *, by: User | None) -> None:
    """Related links in their places; one whose headline is a story of ours that `by` may see leads to it."""
    titles = {name_key(block.text): block.text for block in blocks if block.type == BlockType.RELATED}
    if not titles:
        return
    visible = Article.objects.visible_to(by) if by else Article.objects.all()
    ours = visible.filter(headline_key__in=titles, working_copy_of=None).exclude(pk=article.pk)
    targets = {target.headline_key: target for target in ours.exclude(status=Status.WITHDRAWN).order_by("pk")}
    links: list[RelatedLink] = []
    above = 0
    for block in blocks:
        if block.type != BlockType.RELATED:
            above += 1
        elif titles.pop(name_key(block.text), None):
            target = targets.get(name_key(block.text))
            links.append(
                RelatedLink(
                    article=article,
                    target=target,
                    title=block.text,
                    after_block=above,
                    position=len(links),
                )
            )
    RelatedLink.objects.bulk_create(links)
