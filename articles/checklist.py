"""What an editor should look at before publishing. It warns; what forbids publication is in articles.readiness."""

import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article

# Four lines on a phone of 360 px.
LONGEST_HEADLINE = 90
MOST_TAGS = 6
# A headline is a repetition only for as long as readers may remember it.
REMEMBERED = timedelta(days=30)


@dataclass(frozen=True)
class Remark:
    """A sentence and the field of the form that it is about; "comments" stands for the panel below it."""

    field: str
    sentence: str


def remarks(article: Article) -> list[Remark]:
    """What could be better, in the order of the form. Of a working copy: of the text that readers would see."""
    found = [
        *_about_headline(article),
        *_about_tags(article),
        *_about_picture(article),
        *_about_comments(article),
    ]
    return [Remark(field, sentence) for field, sentence in found]


def letters(text: str) -> int:
    """Letters as readers count them: vowel marks stand on others (Unicode annex 29, extended grapheme clusters)."""
    return sum(1 for character in text if not unicodedata.combining(character))


def _about_headline(article: Article) -> list[tuple[str, str]]:
    found = []
    if (count := letters(article.headline)) > LONGEST_HEADLINE:
        sentence = ngettext(
            "The headline has %(count)d letter; past 90 it takes more than four lines on a phone.",
            "The headline has %(count)d letters; past 90 it takes more than four lines on a phone.",
            count,
        )
        found.append(("headline", sentence % {"count": count}))
    if article.headline and _is_repeated(article):
        found.append(("headline", _("Another article of the last 30 days has the same headline.")))
    if not article.standfirst:
        found.append(("standfirst", _("There is no standfirst; search engines and shared links show it.")))
    return found


def _is_repeated(article: Article) -> bool:
    same = Article.objects.published().filter(headline_key=article.headline_key)
    recent = same.filter(published_at__gte=timezone.now() - REMEMBERED)
    return recent.exclude(pk__in=(article.pk, article.story.pk)).exists()


def _about_tags(article: Article) -> list[tuple[str, str]]:
    count = article.tags.count()
    if not count:
        return [("tags", _("There are no tags; readers find neighbouring stories by them."))]
    if count > MOST_TAGS:
        sentence = ngettext(
            "There is %(count)d tag; six say enough.", "There are %(count)d tags; six say enough.", count
        )
        return [("tags", sentence % {"count": count})]
    return []


def _about_picture(article: Article) -> list[tuple[str, str]]:
    if article.lead_image is None:
        return [("lead_image", _("There is no lead image; the article stands lower on the home page."))]
    if not article.lead_image.credit:
        return [("lead_image", _("The lead image does not say who made it."))]
    return []


def _about_comments(article: Article) -> list[tuple[str, str]]:
    count = article.story.comments.filter(resolved_at__isnull=True).count()
    if not count:
        return []
    sentence = ngettext("%(count)d comment is still open.", "%(count)d comments are still open.", count)
    return [("comments", sentence % {"count": count})]
