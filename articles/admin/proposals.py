"""The panel of an imported article: what was proposed, what was doubtful, what was set aside."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from articles import restoring
from articles.admin.staff import member
from articles.admin.wording import reason_in_words, warnings_in_words
from articles.admin.workflow import attempt
from articles.enums import RevisionAction, Status
from articles.mending import told
from articles.models import Article, DroppedLine, ImportRecord
from articles.permissions import may_see_papers
from newsroom.lib.keys import read_key
from newsroom.lib.mended_forms import Told

MOST_LINES = 200  # at first; `?lines=all` shows the rest
_ACCEPT_HEADLINE, _ACCEPT_DATE, _RESTORE = "_accept_headline", "_accept_date", "_restore"


@dataclass(frozen=True)
class Proposals:
    record: ImportRecord
    warnings: list[str]
    lines: list[tuple[DroppedLine, str]]  # with the words for its reason
    more_lines: int
    offers_headline: bool
    offers_date: bool
    mended: list[Told]


def proposals_for(article: Article, request: HttpRequest) -> Proposals | None:
    """What the importer left for the desk; None for an article that was written here, or whose papers are not yours."""
    if not may_see_papers(member(request), article):
        return None
    record = ImportRecord.objects.filter(article=article.story).select_related("by").defer("original_text").first()
    if record is None:
        return None
    is_unapproved = article.status in {Status.DRAFT, Status.IN_REVIEW} and not article.is_working_copy
    lines = record.dropped_lines.select_related("restored_by")
    shown = list(lines if request.GET.get("lines") == "all" else lines[:MOST_LINES])
    return Proposals(
        record,
        warnings_in_words(record.warnings),
        [(line, reason_in_words(line.reason)) for line in shown],
        more_lines=lines.count() - len(shown) if len(shown) == MOST_LINES else 0,
        offers_headline=bool(record.proposed_headline) and not article.headline,
        offers_date=record.proposed_date is not None and article.publish_at is None and is_unapproved,
        mended=told(_mended(article.story)),
    )


def _mended(story: Article) -> list[dict[str, Any]]:
    """What was cleaned in the text when it was imported."""
    imported = story.revisions.filter(action=RevisionAction.IMPORTED)
    return imported.order_by("version").values_list("mended", flat=True).first() or []


def asked_for(request: HttpRequest) -> bool:
    return bool({_ACCEPT_HEADLINE, _ACCEPT_DATE, _RESTORE} & request.POST.keys())


def carry_out(request: HttpRequest, article: Article) -> None:
    """Do what a button of the panel asks. Raises NotAllowed."""
    by = member(request)
    if _ACCEPT_HEADLINE in request.POST:
        attempt(
            request,
            lambda: restoring.accept_headline(article, by=by),
            _("The proposed headline is accepted."),
        )
    elif _ACCEPT_DATE in request.POST:
        attempt(request, lambda: restoring.accept_date(article, by=by), _("The proposed date is accepted."))
    elif number := read_key(request.POST.get(_RESTORE, "")):
        # Only lines of this article; a number that is none of them does nothing.
        line = DroppedLine.objects.filter(record__article=article.story, pk=number).first()
        if line:
            attempt(request, lambda: restoring.restore(line, by=by), _("The line is back in the body."))
