import csv
from datetime import timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from time_machine import Traveller

from audit import exporting
from audit.enums import Action
from audit.exporting import as_csv
from audit.models import AuditEntry
from audit.recording import log
from tests.factories import make_article, make_user

DAMASCUS = ZoneInfo("Asia/Damascus")


def rows() -> list[list[str]]:
    text = "".join(as_csv(AuditEntry.objects.all(), zone=DAMASCUS))
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.django_db
def test_a_line_of_the_file(clock: Traveller) -> None:
    samer, article = make_user(first_name="سامر"), make_article("ميزانية، المدينة")
    log(Action.PUBLISHED, by=samer, subject=article, before="draft", after="in_review")
    headings, line = rows()
    assert "Asia/Damascus" in headings[0]
    assert line[:2] == ["2026-11-20 09:40:00", "سامر"]
    assert line[5:9] == [str(article.pk), "ميزانية، المدينة", "مسودة", "قيد المراجعة"]
    assert len(headings) == len(line)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_pieces_leave_no_line_out_and_none_twice(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Lines of the same moment too: the id decides among them."""
    monkeypatch.setattr(exporting, "ROWS_AT_ONCE", 2)
    moment = timezone.now()
    AuditEntry.objects.bulk_create(
        AuditEntry(action=Action.CHANGED, note=str(number), at=moment + timedelta(seconds=number // 3))
        for number in range(count)
    )
    assert [line[9] for line in rows()[1:]] == [str(number) for number in reversed(range(count))]


@pytest.mark.django_db
def test_a_title_that_is_a_formula_reaches_the_file_harmless() -> None:
    log(Action.CHANGED, by=None, subject=make_article('=HYPERLINK("https://example.org")'))
    assert rows()[1][6].startswith("'=")
