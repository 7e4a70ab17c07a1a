"""What an article's page shows round the text: who wrote it, what else to read, how to pass it on."""

from collections.abc import Sequence
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone

from articles.beside import more_to_read
from articles.embedding import Embedding
from articles.enums import BylineRole
from articles.models import Article, RelatedLink
from articles.printed_credits import credits_of
from articles.story_lines import read_also
from newsroom.lib.bidi import plain_title
from newsroom.lib.labels import label as _
from pages.days import day_of
from richtext.render import word_count

# Brysbaert's estimate for Arabic, silent reading (2019).
WORDS_PER_MINUTE = 180
OLD_AFTER_DAYS = 365


def page_of(article: Article, embedding: Embedding) -> dict[str, Any]:
    """What the template of a story shows; `article` was fetched by for_page."""
    links = public_links(article)
    credits = credits_of(article)
    return {
        "article": article,
        "current_section": article.section,
        "writers": [byline for credit in credits if credit.role == BylineRole.WRITING for byline in credit.bylines],
        "others": [credit for credit in credits if credit.role != BylineRole.WRITING],
        "minutes": reading_minutes(article),
        "updated_same_day": is_updated_same_day(article),
        "is_old": is_old(article),
        "body": embedding.blocks(article.body, read_also_boxes(links)),
        "corrections": list(article.corrections.all()),
        "attributions": list(article.attributions.all()),
        "tags": list(article.tags.all()),
        "links_below": [link for link in links if link.after_block is None],
        "more": more_to_read(article, links),
        "share_links": share_links(article),
    }


def reading_minutes(article: Article) -> int:
    return ceil(word_count(article.body) / WORDS_PER_MINUTE)


def is_old(article: Article) -> bool:
    """More than a year: some of what it says has changed since."""
    return article.published_at is not None and (timezone.now() - article.published_at).days > OLD_AFTER_DAYS


def is_updated_same_day(article: Article) -> bool:
    """The time alone then says when; the date stands beside it already."""
    if article.published_at is None or article.updated_at is None:
        return False
    return day_of(article.published_at) == day_of(article.updated_at)


def public_links(article: Article) -> list[RelatedLink]:
    """ "Read also" as readers may see it: an article of ours that is not public leaves no trace."""
    return [link for link in article.related_links.all() if link.target is None or link.target.is_published]


def read_also_boxes(links: Sequence[RelatedLink]) -> dict[int, list[str]]:
    """The boxes that stand inside the body, by the number of blocks before them (richtext.render_body)."""
    boxes: dict[int, list[str]] = {}
    for link in links:
        if link.after_block is not None:
            boxes.setdefault(link.after_block, []).append(read_also([link]))
    return boxes


def share_links(article: Article) -> list[tuple[str, str]]:
    """(label, address) of the networks: plain links, no script of theirs. They get the short address."""
    address = settings.SITE_URL + article.get_short_url()
    title = plain_title(article.headline)
    return [
        (_("WhatsApp"), "https://wa.me/?" + urlencode({"text": f"{title}\n{address}"})),
        (_("Telegram"), "https://t.me/share/url?" + urlencode({"url": address, "text": title})),
        (_("Facebook"), "https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": address})),
    ]
