"""Every save of an article leaves a Revision: the whole article as JSON, relations included."""

from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import User
from articles.enums import RevisionAction
from articles.models import Article, Revision

# What makes one version differ from another: what an editor writes, and where the story stood.
FIELDS = (
    "headline", "promo_headline", "kicker", "standfirst", "slug", "body", "dateline", "section_id", "lead_image_id",
    "lead_caption", "origin", "canonical_url", "publish_at", "embargo_until", "breaking_until", "status",
)  # fmt: skip


def snapshot(article: Article) -> dict[str, Any]:
    """The article as plain JSON values; times in ISO 8601 with offset, relations in their printed order."""
    values = {name: getattr(article, name) for name in FIELDS}
    return {
        **{name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()},
        "tags": sorted(article.tags.names()),
        "bylines": list(article.bylines.values("author_id", "role", "position")),
        "attributions": list(article.attributions.values("source_id", "url", "printed_as", "position")),
        "related_links": list(article.related_links.values("target_id", "url", "title", "after_block", "position")),
    }


@transaction.atomic(savepoint=False)
def record(
    article: Article,
    *,
    by: User | None,
    action: RevisionAction = RevisionAction.SAVED,
    reason: str = "",
) -> Revision:
    """Count the article's version up and keep it whole. Call it after the relations are saved."""
    Article.objects.filter(pk=article.pk).update(version=F("version") + 1)
    article.refresh_from_db(fields=["version"])
    return Revision.objects.create(
        article=article, version=article.version, data=snapshot(article), action=action, reason=reason[:300], by=by
    )
