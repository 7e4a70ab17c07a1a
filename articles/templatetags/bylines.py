from collections.abc import Sequence

from django import template

from articles import printed_credits, story_parts
from articles.enums import BylineRole
from articles.models import Byline
from articles.printed_credits import Credit

register = template.Library()
register.filter(story_parts.linked_names)
register.simple_tag(printed_credits.credit_joint)


@register.filter
def credit_label(bylines: Sequence[Byline]) -> str:
    """«كتبت» before the names of those who had one role in a story."""
    return Credit(BylineRole(bylines[0].role), list(bylines)).label
