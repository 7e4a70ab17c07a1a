from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from audit.admin.logged import LoggedAdmin
from newsroom.lib.names import says

# Who changes what a role may do belongs into the log like everything else.
admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(LoggedAdmin, DjangoGroupAdmin):
    """Django's own page, for superusers."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Group], search_term: str
    ) -> tuple[QuerySet[Group], bool]:
        """A handful of rows, which have no key."""
        return queryset.filter(pk__in=[group.pk for group in queryset if says(group.name, search_term)]), False
