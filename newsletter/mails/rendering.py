"""The two texts of an issue's mail, with marks where readers differ; once for an issue, not once for a reader."""

import re
from typing import NamedTuple

import css_inline
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.translation import pgettext

from newsletter import hits
from newsletter.enums import IssueKind
from newsletter.mails.items import MailItem, read_items
from newsletter.mails.links import CLICK, OPEN, Links, linked
from newsletter.mails.slots import Recipient, Slots, fill, names
from newsletter.mails.uncounting import uncounted
from newsletter.models import Issue
from newsroom.lib.bidi import plain_title
from newsroom.lib.hygiene import clean_line
from pages.current import current_site
from pages.mailing import absolute, one_line
from richtext.summary import shorten

FOLDER = "emails/issue"
# FSI and PDI (Unicode annex 9): a name keeps its own direction where there is no markup.
_ISOLATED = "\u2068{}\u2069"
# What mail programs show after the preheader is the beginning of the text, unless there is room to be filled.
_PADDING = "\u200c\u00a0" * 80
_BDI = re.compile(r'<bdi dir="(ltr|rtl)">')
LONGEST_SLOT = 60
_GAPS = re.compile(r"\n{3,}")


class RenderedMail(NamedTuple):
    """A mail to look at."""

    subject: str
    html: str
    text: str


class Rendered(NamedTuple):
    """Pieces and slots (newsletter.mails.slots), and where the counted links lead."""

    html: list[str]
    text: list[str]
    targets: dict[str, int]


class Entry:
    """An item as the template prints it."""

    def __init__(self, item: MailItem, links: Links) -> None:
        self.item = item
        self.link = links.to(item.url) if item.url else ""
        # Of a text of the editors' own: pieces of a paragraph, each with the address that it is, or "".
        self.paragraphs = [] if item.is_article else [_pieces(text, links) for text in item.paragraphs]
        self.plain_lines = [line for text in item.paragraphs for line in _plain_lines(text)]


def _plain_lines(text: str) -> list[str]:
    """An address stands on a line of its own: a mark of direction beside it would become a part of the link."""
    lines, words = [], ""
    for piece, address in [*linked(text), ("", "end")]:
        if not address:
            words += piece
            continue
        # What closed the sentence behind an address is no line.
        lines += [plain_title(words.strip())] if any(map(str.isalnum, words)) else []
        lines += [piece] if piece else []
        words = ""
    return lines


def _pieces(text: str, links: Links) -> list[tuple[str, str]]:
    return [(piece, links.to(address) if address else "") for piece, address in linked(text)]


def subject_of(issue: Issue, variant: str) -> str:
    return one_line(issue.subject_b if variant == "b" and issue.subject_b else issue.subject)


def render_issue(
    issue: Issue, *, variant: str = "a", recipient: Recipient | None = None, items: list[MailItem] | None = None
) -> RenderedMail:
    """The mail without the links of any reader: for previews, test mails and checks.

    Of an issue that is compiled what was compiled, with straight links and nothing that counts. The personal links
    open nothing. `items` stand in it instead of its own, which readers may see.
    """
    compiled = issue.compiled_mails.filter(variant=variant).first() if issue.compiled_at else None
    if compiled:
        html, text = compiled.content["html"], compiled.content["text"]
    else:
        shown = read_items(issue) if items is None else items
        html, text, _targets = render_pieces(issue, variant=variant, items=shown, counted=False)
    values = _sample({*names(html), *names(text)}, recipient) | _tokens(issue, variant, names(html))
    escaped = {name: escape(value) for name, value in values.items()}
    return RenderedMail(subject_of(issue, variant), *uncounted(fill(html, escaped), fill(text, values)))


def _tokens(issue: Issue, variant: str, wanted: set[str]) -> dict[str, str]:
    """Where each reader's mail has tokens of its own: some by which it is found again what counts."""
    found = {
        name: hits.click_token(issue.pk, variant, int(name.removeprefix(CLICK)))
        for name in wanted
        if name.startswith(CLICK)
    }
    return found | {OPEN: hits.open_token(issue.pk, variant)}


def render_pieces(issue: Issue, *, variant: str, items: list[MailItem], counted: bool) -> Rendered:
    slots = Slots()
    links = Links(issue, variant, slots, counted=counted)
    context = _context(issue, variant, items, slots) | {
        "entries": [Entry(item, links) for item in items],
        "pixel": links.pixel(),
    }
    html = _without_bdi(render_to_string(f"{FOLDER}/body.html", context))
    text = render_to_string(f"{FOLDER}/body.txt", context)
    inliner = css_inline.CSSInliner(
        inline_style_tags=False,
        keep_style_tags=True,
        load_remote_stylesheets=False,
        extra_css=render_to_string(f"{FOLDER}/inline.css"),
    )
    return Rendered(slots.cut(inliner.inline(html)), slots.cut(_tidy(text)), links.targets)


def _without_bdi(html: str) -> str:
    """Some mail programs throw away elements that are younger than they are; `dir` on a span they know."""
    return _BDI.sub(r'<span dir="\1">', html.replace("<bdi>", '<span dir="auto">')).replace("</bdi>", "</span>")


def _tidy(text: str) -> str:
    """A plain text with one empty line at most between two lines, as its template cannot have it."""
    return _GAPS.sub("\n\n", "\n".join(line.rstrip() for line in text.strip().splitlines())) + "\n"


def html_size(pieces: list[str]) -> int:
    """Bytes of the HTML as readers get it, with slots as long as the longest usual ones."""
    return len(fill(pieces, dict.fromkeys(names(pieces), "x" * LONGEST_SLOT)).encode())


def name_without_one() -> str:
    """What stands for the name of a reader who gave none, after «أهلًا»."""
    return pgettext("after Welcome, where there is no name", "to you")


def _context(issue: Issue, variant: str, items: list[MailItem], slots: Slots) -> dict[str, object]:
    site = current_site()
    mailing_list = issue.mailing_list
    return {
        "preheader": issue.preheader or _beginning(items),
        "is_breaking": issue.kind == IssueKind.BREAKING,
        "greets": issue.kind in (IssueKind.EDITION, IssueKind.DIGEST),
        "subject": subject_of(issue, variant),
        "mailing_list": mailing_list,
        "site_name": clean_line(site.settings.name),
        "postal_address": site.settings.postal_address,
        "corrections_url": absolute(site.corrections_path) if site.corrections_path else "",
        "home": absolute("/"),
        "web_url": absolute(issue.get_absolute_url()) if mailing_list.has_archive else "",
        "unsubscribe_url": absolute(reverse("newsletter:unsubscribe", args=[slots["unsubscribe"]])),
        "preferences_url": absolute(reverse("newsletter:preferences", args=[slots["preferences"]])),
        "date": issue.send_at or timezone.now(),
        "padding": _PADDING,
        "name_in_html": format_html("<bdi>{}</bdi>", slots["name"]),
        "name_in_text": _ISOLATED.format(slots["name"]),
        "email_in_html": format_html('<bdi dir="ltr">{}</bdi>', slots["email"]),
        "email_in_text": _ISOLATED.format(slots["email"]),
    }


def _beginning(items: list[MailItem]) -> str:
    """What stands beside the subject where the editors wrote nothing for it."""
    articles = [item for item in items if item.is_article]
    if len(articles) == 1:
        return shorten(articles[0].summary)
    return shorten(" · ".join(item.headline for item in articles[:3]))


def _sample(wanted: set[str], recipient: Recipient | None) -> dict[str, str]:
    values = {
        "name": (recipient.name if recipient else "") or name_without_one(),
        "email": recipient.email if recipient else "name@example.com",
    }
    return {name: values.get(name, "preview") for name in wanted}
