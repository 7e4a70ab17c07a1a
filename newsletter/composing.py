"""An issue while it is being made: what it holds, in which order, in which words. Sending it is sending.lifecycle's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Article
from audit.enums import Action
from audit.recording import log
from newsletter.enums import IssueKind, IssueState, ItemKind
from newsletter.models import Issue, IssueItem, MailingList
from newsroom.lib.dates import format_date
from newsroom.lib.site_style import site_style

# More than anybody reads, and about what fits into a mail that Gmail does not clip.
MOST_ITEMS = 40
# Who asks again for the same issue within that time has pressed the button twice.
SAME_PRESS = timedelta(seconds=10)
# What an editor may change in an issue besides its items.
WORDS = ("subject", "subject_b", "preheader", "policy", "tracking")


class ComposingError(Exception):
    """Nothing was saved. `issue` is the row as it stands now."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        super().__init__(issue.pk)


class NotDraft(ComposingError):
    """It is scheduled, on its way, or sent: what readers get is not changed any more."""


class ChangedMeanwhile(ComposingError):
    """Somebody saved it after it was read by whoever saves now."""


class TooManyItems(ComposingError):
    """More than MOST_ITEMS."""


@dataclass(frozen=True)
class Row:
    """An item as a form holds it. `pk` is None for a new one; `headline` and `summary` empty mean the article's own."""

    pk: int | None
    kind: ItemKind
    article_id: int | None = None
    headline: str = ""
    summary: str = ""

    @classmethod
    def of(cls, item: IssueItem) -> "Row":
        return cls(item.pk, ItemKind(item.kind), item.article_id, item.headline, item.summary)


@transaction.atomic
def new_issue(
    mailing_list: MailingList,
    *,
    by: User | None,
    articles: Iterable[Article] = (),
    subject: str = "",
    **fields: Any,
) -> Issue:
    """A draft with the list's own settings; `fields` are other columns of Issue. `by` is None for a digest.

    Without a subject it has the name of the list and the day, for an editor to write over. Of `articles` only those
    that readers can see are taken, each once. Raises TooManyItems.
    """
    issue = Issue.objects.create(
        **{
            "mailing_list": mailing_list,
            "subject": subject or default_subject(mailing_list),
            "kind": IssueKind.EDITION,
            "policy": mailing_list.policy,
            "tracking": mailing_list.tracking,
            "created_by": by,
        }
        | fields
    )
    _write(issue, _rows_of(articles))
    log(Action.ADDED, by=by, subject=issue, note=mailing_list.name)
    return issue


def just_made(
    mailing_list: MailingList,
    *,
    by: User,
    kind: IssueKind = IssueKind.EDITION,
    article: Article | None = None,
    corrects: Issue | None = None,
) -> Issue | None:
    """The draft that the same press of a button has made already: a double click sends a form twice.

    Called in the transaction that makes the draft otherwise; of two at once the second waits here.
    """
    MailingList.objects.select_for_update(no_key=True).get(pk=mailing_list.pk)
    drafts = Issue.objects.filter(mailing_list=mailing_list, created_by=by, kind=kind, state=IssueState.DRAFT)
    same = drafts.filter(article=article, corrects=corrects, created_at__gt=timezone.now() - SAME_PRESS)
    return same.order_by("-id").first()


@transaction.atomic
def begin_issue(mailing_list: MailingList, *, by: User) -> Issue:
    """An empty draft for somebody who wants to write one."""
    return just_made(mailing_list, by=by) or new_issue(mailing_list, by=by)


def default_subject(mailing_list: MailingList) -> str:
    return _("%(list)s, %(day)s") % {
        "list": mailing_list.name,
        "day": format_date(timezone.now(), site_style(), weekday=True, year=False),
    }


@transaction.atomic
def save_issue(issue: Issue, *, by: User, version: int, words: dict[str, Any], rows: Sequence[Row]) -> Issue:
    """Let the issue have these words and exactly these items in this order; the row as it is then.

    `version` is the one that whoever saves has seen. A row whose article readers cannot see is kept if it was there
    before (it is only left out of the mail) and not taken otherwise. What changes nothing writes nothing.
    Raises NotDraft, ChangedMeanwhile and TooManyItems.
    """
    locked = _lock(issue, version)
    words = {name: value for name, value in words.items() if name in WORDS and getattr(locked, name) != value}
    changed = [str(getattr(Issue._meta.get_field(name), "verbose_name", name)) for name in words]
    if _write(locked, rows):
        changed.append(str(IssueItem._meta.verbose_name_plural))
    if changed:
        for name, value in words.items():
            setattr(locked, name, value)
        locked.version += 1
        locked.save(update_fields=[*words, "version"])
        log(Action.CHANGED, by=by, subject=locked, note="، ".join(changed))
    return locked


def cut_subject(text: str) -> str:
    """As long as a subject may be; a word is broken off only where it is half of it."""
    longest = Issue._meta.get_field("subject").max_length or 0
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    words, _space, _rest = head.rpartition(" ")
    return f"{words if len(words) > longest // 2 else head}…"


def earlier_issues(issue: Issue, article_ids: Iterable[int]) -> dict[int, Issue]:
    """Which issue of the same list brought these articles to its readers last, or is about to, by article."""
    others = Issue.objects.filter(mailing_list=issue.mailing_list_id).exclude(pk=issue.pk)
    reached = others.exclude(state__in=[IssueState.DRAFT, IssueState.CANCELLED]) | others.filter(
        state=IssueState.CANCELLED, started_at__isnull=False
    )
    items = IssueItem.objects.filter(article__in=list(article_ids), issue__in=reached.values("pk"))
    return {
        item.article_id: item.issue for item in items.select_related("issue").order_by("issue_id") if item.article_id
    }


def _rows_of(articles: Iterable[Article]) -> list[Row]:
    keys = dict.fromkeys(article.pk for article in articles)
    return [Row(None, ItemKind.ARTICLE, pk) for pk in keys]


def _lock(issue: Issue, version: int) -> Issue:
    """The row as it stands, held to the end of the transaction."""
    locked = Issue.objects.select_for_update().select_related("mailing_list").get(pk=issue.pk)
    if locked.state != IssueState.DRAFT:
        raise NotDraft(locked)
    if locked.version != version:
        raise ChangedMeanwhile(locked)
    return locked


def _write(issue: Issue, rows: Sequence[Row]) -> bool:
    """Make the items what `rows` say; whether anything had to change."""
    if len(rows) > MOST_ITEMS:
        raise TooManyItems(issue)
    there = {item.pk: item for item in issue.items.all()}
    wanted = _allowed(rows, there)
    gone = there.keys() - {row.pk for row in wanted}
    is_changed = bool(IssueItem.objects.filter(pk__in=gone).delete()[0]) if gone else False
    for position, row in enumerate(wanted):
        is_changed |= _write_item(issue, there.get(row.pk or 0), row, position)
    return is_changed


def _allowed(rows: Sequence[Row], there: dict[int, IssueItem]) -> list[Row]:
    """Each article once, and new ones only where readers can see them; a text without words says nothing.

    What kind of item a row is that was there before, it says itself.
    """
    rows = [replace(row, kind=ItemKind(there[row.pk].kind)) if row.pk in there else row for row in rows]
    new = {row.article_id for row in rows if row.pk not in there and row.article_id}
    public = set(Article.objects.published().filter(pk__in=new).values_list("pk", flat=True)) if new else set()
    allowed: list[Row] = []
    seen: set[int] = set()
    for row in rows:
        is_there = row.pk in there
        if row.kind == ItemKind.TEXT and row.summary:
            allowed.append(row)
        elif row.kind == ItemKind.ARTICLE and (is_there or row.article_id in public) and row.article_id not in seen:
            allowed.append(row)
            seen |= {row.article_id} if row.article_id else set()
    return allowed


def _write_item(issue: Issue, item: IssueItem | None, row: Row, position: int) -> bool:
    """Kind and article of an item never change."""
    values = {"headline": row.headline, "summary": row.summary, "position": position}
    if item is None:
        IssueItem.objects.create(issue=issue, kind=row.kind, article_id=row.article_id, **values)
        return True
    changed = [name for name, value in values.items() if getattr(item, name) != value]
    for name in changed:
        setattr(item, name, values[name])
    if changed:
        item.save(update_fields=changed)
    return bool(changed)
