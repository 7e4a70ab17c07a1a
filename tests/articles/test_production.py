"""What the newsroom makes: numbers, charts, and who sees them."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.roles import Role
from articles.enums import Status
from articles.models import Article
from articles.production import BOUNDS, Production, production
from articles.production_charts import charts_of, duration_groups, print_duration
from tests.conftest import NOW
from tests.factories import make_article, make_section, make_site, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
PAGE = "/admin/articles/production/"


@pytest.fixture(autouse=True)
def site() -> None:
    make_site()


def story(at: datetime, taken: timedelta = HOUR, **fields: object) -> Article:
    article = make_article(at=at, **fields)
    Article.objects.filter(pk=article.pk).update(created_at=at - taken)
    return article


def made(days: int = 30, **about: object) -> Production:
    return production(NOW, days=days, **about)  # type: ignore[arg-type]


def test_stories_are_counted_by_the_day_of_the_site() -> None:
    story(NOW)
    story(NOW - 9 * HOUR)  # 00:40 in Damascus
    story(NOW - 10 * HOUR)  # yesterday, 23:40
    story(NOW - 29 * DAY)
    story(NOW - 30 * DAY)
    story(NOW - 59 * DAY)
    story(NOW - 60 * DAY)
    found = made()
    assert found.first == date(2026, 10, 22)
    assert (found.per_day[-1], found.per_day[-2], found.per_day[0], found.total) == (2, 1, 1, 4)
    assert (found.before[-1], found.before[0], found.total_before) == (1, 1, 2)


def test_only_what_readers_see_counts() -> None:
    make_article(published=False)
    make_article(at=NOW + HOUR)
    make_article(at=NOW - HOUR, status=Status.WITHDRAWN, withdrawn_at=NOW)
    make_article(published=False, working_copy_of=story(NOW - HOUR))
    assert made().total == 1


def test_sections_stand_by_their_number_beside_what_they_had_before() -> None:
    sport, world = make_section("رياضة"), make_section("عالم")
    story(NOW - DAY, section=sport)
    for number in (1, 2):
        story(NOW - number * DAY, section=world)
    story(NOW - 40 * DAY, section=sport)
    assert made().per_section == [("عالم", 2, 0), ("رياضة", 1, 1)]
    assert made(section=sport).total == 1


def test_half_and_nine_of_ten_took_no_longer() -> None:
    for minutes in range(10, 101, 10):
        story(NOW - HOUR, taken=minutes * MINUTE)
    whole = made().all_time
    assert (whole.count, whole.median, whole.ninth) == (10, 55 * MINUTE, 90 * MINUTE)
    story(NOW - HOUR, taken=1000 * MINUTE)
    assert made().all_time.ninth == 100 * MINUTE


def test_weeks_run_from_saturday_and_empty_ones_stay() -> None:
    story(NOW, taken=HOUR)  # a Friday
    story(NOW - 7 * DAY, taken=3 * HOUR)
    weeks = made(days=30).weeks
    assert [week.start for week in weeks] == [date(2026, 10, 17) + number * 7 * DAY for number in range(5)]
    assert [week.median for week in weeks] == [None, None, None, 3 * HOUR, HOUR]


def test_stories_that_were_dated_back_are_no_fast_ones() -> None:
    story(NOW - 2 * DAY, taken=-DAY)
    found = made()
    assert (found.total, found.all_time.count, sum(found.groups)) == (1, 0, 0)


def test_groups_of_durations_hold_each_story_once() -> None:
    for taken in (timedelta(0), 30 * MINUTE, 31 * MINUTE, HOUR, 24 * HOUR, 200 * HOUR):
        story(NOW - HOUR, taken=taken)
    found = made()
    assert found.groups == [2, 2, 0, 0, 0, 1, 0, 0, 1]
    assert len(found.groups) == len(BOUNDS) + 1 == len(duration_groups())


def test_of_very_many_the_newest_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.production.MOST_STORIES", 2)
    for number in range(3):
        story(NOW - number * DAY, taken=(number + 1) * HOUR)
    found = made()
    assert (found.total, found.all_time.count, found.is_cut) == (3, 2, True)


@pytest.mark.parametrize(
    ("time", "printed"),
    [
        (None, "—"), (timedelta(0), "٠"), (45 * MINUTE, "٤٥"), (60 * MINUTE, "١"), (195 * MINUTE, "٣ ١٥"),
        (30 * HOUR, "١ ٦"), (72 * HOUR, "٣"),
    ],
)  # fmt: skip
def test_durations_are_printed_short_in_the_digits_of_the_site(time: timedelta | None, printed: str) -> None:
    assert " ".join(filter(lambda part: part == "—" or part.isdecimal(), print_duration(time).split())) == printed


def test_every_chart_has_its_numbers_in_a_table() -> None:
    story(NOW - HOUR)
    story(NOW - 40 * DAY)
    charts = {chart.name: chart for chart in charts_of(made())}
    assert charts.keys() == {"per-day", "per-section", "per-week", "per-duration"}
    assert charts["per-day"].rows[0].numbers == ["١", "٠"]
    assert len(charts["per-day"].rows) == 30
    for chart in charts.values():
        assert all(len(row.numbers) + 1 == len(chart.heads) for row in chart.rows)
        assert not chart.is_empty


def test_the_sections_of_the_columns_are_named_below_them(client: Client) -> None:
    client.force_login(make_user(Role.EDITOR))
    story(NOW - HOUR, section=make_section("محليات"))
    assert "<li><bdi>١. محليات</bdi></li>" in client.get(PAGE).content.decode()


def test_the_page_draws_and_chooses(client: Client) -> None:
    client.force_login(make_user(Role.EDITOR))
    sport = make_section("رياضة")
    story(NOW - HOUR, section=sport)
    page = client.get(PAGE).content.decode()
    assert page.count('<svg class="chart"') == 4
    assert page.count('class="statistics-table"') == 4
    page = client.get(PAGE, {"days": "90", "section": sport.pk}).content.decode()
    assert '<option value="90" selected>' in page
    assert page.count('<svg class="chart"') == 3


@pytest.mark.parametrize("query", [{"days": "31", "section": "x"}, {"days": "٧"}, {"section": "9" * 30}])
def test_what_nobody_could_have_chosen_is_not_chosen(client: Client, query: dict[str, str]) -> None:
    client.force_login(make_user(Role.EDITOR))
    assert '<option value="30" selected>' in client.get(PAGE, query).content.decode()


def test_a_newsroom_without_stories_says_so(client: Client) -> None:
    client.force_login(make_user(Role.EDITOR))
    page = client.get(PAGE).content.decode()
    assert 'class="chart"' not in page


@pytest.mark.parametrize(("role", "status"), [(Role.REPORTER, 403), (Role.EDITOR, 200), (Role.NEWSLETTER_EDITOR, 403)])
def test_only_those_who_see_every_text_see_it(client: Client, role: Role, status: int) -> None:
    client.force_login(make_user(role))
    assert client.get(PAGE).status_code == status


@pytest.mark.parametrize("count", [1, 20])
def test_the_numbers_cost_the_same_however_many_there_are(
    django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        story(NOW - number * DAY, section=make_section())
    made()
    with django_assert_num_queries(3):
        found = made()
    assert found.total == count
