"""Staff. Nobody hands out a right that he does not have, and nobody but a superuser touches a superuser."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, Permission
from django.db import models
from django.forms import CheckboxSelectMultiple, ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from newsroom.lib.admin import DeskAdmin

_LABELS = {
    Role.REPORTER: _("Reporter"),
    Role.EDITOR: _("Editor"),
    Role.CHIEF_EDITOR: _("Chief editor"),
    Role.NEWSLETTER_EDITOR: _("Newsletter editor"),
    Role.ADMINISTRATOR: _("Administrator"),
}
_POWERS = ("is_superuser", "user_permissions")


class RolesField(ModelMultipleChoiceField):
    """Groups under the names that people use for them."""

    widget = CheckboxSelectMultiple

    def label_from_instance(self, obj: models.Model) -> str:
        name = str(obj)
        return str(_LABELS[Role(name)]) if name in set(Role) else name


@admin.register(User)
class UserAdmin(DeskAdmin, DjangoUserAdmin):
    form = UserChangeForm  # type: ignore[assignment]
    list_display = ("username", "name", "roles", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    ordering = ("username",)
    filter_horizontal = ("user_permissions",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Name and address"), {"fields": ("first_name", "last_name", "email")}),
        (_("Role"), {"fields": ("is_active", "is_staff", "groups", *_POWERS)}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("username", "first_name", "last_name", "password1", "password2")},
        ),
        (_("Role"), {"fields": ("is_staff", "groups")}),
    )
    readonly_fields = ("last_login", "date_joined")

    @admin.display(description=_("name"), ordering="first_name")
    def name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return "، ".join(str(_LABELS.get(group.name, group.name)) for group in user.groups.all())  # type: ignore[call-overload]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or is_below(obj, request.user))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or is_below(obj, request.user))

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Powers beyond the roles are shown to superusers alone."""
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        return [
            (title, options | {"fields": tuple(name for name in options["fields"] if name not in _POWERS)})
            for title, options in fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Nobody changes the own role: one could lock oneself out, or climb by a group made later."""
        own = ("is_active", "is_staff", "groups") if obj == request.user else ()
        return (*super().get_readonly_fields(request, obj), *own)

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        if db_field.name != "groups":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        return RolesField(label=_("roles"), queryset=grantable_roles(request.user), required=False)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"is_staff": True}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Groups that are not offered to this administrator stay as they were."""
        kept = list(form.instance.groups.exclude(pk__in=grantable_roles(request.user).values("pk")))
        super().save_related(request, form, formsets, change)
        form.instance.groups.add(*kept)


def is_below(user: User, administrator: Any) -> bool:
    """Whether taking over `user` (a new password is enough) would give `administrator` nothing new."""
    if administrator.is_superuser:
        return True
    # Not get_all_permissions(): an account that is switched off has none until it is switched on again.
    beyond = permissions_of(user).exclude(pk__in=permissions_of(administrator).values("pk"))
    return not user.is_superuser and not beyond.exists()


def grantable_roles(administrator: Any) -> models.QuerySet[Group]:
    """The roles that hold no right which `administrator` lacks; a superuser grants any group."""
    if administrator.is_superuser:
        return Group.objects.order_by("id")
    beyond = Permission.objects.exclude(pk__in=permissions_of(administrator).values("pk"))
    return Group.objects.filter(name__in=list(Role)).exclude(permissions__in=beyond.values("pk")).order_by("id")


def permissions_of(user: User) -> models.QuerySet[Permission]:
    return Permission.objects.filter(models.Q(group__user=user) | models.Q(user=user))
