"""Put back what stood in a text before: a version of it, or a line that its import set aside."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.changes import open_changes
from articles.enums import RevisionAction, Status
from articles.faults_since import appears_by_itself, faults, new_faults
from articles.listing import followed
from articles.mending import mended_in_snapshot
from articles.models import Article, DroppedLine
from articles.permissions import may_edit
from articles.publishing import NotReady, WrongState, lock, require, require_ready, require_seen
from articles.revisions import record, write
from audit.enums import Action
from audit.recording import log
from pages.current import current_site
from richtext.inserting import insert_paragraph

PROPOSED_TIME = time(12)  # a page's header names a day; noon keeps it that day in every time zone near


@transaction.atomic
def restore_version(story: Article, version: int, *, by: User, seen: int | None = None) -> tuple[Article, list[str]]:
    """Write an older version into the text that may be edited: the changes of a published story, else itself.

    Returns that row and a sentence for each thing that does not exist any more (an author, a picture).
    `seen` is the newest version that whoever restores knew of. Raises NotAllowed, WrongState (no such version,
    somebody saved a newer one), NotReady (approved, and the old version is not complete).
    """
    revision = story.revisions.filter(version=version).first()
    if revision is None:
        raise WrongState(_("There is no such version of this article."))
    article = _to_edit(story, by=by)
    require_seen(article.story, seen)
    before = faults(article) if appears_by_itself(article) else None
    # The address that readers know is not history.
    with followed(article):
        lost = write(article, revision.data, slug=not story.was_published, check=_require_still_ready)
    if before is not None and (worse := new_faults(article, before)):
        raise NotReady(worse)
    reason = _("Version %(version)s") % {"version": version}
    mended = mended_in_snapshot(revision.data)
    record(article, by=by, action=RevisionAction.RESTORED, reason=reason, mended=mended)
    log(Action.RESTORED, by=by, subject=story, note=reason)
    return article, lost


@transaction.atomic
def restore(line: DroppedLine, *, by: User) -> Article:
    """Make a line that was set aside a paragraph of its article, at the place where it stood in the original.

    Places after it (related links, other lines set aside) move by one block.
    Raises NotAllowed, WrongState (it is back already), BodyTooLarge.
    """
    line = DroppedLine.objects.select_for_update().get(pk=line.pk)
    article = _to_edit(line.record.article, by=by)
    if line.restored_at is not None:
        raise WrongState(_("This line is back in the body already."))
    article.body = insert_paragraph(article.body, line.text, after_block=line.after_block)
    article.save(update_fields=["body", "saved_at"])
    article.related_links.filter(after_block__gt=line.after_block).update(after_block=F("after_block") + 1)
    line.record.dropped_lines.filter(position__gt=line.position).update(after_block=F("after_block") + 1)
    line.restored_at, line.restored_by = timezone.now(), by
    line.save(update_fields=["restored_at", "restored_by"])
    record(article, by=by, reason=(_("Line put back: %(text)s") % {"text": line.text})[:300])
    log(Action.RESTORED, by=by, subject=article.story, note=_("A line that its import had set aside"))
    return article


@transaction.atomic
def accept_headline(article: Article, *, by: User) -> Article:
    """Take the first sentence that the importer proposed as the headline. Raises NotAllowed, WrongState."""
    article = _locked(article.pk, by=by)
    if article.headline:
        raise WrongState(_("The article has a headline already."))
    article.headline = article.import_record.proposed_headline
    article.save(update_fields=["headline", "headline_key", "slug", "saved_at"])
    record(article, by=by, reason=_("Proposed headline accepted"))
    return article


@transaction.atomic
def accept_date(article: Article, *, by: User) -> Article:
    """Take the day that stood in the imported page as the publication time: noon in the site's time zone.

    Raises NotAllowed, WrongState (no day was proposed, or the article is approved and has its time).
    """
    article = _locked(article.pk, by=by)
    day = article.import_record.proposed_date
    if day is None or article.status not in {Status.DRAFT, Status.IN_REVIEW}:
        raise WrongState(_("There is no date to accept."))
    zone = ZoneInfo(current_site().settings.time_zone)
    article.publish_at = datetime.combine(day, PROPOSED_TIME, tzinfo=zone)
    article.save(update_fields=["publish_at", "saved_at"])
    record(article, by=by, reason=_("Proposed date accepted"))
    return article


def _require_still_ready(article: Article) -> None:
    """What is approved may appear without anybody looking at it again."""
    if article.status == Status.APPROVED:
        require_ready(article, at=article.publish_at)


def _to_edit(story: Article, *, by: User) -> Article:
    """The row that may be written, locked: a published story is changed in its working copy."""
    return _locked((open_changes(story, by=by) if story.is_published else story).pk, by=by)


def _locked(pk: int, *, by: User) -> Article:
    article = lock(pk)
    require(may_edit(by, article))
    return article
