"""The sentence of the publish page. NOW is Friday 20 November 2026, 9:40 in Damascus."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from articles.announcing import Mode, Plan, sentence
from articles.enums import ChangeKind, Origin, Status
from articles.models import Article, Section
from newsroom.lib.dates import PrintStyle
from newsroom.lib.zones import city_of
from tests.conftest import NOW

DAMASCUS = PrintStyle(months="levant")
LATER = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
NEXT_YEAR = datetime(2027, 1, 1, 5, 5, tzinfo=UTC)
LONG_AGO = datetime(2024, 5, 3, 9, 0, tzinfo=UTC)
THIS_MORNING = NOW - timedelta(hours=2)

LOCAL = Section(pk=1, name="محليات")
CITY = Section(pk=2, name="المدينة")
SEEN: dict[str, Any] = {"published_at": LONG_AGO, "withdrawn_at": LONG_AGO + timedelta(days=1), "status": "withdrawn"}


def story(**fields: Any) -> Article:
    return Article(**{"headline": "خبر", "section": LOCAL} | fields)


def changes(**fields: Any) -> Article:
    published = Article(pk=1, section=LOCAL, status=Status.APPROVED, publish_at=LONG_AGO, published_at=LONG_AGO)
    return story(pk=2, working_copy_of=published, **fields)


def told(article: Article, at: datetime | None = None, style: PrintStyle = DAMASCUS, **fields: Any) -> str:
    return sentence(Plan(article, at, NOW, **fields), style)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("article", "at", "expected"),
    [
        (story(), None, "سيُنشر الآن، ويظهر في الصفحة الرئيسية وقسم محليات"),
        (
            story(),
            LATER,
            "سيُنشر الجمعة ٢٠ تشرين الثاني عند ٨:٠٠ مساءً بتوقيت دمشق، ويظهر في الصفحة الرئيسية وقسم محليات",
        ),
        (
            story(),
            NEXT_YEAR,
            "سيُنشر الجمعة ١ كانون الثاني ٢٠٢٧ عند ٨:٠٥ صباحًا بتوقيت دمشق، ويظهر في الصفحة الرئيسية وقسم محليات",
        ),
        (
            story(),
            LONG_AGO,
            "سيُنشر الآن بتاريخ الجمعة ٣ أيار ٢٠٢٤ عند ١٢:٠٠ ظهرًا بتوقيت دمشق، "
            "ويأخذ مكانه بين مواد ذلك اليوم في الأرشيف وقسم محليات",
        ),
        (
            story(),
            THIS_MORNING,
            "سيُنشر الآن بتاريخ الجمعة ٢٠ تشرين الثاني عند ٧:٤٠ صباحًا بتوقيت دمشق، ويظهر في الصفحة الرئيسية وقسم محليات",
        ),
        (story(section=None), None, "سيُنشر الآن، ويظهر في الصفحة الرئيسية"),
        (
            story(origin=Origin.OPINION),
            None,
            "سيُنشر الآن، ويظهر في مقالات الرأي في الصفحة الرئيسية وقسم محليات",
        ),
        (
            story(breaking_until=LATER),
            None,
            "سيُنشر الآن، ويظهر في الصفحة الرئيسية وقسم محليات "
            "والأخبار العاجلة حتى الجمعة ٢٠ تشرين الثاني عند ٨:٠٠ مساءً",
        ),
        (
            story(breaking_until=LATER),
            LATER,
            "سيُنشر الجمعة ٢٠ تشرين الثاني عند ٨:٠٠ مساءً بتوقيت دمشق، ويظهر في الصفحة الرئيسية وقسم محليات",
        ),
        (
            story(embargo_until=LATER),
            LATER,
            "سيُنشر الجمعة ٢٠ تشرين الثاني عند ٨:٠٠ مساءً بتوقيت دمشق، "
            "بعد انتهاء حظر النشر (الجمعة ٢٠ تشرين الثاني عند ٨:٠٠ مساءً بتوقيت دمشق)، "
            "ويظهر في الصفحة الرئيسية وقسم محليات",
        ),
        (story(embargo_until=LONG_AGO), None, "سيُنشر الآن، ويظهر في الصفحة الرئيسية وقسم محليات"),
        (
            story(**SEEN),
            None,
            "سيعود إلى القراء الآن بتاريخ نشره الأول، الجمعة ٣ أيار ٢٠٢٤، ويظهر في الصفحة الرئيسية وقسم محليات",
        ),
        (
            story(**SEEN),
            LATER,
            "سيعود إلى القراء الجمعة ٢٠ تشرين الثاني عند ٨:٠٠ مساءً بتوقيت دمشق "
            "بتاريخ نشره الأول، الجمعة ٣ أيار ٢٠٢٤، ويظهر في الصفحة الرئيسية وقسم محليات",
        ),
    ],
)
def test_the_sentence_about_a_story(article: Article, at: datetime | None, expected: str) -> None:
    assert told(article, at) == expected


@pytest.mark.parametrize(
    ("article", "at", "kind", "expected"),
    [
        (changes(), None, "wording", "سيرى القراء التعديلات الآن، ويبقى الوقت الظاهر على المادة كما هو"),
        (changes(), None, "update", "سيرى القراء التعديلات الآن، ويظهر على المادة وقت هذا التحديث"),
        (
            changes(),
            LATER,
            "update",
            "سيرى القراء التعديلات الجمعة ٢٠ تشرين الثاني عند ٨:٠٠ مساءً بتوقيت دمشق، ويظهر على المادة وقت هذا التحديث",
        ),
        (
            changes(section=CITY),
            None,
            "wording",
            "سيرى القراء التعديلات الآن، ويبقى الوقت الظاهر على المادة كما هو، وتنتقل المادة إلى قسم المدينة",
        ),
        (
            changes(breaking_until=LATER),
            None,
            "wording",
            "سيرى القراء التعديلات الآن، ويبقى الوقت الظاهر على المادة كما هو، "
            "وتظهر في الأخبار العاجلة حتى الجمعة ٢٠ تشرين الثاني عند ٨:٠٠ مساءً",
        ),
    ],
)
def test_the_sentence_about_changes(article: Article, at: datetime | None, kind: str, expected: str) -> None:
    assert told(article, at, kind=ChangeKind(kind)) == expected


def test_the_moment_is_that_of_the_zone_of_the_site() -> None:
    style = PrintStyle(digits="latn", months="gregorian", time_zone="America/New_York")
    assert told(story(), datetime(2026, 11, 21, 3, 0, tzinfo=UTC), style).startswith(
        "سيُنشر الجمعة 20 نوفمبر عند 10:00 مساءً بتوقيت نيويورك"
    )


def test_the_year_is_that_of_the_zone_of_the_site() -> None:
    style = PrintStyle(months="levant", time_zone="Pacific/Auckland")
    at = datetime(2026, 12, 31, 12, 0, tzinfo=UTC)
    assert "الجمعة ١ كانون الثاني ٢٠٢٧ عند ١:٠٠ صباحًا" in told(story(), at, style)


@pytest.mark.parametrize(
    ("zone", "city"),
    [
        ("Asia/Damascus", "دمشق"),
        ("Europe/Berlin", "برلين"),
        ("Asia/Hebron", "الخليل"),
        ("UTC", "غرينتش"),
        ("Etc/UTC", "غرينتش"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires"),
    ],
)
def test_a_zone_is_called_by_its_city(zone: str, city: str) -> None:
    assert city_of(zone) == city


@pytest.mark.parametrize(("at", "mode"), [(None, Mode.NOW), (LATER, Mode.LATER), (LONG_AGO, Mode.BACKDATED)])
def test_a_moment_lies_before_or_after_the_clock(at: datetime | None, mode: Mode) -> None:
    assert Plan(story(), at, NOW).mode == mode
