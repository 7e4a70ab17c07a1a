"""Small parts of a story's page as HTML, in Python for the same reason as articles.story_parts."""

from collections.abc import Iterable, Sequence

from articles.cards import headline_link
from articles.enums import Origin
from articles.models import Article, Attribution, Byline, Correction, RelatedLink, Tag
from articles.printed_credits import PrintedSource, printed_sources
from images.enums import ImageKind
from images.markup import picture
from images.models import Image
from newsroom.lib.bidi import isolate
from newsroom.lib.dates import format_datetime, format_digits
from newsroom.lib.escaping import fill, fill_each
from newsroom.lib.labels import label as _
from newsroom.lib.routes import route
from pages.current import current_site
from pages.structured_data import absolute
from pages.templatetags.printing import iso_time

_MOST_READ_ADDRESS = route("articles:most_read")
_SOURCE = '{}<a class="text-link" href="{}"><bdi>{}</bdi></a>{}'
_ORIGINAL = ' (<a class="text-link" href="{}" rel="noopener">{}<span class="visually-hidden"> ({})</span></a>)'
_CORRECTION = """<section class="box" aria-labelledby="correction-{}">
<h2 id="correction-{}">{}</h2>
<p><time datetime="{}">{}</time>: {}</p>
</section>
"""
_MOST_READ = """<section class="most-read" aria-labelledby="most-read">
<h2 class="row-title" id="most-read">{} <a href="{}">{}<span class="visually-hidden"> {}</span></a></h2>
<ol>
{}</ol>
</section>"""
_PLACE = '<li class="section-{}"><span class="most-read-place" aria-hidden="true">{}</span>{}</li>\n'
_TAGS = '<nav aria-label="{}"><ul class="tag-list">\n{}</ul></nav>'
_SEVERAL_LINKS = (
    '<section class="box read-also" aria-labelledby="read-also"><h2 id="read-also">{}</h2><ul>{}</ul></section>'
)
_KEY_POINTS = """<section class="box key-points" aria-labelledby="key-points">
<h2 id="key-points">{}</h2>
<ul>{}</ul>
</section>"""


def kicker(article: Article) -> str:
    """The line above the headline on its own page, with a link to the section."""
    opinion, translated = _("Opinion"), _("Translated")
    hot = [_("Breaking")] if article.is_breaking else []
    hot += [_("Live")] if article.is_live else []
    kind = opinion if article.is_opinion else translated if article.origin == Origin.TRANSLATED else ""
    section, words = article.section, article.kicker
    return fill(
        '<p class="kicker">{}{}<a href="{}"><bdi>{}</bdi></a>{}</p>',
        fill_each('<span class="label-hot">{}</span> · ', ((label,) for label in hot)) if hot else "",
        f"{kind} · " if kind else "",
        section.get_absolute_url() if section else "",
        section.name if section else "",
        fill(' · <bdi dir="rtl">{}</bdi>', isolate(words)) if words and words not in (opinion, translated) else "",
    )


def lead_figure(article: Article) -> str:
    """The picture above the text with its caption and whom it is from."""
    image: Image = article.lead_image  # type: ignore[assignment]
    caption, giver = article.caption, image.credit or getattr(image.source or image.author, "name", "")
    words = fill(_CAPTION, _("Caption of the picture,"), isolate(caption)) if caption else ""
    if giver:
        words = fill("{}{}", words, _credit(image, giver))
    if words:
        words = fill("<figcaption>{}</figcaption>", words)
    return fill('<figure class="lead-figure">{}\n{}\n</figure>', picture(image, "lead_figure"), words)


_CAPTION = '<span class="visually-hidden">{} </span><bdi dir="rtl">{}</bdi> '
_CREDIT = '({}<span class="visually-hidden">{} </span><bdi>{}</bdi>)'


def _credit(image: Image, giver: str) -> str:
    names_kind = image.kind == ImageKind.ARCHIVE or (not image.credit and image.kind != ImageKind.PHOTO)
    kind = f"{image.get_kind_display()}: " if names_kind else ""
    return fill(_CREDIT, kind, _("Picture from,"), giver)


def key_points(points: Iterable[str]) -> str:
    rows = fill_each("<li>{}</li>", ((isolate(point),) for point in points))
    return fill(_KEY_POINTS, _("Key points"), rows)


def corrections(rows: Iterable[Correction]) -> str:
    style = current_site().settings.style
    told = (
        (row.pk, row.pk, row.get_kind_display(), iso_time(row.at), format_datetime(row.at, style), isolate(row.note))
        for row in rows
    )
    return fill_each(_CORRECTION, told)


def read_also(links: Sequence[RelatedLink]) -> str:
    if len(links) == 1:
        return fill('<p class="box read-also"><strong>{}</strong> {}</p>', _("Read also:"), related_link(links[0]))
    rows = fill_each("<li>{}</li>", ((related_link(link),) for link in links))
    return fill(_SEVERAL_LINKS, _("Read also"), rows)


def related_link(link: RelatedLink) -> str:
    """To a story of ours, to a page elsewhere (which is said), or to nothing any more."""
    if link.target:
        words = fill('<bdi dir="rtl">{}</bdi>', isolate(link.title or link.target.headline))
        return fill('<a href="{}">{}</a>', link.target.get_absolute_url(), words)
    words = fill('<bdi dir="rtl">{}</bdi>', isolate(link.title))
    if not link.url:
        return words
    outside = '<a href="{}" rel="noopener">{}<span class="visually-hidden"> ({})</span></a>'
    return fill(outside, link.url, words, _("external link"))


def source_line(attributions: Iterable[Attribution]) -> str:
    sources = fill_each("{}", ((_source(each),) for each in printed_sources(attributions)))
    return fill('<p class="source-line"><strong>{}</strong> {}</p>', _("Source:"), sources)


def _source(printed: PrintedSource) -> str:
    original = fill(_ORIGINAL, printed.url, _("link to the original"), _("external link")) if printed.url else ""
    return fill(_SOURCE, printed.joint, printed.source.get_absolute_url(), printed.words, original)


def printed_address(path: str) -> str:
    """On paper only: how to come back."""
    return fill('<p class="meta printed-address"><bdi dir="ltr">{}</bdi></p>', absolute(path))


def tag_list(tags: Iterable[Tag], label: str = "") -> str:
    link = '<li><a href="{}" rel="tag"><bdi>{}</bdi></a></li>\n'
    rows = fill_each(link, ((tag.get_absolute_url(), tag.name) for tag in tags))
    return fill(_TAGS, label or _("Tags"), rows)


def most_read(articles: Iterable[Article]) -> str:
    style = current_site().settings.style
    rows = (
        (each.section.color if each.section else "", format_digits(str(place), style), headline_link(each))
        for place, each in enumerate(articles, start=1)
    )
    return fill(
        _MOST_READ,
        _("Most read"),
        _MOST_READ_ADDRESS(),
        _("More"),
        _("of the most read"),
        fill_each(_PLACE, rows),
    )


def headline_list(articles: Iterable[Article]) -> str:
    rows = fill_each("<li>{}</li>\n", ((headline_link(each),) for each in articles))
    return fill('<ul class="headline-list">\n{}</ul>', rows)


def properties(article: Article, writers: Iterable[Byline], tags: Iterable[Tag]) -> str:
    """What Open Graph knows of a story and of no other page."""
    told = [("published_time", iso_time(article.published_at))] if article.published_at else []
    if article.shows_update and article.updated_at:
        told.append(("modified_time", iso_time(article.updated_at)))
    told.append(("section", article.section.name if article.section else ""))
    told += [("tag", tag.name) for tag in tags]
    told += [("author", absolute(byline.author.get_absolute_url())) for byline in writers]
    return fill_each('<meta property="article:{}" content="{}">\n', told)
