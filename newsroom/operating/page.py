"""How the site runs, for those who look after it: numbers of now, charts of a day, what needs a person."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from articles.admin.staff import member
from newsroom.checkup import Finding, Level, run
from newsroom.lib.meters import Readings, sum_of
from newsroom.lib.version import VERSION
from newsroom.operating.charts import HOURS, charts_of
from newsroom.operating.figures import Figures, figures
from newsroom.operating.permission import may_see_operation
from newsroom.operating.printing import NONE, decimal, milliseconds, moment, number, per_cent, size
from newsroom.operating.reading import counted_by_hour, speeds, total_of
from newsroom.operating.troubles import FULL, SILENT, told
from tasks.models import Alert

MOST_VIEWS = 15
MOST_ALERTS = 10
# A checkup asks the mail server and the name servers.
FINDINGS, GOOD_FOR = "operation:findings", 60  # s


def operation_page(request: HttpRequest) -> HttpResponse:
    """With `?look=1` also the checkup of `manage.py doctor`, which takes seconds; its answer holds for a minute."""
    if not may_see_operation(member(request)):
        raise PermissionDenied
    by_hour = counted_by_hour(timezone.now(), hours=HOURS)
    day = total_of(by_hour.values())
    found = figures()
    views = speeds(day)
    context = admin.site.each_context(request) | {
        "title": _("How the site runs"),
        "tiles": _tiles(found, day),
        "workers": _workers(found),
        "alerts": [told(alert) for alert in Alert.objects.all()[:MOST_ALERTS]],
        "charts": charts_of(by_hour),
        "views": [(view, milliseconds(view.half), milliseconds(view.most)) for view in views[:MOST_VIEWS]],
        "findings": _findings(looks=request.GET.get("look") == "1"),
        "version": VERSION,
    }
    return TemplateResponse(request, "admin/operation/page.html", context)


@dataclass(frozen=True)
class Tile:
    """A number under a title; `worries` when somebody should look."""

    title: str
    value: str
    note: str = ""
    worries: bool = False


def _tiles(found: Figures, day: Readings) -> list[Tile]:
    return [*_of_tasks(found), *_of_pages(day), *_of_mail(found, day), *_of_machine(found)]


def _of_tasks(found: Figures) -> list[Tile]:
    if (tasks := found.tasks) is None:
        return []
    counts, ticked_at, oldest = tasks.counts, tasks.ticked_at, tasks.counts.oldest_due_at
    is_late = ticked_at is None or found.at - ticked_at > SILENT
    return [
        Tile(_("Tasks that wait"), number(counts.waiting), moment(oldest, found.at) if oldest else ""),
        Tile(_("Tasks given up"), number(counts.failed), worries=counts.failed > 0),
        Tile(pgettext("operation", "Workers"), number(len(tasks.workers)), worries=not tasks.workers),
        Tile(_("The clock ticked"), moment(ticked_at, found.at), worries=is_late),
    ]


def _of_pages(day: Readings) -> list[Tile]:
    kept = {what: sum_of(day, "newsroom_page_cache_total", outcome=what) for what in ("hit", "stale", "miss")}
    asked = sum(kept.values())
    errors = sum_of(day, "newsroom_requests_total", status="5xx")
    return [
        Tile(_("Pages from the cache"), per_cent(kept["hit"] + kept["stale"], asked)),
        Tile(_("Error pages (5xx)"), number(errors), worries=errors > 0),
    ]


def _of_mail(found: Figures, day: Readings) -> list[Tile]:
    sent = sum_of(day, "newsroom_mails_total", outcome="sent")
    sent += sum_of(day, "newsroom_newsletter_messages_total", outcome="sent")
    failed = sum_of(day, "newsroom_mails_total", outcome="failed")
    failed += sum_of(day, "newsroom_newsletter_messages_total", outcome="failed")
    tiles = [Tile(_("Mails sent"), number(sent)), Tile(_("Mails that failed"), number(failed), worries=failed > 0)]
    if mail := found.mail:
        tiles += [
            Tile(_("Messages that wait"), number(mail.waiting)),
            Tile(_("Messages that came back"), number(sum(mail.back.values()))),
        ]
    refused = sum((found.sign_ins or {}).values())
    return [*tiles, Tile(_("Sign-ins refused"), number(refused))]


def _of_machine(found: Figures) -> list[Tile]:
    names = {"data": _("Disk of the data"), "media": _("Disk of the pictures"), "backups": _("Disk of the backups")}
    tiles = [
        Tile(names.get(disk.name, disk.name), size(disk.free), per_cent(disk.free, disk.total), disk.share < FULL)
        for disk in found.disks
    ]
    if found.database_size is not None:
        tiles.append(Tile(_("Database"), size(found.database_size)))
    for alias, lag in found.replicas.items():
        behind = NONE if lag is None else f"{decimal(f'{lag:.1f}')} s"
        tiles.append(Tile(_("Copy of the database: %(name)s") % {"name": alias}, behind, worries=lag is None))
    return [*tiles, _of_backup(found)]


def _of_backup(found: Figures) -> Tile:
    title, backup = _("Last backup"), found.backup
    if backup is None:
        return Tile(title, NONE, worries=True)
    return Tile(title, moment(found.at - backup.age, found.at), size(backup.size), not backup.is_ok)


def _workers(found: Figures) -> list[dict[str, Any]]:
    workers = found.tasks.workers if found.tasks else []
    return [
        {
            "machine": one.machine,
            "process": one.process_id,
            "seen": moment(one.seen_at, found.at),
            "busy_with": one.busy_with,
        }
        for one in workers
    ]


def _findings(*, looks: bool) -> list[tuple[str, str, str, str]] | None:
    """(level, about, text, advice), what is worst first; None when nobody has looked lately."""
    known: list[tuple[str, str, str, str]] | None = cache.get(FINDINGS)
    if known is None and looks:
        order = [Level.FAULT, Level.WARNING, Level.OK]
        found = sorted(run(), key=lambda finding: order.index(finding.level))
        known = [(each.level.value, each.about, each.text, each.advised) for each in map(Finding.isolated, found)]
        cache.set(FINDINGS, known, GOOD_FOR)
    return known
