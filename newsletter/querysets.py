from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone


class MailingListQuerySet(models.QuerySet):
    def in_box(self) -> MailingListQuerySet:
        """What the box on the site stands for: the lists marked so, or the first one when none is marked."""
        marked = self.filter(is_default=True)
        first = self.order_by("position", "id").values("pk")[:1]
        return marked if marked.exists() else self.filter(pk__in=first)


class ConfirmationRequestQuerySet(models.QuerySet):
    def asked_after(self, moment: datetime) -> ConfirmationRequestQuerySet:
        return self.filter(created_at__gt=moment)

    def unsent(self, *, patience: timedelta) -> ConfirmationRequestQuerySet:
        """Mails that were promised and not sent, and that nobody has tried to send within `patience`."""
        return self.filter(sent_at__isnull=True, attempted_at__lte=timezone.now() - patience)
