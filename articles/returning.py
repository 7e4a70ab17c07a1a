"""Giving a submitted text back to its writer, with the reason as a comment to him."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from articles.commenting import comment, may_be_told
from articles.enums import Status
from articles.models import Article
from articles.publishing import NotReady, return_to_draft


@transaction.atomic
def return_with_note(article: Article, *, by: User, reason: str) -> Article:
    """Return a text; one that waits for review needs a reason, which its writer gets as a comment.

    Raises what return_to_draft raises, and NotReady (no reason).
    """
    if article.status == Status.IN_REVIEW and not reason.strip():
        raise NotReady({"return_reason": _("Tell the writer what is missing.")})
    article = return_to_draft(article, by=by, reason=reason)
    if reason.strip():
        comment(article, by=by, text=reason, to=_writer(article, by))
    return article


def _writer(article: Article, by: User) -> User | None:
    """Who goes on with the text; nobody when that is the one who returns it, or somebody without the right."""
    writer = article.assigned_to or article.created_by
    return writer if writer and writer != by and may_be_told(writer, article.story) else None
