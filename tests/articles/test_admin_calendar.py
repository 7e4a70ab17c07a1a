"""The page of the calendar: what it shows and says, and its small form."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.roles import Role
from articles.models import Article
from audit.models import AuditEntry
from tests.articles.desk import add_url, form_data
from tests.conftest import NOW
from tests.factories import make_article, make_section, make_site, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TODAY = date(2026, 11, 20)
PAGE = "/admin/articles/calendar/"


@pytest.fixture
def editor(client: Client) -> User:
    make_site()
    user = make_user(Role.EDITOR)
    client.force_login(user)
    return user


def draft(**fields: Any) -> Article:
    return make_article(published=False, **fields)


def shown(client: Client, **query: Any) -> str:
    response = client.get(PAGE, query)
    assert response.status_code == 200
    return response.content.decode()


def plan_url(article: Article) -> str:
    return reverse("desk:plan", args=[article.pk])


def test_a_month_is_a_table_with_a_caption_and_heads(client: Client, editor: User) -> None:
    page = shown(client, view="month")
    assert "<caption" in page
    assert page.count('<th scope="col" abbr="') == 7
    assert page.index("السبت") < page.index("الأحد") < page.index("الجمعة</th>")
    assert page.count("<td data-day=") == 35
    assert page.count('aria-current="date"') == 1


def test_who_asked_for_nothing_gets_a_month_and_its_agenda(client: Client, editor: User) -> None:
    page = shown(client)
    assert 'class="plan-wide"' in page
    assert 'class="plan-narrow"' in page
    assert 'class="plan-wide is-chosen"' in shown(client, view="month")
    assert "plan-narrow" not in shown(client, view="month")


@pytest.mark.parametrize("view", ["month", "week", "agenda", "day"])
def test_every_view_names_what_stands_there(client: Client, editor: User, view: str) -> None:
    section = make_section("رياضة")
    draft(headline="خطة اليوم", planned_for=TODAY, section=section)
    make_article("جدول اليوم", at=NOW + HOUR)
    make_article("نشر اليوم", at=NOW - HOUR)
    draft(headline="موعد اليوم", deadline=NOW + HOUR)
    page = shown(client, view=view)
    for words in ("خطة اليوم", "جدول اليوم", "نشر اليوم", "موعد اليوم", "رياضة"):
        assert words in page, words
    for kind in ("is-planned", "is-scheduled", "is-published", "is-deadline"):
        assert f'class="plan-item {kind}' in page


@pytest.mark.parametrize("view", ["month", "week", "agenda"])
def test_a_latin_name_is_isolated_and_no_markup_is_read(client: Client, editor: User, view: str) -> None:
    writer = make_user(Role.REPORTER, username="rana")
    draft(headline="شركة IBM تفتح مكتبا", planned_for=TODAY, assigned_to=writer)
    html = shown(client, view=view)
    assert '<bdi dir="ltr">rana</bdi>' in html
    assert "&lt;bdi" not in html


def test_the_hour_is_that_of_the_site(client: Client, editor: User) -> None:
    make_article(at=NOW + HOUR)
    assert "١٠:٤٠</time>" in shown(client, view="day")


def test_a_full_day_leads_to_its_own_page(client: Client, editor: User) -> None:
    for number in range(1, 8):
        make_article(f"خبر {number}", at=NOW - number * HOUR)
    page = shown(client, view="month")
    assert "view=day&amp;date=2026-11-20" in page
    assert page.count("plan-item is-published") == 4
    assert shown(client, view="day").count("plan-item is-published") == 7


def test_a_day_has_pages(client: Client, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.admin.calendar.MOST_ITEMS", {"day": 3})
    for number in range(1, 6):
        make_article(f"خبر {number}", at=NOW - number * HOUR)
    first, second = shown(client, view="day"), shown(client, view="day", page="٢")
    assert (first.count("plan-item is-published"), second.count("plan-item is-published")) == (3, 2)
    assert 'rel="next"' in first
    assert 'rel="prev" href="?view=day' not in first
    assert "page=2" in first


def test_steps_lead_to_the_neighbours_and_keep_the_filters(client: Client, editor: User) -> None:
    section = make_section()
    page = shown(client, view="month", section=section.pk, kind="planned")
    assert f"?view=month&amp;date=2026-10-01&amp;section={section.pk}&amp;kind=planned" in page
    assert f"?view=month&amp;date=2026-12-01&amp;section={section.pk}&amp;kind=planned" in page
    assert "?view=week&amp;date=2026-11-27" in shown(client, view="week")
    assert "?view=day&amp;date=2026-11-19" in shown(client, view="day")
    assert "?view=month&amp;date=2027-01-01" in shown(client, view="month", date="2026-12-31")


@pytest.mark.parametrize(("month", "year"), [("3", "2027"), ("٣", "٢٠٢٧"), ("۳", "۲۰۲۷")])
def test_a_month_is_found_in_digits_of_any_script(client: Client, editor: User, month: str, year: str) -> None:
    article = draft(planned_for=date(2027, 3, 9))
    page = shown(client, view="month", month=month, year=year, date="2026-11-20")
    assert str(article) in page


def test_the_chosen_day_stays_where_the_month_does(client: Client, editor: User) -> None:
    page = shown(client, view="week", month="11", year="2026", date="2026-11-05")
    assert 'data-day="2026-11-05"' in page


@pytest.mark.parametrize("year", ["", "x", "1", "20277", "0", "1989", "2101", "२०"])
def test_a_year_that_is_none_is_said(client: Client, editor: User, year: str) -> None:
    page = shown(client, month="3", year=year)
    assert 'role="alert"' in page
    assert 'data-day="2026-11-20"' in page


@pytest.mark.parametrize(
    "query",
    [
        {"view": "x", "date": "2026-02-31", "section": "x", "person": "-1", "kind": "x", "page": "x"},
        {"date": "0001-01-01", "view": "week"},
        {"date": "9999-12-31", "view": "agenda"},
        {"date": "2026-11-20\x00"},
        {"page": "9" * 30, "view": "day"},
    ],
)
def test_an_address_that_nobody_could_have_chosen_shows_today(
    client: Client, editor: User, query: dict[str, str]
) -> None:
    response = client.get(PAGE, query)
    assert response.status_code == (400 if "\x00" in str(query.values()) or "\\x00" in str(query) else 200)


@pytest.mark.parametrize("day", ["1990-01-01", "2100-12-31"])
@pytest.mark.parametrize("view", ["month", "week", "agenda", "day"])
def test_the_ends_of_time_have_one_neighbour(client: Client, editor: User, view: str, day: str) -> None:
    page = shown(client, view=view, date=day)
    assert page.count('class="button" rel=') == 1


def test_months_and_days_are_printed_as_the_site_does(client: Client, editor: User) -> None:
    make_site(months="levant", digits="latn", shows_hijri=True)
    page = shown(client, view="month")
    assert "تشرين الثاني 2026" in page
    assert "10 جمادى الآخرة" in page  # by Umm al-Qura
    make_site(months="gregorian", digits="arab", shows_hijri=False)
    page = shown(client, view="month")
    assert "نوفمبر ٢٠٢٦" in page
    assert "جمادى" not in page


def test_plus_leads_to_a_new_article_for_that_day(client: Client, editor: User) -> None:
    section = make_section("رياضة")
    page = shown(client, view="month", section=section.pk)
    query = f"planned_for=2026-11-23&section={section.pk}"
    assert f"{add_url()}?{query.replace('&', '&amp;')}" in page
    assert "planned_for=2026-11-19" not in page
    data = form_data(client, f"{add_url()}?{query}")
    assert (data["planned_for"], data["section"]) == ("2026-11-23", str(section.pk))
    client.post(add_url(), data | {"headline": "مباراة الغد", "_save": "1"})
    assert Article.objects.get(headline="مباراة الغد").planned_for == date(2026, 11, 23)


@pytest.mark.parametrize("query", ["planned_for=x&section=y", "planned_for=1066-01-01", "section=99999999999999999999"])
def test_nothing_else_is_taken_from_an_address(client: Client, editor: User, query: str) -> None:
    data = form_data(
        client, f"{add_url()}?{query}&headline=كلمة&body=كلمة&slug=x&assigned_to=1&publish_at_0=2027-01-01"
    )
    empty = form_data(client, add_url())
    assert {name: value for name, value in data.items() if value != empty.get(name)}.keys() <= {
        "csrfmiddlewaretoken", "window",
    }  # fmt: skip


def test_breaking_news_lasts_an_hour(client: Client, editor: User) -> None:
    data = form_data(client, f"{add_url()}?breaking=1")
    assert (data["breaking_until_0"], data["breaking_until_1"][:5]) == ("2026-11-20", "10:40")


def test_gaps_are_said(client: Client, editor: User) -> None:
    section = make_section("رياضة")
    for week in range(1, 8):
        make_article(at=NOW - week * 7 * DAY, section=section)
    assert 'class="plan-gap is-nothing"' in shown(client, view="month")
    assert shown(client, view="month", section=section.pk).count('class="plan-gap is-unusual"') == 3


def test_a_reporter_gives_out_no_days_and_learns_nothing(client: Client, editor: User) -> None:
    reporter = make_user(Role.REPORTER)
    mine = draft(headline="خطة لي", planned_for=TODAY, created_by=reporter)
    other = draft(headline="خطة سرية", planned_for=TODAY)
    client.force_login(reporter)
    page = shown(client, view="month")
    assert "خطة لي" in page
    assert "سرية" not in page
    assert "plan-add" not in page
    assert "plan-gap" not in page
    assert 'id="plan-person"' not in page
    assert client.get(plan_url(mine)).status_code == 403
    assert client.post(plan_url(mine), {"day": "2026-11-25"}).status_code == 403
    assert client.get(plan_url(other)).status_code == 404
    assert client.post(plan_url(other), {"day": "2026-11-25"}).status_code == 404
    assert set(Article.objects.values_list("planned_for", flat=True)) == {TODAY}


def test_a_person_is_chosen_only_by_those_who_see_his_work(client: Client, editor: User) -> None:
    colleague = make_user(Role.REPORTER)
    reporter = make_user(Role.REPORTER)
    mine = draft(planned_for=TODAY, created_by=reporter)
    draft(planned_for=TODAY, created_by=colleague)
    client.force_login(reporter)
    assert str(mine) in shown(client, view="day", person=colleague.pk)


@pytest.mark.parametrize("day", ["2026-11-25", "٢٠٢٦-١١-٢٥", " 2026-11-25 "])
def test_the_form_moves_a_text_and_leads_back(client: Client, editor: User, day: str) -> None:
    article = draft(planned_for=TODAY)
    data = form_data(client, plan_url(article) + "?back=view%3Dweek%26date%3D2026-11-20")
    assert data["day"] == "2026-11-20"
    response = client.post(plan_url(article), data | {"day": day})
    article.refresh_from_db()
    assert article.planned_for == date(2026, 11, 25)
    assert response["Location"] == f"{PAGE}?view=week&date=2026-11-20"
    assert AuditEntry.objects.about(article).get().after == "2026-11-25"


def test_a_day_that_is_none_comes_back_with_a_sentence(client: Client, editor: User) -> None:
    article = draft(planned_for=TODAY)
    for day in ("2026-02-31", "غدا", "2101-01-01"):
        response = client.post(plan_url(article), {"day": day})
        assert response.status_code == 200
        assert "errorlist" in response.content.decode()
    article.refresh_from_db()
    assert article.planned_for == TODAY


def test_the_way_back_leads_nowhere_else(client: Client, editor: User) -> None:
    article = draft(planned_for=TODAY)
    for back in ("https://evil.example/", "//evil.example", "\r\nX-Evil: 1", "javascript:alert(1)"):
        response = client.post(plan_url(article), {"day": "2026-11-25", "back": back})
        assert response["Location"].startswith(f"{PAGE}?")
        assert "X-Evil" not in response


def test_a_script_gets_sentences(client: Client, editor: User) -> None:
    article = draft(planned_for=TODAY)
    asked: dict[str, Any] = {"headers": {"accept": "application/json"}}
    moved = client.post(plan_url(article), {"day": "2026-11-25"}, **asked)
    assert (moved.status_code, json.loads(moved.content)["before"]) == (200, "2026-11-20")
    refused = client.post(plan_url(article), {"day": "x"}, **asked)
    assert refused.status_code == 409
    assert json.loads(refused.content)["error"]


def test_looking_at_the_form_moves_nothing(client: Client, editor: User) -> None:
    article = draft(planned_for=TODAY)
    client.get(plan_url(article), {"day": "2026-11-25"})
    article.refresh_from_db()
    assert article.planned_for == TODAY


def test_the_hour_of_a_scheduled_one_is_chosen_where_it_is_published(client: Client, editor: User) -> None:
    chief = make_user(Role.CHIEF_EDITOR)
    client.force_login(chief)
    article = make_article(at=NOW + DAY)
    page = shown(client, view="month")
    publishing = reverse("admin:articles_article_publish", args=[article.pk])
    assert f'data-publish="{publishing}" data-clock="09:40"' in page
    assert "2026-11-25" in client.get(publishing, {"at_0": "2026-11-25", "at_1": "09:40"}).content.decode()
    assert client.post(plan_url(article), {"day": "2026-11-25"}).status_code in {200, 403}
    article.refresh_from_db()
    assert article.planned_for is None


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_costs_the_same_at_any_number(
    client: Client, editor: User, django_assert_max_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        draft(planned_for=TODAY + number * DAY, assigned_to=make_user(Role.REPORTER), section=make_section())
        make_article(at=NOW - number * HOUR)
    client.get(PAGE)
    # Seven are of every page of the desk.
    with django_assert_max_num_queries(11):
        client.get(PAGE, {"view": "month"})
