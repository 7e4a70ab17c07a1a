from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from audit.admin import LoggedAdmin
from newsletter.models import ConsentRecord, MailingList, Subscriber, Subscription


class ReadOnlyAdmin(LoggedAdmin):
    """Looked at, never touched: what readers decided is changed by readers alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(MailingList)
class MailingListAdmin(LoggedAdmin):
    list_display = ["name", "cadence", "is_default", "position"]
    search_fields = ["name"]
    fields = ["name", "slug", "description", "cadence", "is_default", "position"]


@admin.register(Subscriber)
class SubscriberAdmin(ReadOnlyAdmin):
    list_display = ["email", "created_at"]
    search_fields = ["email_normal"]
    date_hierarchy = "created_at"


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    list_display = ["subscriber", "mailing_list", "status", "confirmed_at", "ended_at"]
    list_filter = ["status", "mailing_list"]
    list_select_related = ["subscriber", "mailing_list"]
    search_fields = ["subscriber__email_normal"]


@admin.register(ConsentRecord)
class ConsentRecordAdmin(ReadOnlyAdmin):
    list_display = ["subscriber", "action", "mailing_list_name", "place", "at"]
    list_filter = ["action", "place"]
    list_select_related = ["subscriber"]
    search_fields = ["subscriber__email_normal", "mailing_list_name"]
    date_hierarchy = "at"
