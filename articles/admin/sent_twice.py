"""A form that is sent twice: by a double click, or again because the answer was lost. It does its work once.

The form of a new article carries the key of its window; the article that it made keeps that key, which is unique in
the database. The second sending finds it there, whichever process takes it, and is one of the form of that article.
"""

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from articles import unsaved
from articles.admin.staff import member
from articles.models import Article
from articles.typed import Sent

FIRST_VERSION = 1


def form_key(user: User, data: Sent) -> str | None:
    """None for a form without a window of ours. With the user, so that nobody takes another's key."""
    window = unsaved.window_of(data)
    return f"{user.pk}:{window}" if window else None


def made_before(request: HttpRequest, data: Sent) -> Article | None:
    """What the first sending made."""
    key = form_key(member(request), data)
    return Article.objects.filter(form_key=key).first() if key else None


def go_on_with(request: HttpRequest, article: Article) -> None:
    """Let the request be one to the form of `article`: whatever follows leads there."""
    request.path = request.path_info = reverse("admin:articles_article_change", args=[article.pk])


def was_accepted(request: HttpRequest, article: Article) -> bool:
    """Whether the newest version is of whoever sends: a deed that took away his right to repeat it."""
    newest = article.story.revisions.order_by("-version").values_list("by", flat=True).first()
    return newest == member(request).pk
