"""An issue as its page shows it: the words that were sent, and what has become of the articles since."""

from collections.abc import Iterable
from dataclasses import dataclass

from articles.models import Article, Correction
from articles.printed_credits import authors_html, sources_html
from newsletter.enums import ItemKind
from newsletter.mails.items import is_told, public_articles
from newsletter.mails.links import linked
from newsletter.models import Issue, IssueItem


@dataclass(frozen=True)
class PageItem:
    """`article` is None when readers may not see it any more, and for a text of the editors' own.

    `reason` is what the newsroom says about an article that it has withdrawn.
    """

    row: IssueItem
    article: Article | None = None
    reason: str = ""

    @property
    def is_article(self) -> bool:
        return self.row.kind == ItemKind.ARTICLE

    @property
    def paragraphs(self) -> list[list[tuple[str, str]]]:
        """Of a text: pieces of each paragraph with the addresses that they are (newsletter.mails.links)."""
        return [linked(line) for line in map(str.strip, self.row.summary.splitlines()) if line]

    @property
    def credits(self) -> list[str]:
        """Who made it and where it came from, as safe HTML."""
        if self.article is None:
            return []
        return [line for line in (authors_html(self.article), sources_html(self.article)) if line]

    @property
    def corrections(self) -> list[Correction]:
        return list(self.article.corrections.all()) if self.article else []


def page_items(issue: Issue) -> list[PageItem]:
    """Without the articles that were left out when the issue was compiled. Six queries at most."""
    rows = [row for row in issue.items.all() if row.kind == ItemKind.TEXT or row.url]
    ids = {row.article_id for row in rows if row.article_id}
    found = public_articles(ids)
    reasons = _reasons(ids - found.keys())
    return [PageItem(row, found.get(row.article_id or 0), reasons.get(row.article_id or 0, "")) for row in rows]


def telling(issues: Iterable[Issue]) -> set[int]:
    """The ids of those whose subject or preheader says what stood over an article that readers may not see any more.

    A digest and breaking news have headlines for a subject. One query for all of them.
    """
    by_id = {issue.pk: issue for issue in issues}
    sent = IssueItem.objects.filter(issue__in=by_id, kind=ItemKind.ARTICLE).exclude(url="")
    gone = sent.exclude(article__in=Article.objects.published().values("pk"))
    rows = gone.select_related("article").defer("article__body")
    return {row.issue_id for row in rows if is_told(row, by_id[row.issue_id])}


def _reasons(ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    return dict(Article.objects.withdrawn().filter(pk__in=ids).values_list("pk", "withdrawal_note"))
