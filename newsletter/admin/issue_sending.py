"""The page that sends: one sentence about how many get what and when, and the number typed again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from articles.admin.publishing_page import GRACE, Refused
from articles.admin.staff import member, seen_version
from articles.announcing import in_words
from articles.validators import read_moment
from newsletter.admin.issue_checks import checks
from newsletter.enums import IssueState, SkipReason
from newsletter.models import Issue
from newsletter.sending import lifecycle
from newsletter.sending.lifecycle import CompileRefused, CountChanged, NotInState, RefusesToSend
from newsroom.lib.forms import IntegerField, SplitDateTimeField
from newsroom.lib.keys import read_number
from newsroom.lib.numbers import format_number
from pages.current import current_site

_DAY: Any = pgettext_lazy("sending", "Day")
_TIME: Any = pgettext_lazy("sending", "Time")
# Nobody plans an issue further ahead.
MOST_DAYS = 366


class MomentForm(forms.Form):
    at = SplitDateTimeField(
        label=gettext_lazy("time of sending"),
        required=False,
        widget=forms.SplitDateTimeWidget(
            date_format="%Y-%m-%d",
            time_format="%H:%M",
            date_attrs={"type": "date", "aria-label": _DAY},
            time_attrs={"type": "time", "aria-label": _TIME},
        ),
    )

    def clean_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        if at and at <= timezone.now():
            raise forms.ValidationError(_("This moment has passed. Choose a later one, or send the issue now."))
        if at and (at - timezone.now()).days > MOST_DAYS:
            raise forms.ValidationError(_("Choose a day within the next twelve months."))
        return at


class CountForm(forms.Form):
    """The second confirmation."""

    count = IntegerField(
        label=gettext_lazy("How many readers get this issue? Type the number of the sentence above."),
        min_value=0,
        error_messages={"required": gettext_lazy("Type the number of readers to confirm.")},
    )


@dataclass(frozen=True)
class Plan:
    """What the button would do: to so many, at `at` (None: now). `excluded` are (reason, number) of the others."""

    issue: Issue
    at: datetime | None
    count: int
    excluded: list[tuple[str, int]]


def sending_page(request: HttpRequest, issue: Issue, site: AdminSite) -> HttpResponse:
    """GET shows the sentence for the moment that is asked for; POST does what it said, or shows it anew."""
    if request.method != "POST":
        return _page(request, issue, site, CountForm())
    if request.POST.keys() & {"_show", "_now"}:
        return redirect(f"{request.path}?{_address(request.POST)}")
    form = CountForm(request.POST)
    if not form.is_valid():
        return _page(request, issue, site, form)
    try:
        _carry_out(request, issue, form.cleaned_data["count"])
    except Refused as refusal:
        issue.refresh_from_db()
        return _page(request, issue, site, CountForm(), refusal=str(refusal))
    return redirect("admin:newsletter_issue_change", issue.pk)


def take_back(request: HttpRequest, issue: Issue) -> None:
    """A scheduled issue becomes a draft again."""
    try:
        lifecycle.unschedule(issue, by=member(request))
    except NotInState:
        messages.error(request, _("The issue is not scheduled any more. Nothing was changed."))
    else:
        messages.success(request, _("The issue is a draft again. It will not be sent until you say so."))


def sentence(plan: Plan) -> str:
    """«سيُرسل هذا العدد إلى ١٠٬٠٠٠ مشترك في «نشرة الصباح» الآن»."""
    style = current_site().settings.style
    words = {"count": format_number(plan.count, style), "list": plan.issue.mailing_list.name}
    if plan.at:
        words["moment"] = in_words(plan.at, now=timezone.now(), style=style)
        later = ngettext(
            "This issue will be sent to %(count)s subscriber of “%(list)s” on %(moment)s",
            "This issue will be sent to %(count)s subscribers of “%(list)s” on %(moment)s",
            plan.count,
        )
        return later % words
    now = ngettext(
        "This issue will be sent to %(count)s subscriber of “%(list)s” now",
        "This issue will be sent to %(count)s subscribers of “%(list)s” now",
        plan.count,
    )
    return now % words


def _carry_out(request: HttpRequest, issue: Issue, typed: int) -> None:
    """Raises Refused, with the sentence that says why nothing was sent."""
    at = _ordered_moment(request.POST)
    shown = _number(request.POST.get("shown_count", ""))
    if typed != shown:
        raise Refused(_("The number that you typed is not that of the sentence. Nothing was sent."))
    changed = _("The issue was changed since you opened this page. Look at it again. Nothing was sent.")
    if seen_version(request) != issue.version:
        raise Refused(changed)
    try:
        if at:
            lifecycle.schedule(issue, by=member(request), at=at, expected_count=shown)
        else:
            lifecycle.send_now(issue, by=member(request), expected_count=shown)
    except CountChanged as error:
        words = {"now": format_number(error.now, current_site().settings.style)}
        raise Refused(
            _("The number of readers has changed meanwhile: it is %(now)s now. Nothing was sent.") % words
        ) from error
    except CompileRefused as error:
        raise Refused(" ".join([_("Nothing was sent: something is still missing."), *error.reasons])) from error
    except NotInState as error:
        is_draft = error.state == IssueState.DRAFT  # edited in this very moment
        raise Refused(changed if is_draft else _("Somebody else has just scheduled or sent this issue.")) from error
    except RefusesToSend as error:
        raise Refused(str(error)) from error
    done = _("The issue is scheduled.") if at else _("The issue is on its way.")
    messages.success(request, done)


def _ordered_moment(data: Any) -> datetime | None:
    """The moment of the sentence, which must still be that of the boxes and not passed. Raises Refused."""
    raw = data.get("moment", "")
    at = None if raw == "now" else read_moment(raw)
    if raw != "now" and at is None:
        raise Refused(_("Something was wrong with the request. Read the sentence and try again."))
    form = MomentForm(data)
    boxed = form.cleaned_data["at"] if form.is_valid() else at
    if "at_0" in data and boxed != at:
        raise Refused(_("You chose something else than the sentence said. Read it anew, then press the button again."))
    if at and at + GRACE < timezone.now():
        raise Refused(_("The moment that the sentence named has passed meanwhile. Nothing was sent."))
    return at


def _number(raw: str) -> int:
    number = read_number(raw, digits=11)
    return -1 if number is None else number


def _address(data: Any) -> str:
    """The page for the moment in the boxes, as a query."""
    return urlencode({} if "_now" in data else {name: data.get(name, "") for name in ("at_0", "at_1")})


def _page(request: HttpRequest, issue: Issue, site: AdminSite, form: CountForm, refusal: str = "") -> HttpResponse:
    moment = MomentForm(_asked(request, issue))
    at = moment.cleaned_data["at"] if moment.is_valid() else None
    count, excluded = lifecycle.candidates_of(issue)
    labels = dict(SkipReason.choices)
    plan = Plan(issue, at, count, [(str(labels.get(reason, reason)), number) for reason, number in excluded.items()])
    found = checks(issue)
    is_ready = not (found.blocks or moment.errors) and count > 0
    context = site.each_context(request) | {
        "title": _("Send the issue"),
        "opts": Issue._meta,
        "issue": issue,
        "moment_form": moment,
        "form": form,
        "plan": plan,
        "moment": at.isoformat() if at else "now",
        "sentence": sentence(plan),
        "checks": found,
        "is_ready": is_ready,
        "refusal": refusal,
        "label": _("Schedule the sending") if at else _("Send now"),
    }
    status = 409 if refusal or form.errors else 200
    return TemplateResponse(request, "admin/newsletter/issue/send.html", context, status=status)


def _asked(request: HttpRequest, issue: Issue) -> dict[str, str]:
    """What the boxes start from: what was sent, the address, or the time that the issue has."""
    data = request.POST if request.method == "POST" else request.GET
    if "at_0" in data or "at_1" in data:
        return {name: data.get(name, "") for name in ("at_0", "at_1")}
    if request.method == "POST":
        return _boxes(read_moment(request.POST.get("moment", "")))
    return _boxes(issue.send_at if issue.send_at and issue.send_at > timezone.now() else None)


def _boxes(at: datetime | None) -> dict[str, str]:
    local = timezone.localtime(at) if at else None
    return {"at_0": f"{local:%Y-%m-%d}", "at_1": f"{local:%H:%M}"} if local else {"at_0": "", "at_1": ""}
