"""Parts of a story's page as HTML. Made in Python instead of by templates: every reader of a story waits for them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from django.utils.html import escape, format_html, format_html_join

from articles.credit_labels import credit_label
from articles.enums import BylineRole
from articles.models import Article, Author, Byline
from articles.printed_credits import Credit, credit_joint, team
from images.markup import picture
from newsroom.lib.bidi import plain_title
from newsroom.lib.dates import format_date, format_datetime, format_hijri, format_time
from newsroom.lib.escaping import fill, fill_each
from newsroom.lib.labels import label as _
from newsroom.lib.labels import label_in as pgettext
from pages.current import current_site
from pages.structured_data import absolute
from pages.templatetags.printing import iso_time

_BYLINE = """<div class="byline">
{}
<div>
<p>{}</p>
<p class="meta">{}</p>
</div>
</div>
"""


def byline(
    article: Article, writers: Sequence[Byline], others: Iterable[Credit], minutes: str, *, updated_same_day: bool
) -> str:
    """Who made a story, where and when; `minutes` says in words how long it takes to read."""
    return fill(
        _BYLINE,
        _avatar(writers[0].author) if writers else "",
        _names(writers, others),
        _times(article, minutes, updated_same_day=updated_same_day),
    )


def linked_names(bylines: Iterable[Byline]) -> str:
    """«سلمى وسامر» with links to their pages. No template: its last line end would stand before the next comma."""
    link = '<a class="text-link" rel="author" href="{}"><bdi>{}</bdi></a>'
    authors = [byline.author for byline in bylines]
    return format_html_join(_(" and "), link, ((author.get_absolute_url(), author.name) for author in authors))


def _avatar(author: Author) -> str:
    if author.portrait:
        return fill('<span class="avatar">{}</span>', picture(author.portrait, "byline", alt=""))
    return fill('<span class="avatar" aria-hidden="true">{}</span>', author.initials)


def _names(writers: Sequence[Byline], others: Iterable[Credit]) -> str:
    line = _credit(BylineRole.WRITING, writers) if writers else escape(team())
    if len(writers) == 1 and (title := writers[0].author.job_title):
        line += fill(' <span class="meta"><bdi>{}</bdi></span>', title)
    for credit in others:
        line += escape(credit_joint()) + _credit(credit.role, credit.bylines)
    return line


def _credit(role: BylineRole, bylines: Sequence[Byline]) -> str:
    return fill("{} {}", credit_label(role, [one.author for one in bylines]), linked_names(bylines))


def _times(article: Article, minutes: str, *, updated_same_day: bool) -> str:
    parts: list[str] = [fill("<bdi>{}</bdi>", article.dateline)] if article.dateline else []
    if article.published_at and not article.is_date_assumed:
        parts.append(_published(article.published_at))
    if article.shows_update and article.updated_at:
        parts.append(_updated(article.updated_at, same_day=updated_same_day))
    parts.append(fill("{} {}", _("Reading time:"), minutes))
    return format_html_join(" · ", "{}", ((part,) for part in parts))


def _published(moment: datetime) -> str:
    row = current_site().settings
    hijri = format_hijri(moment, row.style) if row.shows_hijri else None
    return fill(
        '{} <time datetime="{}"{}>{}</time>{}',
        _("Published:"),
        iso_time(moment),
        "" if hijri else " data-relative",
        format_datetime(moment, row.style),
        f" ({hijri})" if hijri else "",
    )


def _updated(moment: datetime, *, same_day: bool) -> str:
    style = current_site().settings.style
    whole = format_datetime(moment, style)
    return fill(
        '{} <time datetime="{}" data-relative="{}">{}</time>',
        *(_("Last update:"), iso_time(moment), whole, format_time(moment, style) if same_day else whole),
    )


def tools(article: Article, links: Iterable[tuple[str, str]]) -> str:
    """Buttons to pass a story on, keep it, print it; `links` are (label, address) of the networks."""
    network = '<a class="button share-link" rel="nofollow noopener" href="{}">{}</a>\n'
    title = plain_title(article.headline)
    return format_html(
        _tools(),
        short=absolute(article.get_short_url()),
        title=title,
        networks=fill_each(network, ((address, name) for name, address in links)),
        key=article.pk,
        address=article.get_absolute_url(),
        section=article.section.name if article.section else "",
        date=format_date(article.published_at, current_site().settings.style) if article.published_at else "",
        version=article.version,
    )


@cache
def _tools() -> str:
    """With its words; what a story puts into it stays in braces."""
    sizes = [_("Small text"), _("Medium text"), _("Large text"), _("Very large text")]
    words = {
        "article_tools": _("Article tools"),
        "share": _("Share"),
        "copied": _("Link copied"),
        "not_copied": _("The link could not be copied. Copy it from the address bar."),
        "copy": _("Copy link"),
        "saved_here": _("Saved on this device, also for reading without internet."),
        "listed": _("Added to the saved articles. Reading it needs internet."),
        "full": _("A hundred articles are saved already. Remove some of them first."),
        "removed": _("Removed from the saved articles."),
        "not_saved": _("This browser could not save the article."),
        "save": _("Save for later"),
        "saved": pgettext("article", "Saved"),
        "sizes": "|".join(sizes),
        "smaller_sign": _("A−"),
        "smaller": _("Smaller text"),
        "larger_sign": _("A+"),
        "larger": _("Larger text"),
        "print": _("Print"),
    }
    html = _TOOLS
    for name, text in words.items():
        html = html.replace(f"[{name}]", escape(text))
    return html


_TOOLS = """<div class="article-tools" role="group" aria-label="[article_tools]">
<button class="button needs-js needs-share" type="button" data-share="{short}" data-title="{title}">[share]</button>
{networks}<button class="button needs-js two-words" type="button" data-copy="{short}" data-done="[copied]"\
 data-failed="[not_copied]"><span>[copy]</span><span>[copied]</span></button>
<button class="button needs-js two-words" type="button" aria-pressed="false" data-save="{key}" data-address="{address}"\
 data-headline="{title}" data-section="{section}" data-date="{date}" data-version="{version}" data-saved="[saved_here]"\
 data-listed="[listed]" data-full="[full]" data-removed="[removed]" data-failed="[not_saved]"><span>[save]</span>\
<span>[saved]</span></button>
<span class="text-sizes needs-js" data-text-sizes="[sizes]">
<button class="button" type="button" data-text-step="-1">[smaller_sign]<span class="visually-hidden"> [smaller]</span>\
</button>
<button class="button" type="button" data-text-step="1">[larger_sign]<span class="visually-hidden"> [larger]</span>\
</button>
</span>
<button class="button needs-js" type="button" data-print>[print]</button>
</div>
"""
