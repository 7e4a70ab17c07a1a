"""Live coverage of a published story: begin, end and reopen it; post, change, withdraw and bring back its updates.

Readers see each deed at once. Every deed locks the row of the story first, so that two editors wait for each other and
the ids of updates grow in the order in which readers see them. Nothing that readers have seen is deleted: a changed
update keeps its former words, and a withdrawn one stays with the desk.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.listing import followed
from articles.models import Article, LiveUpdate
from articles.permissions import may_publish
from articles.picture_uses import note_pictures
from articles.publishing import NotReady, WrongState, lock, require
from articles.search.indexing import index_article
from audit.enums import Action
from audit.recording import log
from newsroom.lib.hygiene import clean_line
from newsroom.lib.watched import changed
from richtext.sanitise import sanitise
from richtext.short_texts import without_headings

LONGEST_HEADLINE = 200  # letters; LiveUpdate.headline


class PostedBefore(WrongState):
    """The form has posted another update already. The text is a sentence for people."""


@dataclass(frozen=True)
class Words:
    """What an update says, as it may be stored."""

    headline: str
    body: str
    is_key: bool

    @classmethod
    def read(cls, headline: str, body: str, *, is_key: bool) -> "Words":
        """Raises NotReady, BodyTooLarge."""
        words = cls(clean_line(headline), without_headings(sanitise(body)), is_key)
        if not words.headline and not words.body:
            raise NotReady({"body": _("Write a headline or a text.")})
        if words.is_key and not words.headline:
            raise NotReady({"headline": _("A key event needs a headline: it stands in the list above the coverage.")})
        if len(words.headline) > LONGEST_HEADLINE:
            raise NotReady({"headline": _("The headline is too long; it may have 200 letters.")})
        return words

    @classmethod
    def of(cls, update: LiveUpdate) -> "Words":
        return cls(update.headline, update.body, update.is_key)

    def put_into(self, update: LiveUpdate) -> None:
        update.headline, update.body, update.is_key = self.headline, self.body, self.is_key


def start_coverage(article: Article, *, by: User) -> Article:
    """Let a published story be covered live. Raises NotAllowed, WrongState (not public, covered before)."""

    def deed(story: Article) -> Action:
        if story.is_coverage:
            raise WrongState(_("This story has a live coverage already."))
        story.coverage_started_at = timezone.now()
        return Action.COVERAGE_STARTED

    return _change_coverage(article, deed, by=by)


def end_coverage(article: Article, *, by: User) -> Article:
    """Say that nothing more will come; the updates stay. Raises NotAllowed, WrongState (not public, not live)."""

    def deed(story: Article) -> Action:
        _require_live(story)
        story.coverage_ended_at = timezone.now()
        return Action.COVERAGE_ENDED

    return _change_coverage(article, deed, by=by)


def reopen_coverage(article: Article, *, by: User) -> Article:
    """Go on with a coverage that was ended. Raises NotAllowed, WrongState (not public, not ended)."""

    def deed(story: Article) -> Action:
        if story.coverage_ended_at is None:
            raise WrongState(_("Only a coverage that has ended can be opened again."))
        story.coverage_ended_at = None
        return Action.COVERAGE_REOPENED

    return _change_coverage(article, deed, by=by)


def post_update(
    article: Article,
    *,
    by: User,
    headline: str = "",
    body: str = "",
    is_key: bool = False,
    form_key: str | None = None,
) -> LiveUpdate:
    """Show readers one update more. `body` is HTML. A form that is sent twice, known by its key, posts once.

    Raises NotAllowed, WrongState (not public, not live), PostedBefore (the form has posted other words),
    NotReady (no words, a headline that is too long), BodyTooLarge.
    """
    words = Words.read(headline, body, is_key=is_key)
    with transaction.atomic():
        story = _locked(article, by=by)
        posted = LiveUpdate.objects.filter(form_key=form_key).first() if form_key else None
        if posted:
            return _the_same(posted, words)
        _require_live(story)
        update = LiveUpdate(article=story, by=by, posted_at=timezone.now(), form_key=form_key)
        words.put_into(update)
        update.save()
        _tell(story, update, by=by, action=Action.UPDATE_POSTED)
    article.refresh_from_db()
    return update


def change_update(
    update: LiveUpdate, *, by: User, headline: str, body: str, is_key: bool, seen: int | None = None
) -> LiveUpdate:
    """Give an update other words; the former ones stay with it. The same words again change nothing.

    `seen` is the version of the update that the editor had before him. Raises NotAllowed, WrongState (not public,
    somebody changed it meanwhile), NotReady (no words, a headline that is too long), BodyTooLarge.
    """
    words = Words.read(headline, body, is_key=is_key)

    def deed(update: LiveUpdate) -> Action | None:
        if Words.of(update) == words:
            return None
        if seen is not None and seen != update.version:
            raise WrongState(_("Somebody changed this update meanwhile: look at it first."))
        now = timezone.now()
        update.former = [*update.former, asdict(Words.of(update)) | {"until": now.isoformat(), "by": by.pk}]
        update.changed_at = now
        words.put_into(update)
        return Action.UPDATE_CHANGED

    return _change(update, deed, by=by)


def withdraw_update(update: LiveUpdate, *, by: User) -> LiveUpdate:
    """Take an update from the readers; the desk still sees it. Raises NotAllowed, WrongState (not public)."""

    def deed(update: LiveUpdate) -> Action | None:
        if update.is_withdrawn:
            return None
        update.withdrawn_at = timezone.now()
        changed(update, recall=True)
        return Action.UPDATE_WITHDRAWN

    return _change(update, deed, by=by)


def bring_back_update(update: LiveUpdate, *, by: User) -> LiveUpdate:
    """Show a withdrawn update again, at its old place. Raises NotAllowed, WrongState (not public)."""

    def deed(update: LiveUpdate) -> Action | None:
        if not update.is_withdrawn:
            return None
        update.withdrawn_at = None
        return Action.UPDATE_BROUGHT_BACK

    return _change(update, deed, by=by)


def _change_coverage(article: Article, deed: Callable[[Article], Action], *, by: User) -> Article:
    """Run `deed` on the locked row of the story, store what it may have changed, and bring `article` up to date."""
    with transaction.atomic():
        story = _locked(article, by=by)
        action = deed(story)
        story.save(update_fields=["coverage_started_at", "coverage_ended_at"])
        log(action, by=by, subject=story)
    article.refresh_from_db()
    return article


def _change(update: LiveUpdate, deed: Callable[[LiveUpdate], Action | None], *, by: User) -> LiveUpdate:
    """The same for an update, whose row nobody changes without the lock of its story. No Action: nothing happened."""
    with transaction.atomic():
        story = _locked(Article(pk=update.article_id), by=by)
        locked = LiveUpdate.objects.get(pk=update.pk)
        if action := deed(locked):
            locked.save(update_fields=["headline", "body", "is_key", "former", "changed_at", "withdrawn_at"])
            _tell(story, locked, by=by, action=action)
    update.refresh_from_db()
    return update


def _locked(article: Article, *, by: User) -> Article:
    """The row of the story, locked. Raises NotAllowed, WrongState."""
    require(may_publish(by))
    story = lock(article.pk)
    if not story.is_published:  # nor is a working copy
        raise WrongState(_("Only a published article is covered live."))
    return story


def _require_live(story: Article) -> None:
    if not story.is_coverage:
        raise WrongState(_("The live coverage of this article has not begun."))
    if not story.is_live:
        raise WrongState(_("The live coverage has ended. Open it again to go on."))


def _the_same(posted: LiveUpdate, words: Words) -> LiveUpdate:
    """What the first sending made, if it said the same. Raises PostedBefore."""
    first = Words(**{name: posted.former[0][name] for name in asdict(words)}) if posted.former else Words.of(posted)
    if first != words:
        raise PostedBefore(_("This form has posted an update already. To post this one too, press the button again."))
    return posted


def _tell(story: Article, update: LiveUpdate, *, by: User, action: Action) -> None:
    """Move the time of the last change, and let the search and the log know."""
    with followed(story):
        story.updated_at = timezone.now()
        story.save(update_fields=["updated_at"])
    index_article(story)
    note_pictures(story)
    log(action, by=by, subject=story, note=f"#{update.pk}")
