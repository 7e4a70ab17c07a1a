"""What stands against sending an issue, and what is worth a look."""

from dataclasses import dataclass, field

from newsletter.mails.compiling import reasons_against
from newsletter.mails.rendering import render_issue
from newsletter.models import Issue
from newsletter.spam_risk import risks

# The form of the page on which it is mended, by field of the issue.
_PLACES = {
    "subject": "id_issue-subject",
    "subject_b": "id_issue-subject_b",
    "preheader": "id_issue-preheader",
    "items": "items",
}


@dataclass(frozen=True)
class Checks:
    """(where it is mended: an id of the form or "", what it is) of each; `size` is that of the HTML in bytes."""

    blocks: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    size: int = 0

    @property
    def kilobytes(self) -> int:
        return round(self.size / 1000)


def checks(issue: Issue) -> Checks:
    mail = render_issue(issue)
    problems = reasons_against(issue)
    found = {
        level: [(_PLACES.get(p.field, ""), p.text) for p in problems if p.level == level] for level in ("block", "warn")
    }
    warned = [*found["warn"], *((_PLACES.get(risk.field, ""), risk.text) for risk in risks(issue, mail))]
    return Checks(found["block"], warned, len(mail.html.encode()))
