"""The page of the operator: figures, charts with tables, what needs a person."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.roles import Role
from newsroom.checkup.findings import warning
from newsroom.lib.hours import hour_of
from newsroom.lib.meters import BOUNDS, Readings, sum_of
from newsroom.operating import page
from newsroom.operating.reading import HOUR, KEPT, counted_by_hour, forget_readings, quantile, total_of
from tasks.models import Alert, Reading, Worker
from tests.conftest import NOW
from tests.factories import make_site, make_user

pytestmark = pytest.mark.django_db


def readings(views: dict[str, int], *, seconds: float = 0.03, failed: int = 0) -> dict[str, Any]:
    made = Readings()
    for view, count in views.items():
        made.add(("newsroom_requests_total", (("method", "GET"), ("status", "2xx"), ("view", view))), count)
        for _ in range(count):
            made.time(("newsroom_request_seconds", (("view", view),)), seconds)
    if failed:
        made.add(("newsroom_requests_total", (("method", "GET"), ("status", "5xx"), ("view", "articles:home"))), failed)
    made.add(("newsroom_page_cache_total", (("outcome", "hit"),)), 90)
    made.add(("newsroom_page_cache_total", (("outcome", "miss"),)), 10)
    return made.as_json()


@pytest.fixture
def operator(client: Client, settings: Settings, tmp_path: Path) -> Client:
    settings.METERS_FOLDER, settings.BACKUP_FOLDER = tmp_path / "meters", tmp_path / "backups"
    make_site()
    client.force_login(make_user(Role.ADMINISTRATOR, is_superuser=True))
    return client


def test_the_page_shows_how_the_site_stands(operator: Client, clock: None) -> None:
    Reading.objects.create(machine="web1", hour=hour_of(NOW) - HOUR, counted=Readings().as_json())
    Reading.objects.create(machine="web1", hour=hour_of(NOW), counted=readings({"articles:search": 4}, failed=2))
    Worker.objects.create(name="w", machine="web1", process_id=77, started_at=NOW, seen_at=NOW)
    Alert.objects.create(name="disk:data|web1", value="7%", began_at=NOW, seen_at=NOW)
    shown = operator.get(reverse("operation:page")).content.decode().partition('id="content-main"')[2]
    assert "articles:search" in shown
    assert "web1" in shown
    assert "7%" in shown
    assert shown.count('<svg class="chart" role="img"') == 3  # no mail was sent: an empty chart is a word
    assert shown.count("<table>") == 6
    assert "style=" not in shown


def test_nothing_is_known_yet(operator: Client) -> None:
    answer = operator.get(reverse("operation:page"))
    assert answer.status_code == 200
    assert "chart-bar" not in answer.content.decode()


def test_looking_writes_nothing(operator: Client) -> None:
    operator.get(reverse("operation:page"))
    assert Reading.objects.count() == 0


def test_the_checkup_is_made_when_somebody_asks(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.delete(page.FINDINGS)
    asked: list[int] = []
    finding = warning("disk.data", "It is filling up", "Make room")
    monkeypatch.setattr(page, "run", lambda: asked.append(1) or [finding])
    address = reverse("operation:page")
    before = operator.get(address).content.decode()
    looked = operator.get(f"{address}?look=1").content.decode()
    again = operator.get(f"{address}?look=1").content.decode()
    assert "It is filling up" not in before
    assert "Make room" in looked
    assert "Make room" in again
    assert asked == [1]


def test_a_path_keeps_its_first_slash_in_an_arabic_line() -> None:
    finding = warning("disk.data", "%(path)s is filling up: %(percent)d %%", "", path="/srv/data", percent=3)
    assert finding.isolated().text == "\u2068/srv/data\u2069 is filling up: 3 %"


@pytest.mark.parametrize(
    ("found", "printed"), [(2, "٢"), ("58.1 GB", "\u2068٥٨٫١ GB\u2069"), ("3.46.0", "\u20683.46.0\u2069")]
)
def test_what_a_checkup_measured_is_printed_in_the_digits_of_the_site(found: object, printed: str) -> None:
    assert warning("about", "%(found)s", "", found=found).isolated().text == printed


def test_sentences_with_numbers_of_their_own_have_the_digits_of_the_site(operator: Client) -> None:
    shown = operator.get(reverse("operation:page")).content.decode()
    assert "لآخر ٢٤ ساعة" in shown


def test_the_desk_leads_administrators_there(operator: Client, client: Client) -> None:
    assert reverse("operation:page") in operator.get(reverse("admin:index")).content.decode()
    client.force_login(make_user(Role.EDITOR))
    assert reverse("operation:page") not in client.get(reverse("admin:index")).content.decode()
    assert client.get(reverse("operation:page")).status_code == 403


def test_an_hour_is_the_difference_of_two_readings() -> None:
    for number, count in ((3, 10), (2, 14), (1, 14), (0, 20)):
        Reading.objects.create(machine="a", hour=hour_of(NOW) - number * HOUR, counted=readings({"v": count}))
    # Nobody read before: what it counted may be of last year.
    Reading.objects.create(machine="b", hour=hour_of(NOW), counted=readings({"v": 5}))
    by_hour = counted_by_hour(NOW, hours=3)
    assert [sum_of(each, "newsroom_requests_total") for each in by_hour.values()] == [4, 0, 6]
    assert sum_of(total_of(by_hour.values()), "newsroom_requests_total", view="v") == 10


def test_readings_are_kept_for_a_week() -> None:
    Reading.objects.create(machine="a", hour=NOW - KEPT - timedelta(hours=1), counted={})
    Reading.objects.create(machine="a", hour=NOW, counted={})
    assert forget_readings(NOW) == 1


def test_half_and_nineteen_of_twenty_are_found_between_the_bounds() -> None:
    row = [0.0] * (len(BOUNDS) + 2)
    row[4], row[6], row[-2] = 90, 9, 1  # 10-20 ms, 50-100 ms, over 10 s
    half, most, longest = quantile(row, 0.5), quantile(row, 0.95), quantile(row, 1)
    assert half is not None
    assert 0.01 < half < 0.02
    assert most is not None
    assert 0.05 < most < 0.1
    assert longest == BOUNDS[-1]
    assert quantile([0.0] * len(row), 0.5) is None
