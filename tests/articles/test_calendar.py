"""The plan of the desk by days: what stands on which day, and who sees it."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.roles import Role
from articles.calendar import Day, Gap, Kind, Wanted, load, month_days, places, usual_weekdays, week_days
from articles.changes import open_changes
from articles.enums import Status
from articles.models import Article
from articles.planning import may_plan, plan
from articles.publishing import NotAllowed, WrongState
from articles.revisions import record
from audit.models import AuditEntry
from pages.current import current_site
from tests.conftest import NOW
from tests.factories import make_article, make_section, make_site, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TODAY = date(2026, 11, 20)  # a Friday, the last day of a week


@pytest.fixture
def editor() -> User:
    make_site()
    return make_user(Role.EDITOR)


@pytest.fixture
def reporter() -> User:
    return make_user(Role.REPORTER)


def draft(**fields: Any) -> Article:
    return make_article(published=False, **fields)


def loaded(user: User, days: list[date] | None = None, *, most: int = 50, **wanted: Any) -> dict[date, Day]:
    found = load(user, days or month_days(2026, 11), now=NOW, most=most, wanted=Wanted(**wanted))
    return {day.date: day for day in found}


def on(user: User, day: date, **about: Any) -> list[tuple[Kind, Article]]:
    return [(item.kind, item.article) for item in loaded(user, **about)[day].items]


def changes_of(story: Article, by: User, **fields: Any) -> Article:
    record(story, by=by)
    copy = open_changes(story, by=by)
    Article.objects.filter(pk=copy.pk).update(**fields)
    copy.refresh_from_db()
    return copy


def old(article: Article) -> Article:
    Article.objects.filter(pk=article.pk).update(created_at=NOW - 30 * DAY)
    return article


def test_a_month_is_shown_in_whole_weeks_from_saturday() -> None:
    days = month_days(2026, 11)
    assert (days[0], days[-1], len(days)) == (date(2026, 10, 31), date(2026, 12, 4), 35)
    assert week_days(TODAY) == [date(2026, 11, 14) + number * DAY for number in range(7)]
    assert week_days(date(2026, 11, 21))[0] == date(2026, 11, 21)


def test_the_ends_of_time_have_whole_days_only() -> None:
    assert month_days(1990, 1)[0] == date(1990, 1, 1)
    assert month_days(2100, 12)[-1] == date(2100, 12, 31)


def test_each_kind_stands_on_its_day(editor: User) -> None:
    planned = draft(planned_for=date(2026, 11, 23))
    due = draft(deadline=NOW + 3 * DAY)
    scheduled = make_article(at=NOW + 3 * DAY + HOUR)
    published = make_article(at=NOW - 3 * DAY)
    assert on(editor, date(2026, 11, 23)) == [
        (Kind.PLANNED, planned), (Kind.DEADLINE, due), (Kind.SCHEDULED, scheduled),
    ]  # fmt: skip
    assert on(editor, date(2026, 11, 17)) == [(Kind.PUBLISHED, published)]


def test_a_day_is_that_of_the_site(editor: User) -> None:
    tonight = make_article(at=NOW + 14 * HOUR)  # 23:40 in Damascus
    tomorrow = make_article(at=NOW + 15 * HOUR)  # 00:40 there, 21:40 in Greenwich
    assert on(editor, TODAY) == [(Kind.SCHEDULED, tonight)]
    assert on(editor, TODAY + DAY) == [(Kind.SCHEDULED, tomorrow)]


def test_days_of_23_and_25_hours_lose_nothing(editor: User) -> None:
    make_site(time_zone="Europe/Berlin")
    berlin = ZoneInfo("Europe/Berlin")
    for day in (date(2026, 10, 25), date(2027, 3, 28)):  # the night in which clocks change
        moments = [datetime(day.year, day.month, day.day, 0, 0, tzinfo=berlin)]
        moments.append(datetime(day.year, day.month, day.day, 23, 59, tzinfo=berlin))
        stories = [make_article(at=moment) for moment in moments]
        assert [article for _kind, article in on(editor, day, days=[day])] == stories
        assert on(editor, day + DAY, days=[day + DAY]) == []


def test_what_has_its_hour_is_planned_no_more(editor: User) -> None:
    scheduled = make_article(at=NOW + DAY, planned_for=TODAY + 2 * DAY)
    approved = draft(status=Status.APPROVED, planned_for=TODAY + 2 * DAY)
    assert on(editor, TODAY + DAY) == [(Kind.SCHEDULED, scheduled)]
    assert on(editor, TODAY + 2 * DAY) == [(Kind.PLANNED, approved)]


def test_a_typed_time_of_a_draft_is_a_plan(editor: User) -> None:
    typed = old(draft(publish_at=NOW + DAY))
    old(draft(publish_at=NOW + DAY, planned_for=TODAY + 3 * DAY))
    draft(publish_at=NOW - 5 * DAY)  # a date from before its beginning is meant to be dated back
    days = loaded(editor)
    assert [item.article for item in days[TODAY + DAY].items] == [typed]
    assert [item.can_plan for item in days[TODAY + DAY].items] == [False]
    assert [item.can_plan for item in days[TODAY + 3 * DAY].items] == [True]
    assert days[TODAY - 5 * DAY].items == []


def test_scheduled_changes_stand_beside_their_story(editor: User) -> None:
    story = make_article(at=NOW - 2 * DAY)
    copy = changes_of(story, editor, status=Status.APPROVED, publish_at=NOW + DAY)
    assert on(editor, TODAY + DAY) == [(Kind.SCHEDULED, copy)]
    assert on(editor, TODAY - 2 * DAY) == [(Kind.PUBLISHED, story)]


def test_changes_whose_hour_passed_stay_and_say_so(editor: User) -> None:
    copy = changes_of(make_article(at=NOW - 9 * DAY), editor, status=Status.APPROVED, publish_at=NOW - DAY)
    items = loaded(editor)[TODAY - DAY].items
    assert [(item.article, item.is_overdue) for item in items] == [(copy, True)]


def test_a_deadline_is_kept_when_the_text_is_approved(editor: User) -> None:
    draft(deadline=NOW - HOUR, status=Status.APPROVED)
    late = draft(deadline=NOW - HOUR)
    assert on(editor, TODAY) == [(Kind.DEADLINE, late)]
    assert loaded(editor)[TODAY].items[0].is_overdue


def test_withdrawn_stories_stand_nowhere(editor: User) -> None:
    make_article(at=NOW - HOUR, status=Status.WITHDRAWN, withdrawn_at=NOW)
    assert loaded(editor)[TODAY].count == 0


def test_a_full_day_shows_its_plan_first_and_counts_the_rest(editor: User) -> None:
    published = [make_article(at=NOW - number * HOUR) for number in range(1, 6)]
    scheduled = make_article(at=NOW + HOUR)
    planned = draft(planned_for=TODAY)
    day = loaded(editor, most=3)[TODAY]
    assert [item.article for item in day.items] == [planned, published[-1], scheduled]
    assert (day.count, day.more) == (7, 4)


def test_the_pages_of_a_day_hold_everything_once(editor: User) -> None:
    stories = {make_article(at=NOW - number * HOUR).pk for number in range(1, 8)}
    pages = [load(editor, [TODAY], now=NOW, most=3, skip=skip)[0] for skip in (0, 3, 6)]
    found = [item.article.pk for page in pages for item in page.items]
    assert (len(found), set(found)) == (7, stories)


def test_filters(editor: User, reporter: User) -> None:
    sport, world = make_section(), make_section()
    first = draft(planned_for=TODAY, section=sport, assigned_to=reporter)
    second = draft(planned_for=TODAY, section=world, created_by=reporter, deadline=NOW + HOUR)
    assert on(editor, TODAY, section=sport) == [(Kind.PLANNED, first)]
    assert on(editor, TODAY, kind=Kind.DEADLINE) == [(Kind.DEADLINE, second)]
    assert {article for _kind, article in on(editor, TODAY, person=reporter)} == {first, second}
    assert on(editor, TODAY, person=editor) == []


def test_a_reporter_sees_his_own_and_what_readers_see(editor: User, reporter: User) -> None:
    mine = draft(planned_for=TODAY, created_by=reporter)
    given = draft(deadline=NOW + HOUR, assigned_to=reporter)
    readers = make_article(at=NOW - HOUR)
    copy_of_mine = changes_of(
        make_article(at=NOW - 8 * DAY, created_by=reporter), editor, status=Status.APPROVED, publish_at=NOW + 2 * HOUR
    )
    draft(planned_for=TODAY, created_by=editor)
    make_article(at=NOW + HOUR, created_by=editor)
    changes_of(make_article(at=NOW - 9 * DAY), editor, status=Status.APPROVED, publish_at=NOW + HOUR)
    seen = {article for _kind, article in on(reporter, TODAY)}
    assert seen == {mine, given, readers, copy_of_mine}
    assert all(
        place.pk in {one.pk for one in seen} for place in places(reporter, TODAY, TODAY + DAY, now=NOW, wanted=Wanted())
    )


def test_nobody_without_the_right_sees_anything(editor: User) -> None:
    make_article(at=NOW - HOUR)
    assert loaded(make_user(is_staff=True))[TODAY].count == 0


def test_days_to_come_without_a_plan_are_gaps(editor: User) -> None:
    make_article(at=NOW + DAY)
    draft(planned_for=TODAY + 2 * DAY)
    draft(deadline=NOW + 3 * DAY)
    days = loaded(editor)
    gaps = {day.day: loaded_day.gap for day, loaded_day in days.items() if day.month == 11 and loaded_day.gap}
    assert gaps == dict.fromkeys((20, 23, 24, 25, 26, 27, 28, 29, 30), Gap.NOTHING)


def test_a_reporter_is_told_of_no_gaps(reporter: User) -> None:
    make_site()
    assert {day.gap for day in loaded(reporter).values()} == {None}


def test_a_gap_of_a_section_is_a_weekday_on_which_it_usually_publishes(editor: User) -> None:
    sport, world = make_section(), make_section()
    for week in range(1, 9):
        if week < 7:
            make_article(at=NOW - week * 7 * DAY, section=sport)  # six Fridays of eight
        if week < 6:
            make_article(at=NOW - (week * 7 - 1) * DAY, section=sport)  # five Saturdays
        make_article(at=NOW - (week * 7 - 2) * DAY, section=world)
    make_article(at=NOW - 14 * DAY, section=sport)  # a second one on one day counts once
    assert usual_weekdays(sport, TODAY) == {4}
    days = loaded(editor, section=sport)
    assert days[TODAY].gap == Gap.UNUSUAL
    assert days[TODAY + DAY].gap == Gap.NOTHING
    draft(planned_for=TODAY + 7 * DAY, section=sport)
    assert loaded(editor, section=sport)[TODAY + 7 * DAY].gap is None


@pytest.mark.parametrize("count", [1, 12])
def test_a_month_costs_the_same_however_much_stands_there(
    editor: User, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        draft(planned_for=TODAY + number * DAY, assigned_to=editor)
        make_article(at=NOW - number * HOUR, section=make_section())
    editor.get_all_permissions()
    current_site()
    with django_assert_num_queries(2):
        days = load(editor, month_days(2026, 11), now=NOW, most=4)
    assert sum(len(day.items) for day in days) >= min(count, 2)


# The deed


def test_an_editor_plans_a_text_and_the_log_says_so(editor: User) -> None:
    article = draft(planned_for=TODAY)
    plan(article, by=editor, day=TODAY + DAY)
    article.refresh_from_db()
    assert article.planned_for == TODAY + DAY
    line = AuditEntry.objects.about(article).get(action="changed")
    assert (line.before, line.after) == ("2026-11-20", "2026-11-21")


def test_the_same_day_again_leaves_no_trace(editor: User) -> None:
    article = draft(planned_for=TODAY)
    before = article.saved_at
    assert plan(article, by=editor, day=TODAY).saved_at == before
    assert not AuditEntry.objects.about(article).exists()


def test_a_plan_is_taken_back(editor: User) -> None:
    article = draft(planned_for=TODAY)
    assert plan(article, by=editor, day=None).planned_for is None


def test_a_reporter_gives_out_no_work_not_even_to_himself(editor: User, reporter: User) -> None:
    article = draft(created_by=reporter)
    assert may_plan(editor, article)
    with pytest.raises(NotAllowed):
        plan(article, by=reporter, day=TODAY)
    article.refresh_from_db()
    assert article.planned_for is None


def test_what_has_its_hour_or_is_gone_is_not_planned() -> None:
    make_site()
    chief = make_user(Role.CHIEF_EDITOR)
    gone = make_article(status=Status.WITHDRAWN, withdrawn_at=NOW)
    refused = []
    for article in (make_article(at=NOW + DAY), make_article(at=NOW - DAY), gone):
        with pytest.raises(WrongState) as error:
            plan(article, by=chief, day=TODAY)
        refused.append(str(error.value))
    assert len(refused) == 3
    assert not Article.objects.filter(planned_for__isnull=False).exists()


def test_no_day_beyond_the_archive(editor: User) -> None:
    with pytest.raises(WrongState) as error:
        plan(draft(), by=editor, day=date(2101, 1, 1))
    assert str(error.value)
