"""An unpublished text in the place that it would take."""

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Section

# What readers know of a published story and its working copy does not: where it stands, since when, its coverage.
_OF_THE_STORY = (
    "id", "published_at", "updated_at", "coverage_started_at", "coverage_ended_at", "withdrawn_at",
)  # fmt: skip


def as_readers_would_see(article: Article) -> Article:
    """The same row in memory with the times and the address that it would have; it must not be saved any more.

    A headline and a section that are missing get words in their place. Relations were fetched before: the changes of a
    published story take its key.
    """
    story = article.story
    if article.is_working_copy:
        for name in _OF_THE_STORY:
            setattr(article, name, getattr(story, name))
    article.is_date_assumed = article.published_at is None
    article.published_at = article.published_at or article.publish_at or timezone.now()
    article.headline = article.headline or _("No headline yet")
    if article.section is None:
        article.section = Section(name=_("No section yet"), slug="-")
    return article


def missing(article: Article) -> list[str]:
    """What a reader would look for in vain, in the words of the form. Ask before `as_readers_would_see`."""
    is_there = {
        "headline": article.headline,
        "standfirst": article.standfirst,
        "body": article.body,
        "section": article.section_id,
        "lead_image": article.lead_image_id or article.without_picture,
    }
    return [str(Article._meta.get_field(name).verbose_name) for name, found in is_there.items() if not found]  # type: ignore[union-attr]
