"""What the search knows of an article: its words as stems, and labels for what a search can be narrowed to."""

from collections.abc import Iterable

from articles.models import Article
from articles.models.search import GAP, Terms
from newsroom.lib.analyser import Analyser, tokens
from richtext.render import to_lines

# No letter and no digit, so that no word of a text is a label.
_SECTION, _MONTH = "§", "¤"


def section_label(section_id: int) -> str:
    return f"{_SECTION}{section_id}"


def month_label(month: int) -> str:
    """Of articles.search.places.month_at."""
    return f"{_MONTH}{month}"


def title_lines(article: Article) -> list[str]:
    return [article.headline, article.promo_headline, article.kicker]


def body_lines(article: Article) -> list[str]:
    """Everything else that is read on the page: text, captions, names, tags, what a live coverage added."""
    names = [tag.name for tag in article.tags.all()]
    names += [byline.author.name for byline in article.bylines.all()]
    names += [name for row in article.attributions.all() for name in {row.source.name, row.printed_as}]
    updates = [line for row in article.live_updates.all() for line in (row.headline, *to_lines(row.body))]
    return [
        article.dateline,
        article.standfirst,
        *article.points,
        article.lead_caption,
        *to_lines(article.body),
        *updates,
        *names,
    ]


def terms(lines: Iterable[str], labels: Iterable[str], analyser: Analyser) -> Terms:
    """The stems of the lines; a phrase ends where its line ends."""
    words: list[str] = []
    loose: set[str] = set(labels)
    for line in dict.fromkeys(lines):
        found = tokens(line)
        if not found:
            continue
        if words:
            words.append(GAP)
        for token in found:
            words.append(analyser.stem(token.text) or GAP)
            loose |= analyser.variants(token.text)
    return Terms(words, frozenset(loose))
