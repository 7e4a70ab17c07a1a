from typing import Any

from django.db import models
from django.utils import timezone


class StaffSessionQuerySet(models.QuerySet):
    def live(self, user: Any) -> "StaffSessionQuerySet":
        """The sessions of `user` that still open a door, the latest first.

        Those from before a change of the password are dead by Django's own rule; a change of SECRET_KEY kills none
        while the old key is among the fallbacks.
        """
        marks = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
        return self.unexpired().filter(user=user, auth_hash__in=marks).order_by("-last_seen_at", "-created_at")

    def unexpired(self) -> "StaffSessionQuerySet":
        return self.filter(expires_at__gt=timezone.now())

    def expired(self) -> "StaffSessionQuerySet":
        return self.filter(expires_at__lte=timezone.now())
