"""Readers, what they asked for, and what they agreed to."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.admin.staff import member
from newsletter.admin.read_only import FoundByMail, lists_that_say, typed_hash
from newsletter.erasing import erase
from newsletter.models import ConsentRecord, Subscriber, Subscription
from newsroom.lib.admin_dates import moment_column
from newsroom.lib.dates import format_digits
from newsroom.lib.site_style import site_style

_CHANGES = [moment_column("confirmed_at", _("confirmed at")), moment_column("ended_at", _("ended at"))]
# Of one reader: the newest.
MOST_DELIVERIES, MOST_RECORDS = 20, 100


@admin.register(Subscriber)
class SubscriberAdmin(FoundByMail):
    list_display = ["email", "name", moment_column("created_at", _("first seen"))]
    mail_field = "email_normal"
    search_fields = [mail_field]
    date_hierarchy = "created_at"
    fields = readonly_fields = ("address", "name", "first_seen", "pause", "bounces")
    change_form_template = "admin/newsletter/subscriber/change_form.html"

    class Media:
        css = {"all": ("admin_newsroom/newsletter_lists.css",)}

    first_seen = staticmethod(moment_column("created_at", _("first seen")))
    pause = staticmethod(moment_column("paused_until", _("wants no mail until")))

    @admin.display(description=_("e-mail"))
    def address(self, subscriber: Subscriber) -> str:
        return format_html('<bdi dir="ltr">{}</bdi>', subscriber.readable_email)

    @admin.display(description=_("soft bounces in a row"))
    def bounces(self, subscriber: Subscriber) -> str:
        if not subscriber.soft_bounce_count:
            return "—"
        last = moment_column("soft_bounced_at", "")(subscriber)
        return format_html("{} ({})", format_digits(subscriber.soft_bounce_count, site_style()), last)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        subscriber = self.get_object(request, object_id)
        context = _papers_of(subscriber) if subscriber and self.has_view_permission(request, subscriber) else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    # Erasing

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.erase_view)
        return [path("<int:object_id>/erase/", view, name="newsletter_subscriber_erase"), *super().get_urls()]

    def erase_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Ask, then erase what is known about a reader who asked the newsroom for it (GDPR article 17)."""
        if not (self.has_view_permission(request) and request.user.has_perm("newsletter.erase_subscriber")):
            raise PermissionDenied
        subscriber = get_object_or_404(Subscriber, pk=object_id)
        if request.method == "POST":
            erase(subscriber, by=member(request))
            messages.success(request, gettext("The data of this reader was erased."))
            return redirect("admin:newsletter_subscriber_changelist")
        context = self.admin_site.each_context(request) | {
            "title": gettext("Erase the data of this reader?"),
            "subscriber": subscriber,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/newsletter/subscriber/erase.html", context)


def _papers_of(subscriber: Subscriber) -> dict[str, Any]:
    """What the newsroom knows about a reader."""
    deliveries = subscriber.deliveries.select_related("issue").order_by("-pk")
    return {
        "subscriptions": subscriber.subscriptions.select_related("mailing_list").order_by("mailing_list"),
        "deliveries": deliveries[:MOST_DELIVERIES],
        "consent_records": subscriber.consent_records.order_by("-pk")[:MOST_RECORDS],
    }


@admin.register(Subscription)
class SubscriptionAdmin(FoundByMail):
    list_display = ["subscriber", "mailing_list", "status", "frequency", *_CHANGES]
    list_filter = ["status", "mailing_list", "frequency", "end_reason"]
    list_select_related = ["subscriber", "mailing_list"]
    search_fields = ["subscriber__email_normal"]
    fields = readonly_fields = (
        "subscriber", "mailing_list", "status", "frequency", "confirmed", "ended", "end_reason",
    )  # fmt: skip
    confirmed, ended = map(staticmethod, _CHANGES)


@admin.register(ConsentRecord)
class ConsentRecordAdmin(FoundByMail):
    list_display = ["subscriber", "action", "mailing_list_name", "place", moment_column("at", _("when"))]
    list_filter = ["action", "place"]
    list_select_related = ["subscriber"]
    search_fields = ["subscriber__email_normal", "mailing_list_name"]
    date_hierarchy = "at"
    fields = readonly_fields = ("subscriber", "action", "mailing_list_name", "wording", "place", "network", "when")

    when = staticmethod(moment_column("at", _("when")))

    def wanted(self, typed: str) -> Q:
        """Also those of a reader whose data was erased, by the whole address."""
        found = super().wanted(typed) | Q(mailing_list_name__in=[row.name for row in lists_that_say(typed)])
        return found | Q(address_hash=hashed) if (hashed := typed_hash(typed)) else found
