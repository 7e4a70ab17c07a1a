from datetime import date

from newsroom.lib.hijri import from_hijri


def test_umm_al_qura_days() -> None:
    assert from_hijri(1445, 10, 24) == date(2024, 5, 3)
    assert from_hijri(1446, 6, 29) == date(2024, 12, 30)
    assert from_hijri(1446, 10, 21) == date(2025, 4, 19)


def test_days_that_the_calendar_has_not() -> None:
    assert from_hijri(1445, 13, 1) is None
    assert from_hijri(1445, 1, 31) is None
    assert from_hijri(900, 1, 1) is None
