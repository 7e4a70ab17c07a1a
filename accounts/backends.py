from typing import Any

from django.contrib.auth.backends import ModelBackend

from accounts.models import User
from newsroom.lib.hygiene import clean_line


class StaffBackend(ModelBackend):
    """Signs in members of staff alone, and lets in nobody who is none any more.

    Django's form would refuse everybody else only after the password was found right, and such a refusal is not
    counted: who is not on the staff could have his password guessed. Django asks here at every request too, so that
    the sessions of somebody who leaves the staff are nobody's.
    """

    def authenticate(self, request: Any, username: Any = None, password: Any = None, **kwargs: Any) -> Any:
        """The name as it was typed, or as hygiene keeps it when nobody is called so: «علیرضا» is stored as «عليرضا»."""
        if username and not User.objects.filter(username=username).exists():
            username = clean_line(username)
        return super().authenticate(request, username=username, password=password, **kwargs)

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and bool(getattr(user, "is_staff", False))
