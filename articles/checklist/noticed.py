"""What a check looks at, and what it says before it is known how strict the newsroom is about it."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from articles.checklist.words import Words
from articles.models import Article
from images.in_bodies import images_in
from images.models import Image
from richtext.figures import picture_addresses


@dataclass(frozen=True)
class Noticed:
    """A field of the form, a sentence about it, and the places in its text."""

    field: str
    sentence: str
    places: tuple[str, ...] = ()
    has_fix: bool = True  # where its check has one


class Checked:
    """An article, and what several checks ask of it, found once."""

    def __init__(self, article: Article, at: datetime | None = None) -> None:
        self.article = article
        self._at = at

    @cached_property
    def day(self) -> date:
        """On which readers first see it, as far as is known: a scheduled text is looked at again by nobody."""
        at, now = self._at or self.article.publish_at, timezone.now()
        return timezone.localtime(max(at, now) if at else now).date()

    @cached_property
    def words(self) -> Words:
        return Words.of(self.article)

    @cached_property
    def pictures(self) -> list[tuple[str, Image]]:
        """With the field of the form in which each stands."""
        lead = [("lead_image", self.article.lead_image)] if self.article.lead_image is not None else []
        return [*lead, *(("body", image) for image in images_in(picture_addresses(self.article.body)))]
