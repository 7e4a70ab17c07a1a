"""Does this database belong to this site, and is it the newest that the site has had?

A restored or copied database still says "not sent yet" of what was sent since. So each run of a sender counts one up,
in the database first and then in a file beside it: a database that is behind the file was restored.
"""

import os
from pathlib import Path

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.enums import Action
from audit.recording import log
from newsletter.enums import IssueState
from newsletter.models import Delivery, Issue, SendingIdentity
from newsletter.sending.states import CAN_BE_PAUSED


class RefusesToSend(Exception):
    """This database may be a copy (`manage.py accept_database` ends it), or the mail holds what readers may not see.

    The text says why, for a person.
    """


def refuse_restored_copy() -> None:
    """Raises RefusesToSend."""
    if reason := reason_to_refuse():
        raise RefusesToSend(reason)


def reason_to_refuse() -> str:
    """Why nothing may be sent from this database, or ''."""
    identity = SendingIdentity.objects.filter(pk=SendingIdentity.SINGLETON).first()
    if identity is None:
        # Of a new database nobody can get anything twice; one from before the first sending has its deliveries too.
        is_behind = _noted() > 0 and Delivery.objects.exists()
        return _("This database is older than what was sent from here: it was restored.") if is_behind else ""
    if identity.site_url != settings.SITE_URL:
        return _("This database is a copy from %(site)s.") % {"site": identity.site_url}
    if identity.generation < _noted():
        return _("This database is older than what was sent from here: it was restored.")
    return ""


@transaction.atomic
def count_run() -> int:
    """Called once by each run of a sender. Returns the new generation, which `note` writes after the commit."""
    first = {"site_url": settings.SITE_URL, "generation": _noted()}
    SendingIdentity.objects.get_or_create(pk=SendingIdentity.SINGLETON, defaults=first)
    SendingIdentity.objects.update(generation=F("generation") + 1)
    return SendingIdentity.objects.values_list("generation", flat=True).get()


def note(generation: int) -> None:
    """Keep the highest generation outside of the database. Replaced whole, so that no crash leaves half a number."""
    if generation <= _noted():
        return
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_text(str(generation), encoding="ascii")
    new.replace(path)


@transaction.atomic
def accept_database(*, by: AbstractBaseUser | None = None) -> int:
    """Let this database send from now on. Returns how many issues it paused.

    A copy does not know what was sent after it was made, so whatever was at work waits for a person.
    """
    reason = _("The database was restored or copied: look what was sent before you go on.")
    paused = Issue.objects.filter(state__in=CAN_BE_PAUSED).update(state=IssueState.PAUSED, paused_reason=reason)
    fields = {"site_url": settings.SITE_URL, "accepted_at": timezone.now()}
    identity, _is_new = SendingIdentity.objects.update_or_create(pk=SendingIdentity.SINGLETON, defaults=fields)
    identity.generation = max(identity.generation, _noted()) + 1
    identity.save(update_fields=["generation"])
    log(Action.DATABASE_ACCEPTED, by=by, note=f"{settings.SITE_URL} ({paused})")
    transaction.on_commit(lambda: note(identity.generation))
    return paused


def _file() -> Path:
    return Path(settings.SENDERS_FOLDER) / "generation"


def _noted() -> int:
    try:
        return int(_file().read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return 0
