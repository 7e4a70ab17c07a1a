"""What a story needs before readers may see it, whoever publishes it. The deeds and the form ask here.

What may be published against is in articles.checklist.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.enums import Origin
from articles.models import Article
from newsroom.lib.arabic import letters
from richtext.render import word_count

# Letters: more is cut by every place that shows a headline.
LONGEST_HEADLINE = 110
FEWEST_WORDS = 30


def gaps(article: Article, *, has_source: bool) -> dict[str, str]:
    """Sentences for what is missing, keyed by field; empty when the story is ready.

    `article` need not be stored yet, so its sources cannot be counted here: `has_source` says whether it names one.
    """
    faults = unfinished(article)
    faults |= {field: text for field, text in _too_long_or_short(article).items() if field not in faults}
    if article.section_id is None:
        faults["section"] = _("Choose a section.")
    if article.lead_image is None and not article.without_picture:
        faults["lead_image"] = _("Choose a lead image, or tick that the article is without a picture.")
    elif article.lead_image is not None and not article.lead_image.alt_text.strip():
        faults["lead_image"] = _("The lead image has no alternative text.")
    if article.origin in {Origin.AGENCY, Origin.TRANSLATED} and not has_source:
        faults["attributions"] = _("Name the source of a story that comes from elsewhere.")
    return faults


def unfinished(article: Article) -> dict[str, str]:
    """The same for a text that is only handed to the editors, who may finish it."""
    faults = {}
    if not article.headline:
        faults["headline"] = _("The headline is missing.")
    if not word_count(article.body):
        faults["body"] = _("The body is empty.")
    return faults


def _too_long_or_short(article: Article) -> dict[str, str]:
    faults = {}
    if (count := letters(article.headline)) > LONGEST_HEADLINE:
        sentence = ngettext(
            "The headline has %(count)d letter; more than 110 are not published.",
            "The headline has %(count)d letters; more than 110 are not published.",
            count,
        )
        faults["headline"] = sentence % {"count": count}
    if not _may_be_short(article) and (count := word_count(article.body)) < FEWEST_WORDS:
        sentence = ngettext(
            "The body has %(count)d word; fewer than 30 are published only as breaking news or as live coverage.",
            "The body has %(count)d words; fewer than 30 are published only as breaking news or as live coverage.",
            count,
        )
        faults["body"] = sentence % {"count": count}
    return faults


def _may_be_short(article: Article) -> bool:
    """Also what was breaking news: its text can still be corrected afterwards."""
    return article.breaking_until is not None or article.story.is_coverage
