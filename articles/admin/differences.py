"""What changed in a text since a version of it, in short: for pages that ask whether one has seen it."""

from dataclasses import dataclass

from django.urls import reverse

from articles.comparing import changed_fields, label
from articles.models import Article, Revision
from articles.revisions import PLACE_FIELDS, snapshot


@dataclass(frozen=True)
class Difference:
    """The names of the fields that changed, perhaps none, and the page that shows them word by word."""

    title: str
    since: Revision
    labels: list[str]
    address: str


def difference_from(old: Revision, article: Article, *, title: str) -> Difference:
    """Every save is a version, so the row as it stands is its newest. The place of the story counts as no change."""
    names = [name for name in changed_fields(old.data, snapshot(article)) if name not in PLACE_FIELDS]
    page = reverse("admin:articles_article_compare", args=[article.story.pk])
    address = f"{page}?old={old.version}&new={article.version}"
    return Difference(title, old, [label(name) for name in names], address)
