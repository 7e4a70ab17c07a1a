"""Who stands above whom: nobody may hand out, or take over, a right that he does not have."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import models

from accounts.models import User
from accounts.roles import Role


def is_below(user: User, administrator: Any) -> bool:
    """Whether taking over `user` (a new password is enough) would give `administrator` nothing new."""
    if administrator.is_superuser:
        return True
    # Not get_all_permissions(): an account that is switched off has none until it is switched on again.
    beyond = permissions_of(user).exclude(pk__in=permissions_of(administrator).values("pk"))
    return not user.is_superuser and not beyond.exists()


def may_manage(administrator: Any, user: User) -> bool:
    """Whether `administrator` may look after the sessions and the second factor of `user`."""
    return administrator.has_perm("accounts.change_user") and is_below(user, administrator)


def grantable_roles(administrator: Any) -> models.QuerySet[Group]:
    """The roles that hold no right which `administrator` lacks; a superuser grants any group."""
    if administrator.is_superuser:
        return Group.objects.order_by("id")
    beyond = Permission.objects.exclude(pk__in=permissions_of(administrator).values("pk"))
    return Group.objects.filter(name__in=list(Role)).exclude(permissions__in=beyond.values("pk")).order_by("id")


def permissions_of(user: User) -> models.QuerySet[Permission]:
    return Permission.objects.filter(models.Q(group__user=user) | models.Q(user=user))
