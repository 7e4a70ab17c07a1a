"""How strict each check is in this newsroom."""

from articles.checklist.catalogue import CHECKS
from articles.enums import Strictness
from articles.models import CheckLevel


def strictness_of_checks() -> dict[str, Strictness]:
    """By name: one query."""
    changed = dict(CheckLevel.objects.values_list("check_name", "strictness"))
    return {check.name: Strictness(changed.get(check.name, check.strictness)) for check in CHECKS}
