"""The checklist beside the form of an article and on the page that publishes it, and mending what has a fix."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from articles import comparing
from articles.admin import places
from articles.admin.previewing import typed_article
from articles.admin.staff import member
from articles.checklist import BY_NAME, Finding, blocking, findings, mended
from articles.checklist.headline import GOOD_HEADLINE, GOOD_STANDFIRST
from articles.checklist.mending import MENDABLE
from articles.headline_lines import MOST_LINES, lines_on_phone
from articles.models import Article
from articles.permissions import may_edit
from articles.readiness import LONGEST_HEADLINE, gaps
from articles.reading import reading_minutes
from articles.typed import NOT_TYPED
from newsroom.lib.arabic import letters
from newsroom.lib.diffing import Row
from richtext.render import word_count

# Of NOT_TYPED what the form sends on, so that it is the same form afterwards.
_CARRIED = ("version", "window", "story", "brought_back")
OVERRIDE = "articles.override_checks"


@dataclass(frozen=True)
class Item:
    """A line of the list: where it is mended, what it is about, the sentence, and the fault itself."""

    address: str
    label: str
    sentence: str
    check: str = ""
    places: tuple[str, ...] = ()
    has_fix: bool = False


@dataclass(frozen=True)
class Panel:
    """What is left before publishing, what else could be better, and how long the text is."""

    conditions: list[Item]
    warnings: list[Item]
    fixes: int
    words: int
    minutes: int
    headline: list[str]
    headline_letters: int
    headline_level: str
    standfirst_letters: int
    standfirst_level: str


def panel_for(article: Article) -> Panel:
    """Of a stored article or of one as it is typed (articles.as_typed)."""
    found = findings(article)
    missing = gaps(article, has_source=bool(article.attributions.all()))
    conditions = [Item(f"#{places.anchor(name)}", "", sentence) for name, sentence in missing.items()]
    keeps = blocking(found)
    headline = letters(article.headline)
    return Panel(
        conditions=[*conditions, *(_item(one) for one in keeps)],
        warnings=[_item(one) for one in found if one not in keeps],
        fixes=sum(one.has_fix for one in found),
        words=word_count(article.body),
        minutes=reading_minutes(article),
        headline=lines_on_phone(article.headline),
        headline_letters=headline,
        headline_level=_headline_level(article.headline),
        standfirst_letters=letters(article.standfirst),
        standfirst_level="good" if _is_within(letters(article.standfirst), GOOD_STANDFIRST) else "fair",
    )


@dataclass(frozen=True)
class PublishingList:
    """The same on the page that publishes: only a chief editor may do it against what keeps from publishing."""

    keeps: list[Item]
    warnings: list[Item]
    may_override: bool

    @property
    def is_closed(self) -> bool:
        return bool(self.keeps) and not self.may_override


def beside(request: HttpRequest, article: Article | None, *, is_editable: bool) -> dict[str, Any]:
    """For the page of the form. A script asks for the list when the form is there (`check`), a link without one.

    At once where the form comes back with what was typed: a link would leave it.
    """
    is_asked = "check" in request.GET or request.method == "POST"
    return {
        "checklist": panel_for(article or Article(pk=0)) if is_editable and is_asked else None,
        "check_url": address_for(article, "check"),
        "mend_url": address_for(article, "mend"),
    }


def for_publishing(article: Article, user: User, *, at: datetime) -> PublishingList:
    found = findings(article, at=at)
    keeps = blocking(found)
    form = places.address(article, "").partition("#")[0]
    items = {id(one): _item(one, form) for one in found}
    return PublishingList(
        [items[id(one)] for one in keeps],
        [items[id(one)] for one in found if one not in keeps],
        user.has_perm(OVERRIDE),
    )


def address_for(article: Article | None, page: str) -> str:
    """`page` is check or mend."""
    if article is None:
        return reverse(f"admin:articles_article_{page}_new")
    return reverse(f"admin:articles_article_{page}", args=[article.pk])


def check(desk: Any, request: HttpRequest, object_id: int | None) -> HttpResponse:
    """POST of the form: the list as a piece of HTML. Nothing of it is kept. Raises Http404, PermissionDenied."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    article = typed_article(desk, request, object_id)
    base = article if article.pk else None
    mend_url = address_for(base, "mend")
    context = {"panel": panel_for(article), "is_editable": _may_write(request, article), "mend_url": mend_url}
    return render(request, "admin/articles/article/checklist_items.html", context)


def mend(desk: Any, request: HttpRequest, object_id: int | None) -> HttpResponse:
    """POST of the form with `_mend`, names of checks or "all": what would be written, before and after.

    Nothing is written here. A script puts the new words into the form; without one the page sends the form on, with
    them in it, as if somebody had typed them and pressed “Save”. Raises Http404, PermissionDenied.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    article = typed_article(desk, request, object_id)
    if not _may_write(request, article):
        raise PermissionDenied
    wanted = request.POST.getlist("_mend")
    result = mended(article, MENDABLE if "all" in wanted else wanted)
    rows = _rows(article, result.values, member(request))
    context = {"changes": rows, "values": list(result.values.items()), "rules": _rules(result.checks)}
    if request.headers.get("X-Requested-With") == "fetch":
        return render(request, "admin/articles/article/mend_changes.html", context)
    context |= desk.admin_site.each_context(request) | {
        "title": _("Mend the text"),
        "opts": Article._meta,
        "article": article if object_id else None,
        "action": _form_address(object_id),
        "sent": _sent_on(request, result.values),
        "reason": ",".join(result.checks),
    }
    return TemplateResponse(request, "admin/articles/article/mend.html", context)


def reason_of(request: HttpRequest) -> str:
    """Why a version is saved that came from the page that mends, for the history; "" for any other."""
    names = [name for name in request.POST.get("_mended", "").split(",") if name in BY_NAME]
    return _("Mended: %(rules)s") % {"rules": " ".join(_rules(names))} if names else ""


def _item(one: Finding, form: str = "") -> Item:
    label = "" if one.field == "comments" else comparing.label(_column(one.field))
    return Item(f"{form}#{places.anchor(one.field)}", label, one.sentence, one.check, one.places, one.has_fix)


def _column(field: str) -> str:
    """What a snapshot calls it (articles.revisions)."""
    return {"section": "section_id", "lead_image": "lead_image_id"}.get(field, field)


def _headline_level(headline: str) -> str:
    count = letters(headline)
    if count > LONGEST_HEADLINE or len(lines_on_phone(headline)) > MOST_LINES:
        return "poor"
    return "good" if _is_within(count, GOOD_HEADLINE) else "fair"


def _is_within(count: int, bounds: tuple[int, int]) -> bool:
    return bounds[0] <= count <= bounds[1]


def _may_write(request: HttpRequest, article: Article) -> bool:
    """Of an article that is not stored yet: whoever may add one, which `typed_article` has asked."""
    return not article.pk or may_edit(member(request), article)


def _form_address(object_id: int | None) -> str:
    if object_id is None:
        return reverse("admin:articles_article_add")
    return reverse("admin:articles_article_change", args=[object_id])


def _rules(checks: Iterable[str]) -> list[str]:
    return [str(BY_NAME[name].rule) for name in checks]


def _rows(article: Article, values: Mapping[str, str], user: User) -> list[tuple[str, list[Row]]]:
    """By field, the lines that are not the same before and after."""
    before = {name: getattr(article, name) for name in values}
    changes = comparing.compare(before, dict(values), by=user)
    return [(one.label, [row for row in one.rows if isinstance(row, Row) and row.kind != "same"]) for one in changes]


def _sent_on(request: HttpRequest, values: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """Everything that the form sent, with the mended fields in place of what was typed."""
    sent = [
        (name, value)
        for name, each in request.POST.lists()
        if name in _CARRIED or not name.startswith(NOT_TYPED)
        for value in each
        if name not in values
    ]
    return [*sent, *values.items()]
