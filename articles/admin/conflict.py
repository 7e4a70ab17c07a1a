"""The page of a conflict: the newest text beside mine, field by field, and the choice between them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import User
from articles import comparing
from articles.admin.autosaving import moment
from articles.admin.kept import kept_page
from articles.admin.staff import member
from articles.conflicts import Comparison, Difference, compare
from articles.models import Article, UnsavedText
from articles.permissions import may_edit
from articles.typed import GROUPS, PAPERS, TIMES, Sent, last, papers_in, papers_of
from newsroom.lib.diffing import Fold, Row, compare_lines
from richtext.comparing import compare_bodies
from richtext.merging import Chunk

LONG_TEXTS = ("standfirst", "key_points")
_NOT_WORDS = {"section_id", "lead_image_id", "without_picture", "origin", *TIMES, *PAPERS, *GROUPS}
# What a page of a conflict carries besides: its own machinery has new values.
_PAST_KEYS = 2**63
_REPLACED = ("_", "csrfmiddlewaretoken", "pick-", "merged-", "version", "base_version", "base-", "shown-")


@dataclass(frozen=True)
class Place:
    """One place of the body. `choice`: what is picked already, "" for nothing."""

    number: int
    chunk: Chunk
    rows: list[Row]
    choice: str


@dataclass(frozen=True)
class Shown:
    """A difference as the page shows it. `box`: mine as it may be reworked; None where words are no use."""

    name: str
    label: str
    side: str
    rows: list[Row | Fold]
    choice: str
    is_undecided: bool
    box: str | None
    is_long: bool
    places: list[Place]


def page(
    desk: Any, request: HttpRequest, data: Sent, comparison: Comparison, undecided: tuple[str, ...], kept_at: str
) -> TemplateResponse:
    """Status 409. Everything that was sent is in the page, so that nothing depends on what the server keeps."""
    story = comparison.article.story
    shown = list(_shown(data, comparison, member(request), undecided))
    names = ("window", "story", "brought_back")
    context = desk.admin_site.each_context(request) | {
        "title": _("Two texts: yours and a newer one"),
        "opts": Article._meta,
        "article": comparison.article,
        "story": story,
        "saves": [(save.by, moment(save.created_at)) for save in comparison.saves],
        "asked": [one for one in shown if one.side == "both"],
        "settled": [one for one in shown if one.side != "both"],
        "undecided": bool(undecided),
        "kept_at": kept_at,
        "cookie": settings.CSRF_COOKIE_NAME,
        "knows_base": comparison.knows_base,
        "version": comparison.article.version,
        "base_version": comparison.base_version,
        "papers": [(f"base-{name}", value or "") for name, value in papers_of(data).items()]
        + [(f"shown-{name}", value or "") for name, value in papers_in(comparison.article).items()],
        "hidden": [
            (name, value)
            for name, values in data.items()
            if name in names or not name.startswith(_REPLACED)
            for value in values
        ],
    }
    return TemplateResponse(request, "admin/articles/article/conflict.html", context, status=409)


def unsaved_page(desk: Any, request: HttpRequest, text_id: int, object_id: int | None) -> HttpResponse:
    """An unsaved text of one's own, beside what is stored. Raises Http404 for anybody else's."""
    user = member(request)
    article = desk.get_object(request, str(object_id)) if object_id else None
    if object_id and (article is None or not desk.has_view_permission(request, article)):
        raise Http404
    text = get_object_or_404(UnsavedText, pk=text_id, user=user, article=article.story if article else None)
    found: list[Shown] = []
    if article and may_edit(user, article):
        found = list(_shown(text.data, compare(text.data, article, base_version=text.base_version), user, ()))
    return kept_page(
        request,
        text.data,
        title=_("Unsaved text"),
        sentence=_("Typed %(time)s and not saved. Nobody else sees it.") % {"time": moment(text.saved_at)},
        status=200,
        story=article,
        differences=[one for one in found if one.side != "newest"],
    )


def _shown(data: Sent, comparison: Comparison, user: User, undecided: Iterable[str]) -> Iterable[Shown]:
    rows = _rows(comparison.differences, user)
    for one in comparison.differences:
        if one.name == "slug" and one.side == "newest":
            continue  # it follows the headline by itself
        is_body = one.name == "body"
        choice = last(data, f"pick-{one.name}") or ("" if one.side == "both" else one.side)
        box = None if one.name in _NOT_WORDS or is_body or one.side != "both" else _box(one, data)
        yield Shown(
            one.name,
            comparing.label(one.name),
            one.side,
            rows.get(one.name, []),
            choice,
            one.name in undecided,
            box,
            one.name in LONG_TEXTS,
            list(_places(one, data)) if one.side == "woven" or (is_body and one.side == "both") else [],
        )


def _places(one: Difference, data: Sent) -> Iterable[Place]:
    for number, chunk in enumerate(one.chunks()):
        choice = last(data, f"pick-body-{number}") if chunk.kind == "both" else chunk.kind
        yield Place(number, chunk, compare_bodies(chunk.newest_html, chunk.mine_html), choice or "")


def _box(one: Difference, data: Sent) -> str:
    own = "، ".join(one.mine) if one.name == "tags" else str(one.mine or "")
    return last(data, f"merged-{one.name}") or own


def _rows(found: Iterable[Difference], user: User) -> dict[str, list[Row | Fold]]:
    """Newest and mine side by side. What the form of a value does not allow to compare is shown as it is."""
    newest, mine, rows = {}, {}, {}
    for one in found:
        if one.name in PAPERS or not (_is_readable(one.name, one.mine) and _is_readable(one.name, one.newest)):
            rows[one.name] = _plain_rows(one, user)
        else:
            newest[one.name], mine[one.name] = one.newest, one.mine
    return rows | {change.name: change.rows for change in comparing.compare(newest, mine, by=user)}


def _plain_rows(one: Difference, user: User) -> list[Row | Fold]:
    old, new = (_in_words(one.name, value) for value in (one.newest, one.mine))
    return [*compare_lines([old] if old else [], [new] if new else [])]


def _in_words(name: str, value: Any) -> str:
    if name == "assigned_to_id" and value:
        return str(User.objects.filter(pk=value).first() or "") if str(value).isdecimal() else str(value)
    if name in TIMES and _is_readable(name, value) and value:
        moment_of = parse_datetime(value)
        return moment(moment_of) if moment_of else str(value)
    return str(value or "")


def _is_readable(name: str, value: Any) -> bool:
    if name in TIMES and value:
        try:
            read = parse_datetime(value)
        except ValueError:
            return False
        return read is not None and timezone.is_aware(read)  # as typed: no moment, in the gap of a change of clocks
    return not name.endswith("_id") or value is None or (isinstance(value, int) and abs(value) < _PAST_KEYS)
