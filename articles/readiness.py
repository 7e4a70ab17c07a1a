"""What a story needs before readers may see it. The deeds and the form ask here."""

from django.utils.translation import gettext as _

from articles.enums import Origin
from articles.models import Article
from richtext.render import word_count


def gaps(article: Article, *, has_source: bool) -> dict[str, str]:
    """Sentences for what is missing, keyed by field; empty when the story is ready.

    `article` need not be stored yet, so its sources cannot be counted here: `has_source` says whether it names one.
    """
    checks: list[tuple[str, bool, str]] = [
        ("headline", not article.headline, _("The headline is missing.")),
        ("body", not word_count(article.body), _("The body is empty.")),
        ("section", article.section_id is None, _("Choose a section.")),
        (
            "lead_image",
            article.lead_image is not None and not article.lead_image.alt_text,
            _("The lead image has no alternative text."),
        ),
        (
            "attributions",
            article.origin in {Origin.AGENCY, Origin.TRANSLATED} and not has_source,
            _("Name the source of a story that comes from elsewhere."),
        ),
    ]
    return {field: sentence for field, is_missing, sentence in checks if is_missing}
