import logging
from collections.abc import Callable, Iterable

from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext_lazy as _

from newsroom.checkup import backups, caches, configuration, databases, disks, libraries, mail, media, times
from newsroom.checkup.findings import Finding, Level, fault

logger = logging.getLogger(__name__)

Check = Callable[[], Iterable[Finding]]

WITHOUT_DATABASE: tuple[tuple[str, Check], ...] = (
    ("settings", configuration.check_settings),
    ("settings", configuration.check_deployment),
    ("libraries", libraries.check_versions),
    ("libraries.sqlite", libraries.check_sqlite),
    ("disk", disks.check_disks),
    ("cache", caches.check_caches),
    ("proxies", caches.check_proxies),
    ("media", media.check_media),
    ("mail.server", mail.check_server),
    ("backups", backups.check_backups),
)
WITH_DATABASE: tuple[tuple[str, Check], ...] = (
    ("database.migrations", databases.check_migrations),
    ("database.engine", databases.check_engine),
    ("database.replicas", databases.check_replicas),
    ("clock", times.check_clocks_agree),
    ("tasks.workers", times.check_workers),
    ("tasks.clock", times.check_tick),
    ("tasks.queue", times.check_queue),
    ("accounts", configuration.check_accounts),
    ("mail.dns", mail.check_sender_records),
)


def run() -> list[Finding]:
    """Every check, in the order of the list above. A check that breaks is a finding itself. Takes a few seconds."""
    found = [finding for about, check in WITHOUT_DATABASE for finding in _findings(about, check)]
    reachable = list(_findings("database", databases.check_reachable))
    found += reachable
    if all(finding.level is not Level.FAULT for finding in reachable):
        found += [finding for about, check in WITH_DATABASE for finding in _findings(about, check)]
    return found


def worst(findings: Iterable[Finding]) -> Level:
    levels = {finding.level for finding in findings}
    return next((level for level in (Level.FAULT, Level.WARNING) if level in levels), Level.OK)


def _findings(about: str, check: Check) -> list[Finding]:
    try:
        return list(check())
    except (DatabaseError, InterfaceError, OSError) as error:
        logger.warning("The check of %s could not be made: %s", about, error)
        return [
            fault(
                about,
                _("%(name)s could not be looked at: %(error)s."),
                _("Read the log of the site."),
                name=about,
                error=type(error).__name__,
            )
        ]
