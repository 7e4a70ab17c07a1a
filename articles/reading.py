"""What an article's page shows round the text: who wrote it, what else to read, how to pass it on."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.enums import BylineRole
from articles.models import Article, Byline, RelatedLink
from newsroom.lib.bidi import plain_title
from pages.days import day_of
from richtext.render import word_count

# Brysbaert's estimate for Arabic, silent reading (2019).
WORDS_PER_MINUTE = 180
MORE_FROM_SECTION, RELATED = 5, 4
OLD_AFTER_DAYS = 365


@dataclass(frozen=True)
class Credit:
    """Those who had one role in a story, in their order."""

    role: BylineRole
    bylines: list[Byline]


def credits_of(article: Article) -> list[Credit]:
    """The names of a story by role; roles come in the order of BylineRole, writers first."""
    order = list(BylineRole)
    bylines = sorted(article.bylines.all(), key=lambda byline: order.index(BylineRole(byline.role)))
    return [Credit(BylineRole(role), list(group)) for role, group in groupby(bylines, lambda byline: byline.role)]


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
            boxes.setdefault(link.after_block, []).append(
                render_to_string("components/read_also.html", {"links": [link]})
            )
    return boxes


def more_to_read(article: Article, links: Sequence[RelatedLink]) -> tuple[list[Article], list[Article]]:
    """Return (newest of the section, related by tags) in one query; no article twice, none that `links` name.

    Articles that share more tags come first; where tags give too few, the section fills up.
    """
    named = [article.pk, *(link.target_id for link in links if link.target_id)]
    others = Article.objects.published().exclude(pk__in=named)
    same_tag = Q(tagged_items__tag__in=[tag.pk for tag in article.tags.all()])
    shared = Count("tagged_items", filter=same_tag, distinct=True)
    by_tag = others.filter(same_tag).annotate(shared=shared).order_by("-shared", "-published_at", "-pk")[:RELATED]
    in_section = others.filter(section=article.section_id).newest_first()[: MORE_FROM_SECTION + 2 * RELATED]
    found: list[Any] = list(
        Article.objects.published().any_of([by_tag, in_section]).annotate(shared=shared).newest_first().for_links()
    )
    related = sorted((a for a in found if a.shared), key=lambda a: -a.shared)[:RELATED]
    rest = [a for a in found if a not in related and a.section_id == article.section_id]
    more = rest[:MORE_FROM_SECTION]
    return more, related + rest[MORE_FROM_SECTION:][: RELATED - len(related)]


def share_links(article: Article) -> list[tuple[str, str]]:
    """(label, address) of the networks: plain links, no script of theirs. They get the short address."""
    address = settings.SITE_URL + article.get_short_url()
    title = plain_title(article.headline)
    return [
        (_("WhatsApp"), "https://wa.me/?" + urlencode({"text": f"{title}\n{address}"})),
        (_("Telegram"), "https://t.me/share/url?" + urlencode({"url": address, "text": title})),
        (_("Facebook"), "https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": address})),
    ]
