"""Staff. Nobody hands out a right that he does not have, and nobody but a superuser touches a superuser."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db import models
from django.forms import CheckboxSelectMultiple, ModelChoiceField, ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.forms import MemberForm, NewMemberForm
from accounts.models import RequiredFactor, User
from accounts.ranks import grantable_roles, is_below, may_manage
from accounts.roles import Role
from audit.admin import LoggedAdmin
from audit.enums import Action
from audit.recording import log
from newsroom.lib.admin_dates import moment_column
from newsroom.lib.hygiene import clean_line
from newsroom.lib.names import LONGEST_SEARCH, name_filter

_LABELS = {
    Role.REPORTER: _("Reporter"),
    Role.EDITOR: _("Editor"),
    Role.CHIEF_EDITOR: _("Chief editor"),
    Role.NEWSLETTER_EDITOR: _("Newsletter editor"),
    Role.ADMINISTRATOR: _("Administrator"),
}
_POWERS = ("is_superuser", "user_permissions")
_LAST_LOGIN, _JOINED = (
    moment_column(name, User._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    for name in ("last_login", "date_joined")
)


class RolesField(ModelMultipleChoiceField):
    """Groups under the names that people use for them."""

    widget = CheckboxSelectMultiple

    def label_from_instance(self, obj: models.Model) -> str:
        return role_name(obj)


class RoleField(ModelChoiceField):
    def label_from_instance(self, obj: models.Model) -> str:
        return role_name(obj)


def role_name(group: models.Model | str) -> str:
    name = str(group)
    return str(_LABELS[Role(name)]) if name in set(Role) else name


class RoleFilter(admin.RelatedFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("roles")

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(pk, role_name(str(group))) for pk, group in super().field_choices(field, request, model_admin)]


@admin.register(User)
class UserAdmin(LoggedAdmin, DjangoUserAdmin):
    form = MemberForm  # type: ignore[assignment]
    add_form = NewMemberForm
    list_display = ("username", "name", "roles", "has_factor", "is_active", _LAST_LOGIN)
    list_filter = ("is_active", ("groups", RoleFilter))
    ordering = ("sort_key",)
    search_fields = ("sort_key",)
    found_order = ("sort_key",)
    filter_horizontal = ("user_permissions",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Name and address"), {"fields": ("first_name", "last_name", "email")}),
        (_("Role"), {"fields": ("is_active", "is_staff", "groups", *_POWERS)}),
        (_("Dates"), {"fields": (_LAST_LOGIN, _JOINED)}),  # type: ignore[typeddict-item] # functions may stand there
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("username", "first_name", "last_name", "email", "password1", "password2")},
        ),
        (_("Role"), {"fields": ("is_staff", "groups")}),
    )
    readonly_fields = (_LAST_LOGIN, _JOINED)  # type: ignore[assignment]

    @admin.display(description=_("name"), ordering="sort_key")
    def name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return "، ".join(role_name(group) for group in user.groups.all())

    @admin.display(description=_("two steps"), boolean=True)
    def has_factor(self, user: Any) -> bool:
        return bool(user.has_factor)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[User]:
        devices = TOTPDevice.objects.filter(user=models.OuterRef("pk"), confirmed=True)
        users: models.QuerySet[User] = super().get_queryset(request).prefetch_related("groups")
        return users.annotate(has_factor=models.Exists(devices))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With a link to the sessions of the member, for whoever may look after them."""
        user = context.get("original")
        context["may_manage"] = user is not None and may_manage(request.user, user)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[User], search_term: str
    ) -> tuple[models.QuerySet[User], bool]:
        """By the names that people see and sign in by, or by a piece of the address."""
        if not (typed := clean_line(search_term[:LONGEST_SEARCH])):
            return queryset, False
        by_name = name_filter(typed, "sort_key")
        found = queryset.filter(models.Q(email__icontains=typed) | (by_name or models.Q(pk__in=())))
        return self.in_order(request, found, typed), False

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """The sessions of the member end by Django's own rule; the log says more than that a field was changed.

        The own password is changed where the old one is asked for: a session left open is not enough.
        """
        before = self.get_object(request, unquote(id))
        if before == request.user:
            return redirect("admin:password_change")
        response = super().user_change_password(request, id, form_url)
        after = self.get_object(request, unquote(id))
        if before and after and before.password != after.password:
            log(Action.PASSWORD_CHANGED, by=request.user, subject=after)  # type: ignore[arg-type]
        return response

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or is_below(obj, request.user))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or is_below(obj, request.user))

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Powers beyond the roles are shown to superusers alone."""
        # One's own roles are read in words: the names of the groups are the program's.
        own: dict[Any, str] = {"groups": "roles"} if obj == request.user else {}
        hidden = () if request.user.is_superuser else _POWERS
        return [
            (
                title,
                options | {"fields": tuple(own.get(name, name) for name in options["fields"] if name not in hidden)},
            )
            for title, options in super().get_fieldsets(request, obj)
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Nobody changes the own role: one could lock oneself out, or climb by a group made later."""
        own = ("is_active", "is_staff", "roles") if obj == request.user else ()
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
        """Groups that are not offered to this administrator stay as they were. The log says who was made what."""
        user: User = form.instance
        kept = list(user.groups.exclude(pk__in=grantable_roles(request.user).values("pk")))
        before = self.roles(user)
        super().save_related(request, form, formsets, change)
        user.groups.add(*kept)
        if before != (after := self.roles(user)):
            by: Any = request.user
            log(Action.CHANGED, by=by, subject=user, before=before, after=after, note=gettext("roles"))


@admin.register(RequiredFactor)
class RequiredFactorAdmin(LoggedAdmin):
    """Which roles cannot enter without a second factor. Whose role is added sets one up at his next click."""

    list_display = ("role", "required_by", "required_at")
    fields = ("group",)

    @admin.display(description=_("role"))
    def role(self, required: RequiredFactor) -> str:
        return role_name(required.group)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[RequiredFactor]:
        return super().get_queryset(request).select_related("group", "required_by")

    def has_change_permission(self, request: HttpRequest, obj: RequiredFactor | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RequiredFactor | None = None) -> bool:
        is_below_us = obj is None or grantable_roles(request.user).filter(pk=obj.group_id).exists()
        return super().has_delete_permission(request, obj) and is_below_us

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        return RoleField(label=_("role"), queryset=grantable_roles(request.user).filter(required_factor=None))

    def save_model(self, request: HttpRequest, obj: RequiredFactor, form: Any, change: bool) -> None:
        obj.required_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
