"""A story in a list, as HTML. Made in Python instead of by templates, because a page may show fifty of them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from articles.credit_labels import credit_label
from articles.enums import BylineRole
from articles.models import Article, Byline
from images.markup import picture
from newsroom.lib.bidi import isolate
from newsroom.lib.dates import format_date, format_datetime, format_time, local_time
from newsroom.lib.escaping import fill, fill_each
from pages.current import current_site

_CARD = """<article class="card{} section-{}">
{}
{}
<h{} class="card-title">{}</h{}>
{}
{}
</article>
"""
_DAY = """<section class="row measure">
<h2 class="row-title">{}</h2>
{}
</section>"""
_SLOTS_OF_ROWS = {1: "thumbnail", 2: "row_of_two", 3: "row_of_three"}


def card(
    article: Article,
    *,
    level: int = 3,
    slot: str = "",
    is_lead: bool = False,
    in_section: bool = False,
    with_standfirst: bool = False,
    with_date: bool = False,
    with_time: bool = False,
) -> str:
    """Return the HTML of one card; the article is one of ArticleQuerySet.for_cards.

    `level` is that of its heading, `slot` where its picture stands (images.slots). `in_section`: what is round it names
    the section already. The standfirst stands also where there is no picture. Of a row that is kept
    (articles.card_rows) its cards are kept too.
    """
    drawn = getattr(article, "drawn_cards", None)
    said = (level, slot, is_lead, in_section, with_standfirst, with_date, with_time)
    if drawn is None:
        return _drawn(article, *said)
    if said not in drawn:
        drawn[said] = _drawn(article, *said)
    return str(drawn[said])


def _drawn(
    article: Article,
    level: int,
    slot: str,
    is_lead: bool,
    in_section: bool,
    with_standfirst: bool,
    with_date: bool,
    with_time: bool,
) -> str:
    image = article.lead_image
    shows_standfirst = article.standfirst and (with_standfirst or not image)
    return fill(
        _CARD,
        " card-lead" if is_lead else "",
        article.section.color if article.section else "",
        picture(image, slot or ("lead" if is_lead else "row"), alt="") if image else "",
        kicker(article, in_section=in_section),
        level,
        headline_link(article),
        level,
        fill('<p class="standfirst">{}</p>', isolate(article.standfirst)) if shows_standfirst else "",
        _meta(article, with_date=with_date, with_time=with_time),
    )


def card_list(articles: Iterable[Article], *, level: int = 2, in_section: bool = False, with_time: bool = False) -> str:
    """Cards below one another: the lists of sections, tags, authors, sources and days."""
    cards = (
        (
            card(
                each,
                level=level,
                slot="list",
                in_section=in_section,
                with_standfirst=True,
                with_date=True,
                with_time=with_time,
            ),
        )
        for each in articles
    )
    return fill('<div class="card-list">\n{}</div>', fill_each("{}\n", cards))


def days_of_cards(days: Iterable[tuple[date, Iterable[Article]]]) -> str:
    """Lists of cards, each below its day."""
    style = current_site().settings.style
    rows = (
        (format_date(day, style, weekday=True), card_list(articles, level=3, with_time=True)) for day, articles in days
    )
    return fill_each(_DAY, rows)


def card_row(articles: Sequence[Article], *, slot: str = "") -> str:
    """Cards side by side below the name of their section: the fewer, the wider; `slot` where that is not so."""
    slot = slot or _SLOTS_OF_ROWS.get(len(articles), "row")
    cards = ((card(each, slot=slot, in_section=True),) for each in articles)
    return fill('<div class="grid grid-{}">\n{}</div>', len(articles), fill_each("{}\n", cards))


def headline_link(article: Article) -> str:
    """The headline as lists have it, with the address of the story."""
    address, headline = article.get_absolute_url(), isolate(article.card_headline)
    return fill('<a href="{}"><bdi dir="rtl">{}</bdi></a>', address, headline)


def kicker(article: Article, *, in_section: bool = False) -> str:
    """The line above the headline; without words of its own it names the section, unless what is round it does."""
    hot = [_("Breaking")] if article.is_breaking else []
    hot += [_("Live")] if article.is_live else []
    if in_section and not (article.kicker or hot or article.is_opinion):
        return ""
    words = article.kicker or (article.section.name if article.section else "")
    opinion = _("Opinion") if article.is_opinion else ""
    return fill(
        '<p class="kicker">{}{}<bdi dir="rtl">{}</bdi></p>',
        fill_each('<span class="label-hot">{}</span> · ', ((label,) for label in hot)) if hot else "",
        f"{opinion} · " if opinion and opinion != article.kicker else "",
        isolate(words),
    )


def _meta(article: Article, *, with_date: bool, with_time: bool) -> str:
    """Who wrote it, what else an author did there (articles.reading), and when it appeared."""
    writers: Sequence[Byline] = getattr(article, "card_bylines", ())
    if not (writers or with_date or with_time):
        return ""
    shows_time = with_date or with_time
    return fill(
        '<p class="meta">{}{}{}{}</p>',
        names(writers) if writers else "",
        " · " if writers and shows_time else "",
        _others(getattr(article, "other_bylines", ())),
        _time(article.published_at, with_time=with_time) if shows_time and article.published_at else "",
    )


def names(bylines: Sequence[Byline]) -> str:
    """«سلمى وسامر»"""
    if len(bylines) == 1:
        return fill("<bdi>{}</bdi>", bylines[0].author.name)
    return format_html_join(_(" and "), "<bdi>{}</bdi>", ((byline.author.name,) for byline in bylines))


def _others(roles: Sequence[Sequence[Byline]]) -> str:
    if not roles:
        return ""
    rows = (
        (credit_label(BylineRole(one[0].role), [byline.author for byline in one]), one[0].author.name) for one in roles
    )
    return fill_each("{} <bdi>{}</bdi> · ", rows)


def _time(moment: datetime, *, with_time: bool) -> str:
    """The day, or the time of a day that is named above; relative_time.js puts «قبل ساعة» there."""
    style = current_site().settings.style
    local = local_time(moment, style)
    return fill(
        '<time datetime="{}" data-relative="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        format_datetime(local, style),
        format_time(local, style) if with_time else format_date(local, style),
    )
