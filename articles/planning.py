"""Say for which day the desk means a text. It publishes nothing."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from articles.enums import Status
from articles.models import Article
from articles.permissions import may_edit
from articles.publishing import WrongState, lock, require
from articles.staffing import may_assign
from articles.validators import FIRST_YEAR, LAST_YEAR
from audit.enums import Action
from audit.recording import log


def may_plan(user: User, article: Article) -> bool:
    """As in the form of the article: who may edit it and gives out the work."""
    return may_assign(user) and may_edit(user, article)


@transaction.atomic
def plan(article: Article, *, by: User, day: date | None) -> Article:
    """Mean the text for `day`, or for none. What is meant for it already is left as it is, and nothing is logged.

    Raises NotAllowed, WrongState (it has its hour or is public, or the year is none of ours).
    """
    locked = lock(article.pk)
    has_its_hour = locked.status == Status.APPROVED and locked.publish_at is not None
    if has_its_hour or locked.status == Status.WITHDRAWN:
        raise WrongState(_("Only what has no time of publication yet is planned."))
    require(may_plan(by, locked))
    if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise WrongState(_("No page of the archive shows this year."))
    if locked.planned_for == day:
        return locked
    before, locked.planned_for = locked.planned_for, day
    locked.save(update_fields=["planned_for", "saved_at"])
    days = (f"{one:%Y-%m-%d}" if one else "" for one in (before, day))
    log(Action.CHANGED, by=by, subject=locked.story, before=next(days), after=next(days), note=_("planned for"))
    return locked
