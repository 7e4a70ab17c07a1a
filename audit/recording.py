"""Writing into the log of deeds."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from audit.enums import Action
from audit.models import AuditEntry
from audit.origin import current
from newsroom.lib.hygiene import clean_line


def log(
    action: Action,
    *,
    by: AbstractBaseUser | None,
    subject: models.Model | None = None,
    before: str = "",
    after: str = "",
    note: str = "",
) -> None:
    """Write one line, in the transaction of the caller: the deed and its line stay or go together.

    `by` is None where nobody is signed in: a command, a visitor at the door. `before` and `after` are states in a
    word each; no text, token or password belongs into a line. Every string is cut to its column, and controls and
    ends of lines are taken out of it: who may choose a name must not be able to write a second line with it
    (CVE-2025-48432).
    """
    origin = current.get()
    texts = {
        "actor_name": (str(by) or str(by.pk)) if by else "",
        "subject_type": subject._meta.label_lower if subject else "",
        "subject_id": str(subject.pk or "") if subject else "",
        "subject_title": str(subject) if subject else "",
        "before": before,
        "after": after,
        "note": note,
        "address": origin.address,
        "user_agent": origin.user_agent,
    }
    AuditEntry.objects.create(action=action, actor_id=by.pk if by else None, **_fitted(texts))


def _fitted(texts: dict[str, str]) -> dict[str, str]:
    longest = {field.name: field.max_length for field in AuditEntry._meta.concrete_fields}
    return {name: clean_line(text)[: longest[name]] for name, text in texts.items()}
