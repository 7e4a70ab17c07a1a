"""What the newsroom asks of a text before readers see it, besides what nobody may leave out (articles.readiness).

Each check has a name, a strictness that the newsroom may change (CheckLevel), and for what is only a wrong sign on the
keyboard a way to mend it.
"""

from articles.checklist.catalogue import BY_NAME, CHECKS, Check
from articles.checklist.findings import Finding, blocking, by_field, findings
from articles.checklist.levels import strictness_of_checks
from articles.checklist.mending import Mended, mended

__all__ = [
    "BY_NAME",
    "CHECKS",
    "Check",
    "Finding",
    "Mended",
    "blocking",
    "by_field",
    "findings",
    "mended",
    "strictness_of_checks",
]
