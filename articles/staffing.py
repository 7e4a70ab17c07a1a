"""Who is there to be given work, and giving it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from articles import emails
from articles.models import Article
from audit.enums import Action
from audit.recording import log
from tasks.defining import task

# Rights come from roles; other backends than this one hand out none.
_RIGHTS = "django.contrib.auth.backends.ModelBackend"


def with_right(permission: str) -> models.QuerySet[User]:
    """Active members of staff who have `permission`, directly, by a role or as superuser."""
    users: models.QuerySet[User] = User.objects.with_perm(permission, backend=_RIGHTS)
    return users.filter(is_staff=True)


def assignable(*, besides: int | None = None) -> models.QuerySet[User]:
    """Who can be given an article to write; and the member of staff with the key `besides`, who may be gone since."""
    able = with_right("articles.change_article")
    return User.objects.filter(Q(pk__in=able.values("pk")) | Q(pk=besides)).order_by("sort_key", "pk")


def may_assign(user: User) -> bool:
    return user.has_perm("articles.change_any_article")


def announce_assignment(article: Article, *, by: User, before: User | None) -> None:
    """Write the assignment of `article` (stored already) into the log, and have it mailed to whom it was given to.

    A mail that is lost in the end stays lost: the dashboard says the same for as long as the work is not done.
    """
    to = article.assigned_to
    log(
        Action.ASSIGNED,
        by=by,
        subject=article.story,
        before=str(before or ""),
        after=str(to or ""),
        note=_("Changes of the published article") if article.is_working_copy else "",
    )
    if to and to.pk != by.pk:
        mail_assignment.enqueue(article.pk, to=to.pk, by=by.pk)


class MailNotSent(Exception):
    """The mail server did not take it; the log says why."""


@task()
def mail_assignment(pk: int, *, to: int, by: int) -> None:
    """Nothing goes out when the work is somebody else's by now. Raises MailNotSent."""
    article = Article.objects.select_related("assigned_to").filter(pk=pk, assigned_to=to).first()
    editor = User.objects.filter(pk=by).first()
    receiver = article.assigned_to if article else None
    if not (article and editor and receiver and receiver.is_active and receiver.email):
        return
    mail = emails.assignment(article, to=receiver, by=editor)
    if not emails.send(mail, about=f"assignment of article {pk}"):
        raise MailNotSent
