"""When the clock of a machine is wrong: what was out stays out, and nothing comes out because of it."""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from time_machine import Traveller

from accounts.roles import Role
from articles import publishing
from articles.admin.publishing_page import MomentForm
from articles.enums import Status
from articles.models import Article
from articles.turns import TURNS
from newsroom.ticking import tick
from pages import public_time
from pages.clock import Clock
from pages.current import load_site
from pages.public_time import public_now
from tasks import scheduling
from tests.conftest import NOW
from tests.factories import make_article, make_author, make_indexed, make_site, make_tag, make_user

pytestmark = pytest.mark.django_db
MINUTE, HOUR, YEAR = timedelta(minutes=1), timedelta(hours=1), timedelta(days=365)
HEADLINE = "افتتاح مكتبة الغابة"


@pytest.fixture
def hand(clock: Traveller) -> Clock:
    """That of a web server, which has not looked yet."""
    make_site()
    hand = Clock()
    for turn in TURNS:
        hand.watch(turn)
    return hand


@pytest.fixture
def story(hand: Clock, clock: Traveller) -> Article:
    """Out for ten minutes."""
    tag, author = make_tag("مكتبات"), make_author("رنا")
    return make_indexed(HEADLINE, at=NOW - 10 * MINUTE, tags=(tag,), authors=(author,))


@pytest.fixture
def seen(hand: Clock, story: Article) -> Article:
    """The same, where a reader has asked for a page since."""
    hand.look()
    return story


@pytest.fixture
def of_database(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """`of_database(moment)`: the database is on another machine, where it is this time."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(public_time, "database_now", lambda: moment)

    return set_to


def pages_with(story: Article) -> list[str]:
    tag, author = story.tags.get(), story.bylines.get().author
    assert story.section
    lists = [story.section.get_absolute_url(), tag.get_absolute_url(), author.get_absolute_url()]
    archive = ["/archive/2026/11/20/", "/search/?q=مكتبة", "/search/suggest/?q=مكتبة", "/lite/"]
    machines = ["/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json", "/sitemap-news.xml", "/llms.txt"]
    return [story.get_absolute_url(), "/", *lists, *archive, *machines]


def without(client: Client, story: Article) -> list[str]:
    """Which pages do not lead to it."""
    answers = {path: client.get(path) for path in pages_with(story)}
    own = re.compile(rf"/(news|n)/{story.pk}\b")
    return [path for path, answer in answers.items() if answer.status_code != 200 or not own.search(answer.text)]


@pytest.mark.parametrize("back", [HOUR, 13 * HOUR])
def test_what_was_out_stays_on_every_page(client: Client, seen: Article, clock: Traveller, back: timedelta) -> None:
    assert without(client, seen) == []
    clock.shift(-back)
    assert without(client, seen) == []
    assert client.get("/archive/2026/11/").text.count('href="/archive/2026/11/20/"') == 1
    assert seen.get_absolute_url() in client.get("/sitemaps/articles-2026-11.xml").text


def test_what_nobody_noted_as_out_goes_by_the_clock(client: Client, story: Article, clock: Traveller) -> None:
    clock.shift(-HOUR)
    assert client.get(story.get_absolute_url()).status_code == 404


def test_the_tick_notes_it_where_nobody_reads(client: Client, story: Article, clock: Traveller) -> None:
    tick()
    clock.shift(-HOUR)
    assert client.get(story.get_absolute_url()).status_code == 200


def test_a_scheduled_story_comes_out_at_its_moment_also_after_that(
    client: Client, hand: Clock, seen: Article, clock: Traveller
) -> None:
    later = make_article(at=NOW + 10 * MINUTE)
    statuses = []
    for moment in (NOW, NOW - HOUR, NOW, NOW + 10 * MINUTE - timedelta(seconds=1), NOW + 10 * MINUTE, NOW - HOUR):
        clock.move_to(moment)
        hand.look()
        statuses.append(client.get(later.get_absolute_url()).status_code)
    assert statuses == [404, 404, 404, 404, 200, 200]


def test_a_machine_that_is_ahead_moves_nothing(
    client: Client, hand: Clock, seen: Article, clock: Traveller, of_database: Callable[[datetime], None]
) -> None:
    of_database(NOW)
    later = make_article(at=NOW + 2 * HOUR)
    clock.shift(YEAR)
    hand.look()
    clock.move_to(NOW)
    assert client.get(later.get_absolute_url()).status_code == 404
    assert client.get(seen.get_absolute_url()).status_code == 200


def test_a_machine_that_is_far_behind_its_database_takes_nothing_back(
    client: Client, hand: Clock, seen: Article, clock: Traveller, of_database: Callable[[datetime], None]
) -> None:
    of_database(NOW)
    later = make_article(at=NOW + HOUR)
    clock.shift(-2 * YEAR)
    hand.look()
    assert client.get(seen.get_absolute_url()).status_code == 200
    assert client.get(later.get_absolute_url()).status_code == 404
    of_database(NOW + HOUR)  # where the tick runs on another machine
    tick()
    assert client.get(later.get_absolute_url()).status_code == 200


def test_a_clock_that_was_a_year_ahead_is_forgotten(
    client: Client, hand: Clock, seen: Article, clock: Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    later = make_article(at=NOW + timedelta(days=3))
    clock.shift(YEAR)
    hand.look()
    assert client.get(later.get_absolute_url()).status_code == 200
    clock.move_to(NOW)
    with caplog.at_level(logging.ERROR):
        public_time.keep_up()
    assert "a clock was wrong" in caplog.text
    assert client.get(later.get_absolute_url()).status_code == 404
    assert client.get(seen.get_absolute_url()).status_code == 200
    clock.shift(-HOUR)
    assert client.get(seen.get_absolute_url()).status_code == 200


def test_nothing_is_scheduled_for_a_moment_that_readers_have_had(seen: Article, clock: Traveller) -> None:
    draft, chief = make_article(published=False), make_user(Role.CHIEF_EDITOR)
    clock.shift(-HOUR)
    half = timezone.now() + HOUR / 2
    typed = timezone.localtime(half)
    form = MomentForm({"at_0": f"{typed:%Y-%m-%d}", "at_1": f"{typed:%H:%M}"}, article=draft)
    assert form.errors["at"] == [publishing.behind()]
    with pytest.raises(publishing.WrongState, match="The clock of the server went back|رجعت ساعة الخادم"):
        publishing.publish(draft, by=chief, at=half)
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_what_is_published_meanwhile_is_out_at_once_and_stands_first(
    client: Client, seen: Article, clock: Traveller
) -> None:
    clock.shift(-HOUR)
    new = publishing.publish(make_article(published=False), by=make_user(Role.EDITOR))
    assert client.get(new.get_absolute_url()).status_code == 200
    assert list(Article.objects.published().newest_first()) == [new, seen]
    assert new.publish_at == NOW - HOUR


def test_an_embargo_ends_by_the_clock(seen: Article, clock: Traveller) -> None:
    clock.shift(-HOUR)
    draft = make_article(published=False, embargo_until=NOW - HOUR / 2)
    with pytest.raises(publishing.NotReady, match="حظر النشر"):
        publishing.publish(draft, by=make_user(Role.EDITOR))


def test_what_is_withdrawn_meanwhile_says_so(client: Client, seen: Article, clock: Traveller) -> None:
    clock.shift(-HOUR)
    publishing.withdraw(seen, by=make_user(Role.EDITOR), note="نُشر خطأ.")
    assert client.get(seen.get_absolute_url()).status_code == 410


def test_it_is_read_with_the_settings_of_the_site(
    seen: Article, clock: Traveller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    public_time.learn(None)
    clock.shift(-HOUR)
    with django_assert_num_queries(1):
        load_site(dated=False)
    with django_assert_num_queries(0):
        assert public_now() == seen.publish_at


def test_the_row_is_written_once_a_story(
    hand: Clock, seen: Article, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        public_time.keep_up()
    make_article(at=NOW - MINUTE)
    public_time.keep_up()
    with django_assert_num_queries(2):
        public_time.keep_up()
    assert scheduling.reached(public_time.STEP).get() == NOW - MINUTE


def test_a_row_that_cannot_be_written_is_written_by_the_tick(
    hand: Clock, story: Article, clock: Traveller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(*_args: object, **_more: object) -> bool:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(scheduling, "reach", refused)
        hand.look()
    assert "could not be noted" in caplog.text
    tick()
    clock.shift(-HOUR)
    assert public_now() == story.publish_at


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no clock of its own")
def test_the_database_has_a_clock_of_its_own(clock: Traveller) -> None:
    from newsroom.lib.database_clock import database_now  # noqa: PLC0415 - the fixture has replaced it elsewhere

    clock.move_to(datetime(2000, 1, 1, tzinfo=UTC))
    assert database_now().year > 2024


def test_a_story_due_at_midnight_of_leap_day(client: Client, hand: Clock, clock: Traveller) -> None:
    due = datetime(2028, 2, 28, 21, tzinfo=UTC)  # in Damascus
    story = make_article(HEADLINE, at=due)
    clock.move_to(due - timedelta(seconds=1))
    hand.look()
    assert client.get(story.get_absolute_url()).status_code == 404
    clock.shift(1)
    hand.look()
    assert client.get(story.get_absolute_url()).status_code == 200
    assert HEADLINE in client.get("/archive/2028/02/29/").text
