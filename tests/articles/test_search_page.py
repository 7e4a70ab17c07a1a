"""The search page as a reader meets it: what is typed, what is answered, what is proposed."""

import random
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.models import TagAlias
from articles.search.indexing import index
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_indexed,
    make_section,
    make_site,
    make_source,
    make_tag,
    make_withdrawn,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site() -> None:
    make_site()


def ask(client: Client, words: str = "", **parameters: Any) -> str:
    response = client.get("/search/", {"q": words} | parameters)
    assert response.status_code == 200
    return response.content.decode()


def headlines(page: str) -> list[str]:
    """Of the results, without their marks."""
    return [re.sub("<.*?>", "", line) for line in re.findall(r"<h3><a href=.*?</h3>", page)]


# --- Results


def test_result_shows_what_was_looked_for(client: Client) -> None:
    make_indexed(
        "افتتاح المكتبة العامة",
        section=make_section("ثقافة", color="amber"),
        body="<p>جاء الناس باكرًا.</p><p>وتضم المكتبةُ قاعة للأطفال &amp; مقهى.</p>",
        authors=(make_author("ليلى منصور"), make_author("سامر حداد")),
        lead_image=make_image(),
        at=datetime(2024, 3, 5, 9, tzinfo=UTC),
    )
    page = ask(client, "مكتبه")
    assert "نتيجة واحدة عن «<bdi>مكتبه</bdi>»" in page
    assert "افتتاح <mark>المكتبة</mark> العامة</bdi></a></h3>" in page
    assert "وتضم <mark>المكتبةُ</mark> قاعة للأطفال &amp; مقهى." in page
    assert "section-amber" in page
    assert "<bdi>ليلى منصور</bdi> و<bdi>سامر حداد</bdi>" in page
    assert "٥ مارس/آذار ٢٠٢٤" in page
    assert 'alt="" width="64"' in page
    assert "<title>البحث عن «مكتبه» | مدار اليوم</title>" in page
    assert '<meta name="robots" content="noindex, follow">' in page
    assert 'rel="canonical"' not in page
    assert 'value="مكتبه"' in page


def test_words_of_editors_and_readers_are_escaped(client: Client) -> None:
    attack = '"><script>alert(1)</script>'
    make_indexed(f"خبر {attack}", authors=(make_author(f"كاتب {attack}"),), standfirst=f"مقدمة {attack}")
    for words in ("alert", attack, f"خبر {attack}"):
        page = ask(client, words)
        assert "<script>alert" not in page
        assert "&amp;lt;" not in page
    shown = ask(client, "alert").replace('<bdi dir="ltr">', "").replace("</bdi>", "")
    assert "&gt;&lt;script&gt;<mark>alert</mark>(1)&lt;/script&gt;" in shown


def test_text_without_the_word_shows_how_it_begins(client: Client) -> None:
    make_indexed("خبر", authors=(make_author("هدى نجار"),), body="<p>افتتحت البلدية حديقة عامة.</p>")
    page = ask(client, "نجار")
    assert "<bdi>هدى <mark>نجار</mark></bdi>" in page
    assert "افتتحت البلدية حديقة عامة." in page


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(1, "نتيجة واحدة عن"), (2, "نتيجتان عن"), (3, "٣ نتائج عن"), (11, "١١ نتيجة عن")],
)
def test_results_are_counted_in_arabic(client: Client, number: int, sentence: str) -> None:
    for _ in range(number):
        make_indexed("افتتاح المكتبة")
    assert sentence in ask(client, "المكتبة")


def test_very_many_results_are_more_than_a_thousand(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.search.finding.MOST_FOUND", 3)
    for _ in range(4):
        make_indexed("افتتاح المكتبة")
    assert "أكثر من ٣ نتيجة عن" in ask(client, "المكتبة")


def test_results_are_paged_and_keep_what_was_asked(client: Client) -> None:
    section = make_section("ثقافة")
    for number in range(11):
        make_indexed(f"افتتاح المكتبة {number}", section=section, at=timezone.now() - timedelta(hours=number + 1))
    asked = {"section": section.slug, "period": "week", "sort": "newest"}
    first = ask(client, "المكتبة", **asked)
    own = "/search/?" + urlencode({"q": "المكتبة"} | asked).replace("&", "&amp;")
    assert headlines(first) == [f"افتتاح المكتبة {number}" for number in range(10)]
    assert f'href="{own}&amp;page=2"' in first
    second = ask(client, "المكتبة", **asked, page=2)
    assert headlines(second) == ["افتتاح المكتبة 10"]
    assert f'rel="prev" href="{own}"' in second
    assert '<ol class="search-results" start="11">' in second
    assert "صفحة ٢ من ٢ |" in second


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "", "02", "١", "99999999999", "\0"])
def test_page_that_is_not_there_is_404(client: Client, number: str) -> None:
    make_indexed("افتتاح المكتبة")
    assert client.get("/search/", {"q": "المكتبة", "page": number}).status_code == 404


def test_search_is_narrowed_by_section_and_period(client: Client) -> None:
    culture, sport = make_section("ثقافة"), make_section("رياضة")
    make_indexed("المكتبة اليوم", section=culture)
    make_indexed("المكتبة قبل أيام", section=sport, at=timezone.now() - timedelta(days=5))
    make_indexed("المكتبة قبل أعوام", section=culture, at=timezone.now() - timedelta(days=800))
    assert len(headlines(ask(client, "المكتبة"))) == 3
    assert headlines(ask(client, "المكتبة", section=sport.slug)) == ["المكتبة قبل أيام"]
    assert headlines(ask(client, "المكتبة", period="day")) == ["المكتبة اليوم"]
    assert headlines(ask(client, "المكتبة", period="week", section=culture.slug)) == ["المكتبة اليوم"]
    assert headlines(ask(client, "المكتبة", period="month")) == ["المكتبة اليوم", "المكتبة قبل أيام"]
    page = ask(client, "المكتبة", period="year", section=culture.slug)
    assert f'<option value="{culture.slug}" selected>' in page
    assert '<option value="year" selected>' in page
    assert '<details class="search-filters" open>' in page


def test_newest_come_first_only_when_asked_for(client: Client) -> None:
    make_indexed("افتتاح المكتبة", at=timezone.now() - timedelta(days=30))
    make_indexed("خبر آخر", body="<p>قرب المكتبة.</p>", at=timezone.now() - timedelta(days=1))
    assert headlines(ask(client, "المكتبة")) == ["افتتاح المكتبة", "خبر آخر"]
    assert headlines(ask(client, "المكتبة", sort="newest")) == ["خبر آخر", "افتتاح المكتبة"]


@pytest.mark.parametrize(
    "parameters",
    [
        {"section": "no-such"},
        {"section": "\0"},
        {"section": "' OR 1=1 --", "period": "century", "sort": "worst"},
        {"period": "\ufffd", "sort": "\0"},
        {"colour": "red"},
    ],
)
def test_what_cannot_be_asked_for_is_ignored(client: Client, parameters: dict[str, str]) -> None:
    make_indexed("افتتاح المكتبة")
    page = ask(client, "المكتبة", **parameters)
    assert headlines(page) == ["افتتاح المكتبة"]
    assert "selected" not in page


def test_unpublished_is_never_found(client: Client) -> None:
    for article in (
        make_article("سر دفين", published=False),
        make_article("سر دفين", at=timezone.now() + timedelta(hours=1)),
        make_withdrawn(headline="سر دفين"),
        make_article("سر دفين", published=False, working_copy_of=make_article()),
    ):
        index([article.pk])
    page = ask(client, "سر دفين")
    assert headlines(page) == []
    assert "لا توجد نتائج عن" in page
    assert client.get("/search/suggest/", {"q": "سر دفين"}).json()["headlines"] == []


# --- No results


def test_empty_form_says_what_to_do(client: Client) -> None:
    article = make_indexed("آخر ما نُشر", section=make_section("ثقافة"))
    for path in ("/search/", "/search/?q=", "/search/?q=%20%20"):
        page = client.get(path).content.decode()
        assert "اكتب كلمة أو أكثر، مثل: أسعار القمح" in page
        assert "<title>البحث | مدار اليوم</title>" in page
        assert article.get_absolute_url() in page
        assert article.section is not None
        assert f'<li><a href="{article.section.get_absolute_url()}"><bdi>ثقافة</bdi></a></li>' in page
        assert "عن «" not in page


def test_nothing_found_gives_advice(client: Client) -> None:
    make_section("ثقافة", slug="culture")
    page = ask(client, "xylophone")
    assert "لا توجد نتائج عن «<bdi>xylophone</bdi>»" in page
    assert "جرّب كلمات أقل أو أعم." in page
    assert "ابحث في كل الأقسام والأوقات" not in page
    narrowed = ask(client, "xylophone", section="culture", sort="newest")
    assert '<a class="text-link" href="/search/?q=xylophone">ابحث في كل الأقسام والأوقات</a>' in narrowed


def test_some_of_the_words_are_offered_when_no_text_has_all(client: Client) -> None:
    make_indexed("افتتاح المسرح البلدي")
    make_indexed("أسعار القمح")
    page = ask(client, "مسرح القمح")
    assert "لا توجد نتائج عن" in page
    assert page.index("لا توجد نتائج عن") < page.index("نتائج فيها بعض الكلمات")
    assert set(headlines(page)) == {"افتتاح المسرح البلدي", "أسعار القمح"}
    assert "نتائج فيها بعض الكلمات" not in ask(client, "مسرح")
    assert "نتائج فيها بعض الكلمات" not in ask(client, "xylophone zebra")


def test_words_to_leave_out_alone_are_no_search(client: Client) -> None:
    make_indexed("افتتاح المكتبة")
    page = ask(client, "-المكتبة")
    assert "لم تكتب سوى كلمات مستبعدة. أضف كلمة تبحث عنها." in page
    assert headlines(page) == []
    assert "لا توجد نتائج" not in page


@pytest.mark.parametrize("words", ["؟؟؟", "«»", "...", "- * ( )", "\u064e\u0651"])
def test_what_is_no_word_is_asked_again(client: Client, words: str) -> None:
    page = ask(client, words)
    assert "اكتب كلمة واحدة على الأقل." in page


def test_long_search_is_cut_and_says_so(client: Client) -> None:
    make_indexed("افتتاح المكتبة")
    page = ask(client, "المكتبة " + "ا" * 300)
    assert "بحثنا عن أول ٢٠٠ حرف فقط مما كتبت." in page
    assert "ا" * 192 in page
    assert "ا" * 193 not in page
    assert "بحثنا عن أول" not in ask(client, "ب" * 200)


HOSTILE = [
    "%00", "a%00b", "%D8%00%A7", "%", "%zz", "%ED%A0%80", "%FF%FE", "%C7%E1", "%F4%90%80%80", "%22", "%22%22%22", "'",
    "AND", "OR+OR", "NOT", "NEAR(a+b)", "a+NEAR/2+b", "(((", "*", "**", "a*", "*a", "title:x", "^a", "a:*", "!a", "a|b",
    "%26", "%3C-%3E", "%5C", "%27%3B+DROP+TABLE", "-", "--a", "-%22a+b", "{a+b}", "a%E2%80%AEb", "%C2%A6", "%C2%A71",
    "%EF%B7%BA", "%D9%80", "%D9%8B", "1.5e9", "٣/٥", "a" * 10_000, quote("ا" * 10_000), "%22" * 3000, "(" * 5000,
    "-" * 9999, "+".join(["ا"] * 4000), quote("\U0001f600" * 500), "%E2%80%8F" * 900, "a%0D%0ASet-Cookie:x",
]  # fmt: skip


def test_hostile_search_gives_a_page(client: Client) -> None:
    make_indexed("افتتاح المكتبة AND OR a b")
    for words in HOSTILE:
        response = client.get(f"/search/?q={words}")
        assert response.status_code == 200, words[:40]
        assert "\0" not in response.content.decode()
        assert client.get(f"/search/suggest/?q={words}").status_code == 200, words[:40]


def test_any_search_gives_a_page(client: Client) -> None:
    make_indexed("افتتاح المكتبة AND OR a b")
    generator = random.Random(31)  # noqa: S311 - the same searches every time
    pieces = [
        '"',
        "«",
        "»",
        "-",
        "*",
        "(",
        ")",
        " ",
        ":",
        "^",
        "'",
        "\\",
        "%",
        "AND",
        "OR",
        "NOT",
        "NEAR",
        "\0",
        "\u202e",
    ]
    for _ in range(150):
        typed = [
            generator.choice(pieces) if generator.random() < 0.6 else chr(generator.randrange(0xD800))
            for _ in range(40)
        ]
        words = "".join(typed)[: generator.randrange(41)]
        assert client.get("/search/", {"q": words}).status_code == 200, words
        assert client.get("/search/suggest/", {"q": words}).status_code == 200, words


def test_search_only_reads(client: Client) -> None:
    assert client.post("/search/", {"q": "x"}).status_code == 405
    assert client.post("/search/suggest/", {"q": "x"}).status_code == 405


def test_null_bytes_are_refused_elsewhere(client: Client) -> None:
    assert client.get("/?q=%00").status_code == 400
    assert client.get("/searching/?q=%00").status_code == 400


@pytest.mark.parametrize("number", [1, 3])
def test_search_takes_a_fixed_number_of_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for _ in range(number):
        make_indexed(
            "افتتاح المكتبة", lead_image=make_image(), authors=(make_author(), make_author()), section=make_section()
        )
        make_indexed("أسعار القمح")
    for words in ("", "المكتبة", "المكتبة القمح", "المسرح القمح", "xylophone", "-المكتبة"):
        with django_assert_max_num_queries(8):
            ask(client, words)


def test_search_sets_no_cookie(client: Client) -> None:
    response = client.get("/search/?q=x")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


# --- While somebody types


def suggestions(client: Client, words: str) -> dict[str, Any]:
    response = client.get("/search/suggest/", {"q": words})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    return response.json()


def test_topics_are_proposed_by_their_beginning(client: Client) -> None:
    section, tag = make_section("الاقتصاد"), make_tag("الأسواق القديمة")
    author, source = make_author("أحمد سويدان"), make_source("وكالة الساحل")
    make_indexed(section=section, tags=(tag,), authors=(author,), sources=(source,))
    for words, kind, row in (
        ("اقتص", "قسم", section),
        ("الاقتص", "قسم", section),
        ("اسوا", "وسم", tag),
        ("الأسواق الق", "وسم", tag),
        ("قديم", "وسم", tag),
        ("احمد", "بقلم", author),
        ("سويد", "بقلم", author),
        ("ساح", "مصدر", source),
    ):
        topic = {"kind": kind, "name": str(row), "address": row.get_absolute_url()}
        assert topic in suggestions(client, words)["topics"], words


def test_alias_of_a_tag_proposes_the_tag(client: Client) -> None:
    tag = make_tag("سوريا")
    TagAlias.objects.create(tag=tag, name="الجمهورية العربية السورية")
    make_indexed(tags=(tag,))
    assert [topic["name"] for topic in suggestions(client, "جمهوري")["topics"]] == ["سوريا"]


def test_topics_of_drafts_alone_are_not_proposed(client: Client) -> None:
    tag, author, source = make_tag("سر"), make_author("سر"), make_source("سر")
    make_indexed(published=False, tags=(tag,), authors=(author,), sources=(source,))
    assert suggestions(client, "سر")["topics"] == []


def test_headlines_are_proposed_newest_first(client: Client) -> None:
    for number in range(8):
        make_indexed(f"افتتاح المكتبة {number}", at=timezone.now() - timedelta(days=number + 1))
    answer = suggestions(client, "افتتاح المكت")
    assert [row["name"] for row in answer["headlines"]] == [f"افتتاح المكتبة {number}" for number in range(6)]
    assert answer["said"] == "٦ اقتراحات"


@pytest.mark.parametrize("words", ["", " ", "؟", "-", "*"])
def test_nothing_is_proposed_for_nothing(client: Client, words: str) -> None:
    make_indexed("افتتاح المكتبة", tags=(make_tag("وسم"),))
    assert suggestions(client, words) == {"topics": [], "headlines": [], "said": "لا اقتراحات"}


def test_proposals_take_a_fixed_number_of_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(4):
        make_indexed("افتتاح المكتبة", tags=(make_tag(f"مكتبة {number}"),))
    with django_assert_max_num_queries(9):
        suggestions(client, "مكتب")


# --- Where it can be reached from


def test_every_page_leads_to_the_search(client: Client) -> None:
    page = client.get("/").content.decode()
    assert 'href="/search/"' in page
    assert page.count('role="search"') == 1
    assert ask(client).count('role="search"') == 1


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/news/987654/سعر-الصرف/", "سعر الصرف"),
        ("/news/987654/سعر-الصرف/more/", "سعر الصرف"),
        ("/tags/القمح،", "القمح"),
        ("/politics/12-سعر-القمح.html", "سعر القمح html"),
        ("/news/987654/", ""),
        ("/wp-login.php", ""),
        ("/ab/", ""),
    ],
)
def test_lost_address_proposes_its_words(client: Client, path: str, words: str) -> None:
    response = client.get(quote(path))
    assert response.status_code == 404
    assert (
        f'id="missing-words" name="q" type="search" dir="auto" enterkeyhint="search" maxlength="200" value="{words}"'
        in (response.content.decode())
    )
