"""What shared links show, and the head of a page with it."""

from typing import Any

from django import template
from django.template import Context

from articles.models import Article
from articles.page_head import page_meta
from articles.share_card import share_card_address
from articles.structured_data.stories import description_of

register = template.Library()
register.filter("share_card", share_card_address)


@register.simple_tag(takes_context=True, name="page_meta")
def page_meta_tag(context: Context) -> str:
    told: Any = context
    return page_meta(told)


@register.simple_tag
def story_meta(article: Article) -> str:
    return page_meta(
        {
            "title": article.headline,
            "path": article.get_absolute_url(),
            "elsewhere": article.canonical_url,
            "description": description_of(article),
            "card": share_card_address(article),
            "type": "article",
        }
    )
