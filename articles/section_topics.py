"""What a section writes about at present: the tags of its newest stories. And which sections there are."""

from typing import Any

from django.db.models import Count, QuerySet

from articles.models import Section, Tag
from articles.page_rows import published_now
from newsroom.lib.keeping import depends_on, kept
from newsroom.lib.prepared import Blank, Prepared
from newsroom.lib.scopes import SITE, stories_of
from pages.public_time import public_now

NEWEST, MOST = 100, 8
# A tag that one story has says nothing about the section.
LEAST_STORIES = 2


def all_sections() -> list[Section]:
    """In their order. One query, none while no section changes."""
    return list(kept(all_sections, _load_sections))


def topics_of(section: Section) -> list[Tag]:
    """The tags that the newest stories of the section share, the most used first.

    One query, bounded by NEWEST; none while nothing of the section changes.
    """

    def load() -> list[Tag]:
        depends_on(stories_of(Section, section.pk))
        return _topics(now=public_now(), section=section.pk)

    return list(kept((topics_of, section.pk), load))


def _load_sections() -> list[Section]:
    depends_on(SITE)
    return list(Section.objects.all())


def _shared_tags() -> QuerySet[Tag]:
    newest = published_now().filter(section=Blank("section")).newest_first().values("pk")[:NEWEST]
    tags = Tag.objects.filter(tagged_articles__content_object__in=newest)
    used: Any = tags.annotate(uses=Count("tagged_articles"))
    shared: QuerySet[Tag] = used.filter(uses__gte=LEAST_STORIES).order_by("-uses", "sort_key", "pk")[:MOST]
    return shared


_topics = Prepared(_shared_tags)
