"""Texts that readers will see without anybody publishing them anew: what changes them may not make them worse.

The checklist was asked when the text got its time (articles.publishing). Who has to have it worse takes the time back,
and gives a reason with the new one.
"""

from collections import Counter

from articles.checklist import blocking, by_field, findings
from articles.enums import ChangeKind, Status
from articles.models import Article

# (check, field)
Fault = tuple[str, str]


def appears_by_itself(article: Article) -> bool:
    """It has its time. Of changes that withdraw their story nobody sees the text."""
    is_waiting = article.status == Status.APPROVED and article.publish_at is not None and not article.is_published
    return is_waiting and not (article.is_working_copy and article.change_kind == ChangeKind.RETRACTION)


def faults(article: Article) -> Counter[Fault]:
    """What forbids to publish it as it is. Some checks tell of a field once, however often it breaks the rule."""
    return Counter((one.check, one.field) for one in blocking(findings(article)))


def new_faults(article: Article, before: Counter[Fault]) -> dict[str, str]:
    """By field, what the checklist forbids now and did not find when its `faults` were `before`."""
    found = blocking(findings(article))
    worse = Counter((one.check, one.field) for one in found) - before
    return by_field(one for one in found if (one.check, one.field) in worse)
