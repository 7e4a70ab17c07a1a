"""The numbers of the archive and the times of the lists: after each deed what a count of the rows would say."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from articles import changes, listing, publishing
from articles.enums import ChangeKind, CorrectionKind
from articles.models import Article, Attribution, Byline, DayCount, TaggedArticle
from newsroom.ticking import tick
from pages.days import day_of, move_days
from tests.factories import make_article, make_author, make_site, make_source, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief() -> User:
    make_site()
    return make_user(Role.CHIEF_EDITOR)


def kept() -> dict[date, int]:
    return listing.day_counts(date(1990, 1, 1), date(2101, 1, 1))


def counted() -> dict[date, int]:
    return dict(Counter(day_of(row.published_at) for row in Article.objects.published()))


def own_of_months() -> dict[tuple[int, int], int]:
    days = [day_of(row.published_at) for row in Article.objects.published().filter(canonical_url="")]
    return dict(Counter((day.year, day.month) for day in days))


def kept_months() -> dict[tuple[int, int], int]:
    return {(each.year, each.month): each.own_count for each in listing.month_counts() if each.own_count}


def carried() -> list[Any]:
    """The rows that have another time than their article."""
    rows = [*TaggedArticle.objects.all(), *Byline.objects.all(), *Attribution.objects.all()]
    wholes = [getattr(row, "content_object", None) or row.article for row in rows]
    return [row for row, whole in zip(rows, wholes, strict=True) if row.published_at != whole.published_at]


# --- Deeds


def ready(number: int) -> Article:
    return make_article(
        f"مادة {number}", published=False, tags=("سوق",), authors=(make_author(),), sources=(make_source(),)
    )


def publish_now(story: Article, by: User) -> None:
    publishing.publish(story, by=by)


def publish_later(story: Article, by: User) -> None:
    publishing.publish(story, by=by, at=timezone.now() + timedelta(hours=30))


def publish_earlier(story: Article, by: User) -> None:
    publishing.publish(story, by=by, at=timezone.now() - timedelta(days=40))


def withdraw(story: Article, by: User) -> None:
    publishing.withdraw(story, by=by, note="لم تكتمل.")


def take_back(story: Article, by: User) -> None:
    publishing.return_to_draft(story, by=by)


def correct(story: Article, by: User) -> None:
    publishing.correct(story, by=by, kind=CorrectionKind.CORRECTION, note="صواب.")


def move_elsewhere(story: Article, by: User) -> None:
    copy = changes.open_changes(story, by=by)
    Article.objects.filter(pk=copy.pk).update(canonical_url="" if story.canonical_url else "https://a.example/")
    changes.publish_changes(Article.objects.get(pk=copy.pk), by=by, kind=ChangeKind.WORDING)


DEEDS: list[Callable[[Article, User], None]] = [
    publish_now, publish_later, publish_earlier, withdraw, take_back, correct, move_elsewhere,
]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_lists_are_true_after_each_deed(chief: User, clock: Any, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    stories = [ready(number) for number in range(3)]
    done = Counter()
    for _step in range(30):
        deed, story = chance.choice(DEEDS), Article.objects.get(pk=chance.choice(stories).pk)
        try:
            deed(story, chief)
            done[deed.__name__] += 1
        except (publishing.WrongState, publishing.NotReady):
            pass
        clock.shift(timedelta(hours=chance.choice([0, 1, 20])))
        if chance.random() < 0.2:
            listing.fold()
        assert (kept(), kept_months(), carried()) == (counted(), own_of_months(), [])
    assert sum(done.values()) > 8
    assert listing.recount() == 0


def test_scheduled_story_is_counted_when_its_time_comes_and_nothing_runs(chief: User, clock: Any) -> None:
    story = ready(1)
    publish_later(story, chief)
    lines = DayCount.objects.count()
    assert kept() == {}
    clock.shift(timedelta(hours=30))
    assert kept() == {day_of(timezone.now()): 1}
    assert DayCount.objects.count() == lines


def test_months_say_when_they_last_changed(chief: User, clock: Any) -> None:
    story = ready(1)
    publish_now(story, chief)
    clock.shift(timedelta(hours=3))
    correct(story, chief)
    assert [month.changed_at for month in listing.month_counts()] == [timezone.now()]


# --- Clock, daily count, time zone


def test_tick_makes_one_line_of_a_day(chief: User, clock: Any) -> None:
    for number in range(3):
        publish_now(ready(number), chief)
    publish_later(ready(4), chief)
    before = kept()
    tick()
    assert kept() == before
    assert DayCount.objects.count() == 2  # and the line whose time has not come


def test_daily_tick_mends_what_came_past_the_deeds(chief: User) -> None:
    story = make_article(tags=("سوق",), authors=(make_author(),))
    moment = datetime(2024, 5, 5, 9, tzinfo=UTC)
    Article.objects.filter(pk=story.pk).update(published_at=moment, publish_at=moment)
    make_article()
    DayCount.objects.order_by("-pk").first().delete()
    assert kept() != counted()
    report = tick(daily=True)
    assert report.failed == []
    assert (kept(), carried()) == (counted(), [])


def test_another_time_zone_moves_the_days(chief: User) -> None:
    make_article(at=datetime(2026, 11, 10, 22, tzinfo=UTC))
    assert kept() == {date(2026, 11, 11): 1}
    make_site(time_zone="America/New_York")
    move_days("America/New_York")
    assert kept() == {date(2026, 11, 10): 1}
    assert listing.recount_days(ZoneInfo("America/New_York")) == 0


def test_pages_write_nothing(client: Client) -> None:
    make_site()
    make_article(at=datetime(2026, 11, 10, 12, tzinfo=UTC))
    lines = list(DayCount.objects.values_list())
    for path in ("/archive/", "/archive/2026/11/", "/archive/2026/11/10/", "/sitemap.xml"):
        assert client.get(path).status_code == 200, path
    assert list(DayCount.objects.values_list()) == lines


def test_row_added_to_a_published_story_has_its_time(chief: User) -> None:
    story = make_article(at=datetime(2026, 11, 10, 12, tzinfo=UTC))
    Byline.objects.bulk_create([Byline(article=story, author=make_author())])
    Attribution.objects.create(article=story, source=make_source())
    story.tags.add("سوق")
    assert carried() == []
    assert TaggedArticle.objects.get().published_at == story.published_at
