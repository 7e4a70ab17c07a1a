"""Arranging the home page: pins, the breaking bar, and taking a change back.

Every deed waits for the one before it, says what stood there before and after (FrontChange), and writes a line of the
log. None overwrites what somebody else has done meanwhile without saying what that was.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import User
from articles.enums import RevisionAction, SlotPlace, Status
from articles.faults_since import faults, new_faults
from articles.front_layout import (
    MOST_IN_A_PLACE,
    Layout,
    Pin,
    as_rows,
    fingerprint,
    from_rows,
    in_order,
    lasting,
    stored_end,
)
from articles.models import Article, FrontChange, FrontSlot
from articles.permissions import may_publish
from articles.publishing import NotReady, WrongState, lock, require
from articles.revisions import record
from audit.enums import Action
from audit.recording import log
from newsroom.lib.hygiene import clean_line
from newsroom.lib.watched import changed
from pages.public_time import public_now

ARRANGE = "articles.arrange_front"
LONGEST_TEXT = 120  # letters; Article.promo_headline


class ArrangedMeanwhile(WrongState):
    """Somebody else has arranged the page since `seen`; `current` is what stands there now."""

    def __init__(self, current: Layout) -> None:
        self.current = current
        super().__init__(_("Somebody else arranged the front page meanwhile. Nothing was saved."))


class ChangedSince(WrongState):
    """What is to be taken back was changed again; `now` is what would be lost, `seen` agrees to that."""

    def __init__(self, now: dict[str, Any], seen: str) -> None:
        self.now, self.seen = now, seen
        super().__init__(_("The front page was changed after that. Nothing was taken back."))


@dataclass(frozen=True)
class Breaking:
    """One story's part in the bar; `text` is its short headline, shown in every card."""

    article_id: int
    until: datetime | None
    text: str

    def as_row(self) -> dict[str, Any]:
        return {
            "article_id": self.article_id,
            "until": self.until.isoformat() if self.until else None,
            "text": self.text,
        }

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Breaking":
        return cls(row["article_id"], parse_datetime(row["until"]) if row["until"] else None, row["text"])


def may_arrange(user: User) -> bool:
    """Who arranges sees headlines of every state: what is scheduled, what waits in a place, what was pinned once."""
    return user.has_perm(ARRANGE) and user.has_perm("articles.change_any_article")


def may_be_placed(article: Article) -> bool:
    """What readers see, and what they will see at a time that is set."""
    return article.working_copy_of_id is None and article.status == Status.APPROVED and article.publish_at is not None


def stored_layout() -> Layout:
    """What is pinned, with what has ended."""
    return layout_of(FrontSlot.objects.order_by("place", "position"))


def layout_of(slots: Iterable[FrontSlot]) -> Layout:
    return tuple(map(_pin, slots))


@transaction.atomic
def arrange(layout: Iterable[Pin], *, by: User, seen: str) -> FrontChange | None:
    """Make this the arrangement; None where it stood so already. What has ended is cleared away.

    `seen` is the fingerprint of the arrangement that the new one was made from. Raises NotAllowed, ArrangedMeanwhile,
    WrongState (a story that cannot be placed, too many in a place).
    """
    require(may_arrange(by))
    _wait_for_others()
    current, now = stored_layout(), public_now()
    if fingerprint(current) != seen:
        raise ArrangedMeanwhile(current)
    wanted = lasting(in_order(layout), now)
    _require_placeable(wanted, current)
    if wanted == lasting(in_order(current), now):
        return None
    return _store(wanted, current, by=by)


@transaction.atomic
def set_breaking(article: Article, until: datetime | None, *, by: User, text: str | None = None) -> FrontChange | None:
    """Put a story into the breaking bar until then, or take it out (None). None is answered where nothing changes.

    `text` becomes its short headline. The changes that somebody is writing for it get both, or publishing them would
    undo this. Raises NotAllowed, WrongState (the story cannot be placed, the moment has passed), NotReady (the text
    is too long, or against the house style).
    """
    require(may_arrange(by))
    _wait_for_others()
    story = lock(article.pk)
    if until is not None and until <= public_now():
        raise WrongState(_("This moment has passed."))
    if until is not None and not may_be_placed(story):
        raise WrongState(_("Only what is published or scheduled has a place on the front page."))
    before = _breaking_of(story)
    after = Breaking(story.pk, until, before.text if text is None else clean_line(text))
    if after.text != before.text:
        require(may_publish(by))
    if len(after.text) > LONGEST_TEXT:
        raise NotReady({"text": _("The short headline is too long; it may have 120 letters.")})
    if after == before:
        return None
    known = faults(story) if after.text != before.text else None
    _write_breaking(story, after, by=by)
    if known is not None and (worse := new_faults(story, known)):
        raise NotReady(worse)  # readers see the words at once, and nobody publishes them
    change = FrontChange.objects.create(
        before={"breaking": [before.as_row()]}, after={"breaking": [after.as_row()]}, by=by
    )
    log(Action.FRONT_ARRANGED, by=by, subject=story, note=_breaking_note(after))
    return change


@transaction.atomic
def undo(change: FrontChange, *, by: User, seen: str = "") -> FrontChange:
    """Go back to what stood before `change`; what has ended or was deleted since stays away.

    `seen` is the ChangedSince.seen that somebody has agreed to. Undoing what undid something does it again.
    Raises NotAllowed, WrongState (it is taken back already), ChangedSince.
    """
    require(may_arrange(by))
    _wait_for_others()
    if FrontChange.objects.filter(undoes=change).exists():
        raise WrongState(_("This change is taken back already."))
    now = _standing(change.after)
    token = _token(now)
    if token not in {seen, _token(_still(change.after))}:
        raise ChangedSince(now, token)
    undone = FrontChange(before=now, by=by, undoes=change)
    if "slots" in change.before:
        target = from_rows(_still(change.before)["slots"])
        _write_slots(target, by=by)
        undone.after["slots"] = as_rows(target)
    for row in change.before.get("breaking", []):
        _take_breaking_back(Breaking.from_row(row), undone, by=by)
    undone.save()
    log(Action.FRONT_RESTORED, by=by, note=f"{change.at:%Y-%m-%d %H:%M} (UTC)")
    return undone


def _wait_for_others() -> None:
    """One deed at a time. Of all rows this one is certain to be there; SQLite has one writer anyway."""
    Permission.objects.select_for_update(no_key=True).get(
        content_type__app_label="articles", codename=ARRANGE.partition(".")[2]
    )


def _require_placeable(wanted: Layout, current: Layout) -> None:
    """Raise WrongState. What stands there already may wait there in any state."""
    for place in SlotPlace:
        if sum(pin.place == place for pin in wanted) > MOST_IN_A_PLACE:
            raise WrongState(
                _("“%(place)s” has more stories than can wait there: at most %(most)s.")
                % {"place": place.label, "most": MOST_IN_A_PLACE}
            )
    new = {pin.article_id for pin in wanted} - {pin.article_id for pin in current}
    found = Article.objects.defer("body").in_bulk(list(new))
    if any(pk not in found or not may_be_placed(found[pk]) for pk in new):
        raise WrongState(_("Only what is published or scheduled has a place on the front page."))


def _store(wanted: Layout, current: Layout, *, by: User) -> FrontChange:
    _write_slots(wanted, by=by)
    change = FrontChange.objects.create(before={"slots": as_rows(current)}, after={"slots": as_rows(wanted)}, by=by)
    places = {pin.place for pin in set(wanted) ^ set(current)}
    log(Action.FRONT_ARRANGED, by=by, note="، ".join(str(place.label) for place in SlotPlace if place in places))
    return change


def _write_slots(wanted: Layout, *, by: User) -> None:
    """What has changed goes first and comes after: neither a story nor a seat may be taken twice for a moment."""
    kept = {_pin(row): row.pk for row in FrontSlot.objects.all()}
    FrontSlot.objects.exclude(pk__in=[pk for pin, pk in kept.items() if pin in wanted]).delete()
    FrontSlot.objects.bulk_create(
        FrontSlot(place=pin.place, position=pin.position, article_id=pin.article_id, ends_at=pin.ends_at, set_by=by)
        for pin in wanted
        if pin not in kept
    )
    changed(FrontSlot())


def _pin(row: FrontSlot) -> Pin:
    return Pin(SlotPlace(row.place), row.position, row.article_id, stored_end(row.ends_at))


# The bar


def _breaking_of(story: Article) -> Breaking:
    until = story.breaking_until if story.is_breaking else None
    return Breaking(story.pk, until, story.promo_headline)


def _write_breaking(story: Article, after: Breaking, *, by: User) -> None:
    """On the locked story and on its working copy. A copy keeps a short headline of its own."""
    copy = Article.objects.select_for_update().filter(working_copy_of=story).first()
    old_text = story.promo_headline
    for row in filter(None, (story, copy)):
        row.breaking_until = after.until
        if row.promo_headline == old_text:
            row.promo_headline = after.text
        row.save(update_fields=["breaking_until", "promo_headline", "saved_at"])
    if copy:
        copy.working_copy_of = story
    # Of a story with a copy not: a saved text of its own would keep the changes from being published.
    record(copy or story, by=by, action=RevisionAction.SAVED, reason=_breaking_note(after))


def _breaking_note(after: Breaking) -> str:
    if after.until is None:
        return _("Taken out of the breaking bar")
    return _("In the breaking bar until %(time)s (UTC)") % {"time": f"{after.until:%Y-%m-%d %H:%M}"}


def _take_breaking_back(target: Breaking, undone: FrontChange, *, by: User) -> None:
    """Where the story is still there and what stood before has not ended meanwhile."""
    if not Article.objects.filter(pk=target.article_id, working_copy_of__isnull=True).exists():
        return
    if target.until and target.until <= public_now():
        target = Breaking(target.article_id, None, target.text)
    story = lock(target.article_id)
    if target.until and not may_be_placed(story):
        target = Breaking(target.article_id, None, target.text)
    if _breaking_of(story).text != target.text:
        require(may_publish(by))
    _write_breaking(story, target, by=by)
    undone.after.setdefault("breaking", []).append(target.as_row())


# What stands now, told like a change tells it


def _standing(told: dict[str, Any]) -> dict[str, Any]:
    """Of what a change was about, how it is now."""
    now: dict[str, Any] = {}
    if "slots" in told:
        now["slots"] = as_rows(lasting(stored_layout(), public_now()))
    if "breaking" in told:
        stories = Article.objects.defer("body").in_bulk([row["article_id"] for row in told["breaking"]])
        now["breaking"] = [_breaking_of(story).as_row() for story in stories.values()]
    return now


def _still(told: dict[str, Any]) -> dict[str, Any]:
    """What a change tells, without what has ended or was deleted since."""
    now, left = public_now(), dict(told)
    ids = {row["article_id"] for rows in told.values() for row in rows}
    there = set(Article.objects.filter(pk__in=ids, working_copy_of__isnull=True).values_list("pk", flat=True))
    if "slots" in told:
        left["slots"] = as_rows(pin for pin in lasting(from_rows(told["slots"]), now) if pin.article_id in there)
    if "breaking" in told:
        bars = [Breaking.from_row(row) for row in told["breaking"] if row["article_id"] in there]
        lasting_bars = (
            bar if bar.until is None or bar.until > now else Breaking(bar.article_id, None, bar.text) for bar in bars
        )
        left["breaking"] = [bar.as_row() for bar in lasting_bars]
    return left


def _token(state: dict[str, Any]) -> str:
    """A short name of a state; two states that mean the same have one."""
    slots = fingerprint(in_order(from_rows(state.get("slots", []))))
    bars = sorted((Breaking.from_row(row) for row in state.get("breaking", [])), key=lambda bar: bar.article_id)
    return f"{slots}.{sha256(repr(bars).encode()).hexdigest()[:16]}"
