"""The figures as Prometheus reads them: by a parser that is not ours."""

import math
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from newsroom.lib import meters
from newsroom.operating import exposition, figures, serving
from tasks.models import Worker
from tests.conftest import NOW
from tests.factories import make_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_meters(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.METERS_FOLDER = tmp_path
    settings.BACKUP_FOLDER = tmp_path / "backups"
    meters._own.begin()
    yield
    meters._own.begin()


def told() -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """By name of the sample and labels."""
    page = exposition.exposition(meters.own(), figures.figures())
    found: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    return found


def test_a_foreign_parser_reads_what_was_counted() -> None:
    meters.add("newsroom_requests_total", 3, view='a"b\\c\nd', method="GET", status="2xx")
    for seconds in (0.0005, 0.03, 60):
        meters.took("newsroom_request_seconds", seconds, view="home")
    found = told()
    key = (("method", "GET"), ("status", "2xx"), ("view", 'a"b\\c\nd'))
    assert found["newsroom_requests_total"] == {key: 3}
    buckets = {dict(labels)["le"]: count for labels, count in found["newsroom_request_seconds_bucket"].items()}
    assert (buckets["0.001"], buckets["0.05"], buckets["10"], buckets["+Inf"]) == (1, 2, 2, 3)
    assert found["newsroom_request_seconds_count"] == {(("view", "home"),): 3}


def test_how_the_site_stands_is_told(clock: None) -> None:
    Worker.objects.create(name="w", machine="m", process_id=1, started_at=NOW, seen_at=NOW)
    found = told()
    assert found["newsroom_workers"] == {(): 1}
    assert found["newsroom_clock_age_seconds"] == {(): math.inf}
    assert found["newsroom_backup_age_seconds"] == {(): math.inf}
    assert found["newsroom_database_bytes"][()] > 10_000
    assert found["newsroom_disk_free_bytes"][(("disk", "data"),)] > 0
    assert found["newsroom_unknown"] == {(): 0}
    assert set(found) <= set(exposition.MEASURED)


def test_what_cannot_be_found_out_leaves_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(figures, "standing", refuse)
    found = told()
    assert found["newsroom_unknown"] == {(): 1}
    assert "newsroom_workers" not in found
    assert "newsroom_disk_free_bytes" in found


def test_figures_are_not_on_the_public_port(client: Client) -> None:
    make_site()
    assert [client.get(path).status_code for path in ("/metrics", "/metrics/")] == [404, 404]


def test_the_inside_port_knows_one_address_and_one_method(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "figures", figures.figures)
    monkeypatch.setattr(serving, "exposition", lambda *_found: "newsroom_workers 1\n")
    monkeypatch.setattr(serving, "figures", lambda: None)
    server = serving.serve("127.0.0.1:0")
    place = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        with urllib.request.urlopen(f"{place}/metrics", timeout=10) as answer:
            page, kind, names = answer.read(), answer.headers["Content-Type"], answer.headers["Server"]
        refused = []
        for path, data in (("/", None), ("/metrics/../secret", None), ("/metrics", b"x")):
            with pytest.raises(urllib.error.HTTPError) as error:
                urllib.request.urlopen(f"{place}{path}", data=data, timeout=10)
            refused.append(error.value.code)
            error.value.close()
    finally:
        server.shutdown()
        server.server_close()
    assert page == b"newsroom_workers 1\n"
    assert kind.startswith("text/plain; version=0.0.4")
    assert "Python" not in names
    assert refused == [404, 404, 501]
