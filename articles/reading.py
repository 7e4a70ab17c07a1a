"""What an article's page shows round the text: who wrote it, what else to read, how to pass it on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.embedding import Embedding
from articles.enums import BylineRole
from articles.models import Article, Author, Byline, RelatedLink, TaggedArticle
from articles.most_read import by_rank
from newsroom.lib.bidi import plain_title
from pages.days import day_of
from richtext.render import word_count

# Brysbaert's estimate for Arabic, silent reading (2019).
WORDS_PER_MINUTE = 180
MORE_FROM_SECTION, MOST_READ, RELATED = 5, 5, 4
# Among so many of the last stories of its tags, those related to a story are looked for.
LATELY = 300
OLD_AFTER_DAYS = 365


@dataclass(frozen=True)
class Credit:
    """Those who had one role in a story, in their order."""

    role: BylineRole
    bylines: list[Byline]


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
        "links_below": [link for link in links if link.after_block is None],
        "more": more_to_read(article, links),
        "share_links": share_links(article),
    }


def credits_of(article: Article) -> list[Credit]:
    """The names of a story by role; roles come in the order of BylineRole, writers first."""
    order = list(BylineRole)
    bylines = sorted(article.bylines.all(), key=lambda byline: order.index(BylineRole(byline.role)))
    return [Credit(BylineRole(role), list(group)) for role, group in groupby(bylines, lambda byline: byline.role)]


def note_other_roles(articles: Iterable[Article], author: Author) -> None:
    """Give each article `other_bylines`: what this author did there beside writing, each in a list of its own.

    One query.
    """
    order = list(BylineRole)
    bylines = author.bylines.filter(article__in=[article.pk for article in articles]).exclude(role=BylineRole.WRITING)
    roles: dict[int, list[list[Byline]]] = {}
    for byline in sorted(bylines, key=lambda each: order.index(BylineRole(each.role))):
        byline.author = author
        roles.setdefault(byline.article_id, []).append([byline])
    for article in articles:
        article.other_bylines = roles.get(article.pk, [])  # type: ignore[attr-defined]


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


@dataclass(frozen=True)
class MoreToRead:
    """What else there is to read; no story stands in two of them."""

    related: list[Article]  # by tags; where these give too few, of the section
    most_read: list[Article]
    in_section: list[Article]  # the newest


def more_to_read(article: Article, links: Sequence[RelatedLink]) -> MoreToRead:
    """Everything in one query; nothing that `links` name, and not the article itself.

    Related is first who shares more tags. What is related is left out of the list of the most read: it stands below.
    """
    named = [article.pk, *(link.target_id for link in links if link.target_id)]
    others = Article.objects.published().exclude(pk__in=named)
    same_tag = Q(tagged_items__tag__in=[tag.pk for tag in article.tags.all()])
    shared = Count("tagged_items", filter=same_tag, distinct=True)
    by_tag = others.filter(pk__in=_lately_tagged(article)).annotate(shared=shared)
    by_tag = by_tag.order_by("-shared", "-published_at", "-pk")[:RELATED]
    in_section = others.filter(section=article.section_id).newest_first()
    parts = [
        by_tag,
        others.most_read()[: MOST_READ + RELATED],
        in_section[: MORE_FROM_SECTION + MOST_READ + 2 * RELATED],
    ]
    rows = Article.objects.published().any_of(parts).annotate(shared=shared).newest_first().for_links()
    found: list[Any] = list(rows.select_related("most_read"))
    related = sorted((a for a in found if a.shared), key=lambda a: -a.shared)[:RELATED]
    most_read = by_rank(a for a in found if a not in related)[:MOST_READ]
    rest = [a for a in found if a not in related + most_read and a.section_id == article.section_id]
    more = rest[:MORE_FROM_SECTION]
    return MoreToRead(related + rest[MORE_FROM_SECTION:][: RELATED - len(related)], most_read, more)


def _lately_tagged(article: Article) -> QuerySet:
    """Keys of the last stories with one of its tags: the others of a tag with a long past are not even looked at."""
    tagged = TaggedArticle.objects.filter(tag__in=[tag.pk for tag in article.tags.all()])
    keys: QuerySet = tagged.order_by("-content_object_id").values("content_object_id")[:LATELY]
    return keys


def share_links(article: Article) -> list[tuple[str, str]]:
    """(label, address) of the networks: plain links, no script of theirs. They get the short address."""
    address = settings.SITE_URL + article.get_short_url()
    title = plain_title(article.headline)
    return [
        (_("WhatsApp"), "https://wa.me/?" + urlencode({"text": f"{title}\n{address}"})),
        (_("Telegram"), "https://t.me/share/url?" + urlencode({"url": address, "text": title})),
        (_("Facebook"), "https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": address})),
    ]
