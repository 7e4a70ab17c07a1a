"""Counts with their noun, written out: 0 to 12, and 100 to 111, where the forms begin anew."""

import pytest

from articles.templatetags.counting import article_count, minute_count
from pages.current import forget_site
from tests.factories import make_site

pytestmark = pytest.mark.django_db

ARTICLES = """
لا مواد · مادة واحدة · مادتان · 3 مواد · 4 مواد · 5 مواد · 6 مواد · 7 مواد · 8 مواد · 9 مواد · 10 مواد
11 مادة · 12 مادة
100 مادة · 101 مادة · 102 مادة · 103 مواد · 104 مواد · 105 مواد · 106 مواد · 107 مواد · 108 مواد · 109 مواد · 110 مواد
111 مادة
"""
MINUTES = """
أقل من دقيقة · دقيقة واحدة · دقيقتان · 3 دقائق · 4 دقائق · 5 دقائق · 6 دقائق · 7 دقائق · 8 دقائق · 9 دقائق · 10 دقائق
11 دقيقة · 12 دقيقة
100 دقيقة · 101 دقيقة · 102 دقيقة · 103 دقائق · 104 دقائق · 105 دقائق · 106 دقائق · 107 دقائق · 108 دقائق · 109 دقائق
110 دقائق · 111 دقيقة
"""
NUMBERS = [*range(13), *range(100, 112)]
TO_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def cells(table: str) -> list[str]:
    return [cell.strip() for line in table.strip().splitlines() for cell in line.split("·")]


@pytest.mark.parametrize("digits", ["latn", "arab"])
@pytest.mark.parametrize(("count", "table"), [(article_count, ARTICLES), (minute_count, MINUTES)])
def test_counts_agree_with_their_noun(count, table: str, digits: str) -> None:
    make_site(digits=digits)
    forget_site()
    expected = cells(table if digits == "latn" else table.translate(TO_ARABIC_INDIC))
    assert dict(zip(NUMBERS, map(count, NUMBERS), strict=True)) == dict(zip(NUMBERS, expected, strict=True))
