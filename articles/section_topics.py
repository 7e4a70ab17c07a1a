"""What a section writes about at present: the tags of its newest stories."""

from django.db.models import Count, QuerySet

from articles.models import Article, Section, Tag

NEWEST, MOST = 100, 8
# A tag that one story has says nothing about the section.
LEAST_STORIES = 2


def topics_of(section: Section) -> QuerySet[Tag]:
    """The tags that the newest stories of the section share, the most used first. One query, bounded by NEWEST."""
    newest = Article.objects.published().in_section(section).newest_first().values("pk")[:NEWEST]
    used: QuerySet[Tag] = Tag.objects.filter(tagged_articles__content_object__in=newest).annotate(
        uses=Count("tagged_articles")
    )
    return used.filter(uses__gte=LEAST_STORIES).order_by("-uses", "sort_key", "pk")[:MOST]
