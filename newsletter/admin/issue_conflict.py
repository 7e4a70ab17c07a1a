"""Two editors at one issue: the second one gets back what he typed, sees what is stored, and chooses."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from articles.models import Article
from audit.enums import Action
from audit.models import AuditEntry
from newsletter.admin.issue_forms import IssueForm
from newsletter.composing import ComposingError, NotDraft, Row
from newsletter.enums import ItemKind
from newsletter.models import Issue

# What the page of a conflict has anew, or what is not of the form.
_NOT_CARRIED = ("_", "csrfmiddlewaretoken", "version", "find-", "add")


@dataclass(frozen=True)
class Clash:
    """A place at which the two differ."""

    label: str
    newest: str
    mine: str


def with_theirs(issue: Issue, rows: Sequence[Row], *, known: Sequence[str]) -> list[Row]:
    """Mine, and after it what the other one has put in: nobody's work is thrown away unseen."""
    mine = {row.pk for row in rows}
    added = [item for item in issue.items.all() if item.pk not in mine and str(item.pk) not in known]
    return [*rows, *map(Row.of, added)]


def conflict_page(
    request: HttpRequest, error: ComposingError, form: IssueForm, rows: Sequence[Row], site: AdminSite
) -> HttpResponse:
    """Status 409. Everything that was sent is in the page; where nothing may be saved any more, to be copied."""
    newest = error.issue
    is_closed = isinstance(error, NotDraft)
    data = dict(request.POST.lists())
    carried = [(name, value) for name, values in data.items() for value in values if not name.startswith(_NOT_CARRIED)]
    context = site.each_context(request) | {
        "title": _("Two versions of the issue: yours and a newer one"),
        "opts": Issue._meta,
        "issue": newest,
        "is_closed": is_closed,
        "clashes": [clash for clash in _clashes(newest, form, rows) if clash.newest != clash.mine],
        "hidden": carried,
        "version": newest.version,
        "saved": AuditEntry.objects.about(newest).filter(action=Action.CHANGED).first(),
    }
    response = TemplateResponse(request, "admin/newsletter/issue/conflict.html", context, status=409)
    add_never_cache_headers(response)
    return response


def _clashes(newest: Issue, form: IssueForm, rows: Sequence[Row]) -> list[Clash]:
    words = form.words
    found = [
        Clash(str(words.fields[name].label), _shown(newest, name), _typed(newest, name, value))
        for name, value in form.changed_words.items()
    ]
    stored = {item.pk: Row.of(item) for item in newest.items.all()}
    headlines = _headlines([*stored.values(), *rows])
    found.append(Clash(_("items"), *(_order(list(each), headlines) for each in (stored.values(), rows))))
    for row in rows:
        old = stored.get(row.pk or 0, Row(None, row.kind))
        name = headlines.get(row.article_id or 0) or _("text")
        found.append(Clash(_("headline in the mail: %(item)s") % {"item": name}, old.headline, row.headline))
        summary = _("text: %(item)s") if row.kind == ItemKind.TEXT else _("summary in the mail: %(item)s")
        found.append(Clash(summary % {"item": name}, old.summary, row.summary))
    return found


def _shown(issue: Issue, name: str) -> str:
    display = getattr(issue, f"get_{name}_display", None)
    return str(display()) if display else str(getattr(issue, name))


def _typed(issue: Issue, name: str, value: str) -> str:
    choices = getattr(issue._meta.get_field(name), "flatchoices", ())
    return str(dict(choices).get(value, value))


def _order(rows: Sequence[Row], headlines: dict[int, str]) -> str:
    """The items of an issue, one a line."""
    return "\n".join(row.headline or headlines.get(row.article_id or 0) or row.summary[:60] for row in rows)


def _headlines(rows: Sequence[Row]) -> dict[int, str]:
    """Of articles that readers see; what is withdrawn is not told here."""
    ids = {row.article_id for row in rows if row.kind == ItemKind.ARTICLE and row.article_id}
    return dict(Article.objects.published().filter(pk__in=ids).values_list("pk", "headline"))
