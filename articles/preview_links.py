"""Show an unpublished text to somebody without an account, and hear what he says to it.

The address is a secret: the random key of a row, signed, so that an address nobody ever had is refused without a look
into the database. What a guest answers is a comment on the story, addressed to whoever gave him the link.
"""

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.commenting import LONGEST_COMMENT, BadComment, may_be_told, tell
from articles.models import Article, Comment, PreviewLink
from articles.permissions import may_edit, may_publish, may_see_papers
from articles.publishing import require
from audit.enums import Action
from audit.models import AuditEntry
from audit.origin import current
from audit.recording import log
from newsroom.lib.hygiene import clean_line, clean_text
from newsroom.lib.networks import household

DAY = 24
# Hours that a link may last.
CHOICES = (1, DAY, 3 * DAY, 7 * DAY, 14 * DAY)
# A day is enough for a lawyer, two weeks for a holiday: `share` takes nothing longer.
MOST_HOURS = CHOICES[-1]
MOST_OPEN = 20
MOST_ANSWERS = 20  # an hour, of one link
# A day, by all links of whoever gave them: each is a mail to him, and a link may have been passed on.
MOST_MAILS = 100
MOST_OF_A_NETWORK = 40  # an hour, by all links
_signer = signing.Signer(sep=".", salt="articles.preview_links")


class BadLink(Exception):
    """For nobody, too long, or one too many. The text is a sentence for people."""


class Ended(Exception):
    """The link holds no longer: it expired, was revoked, or whoever gave it may not give it any more."""


class TooManyAnswers(Exception):
    """More than anybody has to say in an hour, or than whoever gave the links can read in a day."""


def may_share(user: User, article: Article) -> bool:
    """Whoever may write the text or publish it, and knows what the desk says about it."""
    return may_see_papers(user, article) and (may_edit(user, article) or may_publish(user))


@transaction.atomic
def share(article: Article, *, by: User, reader: str, hours: int = DAY) -> PreviewLink:
    """A link to the unpublished text of the story for `reader`. Raises NotAllowed, BadLink."""
    require(may_share(by, article))
    story, reader = article.story, clean_line(reader)
    if not reader:
        raise BadLink(_("Say for whom the link is."))
    if not 0 < hours <= MOST_HOURS:
        raise BadLink(_("A link lasts two weeks at most."))
    if story.preview_links.filter(revoked_at=None, expires_at__gt=timezone.now()).count() >= MOST_OPEN:
        raise BadLink(_("This article has too many links. Revoke some first."))
    longest = PreviewLink._meta.get_field("reader").max_length
    link = PreviewLink.objects.create(
        article=story, reader=reader[:longest], created_by=by, expires_at=timezone.now() + timedelta(hours=hours)
    )
    log(Action.PREVIEW_SHARED, by=by, subject=story, note=link.reader)
    return link


@transaction.atomic
def revoke(link: PreviewLink, *, by: User) -> PreviewLink:
    """End a link now; one that has ended stays as it is. Raises NotAllowed."""
    link = PreviewLink.objects.select_for_update().get(pk=link.pk)
    changes = Article.objects.filter(working_copy_of=link.article).first()
    require(may_share(by, changes or link.article))
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        log(Action.PREVIEW_REVOKED, by=by, subject=link.article, note=link.reader)
    return link


def path_of(link: PreviewLink) -> str:
    return reverse("articles:shared_preview", args=[_signer.sign(link.key)])


def find(token: str) -> PreviewLink | None:
    """The link of an address, whether it still holds or not; None for one whose article was deleted.

    Raises signing.BadSignature for an address that is none of ours.
    """
    links = PreviewLink.objects.select_related("article", "created_by")
    return links.filter(key=_signer.unsign(token)).first()


def text_behind(link: PreviewLink) -> Article | None:
    """What the link shows now: the changes of a published story, else the story; None where readers see all of it.

    Raises Ended.
    """
    story = link.article
    if not is_open(link):
        raise Ended
    # Before its changes are looked for: they hold what readers were to see no more. Also while it is a draft again.
    if story.withdrawn_at and story.withdrawn_at >= link.created_at:
        raise Ended
    changes = Article.objects.filter(working_copy_of=story).first()
    if changes is not None:
        changes.working_copy_of = story
        return changes
    return None if story.is_published else story


def is_open(link: PreviewLink) -> bool:
    """It holds as long as whoever gave it could still look at the text himself."""
    giver = link.created_by
    if link.revoked_at is not None or link.expires_at <= timezone.now():
        return False
    return giver is not None and may_be_told(giver, link.article)


@transaction.atomic
def answer(link: PreviewLink, *, text: str, is_approval: bool, seen_version: int) -> Comment:
    """What the guest says to the text of `seen_version`, as a comment to the giver of the link.

    An approval may be without words. Raises Ended, BadComment, TooManyAnswers.
    """
    link = PreviewLink.objects.select_for_update(of=("self",)).select_related("article", "created_by").get(pk=link.pk)
    article = text_behind(link)
    if article is None:
        raise Ended
    text = clean_text(text).strip() or (_("I agree with the text.") if is_approval else "")
    if not text:
        raise BadComment(_("Write your note first."))
    if len(text) > LONGEST_COMMENT:
        raise BadComment(_("The note is too long; it may have 2000 letters."))
    _require_patience(link)
    comment = tell(
        Comment(
            article=link.article,
            text=text,
            addressed_to=link.created_by,
            preview_link=link,
            guest_name=link.reader,
            is_approval=is_approval,
            seen_version=min(seen_version, article.version),
        )
    )
    log(Action.PREVIEW_ANSWERED, by=None, subject=link.article, note=link.reader)
    return comment


def _require_patience(link: PreviewLink) -> None:
    """Raises TooManyAnswers."""
    now = timezone.now()
    if link.comments.filter(created_at__gt=now - timedelta(hours=1)).count() >= MOST_ANSWERS:
        raise TooManyAnswers
    if _lately_from_here(now - timedelta(hours=1)) >= MOST_OF_A_NETWORK:
        raise TooManyAnswers
    given = Comment.objects.filter(preview_link__created_by=link.created_by, created_at__gt=now - timedelta(hours=DAY))
    if given.order_by().count() >= MOST_MAILS:
        raise TooManyAnswers


def _lately_from_here(since: datetime) -> int:
    """How many answers the log knows from the network of this request; 0 where it comes from nowhere (a command)."""
    here = current.get().address
    if not here:
        return 0
    said = AuditEntry.objects.filter(action=Action.PREVIEW_ANSWERED, at__gt=since).exclude(address="")
    return sum(household(address) == household(here) for address in said.order_by().values_list("address", flat=True))
