"""The search from the typed words to the ordered answers, the same on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from articles.models import Article, SearchDocument, Synonym
from articles.publishing import publish, return_to_draft, withdraw
from articles.search import Marker, current_vocabulary, find, parse, suggest_headlines
from articles.search.indexing import complete, count_stale, declare_all_old, forget, index, reindex
from tests.factories import BODY, make_article, make_author, make_indexed, make_section, make_source, make_user

pytestmark = pytest.mark.django_db


def search(typed: str, **kwargs: object) -> list[str]:
    """The headlines that answer, in their order."""
    words = current_vocabulary()
    found = find(parse(typed, words.analyser, words.synonyms), **kwargs)
    rows = Article.objects.in_bulk(found.ids)
    return [rows[pk].headline for pk in found.ids]


def test_words_are_found_in_headline_and_body() -> None:
    make_indexed("افتتاح معرض الكتاب", body="<p>حضر الافتتاح جمهور واسع.</p>")
    assert search("معرض") == ["افتتاح معرض الكتاب"]
    assert search("جمهور") == ["افتتاح معرض الكتاب"]
    assert search("مهرجان") == []


def test_all_words_must_be_there_and_excluded_ones_not() -> None:
    make_indexed("حريق في الغابة", body="<p>أُخمد الحريق ليلا.</p>")
    make_indexed("حريق في المصنع", body="<p>لا إصابات.</p>")
    assert search("حريق مصنع") == ["حريق في المصنع"]
    assert search("حريق -مصنع") == ["حريق في الغابة"]
    # Excluded words count in the whole article, also where the wanted ones stand in the headline.
    assert search("حريق -إصابات") == ["حريق في الغابة"]
    assert search("-حريق") == []


@pytest.mark.parametrize("typed", ['"مجلس الأمن"', "«مجلس الأمن»", "“مجلس الأمن”"])
def test_a_phrase_asks_for_its_words_in_this_order(typed: str) -> None:
    make_indexed("اجتماع طارئ", body="<p>دعا مجلس الأمن إلى جلسة.</p>")
    make_indexed("خبر آخر", body="<p>قال الأمن إن مجلس المدينة انعقد.</p>")
    assert search(typed) == ["اجتماع طارئ"]


def test_a_phrase_reaches_over_no_paragraph() -> None:
    make_indexed("خبر", body="<p>انعقد مجلس</p><p>الأمن الغذائي يتصدر</p>")
    assert search('"مجلس الأمن"') == []
    assert search("مجلس الأمن") == ["خبر"]


def test_formatting_cuts_no_word() -> None:
    make_indexed("خبر", body="<p>أعلنت ال<strong>وزارة</strong> عن خطة.</p>")
    assert search("الوزارة") == ["خبر"]


def test_a_star_asks_for_the_beginning() -> None:
    make_indexed("إضراب المستشفيات")
    assert search("مستش*") == ["إضراب المستشفيات"]
    assert search("مستش") == []


def test_names_tags_and_sources_are_found(clock: object) -> None:
    article = make_article(
        "خبر", authors=(make_author("ليلى منصور"),), sources=(make_source("وكالة المدى"),), tags=("فيضانات",)
    )
    index([article.pk])
    for typed in ("ليلى منصور", "وكالة المدى", "فيضانات"):
        assert search(typed) == ["خبر"], typed


def test_a_title_counts_as_four_months(clock: object) -> None:
    now = timezone.now()
    make_indexed("ندوة عن المياه", at=now - timedelta(days=119), body="<p>نص.</p>")
    make_indexed("خبر حديث", at=now, body="<p>تحدث عن المياه.</p>")
    make_indexed("حلقة عن المياه", at=now - timedelta(days=121), body="<p>نص.</p>")
    assert search("المياه") == ["ندوة عن المياه", "خبر حديث", "حلقة عن المياه"]
    assert search("المياه", newest_first=True) == ["خبر حديث", "ندوة عن المياه", "حلقة عن المياه"]


def test_of_one_second_the_later_article_comes_first(clock: object) -> None:
    moment = timezone.now()
    for number in ("الأولى", "الثانية", "الثالثة"):
        make_indexed(f"الجولة {number}", at=moment)
    assert search("جولة") == ["الجولة الثالثة", "الجولة الثانية", "الجولة الأولى"]


def test_a_search_can_be_narrowed(clock: object) -> None:
    sport, city = make_section("رياضة"), make_section("محليات")
    now = timezone.now()
    make_indexed("مباراة قديمة", section=sport, at=now - timedelta(days=40))
    make_indexed("مباراة اليوم", section=sport, at=now - timedelta(hours=3))
    make_indexed("مباراة في الحي", section=city, at=now - timedelta(hours=2))
    assert search("مباراة", section=sport) == ["مباراة اليوم", "مباراة قديمة"]
    assert search("مباراة", since=now - timedelta(days=7)) == ["مباراة في الحي", "مباراة اليوم"]
    assert search("مباراة", section=city, since=now - timedelta(days=7)) == ["مباراة في الحي"]


def test_old_years_are_found_behind_many_new_months(clock: object) -> None:
    for year in (1994, 2003, 2025):
        make_indexed(f"زلزال {year}", at=datetime(year, 5, 6, tzinfo=UTC))
    make_indexed("خبر اليوم", body="<p>لا شيء.</p>")
    assert search("زلزال") == ["زلزال 2025", "زلزال 2003", "زلزال 1994"]


def test_readers_find_nothing_that_they_may_not_see(clock: object) -> None:
    make_indexed("مسودة سرية", published=False)
    later = make_indexed("خبر مجدول", at=timezone.now() + timedelta(hours=1))
    assert search("مسودة") == []
    assert search("مجدول") == []
    clock.shift(3601)
    assert search("مجدول") == [later.headline]


def test_each_deed_tells_the_search(clock: object) -> None:
    chief = make_user("chief_editor", is_superuser=True)
    article = make_article("اكتشاف أثري", published=False, body=BODY)
    publish(article, by=chief)
    assert search("اكتشاف") == ["اكتشاف أثري"]
    withdraw(article, by=chief, note="خطأ في المصدر.")
    assert search("اكتشاف") == []


def test_a_deleted_article_leaves_nothing_behind() -> None:
    article = make_indexed("جسر جديد")
    article.delete()
    assert search("جسر") == []
    assert not SearchDocument.objects.exists()


def test_what_the_search_comes_with_means_the_same() -> None:
    make_indexed("أزمة في سورية")
    make_indexed("زيارة إلى أميركا")
    assert search("سوريا") == ["أزمة في سورية"]
    assert search("أمريكا") == ["زيارة إلى أميركا"]


def test_the_desk_joins_words_and_parts_them() -> None:
    make_indexed("شراء حاسوب")
    make_indexed("زيارة إلى أميركا")
    assert search("رقعة") == []
    Synonym.objects.create(words="رقعة، حاسوب")
    assert search("رقعة") == ["شراء حاسوب"]
    Synonym.objects.create(words="أمريكا، أميركا", is_off=True)
    assert search("أمريكا") == []


HOSTILE = [
    "", " ", "\0", "a\0b", '"', '""', '"""', "«", "*", "**", "-", "--", "- -", "-*", '-"', "( ) : ^ { }", "AND",
    "OR NOT NEAR(a b, 3)", "title: x", "col:x", "'; DROP TABLE x; --", "\\", "%", "_", "\ud800", "\udfff\ud800",
    "ا" * 10_000, "ا " * 5_000, '"' * 10_000, "-" * 10_000, "*" * 10_000, "\u202e\u200f", "ًٌٍ", "ـــ", "💥", "§1",
    "¤24310", "¦", "e\u0301" * 300, "ﷲ ﷺ", "<b>x</b>", "&amp;", "1/2", "3.5", "F-16", "كوفيد-19",
    '"كوفيد-19" -"لقاح', "x" * 64 + "y", "\u0d15\u0d4d", "नमस्ते", "日本語 ニュース", "a" * 3000 + "*", "NEAR/5", "!",
    "&", "|", "<->", ":*", "a:*", "a b c d e f g h i j k l m n o p q r s t", "-a -b", "ا*", "و* ال*", "١٬٥٠٠٫٢٥",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_that_is_typed_is_an_error(typed: str) -> None:
    make_indexed("خبر")
    words = current_vocabulary()
    query = parse(typed, words.analyser, words.synonyms)
    find(query)
    find(query.of_any_word())
    suggest_headlines(typed)
    marker = Marker(query, words.analyser)
    assert "<script" not in marker.highlight(typed + "<script>")
    marker.snippet([typed, "خبر"])


def test_what_another_analyser_made_is_made_anew() -> None:
    make_article("الأول")
    make_indexed("الثاني")
    assert count_stale() == (1, 0)
    assert sum(complete()) == 1
    assert count_stale() == (0, 0)
    declare_all_old()
    assert count_stale() == (0, 2)
    assert sum(reindex()) == 2
    assert forget(Article.objects.filter(headline="الأول")) == 1
    assert count_stale() == (0, 1)


def test_as_you_type_the_last_word_may_go_on() -> None:
    make_indexed("انتخابات البلدية")
    make_indexed("خبر آخر", body="<p>انتخابات</p>")
    assert [article.headline for article in suggest_headlines("بلدية انتخ")] == ["انتخابات البلدية"]


@pytest.mark.parametrize(
    ("typed", "written"), [("عبدالله", "عبد الله"), ("عبد الرحمن", "عبدالرحمن"), ("أبو ظبي", "أبوظبي")]
)
def test_names_of_two_words_are_found_in_one_and_in_two(typed: str, written: str) -> None:
    make_indexed(f"زيارة {written} للمعرض")
    make_indexed(f"زيارة {typed} للحديقة")
    assert len(search(typed)) == 2
    assert len(search(f"زيارة {written}")) == 2


def test_a_story_that_waits_for_its_second_publication_is_not_counted(clock: object) -> None:
    chief = make_user("chief_editor", is_superuser=True)
    article = make_article("اكتشاف أثري", published=False, body=BODY)
    publish(article, by=chief)
    clock.shift(3600)
    withdraw(article, by=chief, note="خطأ في المصدر.")
    return_to_draft(article, by=chief)
    publish(article, by=chief, at=timezone.now() + timedelta(hours=1))
    assert search("اكتشاف") == []
    assert suggest_headlines("اكتشاف") == []
    clock.shift(3601)
    assert search("اكتشاف") == ["اكتشاف أثري"]
