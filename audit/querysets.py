from __future__ import annotations

from typing import Any, NoReturn

from django.db import models


class AppendOnly(Exception):
    """A line of the log is written once. The database refuses the rest too, whoever asks (migration 0002)."""


class AuditEntryQuerySet(models.QuerySet):
    def about(self, subject: models.Model) -> AuditEntryQuerySet:
        """The lines about one row, the newest first."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk)).order_by("-at", "-id")

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly("The log is never changed.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("The log is never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnly("Nothing is taken out of the log.")
