"""What the clock alone changes puts pages out of date at its moment, and costs nothing until then."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, InterfaceError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import Traveller

from articles.enums import SlotPlace
from articles.models import FrontSlot, Section
from articles.turns import TURNS
from newsroom.lib.generations import EVERYTHING, bump, generations, slot_of
from newsroom.lib.scopes import CLOCK, FRONT, STORIES, stories_of
from pages import clock as clocks
from pages.clock import Clock
from pages.current import current_site
from tests.factories import make_article, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def hand(clock: Traveller) -> Clock:
    make_site()
    hand = Clock()
    for turn in TURNS:
        hand.watch(turn)
    hand.look()
    return hand


def changed_since(moment: int, *scopes: str) -> list[bool]:
    return [generations().newest([slot_of(scope)]) > moment for scope in scopes]


def test_a_scheduled_story_changes_its_lists_when_its_time_comes(hand: Clock, clock: Traveller) -> None:
    section = make_article().section
    story = make_article(section=section, at=timezone.now() + timedelta(minutes=5))
    bump(CLOCK)  # as the transaction does when it is over
    hand.look()
    before = generations().now()
    scopes = (story.own_scope, STORIES, stories_of(Section, section.pk))
    clock.shift(timedelta(minutes=4, seconds=59))
    hand.look()
    assert changed_since(before, *scopes) == [False] * 3
    clock.shift(1)
    hand.look()
    assert changed_since(before, *scopes, FRONT) == [True, True, True, False]


def test_the_end_of_a_breaking_story_and_of_a_pin_change_the_home_page(hand: Clock, clock: Traveller) -> None:
    story = make_article(breaking_until=timezone.now() + timedelta(minutes=5))
    FrontSlot.objects.create(place=SlotPlace.LEAD, article=story, ends_at=timezone.now() + timedelta(minutes=9))
    bump(CLOCK)
    hand.look()
    before = generations().now()
    clock.shift(timedelta(minutes=5))
    hand.look()
    assert changed_since(before, STORIES, FRONT) == [True, False]
    clock.shift(timedelta(minutes=4))
    hand.look()
    assert changed_since(before, FRONT) == [True]


def test_at_midnight_of_the_site_every_page_is_another(hand: Clock, clock: Traveller) -> None:
    before = generations().newest([EVERYTHING])
    clock.shift(timedelta(hours=14, minutes=19, seconds=59))  # 20:59:59 UTC
    hand.look()
    assert generations().newest([EVERYTHING]) == before
    clock.shift(1)
    hand.look()
    assert generations().newest([EVERYTHING]) > before


def test_looking_asks_nothing_until_there_is_something_to_see(hand: Clock, clock: Traveller) -> None:
    clock.shift(timedelta(minutes=5))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        for _time in range(100):
            hand.look()
    assert len(captured) == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the file of SQLite hangs up on nobody")
@pytest.mark.django_db(transaction=True)
def test_after_the_database_was_started_anew_the_clock_asks_it_again() -> None:
    make_site()
    hand = Clock()
    hand.look()
    connection.connection.close()
    bump(CLOCK)
    hand.look()
    assert connection.connection is None
    hand._next_at = 0.0
    hand.look()
    assert connection.is_usable()


def test_without_a_database_the_clock_waits(hand: Clock, clock: Traveller, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise DatabaseError

    monkeypatch.setattr(clocks, "today", gone)
    bump(CLOCK)
    hand.look()
    monkeypatch.undo()
    make_article(breaking_until=timezone.now() + timedelta(seconds=0.5))
    before = generations().now()
    clock.shift(timedelta(seconds=clocks.SOON + 0.1))
    hand.look()
    assert changed_since(before, STORIES) == [True]


def test_midnight_moves_with_the_time_zone_also_in_a_thread_that_answered_from_what_is_kept(
    hand: Clock, clock: Traveller
) -> None:
    current_site()  # as the last look of this thread left it: no request came since that would forget it
    make_site(time_zone="Asia/Tokyo")  # 15:40
    bump(CLOCK)
    hand.look()
    before = generations().newest([EVERYTHING])
    clock.shift(timedelta(hours=8, minutes=20, seconds=1))
    hand.look()
    assert generations().newest([EVERYTHING]) > before


def test_a_connection_that_was_closed_is_no_error_for_readers(hand: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise InterfaceError

    monkeypatch.setattr(clocks, "today", gone)
    bump(CLOCK)
    before = generations().now()
    hand.look()
    assert generations().now() == before


@pytest.mark.parametrize(
    "midnight",
    [
        datetime(2027, 3, 27, 22, tzinfo=UTC),  # the day begins at one o'clock
        datetime(2027, 10, 30, 22, tzinfo=UTC),  # the hour before is there twice
        datetime(2028, 2, 28, 22, tzinfo=UTC),  # leap day
    ],
)
def test_the_date_changes_at_its_second_also_where_clocks_are_changed(
    hand: Clock, clock: Traveller, midnight: datetime
) -> None:
    make_site(time_zone="Asia/Beirut")
    clock.move_to(midnight - timedelta(seconds=1))
    bump(CLOCK)
    hand.look()
    before = generations().newest([EVERYTHING])
    hand.look()
    assert generations().newest([EVERYTHING]) == before
    clock.shift(1)
    hand.look()
    assert generations().newest([EVERYTHING]) > before


def test_a_clock_that_goes_back_does_not_stop_the_looking(
    hand: Clock, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocks, "AT_MOST", 0)
    bump(CLOCK)
    hand.look()
    clock.shift(-timedelta(days=1))
    with CaptureQueriesContext(connection) as captured:
        hand.look()
    assert len(captured) > 0
