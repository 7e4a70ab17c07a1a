from collections.abc import Iterable, Sequence

from django import template
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from articles import printed_credits
from articles.enums import BylineRole
from articles.models import Byline
from articles.printed_credits import Credit

register = template.Library()


@register.filter
def credit_label(bylines: Sequence[Byline]) -> str:
    """«كتبت» before the names of those who had one role in a story."""
    return Credit(BylineRole(bylines[0].role), list(bylines)).label


@register.filter
def linked_names(bylines: Iterable[Byline]) -> str:
    """«سلمى وسامر» with links to their pages. No template: its last line end would stand before the next comma."""
    link = '<a class="text-link" rel="author" href="{}"><bdi>{}</bdi></a>'
    authors = [byline.author for byline in bylines]
    return format_html_join(_(" and "), link, ((author.get_absolute_url(), author.name) for author in authors))


@register.simple_tag
def credit_joint() -> str:
    """«، » between one role and the next."""
    return printed_credits.credit_joint()
