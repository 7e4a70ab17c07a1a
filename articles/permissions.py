"""What a member of staff may do with one article. Forms, admin and deeds all ask here."""

from accounts.models import User
from articles.enums import Status
from articles.models import Article

PUBLISH = "articles.publish_article"


def may_publish(user: User) -> bool:
    """Approve, publish, schedule, withdraw, return and correct."""
    return user.has_perm(PUBLISH)


def may_edit(user: User, article: Article) -> bool:
    """A reporter edits own drafts; an editor any unpublished text; what is approved, who may publish."""
    if not user.has_perm("articles.change_article"):
        return False
    if article.status in {Status.APPROVED, Status.WITHDRAWN}:
        return may_publish(user)
    if user.has_perm("articles.change_any_article"):
        return True
    return article.status == Status.DRAFT and article.created_by_id == user.pk


def may_see_papers(user: User, article: Article) -> bool:
    """What the desk alone knows of an article: why it was returned, what its import set aside."""
    return may_edit(user, article) or (article.created_by_id is not None and article.created_by_id == user.pk)


def may_delete(user: User, article: Article) -> bool:
    """What readers have seen is withdrawn, never deleted."""
    if article.published_at is not None or article.status in {Status.APPROVED, Status.WITHDRAWN}:
        return False
    return may_edit(user, article) and user.has_perm("articles.delete_article")
