"""An article as it stands in its form, as the newsletter would bring it: the mail among the previews of the desk."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from articles.admin.previewing import one_of, typed_article
from articles.models import Article
from articles.previews.documents import SCHEMES
from articles.previews.stand_in import as_readers_would_see
from newsletter.admin.issue_previews import in_scheme, sealed
from newsletter.enums import IssueKind, ItemKind
from newsletter.mails.items import LEAD_WIDTH, article_item
from newsletter.mails.rendering import RenderedMail, render_issue
from newsletter.models import Issue, IssueItem, MailingList
from pages.current import current_site

FRAMED = ("newsletter_article_preview", "newsletter_article_preview_new")


def preview(request: HttpRequest, article_id: int | None, site: AdminSite) -> HttpResponse:
    """POST of the form of an article, for whoever may preview it. Nothing of it is kept, nobody gets a mail."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    article = typed_article(site.get_model_admin(Article), request, article_id)
    mail = mail_of(as_readers_would_see(article))
    return sealed(HttpResponse(in_scheme(mail.html, one_of(request.GET.get("scheme", ""), SCHEMES))))


def mail_of(article: Article) -> RenderedMail:
    """A breaking mail of a breaking story, an edition with one item of any other; under the name of the first list."""
    name = MailingList.objects.values_list("name", flat=True).first() or current_site().settings.name
    issue = Issue(
        pk=0,
        mailing_list=MailingList(name=name, has_archive=False),
        kind=IssueKind.BREAKING if article.is_breaking else IssueKind.EDITION,
        subject=article.card_headline,
    )
    row = IssueItem(issue=issue, kind=ItemKind.ARTICLE)
    return render_issue(issue, items=[article_item(row, article, width=LEAD_WIDTH)])
