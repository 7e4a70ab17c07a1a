"""Where on an article's form something is mended, for links in sentences."""

from django.urls import reverse

from articles.models import Article

# What is not a field of its name.
_PLACES = {
    "body": "fieldset-0-0-heading",
    "attributions": "attributions-heading",
    "note": "id_correction_note",
    "withdrawal_note": "id_withdrawal_reason",
    "publish_at": "id_publish_at_0",
    "embargo_until": "id_embargo_until_0",
    "comments": "comments",
}


def anchor(field: str) -> str:
    """The id of the control, or of the heading above it."""
    return _PLACES.get(field, f"id_{field}")


def address(article: Article, field: str) -> str:
    """The form, opened at the field."""
    return f"{reverse('admin:articles_article_change', args=[article.pk])}#{anchor(field)}"
