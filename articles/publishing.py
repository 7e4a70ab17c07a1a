"""The only writer of Article.status: submit, return, approve, publish (or schedule), withdraw, correct.

Each deed runs in one transaction on a locked row, checks the role of `by`, refuses what is not ready, and leaves a
Revision and a line in the log. Forms and the admin turn the errors into sentences. What is peculiar to changes of a
published story is in articles.changes.
"""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.checklist import blocking, by_field, findings
from articles.enums import CorrectionKind, RevisionAction, Status
from articles.listing import followed
from articles.models import Article, Correction
from articles.permissions import may_edit, may_publish
from articles.readiness import gaps, unfinished
from articles.revisions import record
from articles.search.indexing import fetch_for_index
from articles.stages import stage_of
from articles.validators import FIRST_YEAR, LAST_YEAR
from audit.enums import Action
from audit.recording import log
from newsroom.lib.watched import changed
from pages.public_time import is_behind, public_now

_WRITTEN = (
    "status", "publish_at", "published_at", "updated_at", "withdrawn_at", "withdrawal_note", "schedule_error",
    "saved_at",
)  # fmt: skip
LONGEST_NOTE = 300  # letters; Article.withdrawal_note

# Sent with `article` and `by` in the transaction that takes a story from its readers, for apps above this one that have
# to stop what holds it. An error of theirs undoes the deed.
taken_from_readers = Signal()


class NotAllowed(PermissionDenied):
    """The role of `by` does not cover this deed."""


class WrongState(Exception):
    """The article's state does not lead there, for example withdrawing a draft. The text is a sentence for people."""


class NotReady(Exception):
    """Something that publication needs is missing.

    `reasons` lists every sentence, keyed by the field that it is about, so that one visit mends all.
    """

    def __init__(self, reasons: dict[str, str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons.values()))


def missing(article: Article) -> dict[str, str]:
    """What keeps the article from being published, by field; empty when it is ready."""
    return gaps(article, has_source=bool(article.attributions.all()))


def submit(article: Article, *, by: User) -> Article:
    """Hand a draft to the editors. Raises NotAllowed, WrongState, NotReady (headline or body missing).

    They may finish it: a body of a few words is enough, and how long the headline is will be asked at publication.
    """

    def deed(article: Article) -> None:
        require(may_edit(by, article))
        require_status(article, Status.DRAFT)
        if reasons := unfinished(article):
            raise NotReady(reasons)
        article.status = Status.IN_REVIEW

    return _change(article, deed, by=by, action=RevisionAction.SUBMITTED)


def return_to_draft(article: Article, *, by: User, reason: str = "") -> Article:
    """Give a text back to its writer, cancel an approval or a schedule, or take a withdrawn story up again.

    Raises NotAllowed, WrongState (readers can see it: withdraw instead).
    """

    def deed(article: Article) -> None:
        require(may_publish(by))
        require_status(article, Status.IN_REVIEW, Status.APPROVED, Status.WITHDRAWN)
        if article.is_published:
            raise WrongState(_("Readers can see this article. Withdraw it instead."))
        if not article.was_published:
            article.published_at = None
        article.status, article.publish_at, article.schedule_error = Status.DRAFT, None, ""

    return _change(article, deed, by=by, action=RevisionAction.RETURNED, reason=reason)


def approve(article: Article, *, by: User) -> Article:
    """Declare an article ready, without a time. Raises NotAllowed, WrongState, NotReady."""

    def deed(article: Article) -> None:
        require(may_publish(by))
        require_status(article, Status.DRAFT, Status.IN_REVIEW)
        require_ready(article)
        article.status, article.publish_at = Status.APPROVED, None

    return _change(article, deed, by=by, action=RevisionAction.APPROVED)


def publish(article: Article, *, by: User, at: datetime | None = None, override: str = "") -> Article:
    """Make an article public now, or at `at` (aware): in the future it is scheduled, in the past backdated.

    The clock alone publishes a scheduled article; nothing has to run at that minute. `override` is the reason of a
    chief editor to publish against the house style.
    Raises NotAllowed, WrongState (it is public already, or a working copy: articles.changes.publish_changes;
    or the clock of the server went back and readers have had the moment `at` already),
    NotReady (also when `at` breaks the embargo, or a check of the house style forbids it).
    """
    now = timezone.now()
    moment = at or now

    def deed(article: Article) -> None:
        require(may_publish(by))
        if article.is_published:
            raise WrongState(_("This article is published already."))
        if article.is_working_copy:
            raise WrongState(_("A working copy is never public itself."))
        if at and is_behind(at):
            raise WrongState(behind())
        require_ready(article, at=moment)
        require_checked(article, by=by, override=override, at=moment)
        if not article.was_published:
            article.published_at = at or public_now(now)  # above what was out before
        article.status, article.publish_at = Status.APPROVED, moment
        article.withdrawn_at, article.withdrawal_note = None, ""

    action = RevisionAction.SCHEDULED if moment > now else RevisionAction.PUBLISHED
    return _change(article, deed, by=by, action=action)


def behind() -> str:
    """Why nothing can be scheduled for a moment that `is_behind`: it would be out at once."""
    return _("The clock of the server went back, and readers have had this moment already: choose a later one.")


def withdraw(article: Article, *, by: User, note: str) -> Article:
    """Take a published story from the readers; its address and the list of corrections then say so, with `note`.

    Raises NotAllowed, WrongState (readers cannot see it), NotReady (no note).
    """
    require(may_publish(by))
    take_from_readers(article, by=by, note=note)
    return article


def correct(article: Article, *, by: User, kind: CorrectionKind, note: str) -> Correction:
    """Add a public note to a published story and move its visible time of change. A retraction withdraws it.

    Raises NotAllowed, WrongState (readers cannot see it), NotReady (no note).
    """

    now = public_now()

    def deed(article: Article) -> None:
        require(may_publish(by))
        if not article.is_published:
            raise WrongState(_("Only a published article can be corrected."))
        if not note.strip():
            raise NotReady({"note": _("Write what was wrong and what is right.")})
        article.updated_at = now

    if kind == CorrectionKind.RETRACTION:
        require(may_publish(by))
        return take_from_readers(article, by=by, note=note, field="note")
    with transaction.atomic():
        _change(article, deed, by=by, action=RevisionAction.CORRECTED, reason=note)
        return Correction.objects.create(article=article, kind=CorrectionKind(kind), note=note.strip(), by=by, at=now)


def take_from_readers(
    article: Article, *, by: User | None, note: str, field: str = "withdrawal_note", reason: str = ""
) -> Correction:
    """What withdrawing does, for whoever may; `by` is None when the clock does it. Returns what readers are told.

    `field` is the one that errors are about, `reason` what the history says in place of the note.
    Raises WrongState, NotReady.
    """
    note, now = note.strip(), public_now()

    def deed(article: Article) -> None:
        if not article.is_published:
            raise WrongState(_("Only a published article can be withdrawn."))
        if not note:
            raise NotReady({field: _("Tell the readers why the article is withdrawn.")})
        if len(note) > LONGEST_NOTE:
            raise NotReady({field: _("The public reason is too long.")})
        article.status = Status.WITHDRAWN
        article.withdrawn_at, article.withdrawal_note = now, note

    with transaction.atomic():
        changed(article, recall=True)
        _change(article, deed, by=by, action=RevisionAction.WITHDRAWN, reason=reason or note)
        told = Correction.objects.create(article=article, kind=CorrectionKind.RETRACTION, note=note, by=by, at=now)
        taken_from_readers.send(Article, article=article, by=by)
        return told


def _change(
    article: Article, deed: Callable[[Article], None], *, by: User | None, action: RevisionAction, reason: str = ""
) -> Article:
    """Run `deed` on the locked row, store what it may have changed, and bring `article` up to date."""
    with transaction.atomic():
        locked = lock(article.pk)
        # Once, for the checks, the version and the index: no deed writes into these rows.
        fetch_for_index([locked])
        prefetch_related_objects([locked], "related_links")
        before = stage_of(locked)
        with followed(locked):
            deed(locked)
            locked.save(update_fields=_WRITTEN)
        record(locked, by=by, action=action, reason=reason, is_fetched=True)
        log(Action(action.value), by=by, subject=locked.story, before=before, after=stage_of(locked), note=reason)
    article.refresh_from_db()
    return article


def lock(pk: int) -> Article:
    """The row, locked until the transaction ends; of a working copy its story first.

    Always in this order, or two editors could wait for each other. Without a join: PostgreSQL cannot lock the
    nullable side of one. Raises WrongState: whoever had the lock before may have deleted the row.
    """
    rows = Article.objects.select_for_update()
    story = Article.objects.filter(pk=pk).values_list("working_copy_of", flat=True).first()
    try:
        if story:
            rows.get(pk=story)
        return rows.get(pk=pk)
    except Article.DoesNotExist as error:
        gone = (
            _("These changes were published or discarded meanwhile.")
            if story
            else _("This article does not exist any more.")
        )
        raise WrongState(gone) from error


def require(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed(_("Your role does not allow this."))


def require_seen(article: Article, seen: int | None) -> None:
    """Raise WrongState when the locked row has a newer version than the one that somebody decided about."""
    if seen is not None and seen != article.version:
        raise WrongState(_("Somebody saved a newer version meanwhile: look at it first."))


def require_status(article: Article, *statuses: Status) -> None:
    if article.status not in statuses:
        raise WrongState(
            _("This is not possible while the article is in the state “%(status)s”.")
            % {"status": article.get_status_display()}
        )


def require_ready(article: Article, *, at: datetime | None = None) -> None:
    """Raise NotReady when something is missing, or when `at` is no time to publish it."""
    if reasons := obstacles(article, at=at):
        raise NotReady(reasons)


def require_checked(article: Article, *, by: User, override: str, at: datetime) -> None:
    """Raise NotReady when a check of the checklist forbids to publish the article at that time.

    Who may override it does so with a reason, which the log keeps with the names of the checks.
    """
    found = blocking(findings(article, at=at))
    if not found:
        return
    if not (override.strip() and by.has_perm("articles.override_checks")):
        raise NotReady(by_field(found))
    names = ", ".join(dict.fromkeys(one.check for one in found))
    log(Action.CHECKS_OVERRIDDEN, by=by, subject=article.story, note=f"{names}: {override.strip()}")


def obstacles(article: Article, *, at: datetime | None = None) -> dict[str, str]:
    """What keeps the article from being published, at that time if one is given, by field."""
    reasons = missing(article)
    if at and not FIRST_YEAR <= at.year <= LAST_YEAR:
        reasons["publish_at"] = _("No page of the archive shows this year.")
    if at and article.embargo_until and at < article.embargo_until:
        reasons["publish_at"] = _("The publication time is before the end of the embargo.")
    return reasons
