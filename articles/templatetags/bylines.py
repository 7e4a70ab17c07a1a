from collections.abc import Sequence

from django import template

from articles.credit_labels import credit_label as label_of
from articles.enums import BylineRole
from articles.models import Byline

register = template.Library()


@register.filter
def credit_label(bylines: Sequence[Byline]) -> str:
    """«كتبت:» before the names of those who had one role in a story."""
    return label_of(BylineRole(bylines[0].role), [byline.author for byline in bylines])
