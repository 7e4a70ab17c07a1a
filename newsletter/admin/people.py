from functools import reduce
from operator import and_

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.admin import LoggedAdmin
from newsletter.addresses import search_words
from newsletter.models import ConsentRecord, MailingList, Subscriber, Subscription
from newsroom.lib.admin_dates import moment_column
from newsroom.lib.names import says

_CHANGES = [moment_column("confirmed_at", _("confirmed at")), moment_column("ended_at", _("ended at"))]


class ReadOnlyAdmin(LoggedAdmin):
    """Looked at, never touched: what readers decided is changed by readers alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class FoundByMail(ReadOnlyAdmin):
    """Found by any piece of an address, typed as people type it: in capitals, with Arabic digits or letters."""

    mail_field = "subscriber__email_normal"

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return (queryset.filter(self.wanted(search_term)) if search_words(search_term) else queryset), False

    def wanted(self, typed: str) -> Q:
        said = (Q(**{f"{self.mail_field}__contains": word}) for word in search_words(typed))
        return reduce(and_, said)


def lists_that_say(typed: str) -> list[MailingList]:
    """A handful of rows, which have no key."""
    return [mailing_list for mailing_list in MailingList.objects.all() if says(mailing_list.name, typed)]


@admin.register(MailingList)
class MailingListAdmin(LoggedAdmin):
    list_display = ["name", "cadence", "is_default", "position"]
    search_fields = ["name"]
    fields = ["name", "slug", "description", "cadence", "is_default", "position"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[MailingList], search_term: str
    ) -> tuple[QuerySet[MailingList], bool]:
        return queryset.filter(pk__in=[row.pk for row in lists_that_say(search_term)]), False


@admin.register(Subscriber)
class SubscriberAdmin(FoundByMail):
    list_display = ["email", moment_column("created_at", _("first seen"))]
    mail_field = "email_normal"
    search_fields = [mail_field]
    date_hierarchy = "created_at"


@admin.register(Subscription)
class SubscriptionAdmin(FoundByMail):
    list_display = ["subscriber", "mailing_list", "status", *_CHANGES]
    list_filter = ["status", "mailing_list"]
    list_select_related = ["subscriber", "mailing_list"]
    search_fields = ["subscriber__email_normal"]


@admin.register(ConsentRecord)
class ConsentRecordAdmin(FoundByMail):
    list_display = ["subscriber", "action", "mailing_list_name", "place", moment_column("at", _("when"))]
    list_filter = ["action", "place"]
    list_select_related = ["subscriber"]
    search_fields = ["subscriber__email_normal", "mailing_list_name"]
    date_hierarchy = "at"

    def wanted(self, typed: str) -> Q:
        return super().wanted(typed) | Q(mailing_list_name__in=[row.name for row in lists_that_say(typed)])
