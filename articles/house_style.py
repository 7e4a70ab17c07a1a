"""How strict the checks of the checklist are here; only what differs from how they come has a row."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from articles.checklist import BY_NAME, CHECKS, strictness_of_checks
from articles.enums import Strictness
from articles.models import CheckLevel
from audit.enums import Action
from audit.recording import log


@transaction.atomic
def set_strictness(wanted: Mapping[str, Strictness], *, by: User) -> list[str]:
    """Keep what is chosen for each check, by its name; what is not named stays. Returns the names that changed.

    One line of the log for each: which check, what it was and what it is.
    """
    before = strictness_of_checks()
    changed = [check.name for check in CHECKS if wanted.get(check.name, before[check.name]) != before[check.name]]
    for name in changed:
        level = wanted[name]
        if level == BY_NAME[name].strictness:
            CheckLevel.objects.filter(check_name=name).delete()
        else:
            CheckLevel.objects.update_or_create(check_name=name, defaults={"strictness": level})
        subject = CheckLevel(check_name=name, strictness=level)
        log(Action.CHANGED, by=by, subject=subject, before=before[name], after=level)
    return changed
