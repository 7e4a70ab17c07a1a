"""Makes the mail of an issue, once and for good: what every sender then fills in and nobody changes."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from newsletter.mails.checking import Problem, reasons_against
from newsletter.mails.envelope import header_pieces
from newsletter.mails.items import MailItem, read_items
from newsletter.mails.rendering import Rendered, html_size, name_without_one, render_pieces
from newsletter.models import CompiledMail, Issue, IssueItem, LinkTarget

__all__ = ["CompileRefused", "Problem", "compile_issue", "fingerprint", "reasons_against"]


class CompileRefused(Exception):
    """The issue cannot be sent as it is; `reasons` are sentences for the editor."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def compile_issue(issue: Issue) -> list[CompiledMail]:
    """Freeze the words, pictures, links and mails of an issue. Again it returns what was made the first time.

    Articles that are not public at this moment are left out. Raises CompileRefused.
    """
    with transaction.atomic():
        locked = Issue.objects.select_for_update(of=("self",)).select_related("mailing_list").get(pk=issue.pk)
        if locked.compiled_at is None:
            _compile(locked)
        issue.compiled_at = locked.compiled_at
        return list(locked.compiled_mails.order_by("variant"))


def fingerprint(content: dict[str, Any]) -> str:
    """SHA-256 of the content in one form: databases keep the order of lists but not of keys."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _compile(issue: Issue) -> None:
    blocks = [problem.text for problem in reasons_against(issue) if problem.level == "block"]
    if blocks:
        raise CompileRefused(blocks)
    items = read_items(issue)
    _freeze_items(items)
    for variant in issue.variants:
        rendered = render_pieces(issue, variant=variant, items=items, counted=True)
        _write_mail(issue, variant, rendered)
    LinkTarget.objects.bulk_create(
        LinkTarget(issue=issue, number=number, url=url) for url, number in rendered.targets.items()
    )
    issue.compiled_at = timezone.now()
    issue.save(update_fields=["compiled_at"])


def _freeze_items(items: list[MailItem]) -> None:
    for item in items:
        row = item.row
        row.headline, row.summary, row.url = item.headline, item.summary, item.url
        if item.image:
            row.image_url, row.image_alt = item.image.url, item.image.alt
    fields = ["headline", "summary", "url", "image_url", "image_alt"]
    IssueItem.objects.bulk_update([item.row for item in items], fields)


def _write_mail(issue: Issue, variant: str, rendered: Rendered) -> None:
    content = {
        "headers": header_pieces(issue, variant),
        "html": rendered.html,
        "text": rendered.text,
        # What stands where a reader has given nothing.
        "fallbacks": {"name": name_without_one()},
    }
    sha256, size = fingerprint(content), html_size(rendered.html)
    CompiledMail.objects.create(issue=issue, variant=variant, content=content, sha256=sha256, html_size=size)
