"""An issue on its way, for its operator: what became of everybody, and the buttons that hold it or let it go."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from articles.admin.staff import member
from newsletter import operating
from newsletter.enums import DeliveryState, IssueState, SkipReason
from newsletter.models import Issue
from newsletter.sending import lifecycle, resolving
from newsletter.sending.identity import reason_to_refuse
from newsletter.sending.states import CAN_BE_CANCELLED, CAN_BE_PAUSED, NotInState
from newsroom.lib.keys import read_key
from newsroom.lib.numbers import format_number
from newsroom.lib.site_style import site_style

PAGE = "admin:newsletter_issue_sending"
# How many uncertain ones are shown and settled at once.
MOST_UNCERTAIN = 500
SECONDS_BETWEEN_LOOKS = 5

_DONE: dict[str, str | Promise] = {
    "pause": gettext_lazy("The issue is paused. What a mail server had in its hands is sent, nothing else."),
    "resume": gettext_lazy("The issue goes on with those who have not got it yet."),
    "cancel": gettext_lazy("The issue is cancelled. Who has got it keeps it, nobody else gets it."),
}


class SendingPages(admin.ModelAdmin):
    """Adds these pages to the admin of issues."""

    def get_urls(self) -> list[URLPattern]:
        deeds = {
            "pause": self.pause_view,
            "resume": self.resume_view,
            "cancel": self.cancel_view,
            "resolve": self.resolve_view,
        }
        below = "<int:object_id>/sending/"
        own = [
            path(below, self.admin_site.admin_view(self.sending_view), name="newsletter_issue_sending"),
            path(
                f"{below}deliveries/",
                self.admin_site.admin_view(self.deliveries_view),
                name="newsletter_issue_deliveries",
            ),
        ]
        own += [
            path(f"{below}{name}/", self.admin_site.admin_view(view), name=f"newsletter_issue_{name}")
            for name, view in deeds.items()
        ]
        return [*own, *super().get_urls()]

    def sending_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The page, or with `?part=progress` the piece of it that changes by the second."""
        issue = _issue(request, object_id)
        if request.GET.get("part") == "progress":
            return TemplateResponse(request, "admin/newsletter/sending/progress.html", _progress(issue))
        context = self.admin_site.each_context(request) | _progress(issue) | _details(issue, member(request))
        return TemplateResponse(request, "admin/newsletter/sending/issue.html", context)

    def deliveries_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        issue = _issue(request, object_id)
        user = member(request)
        typed = request.GET.get("q", "").strip()[:254] if user.has_perm("newsletter.view_subscriber") else ""
        state = _state(request.GET.get("state", ""))
        found = operating.deliveries(issue, state=state, typed=typed, after=read_key(request.GET.get("after", "")) or 0)
        asked = {"q": typed, "state": "" if state is None else str(state.value)}
        context = self.admin_site.each_context(request) | {
            "title": _("Deliveries"),
            "opts": Issue._meta,
            "issue": issue,
            "found": found,
            "typed": typed,
            "state": state,
            "states": DeliveryState.choices,
            "next": urlencode(asked | {"after": found.next_after}) if found.next_after else "",
            "is_first": "after" not in request.GET,
            "erased": operating.erased_count(issue),
            "shows_addresses": user.has_perm("newsletter.view_subscriber"),
        }
        return TemplateResponse(request, "admin/newsletter/sending/deliveries.html", context)

    def pause_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        reason = _("Paused by %(who)s.") % {"who": member(request)}
        return _deed(request, object_id, "pause", lambda issue, by: lifecycle.pause(issue, reason=reason, by=by))

    def resume_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return _deed(request, object_id, "resume", lambda issue, by: lifecycle.resume(issue, by=by))

    def cancel_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return _deed(request, object_id, "cancel", lambda issue, by: lifecycle.cancel(issue, by=by))

    def resolve_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """`_resend` or `_count_as_sent`, for one delivery or for "all" that the page shows."""
        user = _allowed(request, "newsletter.resolve_delivery")
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        issue = _issue(request, object_id)
        deed = resolving.resend if "_resend" in request.POST else resolving.count_as_sent
        if {"_resend", "_count_as_sent"} & request.POST.keys():
            try:
                _tell_resolved(request, _resolve(issue, request.POST.get("delivery", ""), deed, user))
            except lifecycle.RefusesToSend as error:
                messages.error(request, str(error))
        return redirect(PAGE, issue.pk)


def _issue(request: HttpRequest, object_id: int) -> Issue:
    """Raises PermissionDenied and Http404, in this order: what there is, is not told."""
    _allowed(request, "newsletter.view_delivery")
    return get_object_or_404(Issue.objects.select_related("mailing_list", "corrects", "sent_by"), pk=object_id)


def _allowed(request: HttpRequest, permission: str) -> User:
    user = member(request)
    if not user.has_perm(permission):
        raise PermissionDenied
    return user


def _deed(request: HttpRequest, object_id: int, name: str, deed: Callable[[Issue, User], None]) -> HttpResponse:
    user = _allowed(request, "newsletter.send_issue")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    issue = _issue(request, object_id)
    try:
        deed(issue, user)
    except NotInState as error:
        words = {"state": error.state.label}
        messages.error(request, _("Nothing was done: the issue is in another state by now (%(state)s).") % words)
    except lifecycle.CompileRefused as error:
        messages.error(request, " ".join(map(str, error.reasons)))
    except lifecycle.RefusesToSend as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(_DONE[name]))
    return redirect(PAGE, issue.pk)


def _resolve(issue: Issue, which: str, deed: Callable[..., object], user: User) -> int:
    """How many were settled; those that somebody else has settled meanwhile are not counted. Raises RefusesToSend."""
    rows = operating.uncertain_rows(issue)
    if which != "all":
        rows = rows.filter(pk=read_key(which) or 0)
    done = 0
    for delivery in rows[:MOST_UNCERTAIN]:
        try:
            deed(delivery, by=user)
        except (resolving.NotUncertain, NotInState):
            continue
        done += 1
    return done


def _tell_resolved(request: HttpRequest, done: int) -> None:
    if not done:
        messages.info(
            request, _("Nothing was changed: somebody else has decided meanwhile, or the issue was cancelled.")
        )
        return
    sentence = ngettext("%(count)s delivery is settled.", "%(count)s deliveries are settled.", done)
    messages.success(request, sentence % {"count": format_number(done, site_style())})


def _progress(issue: Issue) -> dict[str, Any]:
    return {
        "issue": issue,
        "progress": operating.progress(issue),
        "senders": operating.senders_at([issue.pk]).get(issue.pk, 0),
        "is_moving": issue.state in {IssueState.PREPARING, IssueState.SENDING},
        "seconds": SECONDS_BETWEEN_LOOKS,
    }


def _details(issue: Issue, user: User) -> dict[str, Any]:
    reasons = dict(SkipReason.choices)
    uncertain = operating.uncertain_rows(issue)[: MOST_UNCERTAIN + 1]
    may_send = user.has_perm("newsletter.send_issue")
    return {
        "title": _("Sending of the issue"),
        "opts": Issue._meta,
        "accounting": operating.accounting(issue),
        "excluded": [(reasons.get(reason, reason), number) for reason, number in issue.excluded_counts.items()],
        "failed": operating.failed_by_reply(issue),
        "uncertain": uncertain[:MOST_UNCERTAIN],
        "has_more_uncertain": len(uncertain) > MOST_UNCERTAIN,
        "deferred": operating.deferred_by_domain(issue),
        "events": operating.events_back(issue),
        "refusal": reason_to_refuse(),
        "may_pause": may_send and issue.state in CAN_BE_PAUSED,
        "may_resume": may_send and issue.state == IssueState.PAUSED,
        "may_cancel": may_send and issue.state in CAN_BE_CANCELLED,
        "may_resolve": user.has_perm("newsletter.resolve_delivery"),
        "shows_addresses": user.has_perm("newsletter.view_subscriber"),
    }


def _state(raw: str) -> DeliveryState | None:
    return DeliveryState(int(raw)) if raw in {str(value) for value in DeliveryState.values} else None
