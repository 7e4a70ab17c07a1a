"""Checks of headline and standfirst: how long, how wide, how new."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.checklist.noticed import Checked, Noticed
from articles.headline_lines import MOST_LINES, SNIPPET, lines_on_phone, width_in_results
from articles.models import Article
from newsroom.lib.arabic import letters

# Letters that search engines and telephones show whole.
GOOD_HEADLINE, GOOD_STANDFIRST = (35, 75), (80, 160)
# A headline is a repetition only for as long as readers may remember it.
REMEMBERED = timedelta(days=30)


def length(checked: Checked) -> Iterator[Noticed]:
    count = letters(checked.article.headline)
    shortest, longest = GOOD_HEADLINE
    if 0 < count < shortest:
        sentence = ngettext(
            "The headline has %(count)d letter; under 35 it says little.",
            "The headline has %(count)d letters; under 35 it says little.",
            count,
        )
        yield Noticed("headline", sentence % {"count": count})
    elif count > longest:
        sentence = ngettext(
            "The headline has %(count)d letter; past 75 it is long.",
            "The headline has %(count)d letters; past 75 it is long.",
            count,
        )
        yield Noticed("headline", sentence % {"count": count})


def lines(checked: Checked) -> Iterator[Noticed]:
    broken = lines_on_phone(checked.article.headline)
    if len(broken) > MOST_LINES:
        sentence = ngettext(
            "The headline takes %(count)d line on a phone; four are enough.",
            "The headline takes %(count)d lines on a phone; four are enough.",
            len(broken),
        )
        yield Noticed("headline", sentence % {"count": len(broken)}, tuple(broken[MOST_LINES:]))


def snippet(checked: Checked) -> Iterator[Noticed]:
    if width_in_results(checked.article.headline) > SNIPPET:
        yield Noticed("headline", _("The headline is too wide for search results, which cut it."))


def repeated(checked: Checked) -> Iterator[Noticed]:
    if checked.article.headline and _is_repeated(checked.article):
        yield Noticed("headline", _("Another article of the last 30 days has the same headline."))


def _is_repeated(article: Article) -> bool:
    same = Article.objects.published().filter(headline_key=article.headline_key)
    recent = same.filter(published_at__gte=timezone.now() - REMEMBERED)
    return recent.exclude(pk__in=(article.pk, article.story.pk)).exists()


def standfirst_missing(checked: Checked) -> Iterator[Noticed]:
    if not checked.article.standfirst:
        yield Noticed("standfirst", _("There is no standfirst; search engines and shared links show it."))


def standfirst_length(checked: Checked) -> Iterator[Noticed]:
    count = letters(checked.article.standfirst)
    shortest, longest = GOOD_STANDFIRST
    if count and not shortest <= count <= longest:
        sentence = ngettext(
            "The standfirst has %(count)d letter; 80 to 160 are good.",
            "The standfirst has %(count)d letters; 80 to 160 are good.",
            count,
        )
        yield Noticed("standfirst", sentence % {"count": count})
