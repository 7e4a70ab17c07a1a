"""The page that publishes: one sentence about what will happen, what to look at first, one button."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from articles import publishing
from articles.admin import checklist, places
from articles.admin.autosaving import others_sentence
from articles.admin.differences import Difference, difference_from
from articles.admin.staff import member
from articles.announcing import Mode, Plan, sentence
from articles.approvals import approved_version, version_of_readers
from articles.change_kinds import changed_names, kind_to_begin_with, template_for
from articles.changes import UNSEEN, OtherNote, keep_note, note_fingerprint, other_note, publish_changes
from articles.comparing import label
from articles.enums import ChangeKind
from articles.models import Article
from articles.permissions import may_publish
from articles.publishing import NotReady, WrongState
from articles.validators import read_moment, validate_year
from newsroom.lib.forms import SplitDateTimeField, TextField
from newsroom.lib.hygiene import clean_line, clean_text
from newsroom.lib.keys import read_key
from pages.current import current_site
from pages.public_time import is_behind

# Who reads the sentence at 9:39 and presses the button at 9:41 meant what it said.
GRACE = timedelta(minutes=2)

_LABELS: dict[tuple[bool, Mode], Any] = {
    (False, Mode.NOW): gettext_lazy("Publish now"),
    (False, Mode.LATER): gettext_lazy("Schedule the publication"),
    (False, Mode.BACKDATED): gettext_lazy("Publish now with this date"),
    (True, Mode.NOW): gettext_lazy("Publish the changes now"),
    (True, Mode.LATER): gettext_lazy("Schedule the changes"),
}
_DAY: Any = pgettext_lazy("publication", "Day")
_TIME: Any = pgettext_lazy("publication", "Time")


class MomentForm(forms.Form):
    """The moment in the time zone of the site, and what changes are to the reader."""

    at = SplitDateTimeField(
        label=gettext_lazy("publication time"),
        required=False,
        validators=[validate_year],
        widget=forms.SplitDateTimeWidget(
            date_format="%Y-%m-%d",
            time_format="%H:%M",
            date_attrs={"type": "date", "aria-label": _DAY},
            time_attrs={"type": "time", "aria-label": _TIME},
        ),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("This change is"), required=False, choices=ChangeKind.choices, widget=forms.RadioSelect
    )
    change_note = TextField(
        label=gettext_lazy("public note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "aria-describedby": "note-help"}),
    )

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.article = article
        if not article.is_working_copy:
            del self.fields["kind"], self.fields["change_note"]

    def clean_at(self) -> datetime | None:
        """Only what readers have never seen can have a date in the past."""
        at: datetime | None = self.cleaned_data["at"]
        if at and at <= timezone.now() and (self.article.is_working_copy or self.article.was_published):
            raise forms.ValidationError(_("This moment has passed."))
        if at and not self.article.is_working_copy and is_behind(at):
            raise forms.ValidationError(publishing.behind())
        return at


class Refused(Exception):
    """Nothing was published; the sentence says why. `version` is the one that the page had shown.

    `note_fault` is what is wrong with the public note; `shows_kept` whether the kept one has to be read first.
    """

    def __init__(
        self, message: str, *, version: int | None = None, note_fault: str = "", shows_kept: bool = False
    ) -> None:
        self.version, self.note_fault, self.shows_kept = version, note_fault, shows_kept
        super().__init__(message)


@dataclass(frozen=True)
class Order:
    """What the button sends: exactly what the sentence above it said."""

    at: datetime | None
    mode: Mode
    kind: ChangeKind
    version: int
    note: str = ""
    override: str = ""

    @classmethod
    def read(cls, data: Any) -> "Order":
        """Raises Refused for what no page of ours sends, and while nobody has said what the changes are."""
        if "shown_kind" in data and not data.get("kind"):
            raise Refused(_("Say first what this change is to the readers. Nothing was published."))
        try:
            at = read_moment(data["moment"])
            note = clean_text(data.get("change_note", "")).strip()
            override = clean_line(data.get("override", ""))
            order = cls(at, Mode(data["mode"]), ChangeKind(data["kind"]), int(data["version"]), note, override)
            is_now = order.mode == Mode.NOW
            if is_now != (data["moment"] == "now") or is_now != (at is None):
                raise ValueError(data["moment"])
        except (KeyError, ValueError) as error:
            raise Refused(_("Something was wrong with the request. Read the sentence and try again.")) from error
        return order


def publishing_page(request: HttpRequest, article: Article, site: AdminSite) -> HttpResponse:
    """GET shows the sentence for the moment that is asked for; POST does what it said, or shows it anew."""
    if not may_publish(member(request)):
        raise PermissionDenied
    if article.is_published:
        messages.info(request, _("Readers see this article already. To change it, press “Edit”."))
        return redirect("admin:articles_article_change", article.pk)
    if request.method != "POST":
        return _page(request, article, site)
    try:
        if article.is_working_copy:
            _keep_note(request, article)
        if request.POST.keys() & {"_show", "_now", "_template"}:
            if article.is_working_copy or "override" in request.POST:  # words do not belong into an address
                return _page(request, article, site)
            return redirect(f"{request.path}?{_address(request.POST)}")
        story = _carry_out(request, article)
    except Refused as refusal:
        row = Article.objects.filter(pk=article.pk).first()
        if row:
            return _page(request, row, site, refusal=refusal)
        messages.error(request, str(refusal))
        return redirect("admin:articles_article_change", article.working_copy_of_id or article.pk)
    return redirect("admin:articles_article_change", story.pk)


def after_the_changes(request: HttpRequest, visible: QuerySet[Article]) -> HttpResponse:
    """A button that was pressed twice: the changes are on their story already, or gone. Raises Http404."""
    story = get_object_or_404(visible, pk=read_key(request.POST.get("story", "")))
    messages.info(request, _("These changes were published or discarded meanwhile."))
    return redirect("admin:articles_article_change", story.pk)


def _keep_note(request: HttpRequest, copy: Article) -> None:
    """What was chosen and written for the readers is there again whoever opens this page next.

    Raises Refused, where somebody else wrote other words since the page was shown.
    """
    asked = _asked(request, copy)
    kind = ChangeKind(asked["kind"]) if asked["kind"] in ChangeKind.values else None
    seen = request.POST.get("seen_note", UNSEEN)
    try:
        kept = keep_note(copy, by=member(request), kind=kind, note=asked["change_note"], seen=seen)
    except OtherNote as error:
        shown = read_key(request.POST.get("version", ""))
        raise Refused(str(error), version=None if shown == copy.version else shown, shows_kept=True) from error
    except WrongState:
        return  # the page says it itself
    copy.change_kind, copy.change_note = kept.change_kind, kept.change_note


def _address(data: Any) -> str:
    """The page for the moment in the boxes, as a query."""
    boxes = {"now": "1"} if "_now" in data else {name: data.get(name, "") for name in ("at_0", "at_1")}
    return urlencode(boxes | {"kind": data.get("kind", "")})


def _require_as_shown(order: Order, data: Any, article: Article) -> None:
    """What stands in the boxes must be what the sentence said. Raises Refused: then the sentence comes anew."""
    form = MomentForm(data, article=article)
    is_same_moment = "at_0" not in data or (form.is_valid() and form.cleaned_data["at"] == order.at)
    shown = data.get("shown_kind", order.kind)
    # Before a choice the sentence said nothing about it, and each choice says itself what it does. But nobody
    # withdraws an article without having read that it will be withdrawn.
    is_same_kind = shown == order.kind or (not shown and order.kind != ChangeKind.RETRACTION)
    if not (is_same_moment and is_same_kind):
        raise Refused(_("You chose something else than the sentence said. Read it anew, then press the button again."))


def _carry_out(request: HttpRequest, article: Article) -> Article:
    """Do what the order says, if the article is still the one of the page. Raises Refused."""
    order, by, now = Order.read(request.POST), member(request), timezone.now()
    _require_as_shown(order, request.POST, article)
    if order.mode == Mode.LATER and order.at and order.at + GRACE < now:
        raise Refused(_("The moment that the sentence named has passed meanwhile. Nothing was published."))
    style = current_site().settings.style
    try:
        with transaction.atomic():
            locked = publishing.lock(article.pk)
            if locked.version != order.version:
                raise Refused(
                    _("The article was changed since you opened this page. Nothing was published."),
                    version=order.version,
                )
            if note_fingerprint(locked) != note_fingerprint(article):
                raise Refused(str(other_note()), shows_kept=True)
            told = sentence(Plan(locked, order.at, now, order.kind), style)
            if locked.is_working_copy:
                story = publish_changes(
                    locked, by=by, at=order.at, kind=order.kind, note=order.note, override=order.override
                )
            else:
                story = publishing.publish(locked, by=by, at=order.at, override=order.override)
    except NotReady as error:
        fault = error.reasons.get("change_note", "")
        raise Refused(_("Nothing was published: something is still missing."), note_fault=fault) from error
    except WrongState as error:
        raise Refused(str(error)) from error
    if order.at and order.at > now:
        messages.success(request, told)
    elif order.kind == ChangeKind.RETRACTION:
        messages.success(request, _("The article is withdrawn."))
    else:
        done = _("The changes are published.") if article.is_working_copy else _("The article is published.")
        link = format_html('<a href="{}">{}</a>', story.get_absolute_url(), _("See it on the site"))
        messages.success(request, format_html("{} {}", done, link))
    return story


def _page(request: HttpRequest, article: Article, site: AdminSite, refusal: Refused | None = None) -> HttpResponse:
    form = MomentForm(_asked(request, article), article=article)
    plan = _plan(article, form)
    is_copy = article.is_working_copy
    changed = changed_names(article) if is_copy else []
    context = site.each_context(request) | {
        "title": _("Publish the changes") if is_copy else _("Publish the article"),
        "opts": Article._meta,
        "article": article,
        "form": form,
        "plan": plan,
        "moment": plan.at.isoformat() if plan.at else "now",
        "sentence": sentence(plan, current_site().settings.style),
        "label": _label(plan),
        "changed": [label(name) for name in changed],
        "must_choose": is_copy and kind_to_begin_with(article, changed) is None,
        "templates": [(kind, kind.label, text) for kind in ChangeKind if (text := template_for(kind))],
        "blocks": [(_place(article, field), text) for field, text in _blocks(plan).items()],
        "checklist": None if plan.retracts else checklist.for_publishing(article, member(request), at=plan.moment),
        "override": request.POST.get("override", ""),
        "others": others_sentence(member(request), article),
        "differences": _differences(article, refusal),
        "refusal": str(refusal) if refusal else "",
        "note_fault": refusal.note_fault if refusal else "",
        "seen_note": note_fingerprint(article),
        "kept": article if refusal and refusal.shows_kept else None,
    }
    status = 409 if refusal else 200
    return TemplateResponse(request, "admin/articles/article/publish.html", context, status=status)


def _label(plan: Plan) -> Any:
    if plan.retracts:
        return _("Schedule the withdrawal") if plan.mode == Mode.LATER else _("Withdraw the article now")
    is_copy = plan.article.is_working_copy
    return _LABELS.get((is_copy, plan.mode), _LABELS[is_copy, Mode.NOW])


def _place(article: Article, field: str) -> str:
    """Where it is mended: the moment on this page, everything else on the form."""
    return "#id_at_0" if field == "publish_at" else places.address(article, field)


def _blocks(plan: Plan) -> dict[str, str]:
    """What forbids the deed, by field of the article's form."""
    is_waived = plan.retracts and plan.mode == Mode.NOW  # readers see no text then
    reasons = {} if is_waived else publishing.obstacles(plan.article, at=plan.moment)
    if plan.article.is_working_copy and not plan.article.story.is_published:
        reasons["stage"] = _("Readers cannot see this article any more; publish it again first.")
    return reasons


def _asked(request: HttpRequest, article: Article) -> dict[str, str]:
    """What the form starts from: the address, what was sent, or what is planned for the article."""
    if request.method == "POST":
        return _sent(request.POST)
    chosen = kind_to_begin_with(article, changed_names(article)) if article.is_working_copy else ChangeKind.WORDING
    kind = request.GET.get("kind") or (chosen.value if chosen else "")
    words = {"kind": kind, "change_note": article.change_note}
    if "now" in request.GET:
        return _boxes(None) | words
    if "at_0" in request.GET or "at_1" in request.GET:
        return {"at_0": request.GET.get("at_0", ""), "at_1": request.GET.get("at_1", "")} | words
    return _boxes(_planned(article)) | words


def _sent(data: Any) -> dict[str, str]:
    """What stood in the boxes, with the sentence of a template that was asked for."""
    words = {"kind": data.get("kind", ""), "change_note": data.get("change_note", "")}
    if data.get("_template") in ChangeKind.values:
        kind = ChangeKind(data["_template"])
        words = {"kind": kind.value, "change_note": "\n".join(filter(None, [words["change_note"], template_for(kind)]))}
    if "_now" in data:
        return _boxes(None) | words
    if "at_0" in data:
        return {name: data.get(name, "") for name in ("at_0", "at_1")} | words
    return _boxes(read_moment(data.get("moment", ""))) | words


def _planned(article: Article) -> datetime | None:
    """The time that the article has; changes and what readers have seen have none that is past."""
    now, at = timezone.now(), article.publish_at
    if at and at <= now and (article.is_working_copy or article.was_published):
        at = None
    if at is None and article.embargo_until and article.embargo_until > now:
        at = article.embargo_until
    return at


def _boxes(at: datetime | None) -> dict[str, str]:
    """On a whole minute, which is all that browsers show; what is still to come is not put forward by that."""
    if at and at > timezone.now():
        at += timedelta(seconds=59, microseconds=999_999)  # never before an embargo
    local = timezone.localtime(at) if at else None
    return {"at_0": f"{local:%Y-%m-%d}", "at_1": f"{local:%H:%M}"} if local else {"at_0": "", "at_1": ""}


def _plan(article: Article, form: MomentForm) -> Plan:
    """Now, where the form says nothing that can be read: it shows its own errors."""
    form.is_valid()
    kind = form.cleaned_data.get("kind") if article.is_working_copy else ChangeKind.WORDING
    return Plan(article, form.cleaned_data.get("at"), timezone.now(), ChangeKind(kind) if kind else None)


def _differences(article: Article, refusal: Refused | None) -> list[Difference]:
    """What changed since somebody looked: since this page was opened, since the approval, since readers saw it."""
    story = article.story
    opened = story.revisions.filter(version=refusal.version).first() if refusal and refusal.version else None
    wanted = [
        (_("Changed since you opened this page"), opened),
        (_("Changed since the approval"), approved_version(article)),
        (_("Changed against what readers see"), version_of_readers(article)),
    ]
    return [difference_from(old, article, title=title) for title, old in wanted if old]
