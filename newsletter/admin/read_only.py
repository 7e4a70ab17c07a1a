"""What the pages about readers have in common: nothing is changed there, and an address is found by any piece of it."""

from functools import reduce
from operator import and_

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from audit.admin import LoggedAdmin
from newsletter.address_keys import address_hash
from newsletter.addresses import clean_address, search_words, validate_address
from newsletter.models import MailingList
from newsroom.lib.names import says


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


def typed_hash(typed: str) -> str:
    """The hash of a whole address that somebody typed; '' where it is none."""
    address = clean_address(typed)
    try:
        validate_address(address)
    except ValidationError:
        return ""
    return address_hash(address)


def lists_that_say(typed: str) -> list[MailingList]:
    """A handful of rows, which have no key."""
    return [mailing_list for mailing_list in MailingList.objects.all() if says(mailing_list.name, typed)]
