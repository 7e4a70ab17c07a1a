"""Put back what the importer set aside, and take up what it proposed."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.enums import Status
from articles.models import Article, DroppedLine
from articles.permissions import may_edit
from articles.publishing import NotAllowed, WrongState
from articles.revisions import record
from pages.current import current_site
from richtext.inserting import insert_paragraph

PROPOSED_TIME = time(12)  # a page's header names a day; noon keeps it that day in every time zone near


@transaction.atomic
def restore(line: DroppedLine, *, by: User) -> Article:
    """Make a line that was set aside a paragraph of its article, at the place where it stood in the original.

    Places after it (related links, other lines set aside) move by one block.
    Raises NotAllowed, WrongState (it is back already), BodyTooLarge.
    """
    line = DroppedLine.objects.select_for_update().get(pk=line.pk)
    article = _locked(line.record.article_id, by=by)
    if line.restored_at is not None:
        raise WrongState(_("This line is back in the body already."))
    article.body = insert_paragraph(article.body, line.text, after_block=line.after_block)
    article.save(update_fields=["body", "saved_at"])
    article.related_links.filter(after_block__gt=line.after_block).update(after_block=F("after_block") + 1)
    line.record.dropped_lines.filter(position__gt=line.position).update(after_block=F("after_block") + 1)
    line.restored_at, line.restored_by = timezone.now(), by
    line.save(update_fields=["restored_at", "restored_by"])
    record(article, by=by, reason=(_("Line put back: %(text)s") % {"text": line.text})[:300])
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


def _locked(pk: int, *, by: User) -> Article:
    article = Article.objects.select_for_update().get(pk=pk)
    if not may_edit(by, article):
        raise NotAllowed(_("Your role does not allow this."))
    return article
