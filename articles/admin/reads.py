"""The page that says how much a story is read: whoever may look at it in the admin may look at that."""

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from articles.admin.staff import member
from articles.models import Article
from articles.permissions import may_view
from articles.read_charts import reads_of


def reads_page(request: HttpRequest, article: Article, site: AdminSite) -> HttpResponse:
    """Of changes, the reads of their story. Raises Http404 for what was never published: there is nothing to count."""
    story = article.story
    if story.published_at is None or not may_view(member(request), story):
        raise Http404
    context = site.each_context(request) | {
        "title": _("Reads of the article"),
        "opts": Article._meta,
        "story": story,
        "reads": reads_of(story),
    }
    return TemplateResponse(request, "admin/articles/article/reads.html", context)
