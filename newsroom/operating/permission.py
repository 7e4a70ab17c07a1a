from accounts.models import User


def may_see_operation(user: User) -> bool:
    """Administrators, by their role (accounts.roles)."""
    return user.has_perm("tasks.view_reading")
