import pytest

from articles.checklist import CHECKS, mended
from articles.checklist.mending import MENDABLE
from articles.models import Article, AvoidedWord
from tests.factories import make_article

pytestmark = pytest.mark.django_db

# What must never be touched, in one text.
RIGHT = """<p>قال مارتن لوثر كينغ: “I have a dream, friends; do you?” في عام 1963، أمام 250,000 شخص.</p>
<p>عند 10:30 و11:45، بين 2019 و2024، وبنتيجة 2-1، دفعوا 1,500.75 ليرة لشركة C++ و«Node.js».</p>
<p>انظر https://example.com/a?b=c,d;e أو <a href="https://example.org/?q=أ,ب">example.org/?q=1,2</a>، أو a@b.co.</p>
<p>الأسرة 👨\u200d👩\u200d👧 سعيدة، و<span lang="fa">این کتاب, خوب است</span>، و<code>if (a, b) ? c : d;</code>.</p>
<p>لـ«الحياة» الـ21، وسنة 1447 هـ، و#سوريا_اليوم، وقال: «إن “نعم” كافية».</p>"""


def mend_all(**fields: str) -> dict[str, str]:
    return dict(mended(make_article(published=False, **fields), MENDABLE).values)


def test_a_text_that_is_right_is_not_touched() -> None:
    assert mend_all(body=RIGHT, headline="«نعم» لـ«الحياة»، في 2026") == {}


def test_every_field_is_mended() -> None:
    faulty, right = "قال الوزير, نعم", "قال الوزير، نعم"
    fields = ("headline", "kicker", "promo_headline", "standfirst", "key_points", "lead_caption")
    assert mend_all(**dict.fromkeys(fields, faulty)) == dict.fromkeys(fields, right)


def test_what_is_mended_once_needs_no_second_time() -> None:
    body = '<p>قال الوزير ,إن "الأمر , انتهى" ; والعدد 15 و٢٠ و٣٠  _ نعم</p>'
    article = make_article("افتتاح حديقة عامة", body=body, published=False)
    first = mended(article, MENDABLE)
    article.body = first.values["body"]
    assert article.body == "<p>قال الوزير، إن «الأمر، انتهى»؛ والعدد ١٥ و٢٠ و٣٠ – نعم</p>"
    assert mended(article, MENDABLE).values == {}
    assert set(first.checks) == {"latin_signs", "quotation_marks", "spaces", "mixed_digits", "separators"}


def test_only_what_is_asked_for_is_mended() -> None:
    article = make_article(headline='قال, "نعم"', published=False)
    assert mended(article, ["quotation_marks", "nonsense"]).values == {"headline": "قال, «نعم»"}


def test_nothing_is_written() -> None:
    article = make_article(headline="قال, نعم", published=False)
    mended(article, MENDABLE)
    assert Article.objects.get(pk=article.pk).headline == "قال, نعم"


@pytest.mark.parametrize(
    ("word", "instead", "line", "right"),
    [
        ("إرهابي", "مسلح", "وصل إرهابي والإرهابي وبإرهابى", "وصل مسلح والمسلح وبمسلح"),
        ("قتلى", "ضحايا", "بالقتلى وللقتلى وقتلى", "بالضحايا وللضحايا وضحايا"),
        ("الكيان", "إسرائيل", "قال للكيان والكيان", "قال لإسرائيل وإسرائيل"),
        ("تم افتتاح", "افتُتح", "وتم افتتاح الجسر", "وافتُتح الجسر"),
        ("قتلى", "ضحايا", "قال: «سقط قتلى» أمس", "قال: «سقط قتلى» أمس"),
        ("قتلى", "", "سقط قتلى أمس", "سقط قتلى أمس"),
        ("قتلى", "ضحايا", "انظر https://example.com/قتلى الآن", "انظر https://example.com/قتلى الآن"),
    ],
)
def test_avoided_words_become_the_others_with_what_is_glued_to_them(
    word: str, instead: str, line: str, right: str
) -> None:
    AvoidedWord.objects.create(word=word, instead=instead)
    assert mend_all(standfirst=line).get("standfirst", line) == right


def test_every_check_with_a_fix_is_one_of_the_catalogue() -> None:
    assert set(MENDABLE) == {check.name for check in CHECKS if check.is_mendable}
