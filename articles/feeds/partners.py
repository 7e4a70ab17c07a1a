"""The stories that a partner gets, by the rules of its feed."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from articles.enums import Origin
from articles.models import Article, PartnerFeed, TaggedArticle
from articles.querysets import ArticleQuerySet

OURS = (Origin.OWN, Origin.OPINION)


def find_partner(key: str) -> PartnerFeed | None:
    """The feed of this key with `has_sections` and `has_tags`: one query. None for an unknown key and a closed feed."""
    sections = PartnerFeed.sections.through.objects.filter(partnerfeed=OuterRef("pk"))
    tags = PartnerFeed.tags.through.objects.filter(partnerfeed=OuterRef("pk"))
    feeds = PartnerFeed.objects.filter(is_active=True).annotate(has_sections=Exists(sections), has_tags=Exists(tags))
    return feeds.filter(key=key).first()


def stories_for(partner: Any) -> ArticleQuerySet:
    """What is public and within the rules of a feed that `find_partner` found, newest first; one query."""
    stories = Article.objects.published()
    if partner.has_sections:
        stories = stories.filter(section__in=partner.sections.values("pk"))
    if partner.has_tags:
        tagged = TaggedArticle.objects.filter(tag__in=partner.tags.values("pk"))
        stories = stories.filter(pk__in=tagged.values("content_object"))
    if partner.hours:
        stories = stories.filter(published_at__gte=timezone.now() - timedelta(hours=partner.hours))
    if partner.own_only:
        stories = stories.filter(origin__in=OURS, canonical_url="")
    return stories.newest_first()[: partner.most_items]
