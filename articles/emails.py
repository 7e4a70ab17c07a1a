"""The mails of the desk to its own people: headline, link and what a colleague wrote, nothing of the article's text."""

import logging

from django.core.mail import EmailMessage
from django.urls import reverse

from accounts.models import User
from articles.models import Article, Comment
from newsroom.lib import meters
from pages.mailing import Mail, absolute, make_mail

logger = logging.getLogger(__name__)


def comment(row: Comment) -> Mail:
    """To the one it is addressed to. `article`, `by` and `addressed_to` of the row must be loaded."""
    assert row.addressed_to is not None  # noqa: S101 - articles.commenting asked
    context = {"comment": row, "headline": str(row.article), "link": link_to(row.article) + "#comments"}
    return make_mail("comment", to=row.addressed_to.email, context=context)


def assignment(article: Article, *, to: User, by: User) -> Mail:
    context: dict[str, object] = {
        "by": by,
        "headline": str(article),
        "deadline": article.deadline,
        "link": link_to(article),
    }
    return make_mail("assignment", to=to.email, context=context)


def link_to(article: Article) -> str:
    return absolute(reverse("admin:articles_article_change", args=[article.pk]))


def send(mail: EmailMessage, *, about: str) -> bool:
    """Returns whether the mail server took the mail."""
    try:
        mail.send()
    except OSError as error:  # smtplib.SMTPException is one as well
        # Neither address nor text: logs are read by more people than the database.
        logger.error("Mail not sent (%s): %s", about, type(error).__name__)
        meters.add("newsroom_mails_total", kind="desk", outcome="failed")
        return False
    meters.add("newsroom_mails_total", kind="desk", outcome="sent")
    return True
