"""The newest backup of this site. Whether it can be read is what `manage.py restore --verify` is for."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from newsroom.backups.standing import newest_backup
from newsroom.checkup.configuration import is_public
from newsroom.checkup.findings import Finding, fault, ok, warning

TOO_OLD = timedelta(days=7)


def check_backups() -> Iterator[Finding]:
    newest = newest_backup()
    advice = _("Run manage.py backup every night (docs/operations.md) and copy what it made to another machine.")
    if newest is None:
        if is_public():
            yield fault("backups", _("There is no backup."), advice)
        else:
            yield warning("backups", _("There is no backup."), advice)
        return
    hours = round(newest.age.total_seconds() / 3600)
    if newest.damage:
        yield fault(
            "backups",
            _("The last backup is not whole: %(damage)s (%(place)s)"),
            _("Make a new one now (manage.py backup), and look why this one is not whole."),
            damage=newest.damage,
            place=newest.folder.name,
        )
    elif newest.age > TOO_OLD:
        yield fault("backups", _("The last backup is %(hours)s hours old."), advice, hours=hours)
    elif newest.is_old:
        yield warning("backups", _("The last backup is %(hours)s hours old."), advice, hours=hours)
    else:
        yield ok("backups", _("The last backup is %(hours)s hours old."), hours=hours)
