"""Arranging the home page: pins, the breaking bar, and taking a change back."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from articles.changes import open_changes, publish_changes
from articles.enums import SlotPlace, Status
from articles.front_desk import (
    ArrangedMeanwhile,
    ChangedSince,
    arrange,
    set_breaking,
    stored_layout,
    undo,
)
from articles.front_history import deeds, newest, titles_of
from articles.front_layout import (
    Layout,
    Pin,
    Unreadable,
    fingerprint,
    from_text,
    in_order,
    put,
    stepped,
    taken_off,
)
from articles.front_page import front_page
from articles.models import Article, FrontChange, FrontSlot, Revision
from articles.publishing import NotAllowed, NotReady, WrongState, withdraw
from audit.enums import Action
from audit.models import AuditEntry
from tests.factories import make_article, make_image, make_site, make_user

pytestmark = pytest.mark.django_db

LEAD, SECOND, PICK = SlotPlace.LEAD, SlotPlace.SECOND, SlotPlace.PICK


@pytest.fixture
def chief() -> User:
    return make_user(Role.CHIEF_EDITOR, username="samer", first_name="سامر")


def pins(*rows: tuple[SlotPlace, int, Article]) -> Layout:
    return tuple(Pin(place, position, article.pk) for place, position, article in rows)


def set_up(layout: Iterable[Pin], *, by: User) -> FrontChange:
    """Save an arrangement as somebody does who has just opened the page."""
    change = arrange(layout, by=by, seen=fingerprint(stored_layout()))
    assert change is not None
    return change


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


# An arrangement as a value


def test_a_seat_is_taken_once_and_a_story_stands_once() -> None:
    layout = in_order([Pin(PICK, 5, 1), Pin(PICK, 5, 2), Pin(LEAD, 3, 3), Pin(SECOND, 1, 4), Pin(LEAD, 0, 1)])
    assert layout == (Pin(LEAD, 0, 3), Pin(SECOND, 1, 4), Pin(PICK, 0, 1), Pin(PICK, 1, 2))


def test_putting_a_story_on_a_seat_moves_the_others_down() -> None:
    layout = (Pin(SECOND, 0, 1), Pin(SECOND, 1, 2), Pin(PICK, 0, 3))
    assert put(layout, Pin(SECOND, 0, 3)) == (Pin(SECOND, 0, 3), Pin(SECOND, 1, 1), Pin(SECOND, 2, 2))


def test_a_story_alone_beside_the_lead_may_take_the_second_seat() -> None:
    layout = (Pin(SECOND, 0, 1),)
    assert stepped(layout, 1, 1) == (Pin(SECOND, 1, 1),)
    assert stepped(stepped(layout, 1, 1), 1, 1) == (Pin(SECOND, 1, 1),)
    assert taken_off(layout, 1) == ()


@pytest.mark.parametrize(
    "text",
    [
        "lead",
        "lead.0.1",
        "hero.0.1.",
        "lead.-1.1.",
        "lead.99.1.",
        "lead.0.0.",
        f"lead.0.1.{10**30}",
        "lead.0.1.253402300799",
        "lead.0.1.4133980800",
        "lead.0.1.0",
        "x" * 5000,
    ],
)
def test_an_arrangement_that_no_page_of_ours_sends_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        from_text(text)
    assert from_text("lead.0.1.") == (Pin(LEAD, 0, 1),)


# Pins


def test_a_saved_arrangement_is_what_readers_see(chief: User) -> None:
    make_article(lead_image=make_image())
    story = make_article()
    change = set_up(pins((LEAD, 0, story)), by=chief)
    assert front_page().lead == story
    assert (change.before, change.after["slots"][0]["article_id"]) == ({"slots": []}, story.pk)
    assert FrontSlot.objects.get().set_by == chief
    assert actions() == [Action.FRONT_ARRANGED]


def test_places_change_seats_in_one_step(chief: User) -> None:
    one, two, three = (make_article() for _number in range(3))
    set_up(pins((LEAD, 0, one), (SECOND, 0, two), (SECOND, 1, three)), by=chief)
    set_up(pins((LEAD, 0, three), (SECOND, 0, one), (SECOND, 1, two)), by=chief)
    seated = {(pin.place, pin.position): pin.article_id for pin in stored_layout()}
    assert seated == {(LEAD, 0): three.pk, (SECOND, 0): one.pk, (SECOND, 1): two.pk}


def test_what_did_not_change_keeps_who_set_it(chief: User) -> None:
    one, two = make_article(), make_article()
    set_up(pins((LEAD, 0, one)), by=chief)
    set_up(pins((LEAD, 0, one), (PICK, 0, two)), by=make_user(Role.EDITOR, username="rana"))
    assert dict(FrontSlot.objects.values_list("article", "set_by__username")) == {one.pk: "samer", two.pk: "rana"}


def test_what_somebody_else_has_arranged_is_not_overwritten(chief: User) -> None:
    mine, theirs = make_article(), make_article()
    seen = fingerprint(stored_layout())
    set_up(pins((LEAD, 0, theirs)), by=make_user(Role.EDITOR))
    with pytest.raises(ArrangedMeanwhile) as refusal:
        arrange(pins((LEAD, 0, mine)), by=chief, seen=seen)
    assert [pin.article_id for pin in refusal.value.current] == [theirs.pk]
    assert front_page().lead == theirs


def test_saving_the_same_again_writes_nothing(chief: User) -> None:
    layout = pins((LEAD, 0, make_article()))
    set_up(layout, by=chief)
    assert arrange(layout, by=chief, seen=fingerprint(stored_layout())) is None
    assert FrontChange.objects.count() == 1


def test_an_ended_pin_is_cleared_away_and_stays_in_the_history(chief: User, clock: Any) -> None:
    ended, other = make_article(), make_article()
    set_up([Pin(LEAD, 0, ended.pk, timezone.now() + timedelta(hours=1))], by=chief)
    clock.shift(3601)
    assert FrontSlot.objects.count() == 1
    change = set_up(pins((PICK, 0, other)), by=chief)
    assert [slot.article for slot in FrontSlot.objects.all()] == [other]
    assert [row["article_id"] for row in change.before["slots"]] == [ended.pk]


def test_only_what_is_published_or_scheduled_is_placed(chief: User) -> None:
    scheduled = make_article(at=timezone.now() + timedelta(hours=2))
    story = make_article()
    copy = make_article(published=False, working_copy_of=story)
    for refused in (make_article(published=False), copy):
        with pytest.raises(WrongState):
            arrange(pins((LEAD, 0, refused)), by=chief, seen=fingerprint(()))
    set_up(pins((LEAD, 0, scheduled)), by=chief)
    assert front_page().lead == story
    assert front_page(timezone.now() + timedelta(hours=3)).lead == scheduled


def test_a_withdrawn_story_may_wait_where_it_was(chief: User) -> None:
    gone, other = make_article(), make_article()
    set_up(pins((LEAD, 0, gone)), by=chief)
    withdraw(gone, by=chief, note="نُشرت قبل أوانها")
    assert front_page().lead == other
    set_up(pins((LEAD, 0, gone), (PICK, 0, other)), by=chief)
    assert FrontSlot.objects.count() == 2


def test_a_reporter_arranges_nothing() -> None:
    story = make_article()
    with pytest.raises(NotAllowed):
        arrange(pins((LEAD, 0, story)), by=make_user(Role.REPORTER), seen=fingerprint(()))
    with pytest.raises(NotAllowed):
        set_breaking(story, timezone.now() + timedelta(hours=1), by=make_user(Role.REPORTER))
    assert (FrontSlot.objects.count(), FrontChange.objects.count()) == (0, 0)


def test_a_place_holds_no_endless_row(chief: User) -> None:
    many = tuple(Pin(PICK, number, make_article().pk) for number in range(13))
    with pytest.raises(WrongState, match="12|١٢"):
        arrange(many, by=chief, seen=fingerprint(()))
    assert FrontSlot.objects.count() == 0


# The bar


def test_a_breaking_story_stands_in_the_bar_until_its_time(chief: User, clock: Any) -> None:
    story = make_article()
    set_breaking(story, timezone.now() + timedelta(minutes=30), by=chief, text="  حريق في السوق القديم ")
    assert [(each, each.card_headline) for each in front_page().breaking] == [(story, "حريق في السوق القديم")]
    clock.shift(1801)
    assert front_page().breaking == []
    assert actions() == [Action.FRONT_ARRANGED]


def test_publishing_changes_does_not_end_the_breaking_news(chief: User) -> None:
    story = make_article("افتتاح الحديقة")
    copy = open_changes(story, by=chief)
    until = timezone.now() + timedelta(hours=1)
    set_breaking(story, until, by=chief, text="نص قصير")
    copy.refresh_from_db()
    publish_changes(copy, by=chief)
    story.refresh_from_db()
    assert (story.breaking_until, story.promo_headline) == (until, "نص قصير")


def test_ending_the_breaking_news_ends_it_in_the_changes_too(chief: User) -> None:
    story = make_article(breaking_until=timezone.now() + timedelta(hours=1))
    copy = open_changes(story, by=chief)
    set_breaking(story, None, by=chief)
    copy.refresh_from_db()
    assert (copy.breaking_until, front_page().breaking) == (None, [])
    assert Revision.objects.filter(article=story, is_of_changes=True).exists()


def test_changes_keep_a_short_headline_of_their_own(chief: User) -> None:
    story = make_article()
    copy = open_changes(story, by=chief)
    Article.objects.filter(pk=copy.pk).update(promo_headline="عنوان المسودة")
    set_breaking(story, timezone.now() + timedelta(hours=1), by=chief, text="نص قصير")
    copy.refresh_from_db()
    assert copy.promo_headline == "عنوان المسودة"


@pytest.mark.parametrize(
    ("published", "hours", "text", "error"),
    [(True, -1, "نص", WrongState), (False, 1, "نص", WrongState), (True, 1, "ن" * 121, NotReady)],
)
def test_breaking_news_that_cannot_be_is_refused(
    chief: User, published: bool, hours: int, text: str, error: type[Exception]
) -> None:
    story = make_article(published=published)
    with pytest.raises(error):
        set_breaking(story, timezone.now() + timedelta(hours=hours), by=chief, text=text)
    story.refresh_from_db()
    assert (story.breaking_until, story.promo_headline) == (None, "")


# Taking back


def test_taking_back_puts_back_what_stood_before_and_can_be_taken_back(chief: User) -> None:
    old, new = make_article(), make_article()
    set_up(pins((LEAD, 0, old)), by=chief)
    change = set_up(pins((LEAD, 0, new)), by=chief)
    undone = undo(change, by=chief)
    assert front_page().lead == old
    undo(undone, by=chief)
    assert front_page().lead == new
    assert actions()[-2:] == [Action.FRONT_RESTORED] * 2


def test_a_change_is_taken_back_once(chief: User) -> None:
    change = set_up(pins((LEAD, 0, make_article())), by=chief)
    undo(change, by=chief)
    with pytest.raises(WrongState):
        undo(change, by=chief)
    assert FrontChange.objects.count() == 2


def test_taking_back_an_older_change_says_what_would_be_lost(chief: User) -> None:
    one, two = make_article(), make_article("خبر جاء بعده")
    change = set_up(pins((LEAD, 0, one)), by=chief)
    set_up(pins((LEAD, 0, one), (PICK, 0, two)), by=chief)
    with pytest.raises(ChangedSince) as refusal:
        undo(change, by=chief)
    told = deeds(change.after, refusal.value.now, titles_of([refusal.value.now]), at=timezone.now())
    assert ["خبر جاء بعده" in deed for deed in told] == [True]
    assert front_page().picks == [two]
    undo(change, by=chief, seen=refusal.value.seen)
    assert not FrontSlot.objects.exists()


def test_what_came_after_the_question_is_asked_about_anew(chief: User) -> None:
    stories = [make_article() for _number in range(3)]
    change = set_up(pins((LEAD, 0, stories[0])), by=chief)
    set_up(pins((LEAD, 0, stories[1])), by=chief)
    with pytest.raises(ChangedSince) as first:
        undo(change, by=chief)
    set_up(pins((LEAD, 0, stories[2])), by=chief)
    with pytest.raises(ChangedSince):
        undo(change, by=chief, seen=first.value.seen)
    assert front_page().lead == stories[2]


def test_breaking_news_and_pins_are_taken_back_apart(chief: User) -> None:
    lead, hot = make_article(), make_article(promo_headline="قبل")
    pinned = set_up(pins((LEAD, 0, lead)), by=chief)
    broke = set_breaking(hot, timezone.now() + timedelta(hours=1), by=chief, text="بعد")
    assert broke is not None
    undo(pinned, by=chief)
    assert (FrontSlot.objects.count(), front_page().breaking) == (0, [hot])
    undo(broke, by=chief)
    hot.refresh_from_db()
    assert (hot.breaking_until, hot.promo_headline, front_page().breaking) == (None, "قبل", [])


def test_what_ended_or_was_deleted_does_not_come_back(chief: User, clock: Any) -> None:
    short, deleted, stays = (make_article(published=True) for _number in range(3))
    first = [
        Pin(LEAD, 0, short.pk, timezone.now() + timedelta(minutes=10)),
        *pins((PICK, 0, deleted), (PICK, 1, stays)),
    ]
    set_up(first, by=chief)
    change = set_up((), by=chief)
    clock.shift(660)
    Article.objects.filter(pk=deleted.pk).delete()
    undo(change, by=chief)
    assert [pin.article_id for pin in stored_layout()] == [stays.pk]


def test_history_says_who_did_what(chief: User) -> None:
    make_site()
    one, two = make_article("الحديقة"), make_article("السوق")
    set_up(pins((LEAD, 0, one), (PICK, 0, two)), by=chief)
    set_up(pins((LEAD, 0, two)), by=chief)
    told = newest()
    assert [str(each.change.by) for each in told] == [str(chief)] * 2
    assert ["السوق" in told[0].deeds[0], "الحديقة" in told[0].deeds[1]] == [True, True]


def test_a_hundred_changes_are_told_by_two_questions(chief: User, django_assert_num_queries: Any) -> None:
    make_site()
    titles_of([])
    one, two = make_article(), make_article()
    for number in range(100):
        FrontChange.objects.create(
            before={"slots": []},
            after={
                "slots": [{"place": "lead", "position": 0, "article_id": (one, two)[number % 2].pk, "ends_at": None}]
            },
            by=chief,
        )
    with django_assert_num_queries(2):
        told = newest()
    assert len(told) == 20


# Two at once


def at_once(*deeds: Callable[[], object]) -> list[Exception | None]:
    """Run each in a thread with a connection of its own, begun together; what each raised."""
    barrier, raised = Barrier(len(deeds)), [None] * len(deeds)  # type: tuple[Barrier, list[Exception | None]]

    def run(number: int) -> None:
        close_old_connections()
        barrier.wait(10)
        try:
            deeds[number]()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test looks at it
            raised[number] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=[number]) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer; its tests share one connection")
def test_of_two_editors_at_once_one_is_told() -> None:
    editors = [make_user(Role.EDITOR) for _number in range(2)]
    stories = [make_article() for _number in range(2)]
    seen = fingerprint(stored_layout())
    raised = at_once(
        *(
            lambda by=by, story=story: arrange(pins((LEAD, 0, story)), by=by, seen=seen)
            for by, story in zip(editors, stories, strict=True)
        )
    )
    assert sorted(type(error).__name__ for error in raised) == ["ArrangedMeanwhile", "NoneType"]
    assert (FrontSlot.objects.count(), FrontChange.objects.count()) == (1, 1)


def test_a_status_that_is_not_approved_has_no_place(chief: User) -> None:
    story = make_article(status=Status.IN_REVIEW, published=False)
    with pytest.raises(WrongState):
        set_breaking(story, timezone.now() + timedelta(hours=1), by=chief)
    assert FrontChange.objects.count() == 0
