"""What an editor decides about the related articles of a story: this one first, this one never."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from articles.enums import Status
from articles.models import Article, RelatedChoice
from articles.permissions import may_edit, may_publish, may_view
from articles.publishing import NotAllowed, lock
from audit.enums import Action
from audit.recording import log
from newsroom.lib.watched import changed

# Of each kind. Four are shown; some may not be public yet.
MOST_CHOSEN = 12


class CannotChoose(Exception):
    """Not this article, or no more of them. The message is for people."""


def may_choose(user: User, article: Article) -> bool:
    """A choice holds at once, also while the story is being changed: readers see it."""
    story = article.story
    return may_publish(user) and may_view(user, story) if story.is_published else may_edit(user, story)


@transaction.atomic
def pin(article: Article, target: int, *, by: User) -> None:
    """Show it first, behind those that are pinned already; a ban of it ends. It appears when it is public.

    Raises NotAllowed, CannotChoose (no such article that `by` may see, or none that is or will be public).
    """
    _choose(article, target, by=by, is_banned=False)


@transaction.atomic
def ban(article: Article, target: int, *, by: User) -> None:
    """Never show it beside the story. Raises NotAllowed, CannotChoose."""
    _choose(article, target, by=by, is_banned=True)


@transaction.atomic
def release(article: Article, target: int, *, by: User) -> None:
    """Neither pinned nor banned any more; nothing happens to what was not. Raises NotAllowed."""
    story = _locked(article, by)
    if RelatedChoice.objects.filter(article=story, target=target).delete()[0]:
        _log(story, target, by, after="released")


@transaction.atomic
def arrange(article: Article, order: Sequence[int], *, by: User) -> None:
    """Put the pinned ones into this order; those that it does not name stay behind them. Raises NotAllowed."""
    story = _locked(article, by)
    rows = list(RelatedChoice.objects.filter(article=story, is_banned=False))
    places = {target: number for number, target in enumerate(order)}
    arranged = sorted(rows, key=lambda row: places.get(row.target_id, len(places)))
    for number, row in enumerate(arranged, 1):
        row.position, row.by = number, by
    RelatedChoice.objects.bulk_update(arranged, ["position", "by"])
    changed(story)
    if arranged != rows:
        _log(story, arranged[0].target_id, by, after="first")


@transaction.atomic
def lift(article: Article, target: int, *, by: User) -> None:
    """One place up. Raises NotAllowed."""
    story = _locked(article, by)
    order = list(RelatedChoice.objects.filter(article=story, is_banned=False).values_list("target", flat=True))
    at = order.index(target) if target in order else 0
    if at:
        order[at - 1 : at + 1] = reversed(order[at - 1 : at + 1])
        arrange(story, order, by=by)


def _choose(article: Article, target: int, *, by: User, is_banned: bool) -> None:
    story = _locked(article, by)
    found = Article.objects.visible_to(by).stories().filter(pk=target, status=Status.APPROVED).exclude(pk=story.pk)
    if not found.exists():
        raise CannotChoose(_("There is no such article that readers see or will see."))
    rows = RelatedChoice.objects.filter(article=story, is_banned=is_banned)
    others = list(rows.exclude(target=target).values_list("position", flat=True))
    if len(others) >= MOST_CHOSEN:
        raise CannotChoose(_("There are as many as there can be: remove one first."))
    values = {"is_banned": is_banned, "position": max(others, default=0) + 1, "by": by}
    RelatedChoice.objects.update_or_create(article=story, target_id=target, defaults=values)
    _log(story, target, by, after="banned" if is_banned else "pinned")


def _locked(article: Article, by: User) -> Article:
    story = lock(article.story.pk)
    if not may_choose(by, story):
        raise NotAllowed
    return story


def _log(story: Article, target: int, by: User, *, after: str) -> None:
    log(Action.RELATED_CHOSEN, by=by, subject=story, after=after, note=f"#{target}")
