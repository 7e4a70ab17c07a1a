"""The only writer of Article.status: submit, return, approve, publish, schedule, withdraw, correct.

Each deed runs in one transaction on a locked row, checks the role of `by`, refuses what is not ready, and leaves a
Revision. Forms and the admin turn the errors into sentences.
"""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.enums import CorrectionKind, RevisionAction, Status
from articles.models import Article, Correction
from articles.permissions import may_edit, may_publish
from articles.readiness import gaps
from articles.revisions import record
from articles.validators import FIRST_YEAR, LAST_YEAR

LONGEST_NOTE = 300  # letters; Article.withdrawal_note


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
    return gaps(article, has_source=article.attributions.exists())


def submit(article: Article, *, by: User) -> Article:
    """Hand a draft to the editors. Raises NotAllowed, WrongState, NotReady (headline or body missing)."""

    def deed(article: Article) -> None:
        _require(may_edit(by, article))
        _require_status(article, Status.DRAFT)
        if reasons := {k: v for k, v in missing(article).items() if k in {"headline", "body"}}:
            raise NotReady(reasons)
        article.status = Status.IN_REVIEW

    return _change(article, deed, by=by, action=RevisionAction.SUBMITTED)


def return_to_draft(article: Article, *, by: User, reason: str = "") -> Article:
    """Give a text back to its writer, cancel an approval or a schedule, or take a withdrawn story up again.

    Raises NotAllowed, WrongState (readers can see it: withdraw instead).
    """

    def deed(article: Article) -> None:
        _require(may_publish(by))
        _require_status(article, Status.IN_REVIEW, Status.APPROVED, Status.WITHDRAWN)
        if article.is_published:
            raise WrongState(_("Readers can see this article. Withdraw it instead."))
        if not article.was_published:
            article.published_at = None
        article.status, article.publish_at = Status.DRAFT, None

    return _change(article, deed, by=by, action=RevisionAction.RETURNED, reason=reason)


def approve(article: Article, *, by: User) -> Article:
    """Declare an article ready, without a time. Raises NotAllowed, WrongState, NotReady."""

    def deed(article: Article) -> None:
        _require(may_publish(by))
        _require_status(article, Status.DRAFT, Status.IN_REVIEW)
        _require_ready(article)
        article.status, article.publish_at = Status.APPROVED, None

    return _change(article, deed, by=by, action=RevisionAction.APPROVED)


def publish(article: Article, *, by: User, at: datetime | None = None) -> Article:
    """Make an article public now, or at `at` (aware): in the future it is scheduled, in the past backdated.

    The clock alone publishes a scheduled article; nothing has to run at that minute.
    Raises NotAllowed, WrongState (it is public already), NotReady (also when `at` breaks the embargo).
    """
    now = timezone.now()
    moment = at or now

    def deed(article: Article) -> None:
        _require(may_publish(by))
        if article.is_published:
            raise WrongState(_("This article is published already."))
        reasons = missing(article)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            reasons["publish_at"] = _("No page of the archive shows this year.")
        if article.embargo_until and moment < article.embargo_until:
            reasons["publish_at"] = _("The publication time is before the end of the embargo.")
        if reasons:
            raise NotReady(reasons)
        if not article.was_published:
            article.published_at = moment
        article.status, article.publish_at = Status.APPROVED, moment
        article.withdrawn_at, article.withdrawal_note = None, ""

    action = RevisionAction.SCHEDULED if moment > now else RevisionAction.PUBLISHED
    return _change(article, deed, by=by, action=action)


def schedule(article: Article, *, by: User, at: datetime) -> Article:
    """Publish at a future time. Raises what `publish` raises, and NotReady when `at` has passed."""
    if at <= timezone.now():
        raise NotReady({"publish_at": _("The publication time has passed.")})
    return publish(article, by=by, at=at)


def withdraw(article: Article, *, by: User, note: str) -> Article:
    """Take a published story from the readers; its address then says so, with the public `note`.

    Raises NotAllowed, WrongState (readers cannot see it), NotReady (no note).
    """

    def deed(article: Article) -> None:
        _require(may_publish(by))
        if not article.is_published:
            raise WrongState(_("Only a published article can be withdrawn."))
        if not note.strip():
            raise NotReady({"withdrawal_note": _("Tell the readers why the article is withdrawn.")})
        if len(note.strip()) > LONGEST_NOTE:
            raise NotReady({"withdrawal_note": _("The public reason is too long.")})
        article.status = Status.WITHDRAWN
        article.withdrawn_at, article.withdrawal_note = timezone.now(), note.strip()

    return _change(article, deed, by=by, action=RevisionAction.WITHDRAWN, reason=note)


def correct(article: Article, *, by: User, kind: CorrectionKind, note: str) -> Correction:
    """Add a public note to a published story and move its visible time of change.

    Raises NotAllowed, WrongState (readers cannot see it), NotReady (no note).
    """

    now = timezone.now()

    def deed(article: Article) -> None:
        _require(may_publish(by))
        if not article.is_published:
            raise WrongState(_("Only a published article can be corrected."))
        if not note.strip():
            raise NotReady({"note": _("Write what was wrong and what is right.")})
        article.updated_at = now

    with transaction.atomic():
        _change(article, deed, by=by, action=RevisionAction.CORRECTED, reason=note)
        return Correction.objects.create(article=article, kind=CorrectionKind(kind), note=note.strip(), by=by, at=now)


def _change(
    article: Article, deed: Callable[[Article], None], *, by: User, action: RevisionAction, reason: str = ""
) -> Article:
    """Run `deed` on the locked row, store what it may have changed, and bring `article` up to date."""
    changed = ["status", "publish_at", "published_at", "updated_at", "withdrawn_at", "withdrawal_note", "saved_at"]
    with transaction.atomic():
        # Only the article itself is locked: PostgreSQL cannot lock the nullable side of a join.
        locked = Article.objects.select_for_update().get(pk=article.pk)
        deed(locked)
        locked.save(update_fields=changed)
        record(locked, by=by, action=action, reason=reason)
    article.refresh_from_db()
    return article


def _require(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed(_("Your role does not allow this."))


def _require_status(article: Article, *statuses: Status) -> None:
    if article.status not in statuses:
        raise WrongState(
            _("This is not possible while the article is in the state “%(status)s”.")
            % {"status": article.get_status_display()}
        )


def _require_ready(article: Article) -> None:
    if reasons := missing(article):
        raise NotReady(reasons)
