"""«Sending»: what is on its way, how the last issues were received, and whether this site can send at all."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from articles.admin.previewing import says_so
from articles.admin.staff import member
from newsletter import operating, sender_check
from newsletter.admin import article_preview, breaking, kept_mail
from newsletter.admin.gauge import complaint_gauge
from newsletter.admin.read_only import ReadOnlyAdmin
from newsletter.admin.sender_words import Said, said
from newsletter.enums import IssueState
from newsletter.kept_mail import keeps_mail
from newsletter.models import Delivery, Issue, SenderCheck
from newsletter.reputation import reputation
from newsletter.sending.identity import reason_to_refuse

OVERVIEW = "admin:newsletter_delivery_changelist"
LAST_ISSUES = 10
_AT_WORK = [IssueState.SCHEDULED, IssueState.PREPARING, IssueState.SENDING, IssueState.PAUSED]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """No list of a million rows: the page of each issue lists its deliveries, this one says how sending goes."""

    def get_urls(self) -> list[URLPattern]:
        pages: dict[str, tuple[Callable[..., HttpResponse], str]] = {
            "": (self.overview_view, "newsletter_delivery_changelist"),
            "sender-check/": (self.check_view, "newsletter_sender_check"),
            "mail/": (self.kept_view, "newsletter_kept_mail"),
            "mail/<path:name>/html/": (self.kept_html_view, "newsletter_kept_mail_html"),
            "mail/<path:name>/": (self.kept_one_view, "newsletter_kept_mail_one"),
            "article/<int:article_id>/": (self.article_view, "newsletter_article_mail"),
            "article/preview/": (self.preview_view, "newsletter_article_preview_new"),
            "article/<int:article_id>/preview/": (self.preview_view, "newsletter_article_preview"),
        }
        view = self.admin_site.admin_view
        ours = [path(route, view(page), name=name) for route, (page, name) in pages.items()]
        for url in ours:
            if url.name in article_preview.FRAMED:
                url.callback = says_so(url.callback)
        return ours

    def overview_view(self, request: HttpRequest) -> HttpResponse:
        self._require(request)
        context = self.admin_site.each_context(request) | _sending() | _standing() | _set_up(request)
        context |= {"title": _("Sending"), "opts": self.opts}
        return TemplateResponse(request, "admin/newsletter/sending/overview.html", context)

    def check_view(self, request: HttpRequest) -> HttpResponse:
        """Ask the name servers about a sender's domain; some twenty seconds at the worst."""
        self._require(request, "newsletter.send_issue")
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        domain, selector = request.POST.get("domain", ""), request.POST.get("selector", "")
        if domain not in sender_check.sender_domains():
            messages.error(request, _("No mail comes from this domain."))
            return redirect(OVERVIEW)
        try:
            sender_check.check_sender(domain, selector=selector[:100])
        except sender_check.NoDomain:
            messages.error(request, _("The domain or the selector is written wrongly. A selector looks like: news2026"))
            return redirect(OVERVIEW)
        messages.success(request, _("The name servers were asked. Below is what they said."))
        return redirect(f"{redirect(OVERVIEW).url}#sender")

    def kept_view(self, request: HttpRequest) -> HttpResponse:
        self._require(request)
        return kept_mail.list_page(request, self.admin_site)

    def kept_one_view(self, request: HttpRequest, name: str) -> HttpResponse:
        self._require(request)
        return kept_mail.mail_page(request, name, self.admin_site)

    def kept_html_view(self, request: HttpRequest, name: str) -> HttpResponse:
        self._require(request)
        return kept_mail.html_document(request, name)

    def article_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        self._require(request, "newsletter.send_issue")
        return breaking.article_page(request, article_id, self.admin_site)

    def preview_view(self, request: HttpRequest, article_id: int | None = None) -> HttpResponse:
        return article_preview.preview(request, article_id, self.admin_site)

    def _require(self, request: HttpRequest, permission: str = "newsletter.view_delivery") -> None:
        if not member(request).has_perm(permission):
            raise PermissionDenied


def _sending() -> dict[str, Any]:
    at_work = list(Issue.objects.filter(state__in=_AT_WORK).select_related("mailing_list").order_by("send_at", "id"))
    senders = operating.senders_at([issue.pk for issue in at_work])
    last = Issue.objects.filter(state__in=[IssueState.FINISHED, IssueState.CANCELLED], started_at__isnull=False)
    return {
        "at_work": [(issue, operating.progress(issue), senders.get(issue.pk, 0)) for issue in at_work],
        "sender_count": sum(senders.values()),
        "last_issues": last.select_related("mailing_list").order_by("-started_at")[:LAST_ISSUES],
        "refusal": reason_to_refuse(),
    }


def _standing() -> dict[str, Any]:
    found = reputation()
    return {"reputation": found, "gauge": complaint_gauge(found)}


def _set_up(request: HttpRequest) -> dict[str, Any]:
    checks = {check.domain: check for check in SenderCheck.objects.all()}
    domains = sender_check.sender_domains()
    return {
        "keeps_mail": keeps_mail(),
        "provider": settings.MAIL_PROVIDER,
        "mail_host": "" if settings.MAIL_PROVIDER or keeps_mail() else settings.EMAIL_HOST,
        "mail_port": getattr(settings, "EMAIL_PORT", 0),
        "is_encrypted": settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL,
        "from_address": settings.DEFAULT_FROM_EMAIL,
        "bounce_address": settings.BOUNCE_ADDRESS,
        "signs": bool(settings.DKIM_KEY),
        "checks": [(domain, _findings(checks.get(domain)), _selector(checks.get(domain))) for domain in domains],
        "may_check": member(request).has_perm("newsletter.send_issue"),
    }


def _findings(check: SenderCheck | None) -> tuple[SenderCheck, list[Said]] | None:
    return (check, [said(finding) for finding in check.result.get("findings", [])]) if check else None


def _selector(check: SenderCheck | None) -> str:
    return (check.result.get("selector", "") if check else "") or sender_check.default_selector()
