"""What a member of staff may do with one article. Forms, admin and deeds all ask here."""

from django.db.models import Q

from accounts.models import User
from articles.enums import Status
from articles.models import Article

PUBLISH = "articles.publish_article"


def may_publish(user: User) -> bool:
    """Approve, publish, schedule, withdraw, return and correct."""
    return user.has_perm(PUBLISH)


def is_ones_own(user: User, article: Article) -> bool:
    """Written by the user, or given to him to write."""
    return user.pk in {article.created_by_id, article.assigned_to_id}


def may_view(user: User, article: Article) -> bool:
    """The rule of ArticleQuerySet.visible_to for one row."""
    if user.has_perm("articles.change_any_article"):
        return True
    if not user.has_perm("articles.view_article"):
        return False
    return article.is_published or is_ones_own(user, article) or is_ones_own(user, article.story)


def may_edit(user: User, article: Article) -> bool:
    """A reporter edits own drafts; an editor any unpublished text; what is approved, who may publish.

    What readers see is changed by nobody in place: may_open_changes.
    """
    if not user.has_perm("articles.change_article") or article.is_published:
        return False
    if article.status in {Status.APPROVED, Status.WITHDRAWN}:
        return may_publish(user)
    if user.has_perm("articles.change_any_article"):
        return True
    return article.status == Status.DRAFT and is_ones_own(user, article)


def may_open_changes(user: User, article: Article) -> bool:
    """Begin or go on with the changes of a published story. A reporter may, of an own one; an editor publishes them."""
    if not user.has_perm("articles.change_article") or not article.is_published:
        return False
    return user.has_perm("articles.change_any_article") or is_ones_own(user, article)


def may_see_papers(user: User, article: Article) -> bool:
    """What the desk alone knows of an article: older versions, comments, why it was returned, what an import set aside.

    A story and its working copy have these in common: whoever has one of them in hand sees them.
    """
    if not user.has_perm("articles.view_article"):
        return False
    if user.has_perm("articles.change_any_article"):
        return True
    story = article.story
    if is_ones_own(user, story) or is_ones_own(user, article):
        return True
    in_hand = Q(created_by=user) | Q(assigned_to=user)
    return not article.is_working_copy and Article.objects.filter(in_hand, working_copy_of=story).exists()


def may_delete(user: User, article: Article) -> bool:
    """What readers have seen is withdrawn, never deleted; changes are discarded (articles.changes)."""
    if article.is_working_copy or article.published_at is not None:
        return False
    if article.status in {Status.APPROVED, Status.WITHDRAWN}:
        return False
    return may_edit(user, article) and user.has_perm("articles.delete_article")
