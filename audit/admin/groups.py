from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group

from audit.admin.logged import LoggedAdmin

# Who changes what a role may do belongs into the log like everything else.
admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(LoggedAdmin, DjangoGroupAdmin):
    """Django's own page, for superusers."""
