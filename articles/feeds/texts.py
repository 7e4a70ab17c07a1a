"""The text of a story as feeds carry it: all of it, in HTML that stands on its own."""

from collections.abc import Callable, Iterator

from django.utils.html import format_html, format_html_join

from articles.feeds.entries import Picture, absolute
from articles.models import Article, LiveUpdate
from articles.printed_credits import authors_html, sources_html
from newsroom.lib.bidi import isolate
from pages.templatetags.printing import iso_time, print_datetime
from richtext.render import to_lines

# Characters of the first paragraph, where a story has no standfirst.
LONGEST_SUMMARY = 300


def summary(article: Article) -> str:
    """The standfirst, or how the text begins, as plain text."""
    if article.standfirst:
        return article.standfirst
    first = next(iter(to_lines(article.body)), "")
    return first if len(first) <= LONGEST_SUMMARY else first[:LONGEST_SUMMARY].rpartition(" ")[0] + "…"


def summary_with_note(article: Article) -> str:
    """For feeds without the text: what readers were told last about a mistake in it stands behind the summary."""
    notes = (f"{row.get_kind_display()}: {row.note}" for row in article.corrections.all()[:1])
    return "\n".join([summary(article), *notes])


def full_text(article: Article, render: Callable[[str], str], picture: Picture | None) -> str:
    """Everything that the page tells, as safe HTML in which every address is absolute.

    `render` makes such HTML of a body. The text stands in a box of its own, because programs that read feeds set the
    direction of a text by the language of the program.
    """
    parts = [
        _credits(article),
        *([_figure(picture)] if picture else []),
        *_opening(article),
        render(article.body),
        *_updates(article, render),
        *_corrections(article),
        *_sources(article),
    ]
    return format_html('<div dir="rtl" lang="ar">{}</div>', format_html_join("\n", "{}", ((part,) for part in parts)))


def updates_of(article: Article) -> list[LiveUpdate]:
    """What a live coverage added, newest first, as ArticleQuerySet.for_feeds fetched it with the texts."""
    return getattr(article, "feed_updates", [])


def _figure(picture: Picture) -> str:
    words = [picture.caption, picture.credit and f"({picture.credit})"]
    caption = format_html_join(" ", "{}", ((isolate(word),) for word in words if word))
    return format_html(
        '<figure><img src="{}" alt="{}" width="{}" height="{}">{}</figure>',
        picture.url,
        picture.alt_text,
        picture.width,
        picture.height,
        format_html("<figcaption>{}</figcaption>", caption) if caption else "",
    )


def _opening(article: Article) -> Iterator[str]:
    if article.standfirst:
        yield format_html("<p><strong>{}</strong></p>", isolate(article.standfirst))
    if article.points:
        yield format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((isolate(p),) for p in article.points)))


def _updates(article: Article, render: Callable[[str], str]) -> Iterator[str]:
    for update in updates_of(article):
        yield format_html(
            '<h2><time datetime="{}">{}</time>{}</h2>',
            iso_time(update.posted_at),
            print_datetime(update.posted_at),
            format_html(": {}", isolate(update.headline)) if update.headline else "",
        )
        yield render(update.body)


def _corrections(article: Article) -> Iterator[str]:
    for correction in article.corrections.all():
        yield format_html(
            "<p><strong>{}</strong> ({}): {}</p>",
            correction.get_kind_display(),
            print_datetime(correction.at),
            isolate(correction.note),
        )


def _credits(article: Article) -> str:
    return format_html("<p>{}</p>", authors_html(article, absolute))


def _sources(article: Article) -> Iterator[str]:
    if line := sources_html(article, absolute):
        yield format_html("<p>{}</p>", line)
