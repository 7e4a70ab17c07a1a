"""Changes of a published story: a working copy that readers do not see until it is published.

The working copy is an ordinary row with its own bylines, sources, tags and links. Publishing writes it onto the story
in one transaction and deletes it; its versions stay with the story. Submitting, approving and returning it are the
deeds of articles.publishing.
"""

import logging
from datetime import datetime
from hashlib import sha256

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.change_kinds import LONGEST_NOTE, correction_kind, note_faults, reason_of
from articles.enums import ChangeKind, RevisionAction, Status
from articles.listing import followed
from articles.models import Article, Correction
from articles.permissions import may_edit, may_open_changes, may_publish
from articles.publishing import (
    NotReady,
    WrongState,
    lock,
    require,
    require_checked,
    require_ready,
    require_seen,
    take_from_readers,
)
from articles.revisions import record, snapshot, write
from articles.stages import stage_of
from audit.enums import Action
from audit.recording import log
from newsroom.lib.hygiene import clean_text

logger = logging.getLogger(__name__)

# Behind a page that knows nothing of a note, any that is kept is somebody else's.
UNSEEN = ""
# What gives an article another text.
_WRITING = (RevisionAction.SAVED, RevisionAction.RESTORED, RevisionAction.CHANGES_PUBLISHED)


class OtherNote(WrongState):
    """What is kept for the readers with the changes is not what a page was made from."""


@transaction.atomic
def open_changes(story: Article, *, by: User) -> Article:
    """The working copy of a published story, made when there is none yet. Raises NotAllowed, WrongState."""
    story = lock(story.pk)
    if not story.is_published:
        raise WrongState(_("Only a published article has changes apart from it."))
    require(may_open_changes(by, story))
    existing = Article.objects.filter(working_copy_of=story).first()
    if existing:
        return existing
    copy = Article.objects.create(
        working_copy_of=story, headline=story.headline, slug=story.slug, created_by=by, version=story.version
    )
    write(copy, snapshot(story))
    log(Action.CHANGES_OPENED, by=by, subject=story)
    return copy


def publish_changes(
    copy: Article,
    *,
    by: User,
    at: datetime | None = None,
    kind: ChangeKind = ChangeKind.WORDING,
    note: str = "",
    override: str = "",
) -> Article:
    """Show readers the changes now, or let the tick do it at `at` (aware, in the future). Returns the story.

    `kind` says what they are to readers: every kind but a better wording moves the visible time of change, and `note`
    is then told under the story (articles.change_kinds says which kinds need one). A retraction shows readers no
    changes: it takes the story from them, with the note as the reason, and the text of the changes stays in the
    history. A time in the past means now. `override` is a chief editor's reason to publish against the house style.
    Raises NotAllowed, WrongState (no working copy; the story is withdrawn), NotReady.
    """
    now = timezone.now()
    with transaction.atomic():
        story, copy = _locked(copy)
        require(may_publish(by))
        copy.change_kind, copy.change_note = kind, clean_text(note).strip()
        _require_base(story, copy)
        _require_note(copy)
        if at and at > now:
            require_ready(copy, at=at)  # of a retraction too: what is scheduled is complete while it waits
            _require_checked(copy, by=by, override=override, at=at)
            return _schedule(story, copy, by=by, at=at)
        _require_ready(copy, at=now)
        _require_checked(copy, by=by, override=override, at=now)
        return _put_on(story, copy, by=by, now=now)


@transaction.atomic
def keep_note(copy: Article, *, by: User, kind: ChangeKind | None, note: str, seen: str = UNSEEN) -> Article:
    """What an editor chose and wrote for the readers stays with the changes while they are not published.

    It is no text of the article: no version holds it, discarding the changes drops it. `seen` is the fingerprint of
    what the page showed as kept: nobody writes over words that he has not read. Returns the row as it is then.
    Raises NotAllowed, WrongState, OtherNote (nothing was kept).
    """
    _story, copy = _locked(copy)
    require(may_publish(by))
    if copy.is_scheduled:
        return copy  # decided; a new decision is a new schedule
    wanted = (kind or ChangeKind.WORDING, clean_text(note).strip()[:LONGEST_NOTE].rstrip())
    if wanted == (copy.change_kind, copy.change_note):
        return copy
    if seen != note_fingerprint(copy) and (seen != UNSEEN or copy.change_note):
        raise other_note()
    copy.change_kind, copy.change_note = wanted
    Article.objects.filter(pk=copy.pk).update(change_kind=copy.change_kind, change_note=copy.change_note)
    return copy


def other_note() -> OtherNote:
    return OtherNote(_("The public note changed since you opened this page: read it below. Nothing was published."))


def note_fingerprint(copy: Article) -> str:
    """What a page says of the kind and the note that it found kept, to find out whether somebody changed them."""
    return sha256(f"{ChangeKind(copy.change_kind).value}\n{copy.change_note}".encode()).hexdigest()[:16]


@transaction.atomic
def discard_changes(copy: Article, *, by: User, seen: int | None = None) -> Article:
    """Delete the working copy; its versions stay in the history of the story, which is returned.

    `seen` is the newest version that whoever discards knew of.
    Raises NotAllowed, WrongState (no working copy, somebody saved a newer version).
    """
    story, copy = _locked(copy)
    require(may_edit(by, copy) or may_publish(by))
    require_seen(copy, seen)
    before = stage_of(copy)
    copy.delete()
    log(Action.CHANGES_DISCARDED, by=by, subject=story, before=before)
    return story


def publish_due_changes() -> int:
    """Publish the changes whose time has come. Returns how many; each in a transaction of its own, once.

    What cannot be published stays, says why (Article.schedule_error), and holds up no other. What only the database
    kept back is due again at once.
    """
    done = 0
    for copy in Article.objects.changes_due().only("working_copy_of"):
        try:
            done += _publish_due(copy)
        except (NotReady, WrongState) as error:
            _keep_the_error(copy.pk, str(error))
        except OperationalError:
            # The database was busy or gone, the changes are sound: the next tick tries again.
            logger.exception("Scheduled changes %s wait for the next tick", copy.pk)
        except Exception:
            logger.exception("Scheduled changes %s could not be published", copy.pk)
            _keep_the_error(copy.pk, _("An error of the system; the administrators find it in the log."))
    return done


@transaction.atomic
def _publish_due(copy: Article) -> bool:
    story, copy = _locked(copy)
    if not Article.objects.changes_due().filter(pk=copy.pk).exists():
        return False  # somebody took the schedule back
    _require_base(story, copy)
    _require_ready(copy, at=timezone.now())
    _put_on(story, copy, by=None, now=timezone.now())
    return True


@transaction.atomic
def _keep_the_error(pk: int, sentence: str) -> None:
    copy = Article.objects.select_for_update().filter(pk=pk).first()
    if copy is None or copy.schedule_error:
        return
    copy.schedule_error = sentence[:300]
    copy.save(update_fields=["schedule_error"])
    log(Action.FAILED, by=None, subject=copy.story, note=sentence)


def _schedule(story: Article, copy: Article, *, by: User, at: datetime) -> Article:
    before = stage_of(copy)
    copy.status, copy.publish_at, copy.schedule_error = Status.APPROVED, at, ""
    copy.save(update_fields=["status", "publish_at", "change_kind", "change_note", "schedule_error", "saved_at"])
    record(copy, by=by, action=RevisionAction.SCHEDULED)
    log(Action.SCHEDULED, by=by, subject=story, before=before, after=stage_of(copy), note=at.isoformat())
    return story


def _put_on(story: Article, copy: Article, *, by: User | None, now: datetime) -> Article:
    """Write the copy onto the story and delete it. `by` is None when the clock does it: then it was planned."""
    kind = ChangeKind(copy.change_kind)
    reason = " · ".join(filter(None, [_planned_words(copy.publish_at) if by is None else "", _told(copy)]))
    if kind == ChangeKind.RETRACTION:
        return _retract(story, copy, by=by, reason=reason)
    data = snapshot(copy)
    del data["embargo_until"]  # it held back the changes, not the story
    with followed(story):
        write(story, data)
        if kind != ChangeKind.WORDING:
            story.updated_at = now
            story.save(update_fields=["updated_at"])
    if copy.change_note:
        Correction.objects.create(article=story, kind=correction_kind(kind), note=copy.change_note, by=by, at=now)
    copy.delete()
    record(story, by=by, action=RevisionAction.CHANGES_PUBLISHED, reason=reason)
    log(Action.CHANGES_PUBLISHED, by=by, subject=story, note=reason)
    return story


def _retract(story: Article, copy: Article, *, by: User | None, reason: str) -> Article:
    """The story stays as readers knew it, and the changes go: whoever takes it up again finds them in the history."""
    note = copy.change_note
    copy.delete()
    take_from_readers(story, by=by, note=note, field="change_note", reason=reason)
    return story


def _told(copy: Article) -> str:
    return reason_of(ChangeKind(copy.change_kind), copy.change_note)


def _require_note(copy: Article) -> None:
    if faults := note_faults(ChangeKind(copy.change_kind), copy.change_note):
        raise NotReady(faults)


def _require_ready(copy: Article, *, at: datetime) -> None:
    """Of a retraction readers see no text, so that nothing in it can be missing, and no embargo holds it back."""
    if copy.change_kind != ChangeKind.RETRACTION:
        require_ready(copy, at=at)


def _require_checked(copy: Article, *, by: User, override: str, at: datetime) -> None:
    """Not asked again by the clock: what was scheduled was looked at then."""
    if copy.change_kind != ChangeKind.RETRACTION:
        require_checked(copy, by=by, override=override, at=at)


def _planned_words(planned: datetime | None) -> str:
    return _("Planned for %(time)s (UTC)") % {"time": f"{planned:%Y-%m-%d %H:%M}"} if planned else ""


def _locked(copy: Article) -> tuple[Article, Article]:
    """Story and working copy, locked in this order everywhere. Raises WrongState when the copy is gone or is none."""
    if copy.working_copy_of_id is None:
        raise WrongState(_("These are no changes of a published article."))
    story = lock(copy.working_copy_of_id)
    locked = Article.objects.select_for_update().filter(pk=copy.pk, working_copy_of=story).first()
    if locked is None:
        raise WrongState(_("These changes were published or discarded meanwhile."))
    locked.working_copy_of = story
    return story, locked


def _require_base(story: Article, copy: Article) -> None:
    """What the changes were made for must still be what readers see.

    Withdrawn and taken up again, a story may have got another text, which the changes would undo.
    """
    if not story.is_published:
        raise WrongState(_("Readers cannot see this article any more; publish it again first."))
    if copy.change_kind == ChangeKind.RETRACTION:
        return  # nothing is written over
    written = story.revisions.filter(is_of_changes=False, action__in=_WRITING, created_at__gt=copy.created_at)
    if written.exists():
        raise WrongState(
            _("The article got another text after these changes began. Compare the versions, then begin them anew.")
        )
