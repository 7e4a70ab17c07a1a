from typing import Any

from django.contrib.auth.backends import ModelBackend


class StaffBackend(ModelBackend):
    """Signs in members of staff alone, and lets in nobody who is none any more.

    Django's form would refuse everybody else only after the password was found right, and such a refusal is not
    counted: who is not on the staff could have his password guessed. Django asks here at every request too, so that
    the sessions of somebody who leaves the staff are nobody's.
    """

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and bool(getattr(user, "is_staff", False))
