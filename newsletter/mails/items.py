"""What stands in an issue, ready for its mail and for its page."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Prefetch

from articles.models import Article, Attribution, Byline, Correction
from articles.printed_credits import authors_html, authors_line, sources_html, sources_line
from images.models import Image
from newsletter.enums import IssueKind, ItemKind
from newsletter.models import Issue, IssueItem
from newsroom.lib.hygiene import clean_line
from pages.mailing import absolute
from richtext.summary import summary

# px: the leading picture over the whole width of the mail, the others beside their headline; twice as many in the file.
LEAD_WIDTH, THUMBNAIL_WIDTH = 552, 120
LONGEST_ALT, LONGEST_URL = 300, 500


@dataclass(frozen=True)
class MailImage:
    """A picture in a mail; sizes in px, as it is shown."""

    url: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class MailItem:
    """An article or a text of the editors' own; `url` is "" for the latter."""

    row: IssueItem
    headline: str
    summary: str
    kicker: str = ""
    section: str = ""
    url: str = ""
    image: MailImage | None = None
    notes: list[Correction] = field(default_factory=list)
    # Who made it and where it came from: plain lines, and in HTML with each name set apart.
    credits: tuple[str, ...] = ()
    credits_html: tuple[str, ...] = ()

    @property
    def is_article(self) -> bool:
        return self.row.kind == ItemKind.ARTICLE

    @property
    def is_lead(self) -> bool:
        """Its picture stands over the whole width."""
        return self.image is not None and self.image.width > THUMBNAIL_WIDTH

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in map(str.strip, self.summary.splitlines()) if line]


def read_items(issue: Issue) -> list[MailItem]:
    """The items of a draft as readers would get them: what is not public is left out. Five queries."""
    rows = list(issue.items.all())
    found = public_articles(row.article_id for row in rows if row.article_id)
    items: list[MailItem] = []
    for row in rows:
        if row.kind == ItemKind.TEXT:
            items.append(MailItem(row, headline=row.headline, summary=row.summary))
        elif article := found.get(row.article_id or 0):
            is_first = not any(item.is_article for item in items)
            item = article_item(row, article, width=LEAD_WIDTH if is_first else THUMBNAIL_WIDTH)
            items.append(replace(item, notes=[]) if _says_it_itself(issue, article) else item)
    return items


def _says_it_itself(issue: Issue, article: Article) -> bool:
    """A correcting issue begins with the note."""
    return issue.kind == IssueKind.CORRECTION and issue.article_id == article.pk


def public_articles(ids: Iterable[int]) -> dict[int, Article]:
    """The articles among `ids` that readers may see, by id, with section, picture, names, sources and corrections."""
    relations = (
        Prefetch("corrections", Correction.objects.order_by("-at", "-id")),
        Prefetch("bylines", Byline.objects.select_related("author")),
        Prefetch("attributions", Attribution.objects.select_related("source")),
    )
    articles = Article.objects.published().filter(pk__in=set(ids)).select_related("section", "lead_image")
    return {article.pk: article for article in articles.prefetch_related(*relations)}


def is_told(row: IssueItem, issue: Issue) -> bool:
    """Whether what stands beside the issue in a list of mails says what stands over this article."""
    if issue.article_id and issue.article_id == row.article_id:  # it is about nothing else
        return True
    said = f"{issue.subject}\n{issue.subject_b}\n{issue.preheader}"
    headlines = {row.headline, *([row.article.headline, row.article.card_headline] if row.article else [])}
    return any(headline and headline in said for headline in headlines)


def article_item(row: IssueItem, article: Article, *, width: int) -> MailItem:
    return MailItem(
        row,
        headline=row.headline or article.card_headline,
        summary=row.summary or article.standfirst or summary(article.body),
        kicker=article.kicker,
        section=article.section.name if article.section else "",
        # By its number: an address in Arabic letters is ten times as long once it is escaped.
        url=absolute(article.get_short_url()),
        image=_image(article.lead_image, width) if article.lead_image else None,
        notes=list(article.corrections.all())[:1],
        credits=_said(authors_line(article), sources_line(article)),
        credits_html=_said(authors_html(article), sources_html(article)),
    )


def _said(*lines: str) -> tuple[str, ...]:
    return tuple(filter(None, lines))


def _image(image: Image, width: int) -> MailImage:
    shown = min(width, image.width)
    height = max(1, round(image.height * shown / image.width))
    address = image.url(width * 2 if width < LEAD_WIDTH else width)
    url = address if address.startswith(("https://", "http://")) else absolute(address)
    return MailImage(url, clean_line(image.alt_text)[:LONGEST_ALT], shown, height)
