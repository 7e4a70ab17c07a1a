import random
import re
from collections import Counter
from datetime import date

import pytest

from articles.recognising import BlockType, Dropped, Reason, Recognised, Warn, recognise
from newsroom.lib.arabic import fold_letters
from newsroom.lib.decoding import Undecodable, decode
from newsroom.lib.hygiene import clean_text
from tests.articles.texts import FIXTURES, seed

STORY = "بدأت البلدية تنظيف مجرى النهر قبل موسم الأمطار.\nويعمل في المشروع أربعون عاملًا من أبناء الحي.\n"
ENOUGH = 14
FURNITURE = """
الوضع المظلم
Logo
شعار الموقع
إعلان
مساحة إعلانية
مباشر
T T
TT
ع ع ع
شارِكْ
شارك الخبر
شارك المقال عبر
فيسبوك تويتر واتساب
نسخ الرابط
طباعة
استمع للمقال
مدة القراءة: 3 دقائق
3 دقائق
قراءة 3 دقائق
عدد المشاهدات: 1,240
1,064 شوهد
414 زيارة
0 تعليقات
التعليقات (3)
لا توجد تعليقات
اترك تعليقًا
قبل 3 ساعات
منذ ساعتين
منذ يوم واحد
جميع الحقوق محفوظة © 2026
© 2026 مدار اليوم
الخبر السابق
تابعونا على فيسبوك
تابعوا آخر الأخبار من مدار اليوم على Google News
متابعة أخبار سانا على التلغرام https://t.me/example
اشترك في قائمتنا البريدية للحصول على التحديثات الجديدة!
سجل بريدك الإلكتروني ليصلك كل جديد في نشرتنا
النشرة الإخبارية
بريدك الإلكتروني
https://example.com/a/b
هذا الموقع يستخدم ملفات تعريف الارتباط لتحسين تجربتك.
* * *
googletag.display('div-gpt-ad-1');
Skip to content
List 1 of 2
تخطى قصص مقترحة وواصل القراءة
لن يتم نشر عنوان بريدك الإلكتروني.
رئيس التحرير: سامر العلي
شارك عبر
هل أعجبك المقال؟
انتقل إلى شريط التنقل الرئيسي
حقوق النشر محفوظة © 2026 شبكة المدار
حقوق النشر © شبكة المدار
اشترك في نشرتنا البريدية ليصلك كل جديد.
المقال يعبر عن رأي كاتبه ولا يعبر بالضرورة عن رأي الموقع.
احفظ اسمي وبريدي الإلكتروني والموقع الإلكتروني في هذا المتصفح لاستخدامها المرة المقبلة في تعليقي.
""".strip().splitlines()


def kinds(story: Recognised) -> list[str]:
    return [block.type.value for block in story.blocks]


def texts(story: Recognised, kind: BlockType) -> list[str]:
    return [block.text for block in story.blocks if block.type == kind]


def reasons(story: Recognised) -> dict[str, Reason]:
    return {line.text: line.reason for line in story.dropped}


def readable_texts() -> list[str]:
    decoded = []
    for path in sorted(FIXTURES.glob("*.txt")):
        try:
            decoded.append(decode(path.read_bytes()).text)
        except Undecodable:
            continue
    return decoded


def check_laws(text: str) -> None:
    """Every line has one fate, every fate is in the result, no real paragraph is set aside without cause."""
    story = recognise(text)
    lines = [line for line in clean_text(text).split("\n") if line.strip()]
    assert Counter(fate.text for fate in story.fates) == Counter(lines)
    assert all(fate.place for fate in story.fates)
    body = "\n".join(block.text for block in story.blocks)
    kept = [
        story.headline,
        story.subtitle,
        story.lead_caption,
        story.byline,
        body,
        *story.sources,
        *story.tags,
    ]
    said = "".join("".join(part.split()) for part in kept if part)
    said += "".join("".join(line.text.split()) for line in story.dropped)
    for fate in story.fates:
        if fate.place in {"headline", "subtitle", "paragraph", "subheading", "quote", "dropped"}:
            words = "".join(fate.text.split())
            plain = words.replace("*", "").strip("•·▪-–—>|_\ufe0f")
            assert words in said or plain in said.replace("*", ""), fate
    for line in story.dropped:
        assert not is_real_paragraph(line.text) or line.reason in SAID_TWICE or is_of_the_site(line), line


SAID_TWICE = {Reason.DUPLICATE, Reason.BREADCRUMB, Reason.TOO_LONG}
# What sites print below and beside every story; letters are folded, so that a shape is written once.
SENTENCES_OF_SITES = re.compile(
    fold_letters(
        "^(?:اشترك|سجل|انضم|للاشتراك|احصل على|أدخل).{0,30}(?:نشرة|نشرتنا|قائمتنا|بريدك)"
        "|^(?:لن يتم نشر عنوان|احفظ اسمي|يجب .{0,20}تسجيل الدخول|يجب أن تكون مسجلا|التعليقات .{0,20}لا تعبر)"
        "|(?:نستخدم|يستخدم|باستخدامك|بالمتابعة|باستمرارك) .{0,110}(?:الارتباط|الكوكيز)"
        "|^(?:الآراء|المقال|هذا المقال|هذه المقالة|المقالات) .{0,40}(?:يعبر|تعبر)"
        "|حقوق .{0,30}محفوظة|^©|https?://|t\\.me/|ليست مسؤولة عن محتوى|^الأخبار المنشورة على|^إذا كنت تعتقد أن"
        "|^.?(?:إعداد|تحرير|ترجمة|تغطية|شارك في|كتابة) .{0,150}[)\\]]\\.?$|^(?:انتهى|النهاية|يتبع)\\W*$"
        "|googletag|function|window"
    )
)


def is_real_paragraph(text: str) -> bool:
    """More than 14 words, or a sentence with its full stop."""
    ends = text.rstrip("\"'»”’)] ")
    return len(text.split()) > ENOUGH or (ends.endswith(".") and not ends.endswith(".."))


def is_of_the_site(line: Dropped) -> bool:
    """One of the sentences that sites print, a line without words, or a date beside known names."""
    has_words = any(map(str.isalpha, line.text))
    is_date = line.reason == Reason.DATE and any(map(str.isdigit, line.text)) and not line.text.endswith(".")
    return not has_words or is_date or bool(SENTENCES_OF_SITES.search(fold_letters(line.text.lower())))


def test_every_fixture_keeps_the_laws() -> None:
    for text in readable_texts():
        check_laws(text)


def test_shuffled_lines_keep_the_laws() -> None:
    generator = random.Random(20261120)  # noqa: S311 - not for secrets
    lines = [line for text in readable_texts() for line in text.splitlines()]
    for _round in range(150):
        check_laws("\n".join(generator.choices(lines, k=generator.randint(1, 40))))


def test_recognising_is_repeatable() -> None:
    for text in readable_texts():
        assert recognise(text) == recognise(text)


def test_first_real_text() -> None:
    story = recognise(decode(seed("000")).text)
    assert story.date == date(2024, 5, 3)
    assert story.headline is not None
    assert story.lead_caption is not None
    assert len(story.headline.split()) == 10
    assert len(story.lead_caption.split()) == 3
    assert kinds(story) == [
        *["paragraph"] * 4, "caption", *["paragraph"] * 5, "related", *["paragraph"] * 2,
    ]  # fmt: skip
    assert len(story.sources) == 2
    assert Counter(line.reason for line in story.dropped) == {
        Reason.CHROME: 2, Reason.DATE: 1, Reason.BREADCRUMB: 1, Reason.NEWSLETTER: 2,
    }  # fmt: skip
    assert story.warnings == ()


def test_second_real_text() -> None:
    story = recognise(decode(seed("002")).text)
    assert kinds(story) == ["paragraph"] * 10
    assert (story.headline, story.date, story.sources, story.dropped) == (None, None, (), ())


@pytest.mark.parametrize(
    "line",
    [
        "الجمعة 3 مايو 2024 كان يومًا طويلًا على الصيادين.",
        "شارك في الحملة أكثر من مئتي متطوع.",
        "شارك في الحملة آلاف المتطوعين من المدن القريبة",
        "كتب أحد المتطوعين على صفحته: «لم أعرف هذا من قبل».",
        "شاهد عيان قال إن القوارب عادت إلى الرصيف.",
        "تابع المسؤول حديثه عن الخطة الجديدة.",
        "تابع المسؤول الأممي جولته في القرى",
        "المزيد من المعدات وصل إلى الميناء.",
        "لن نتوقف.",
        "لم يعد.",
        "أمس...",
        "استمع إلى شكاوى الأهالي.",
        "انتهى الاجتماع.",
        "انتهى كل شيء.",
        "نلتقي غدًا.",
        "12 مايو 2024.",
        "بحث المجلس البلدي أمس في طرق تصريف المياه.",
        "شارك.",
        "سجّل في هذا الشتاء اثنان وأربعون يومًا ماطرًا، وهو رقم لم يعرفه أحد في بريدك يا قريتنا كما كتب شاعرها.",
        "جميع الحقوق محفوظة لأصحاب الأراضي التي غمرتها المياه، كما أكد المحافظ في اجتماعه مساء أمس.",
        "هذا المقال يعبر عن قلق جيل كامل.",
        "هذا الموقع الأثري يستقبل عشرة آلاف زائر، وتباع الكوكيز عند بابه.",
        "انتقل إلى قائمة المرشحين كاتبان من المدينة",
        "(كتابة الرسائل بخط اليد عادة قديمة في هذا البيت.)",
        "تابع المسؤول حديثه على صفحته https://example.org وقال إن العمل يستمر حتى الصيف المقبل من دون توقف.",
        "النشرة الجوية تتوقع رياحًا قوية بعد منتصف الليل.",
        "المصدر نفسه أوضح أن العمل لم يتأخر.",
        "الصورة التي التقطها الصياد انتشرت في المدينة.",
        "إعلان بيروت يوصي بحماية الشواطئ",
        "وأضاف المصدر: «سنعود الأسبوع المقبل».",
        "المصدر: «لا نعرف متى تنتهي الأعمال».",
        "«اقرأ كي تعرف» شعار الحملة هذا العام",
        "2-1",
        "سجل المتطوعون أسماءهم في قائمة معلقة على الباب.",
        "سجل أكثر من مئة مشترك في النشرة البريدية للمركز خلال أسبوع.",
        "اشترك في النشرة البريدية للمتحف أكثر من ألفي قارئ، بحسب القائمين عليها.",
        "أزمة بلا نهاية",
        "كتب تراثية نادرة",
        "هاتف محمول جديد يحمل 3 عدسات.",
        "وقال إن جميع الحقوق محفوظة للورثة بموجب العقد الجديد.",
        "رئيس التحرير السابق للصحيفة قال إن العدد الأول طُبع في هذا المبنى.",
        "استخدمت المواقع ملفات تعريف الارتباط لجمع بيانات الزوار، وفق الدراسة.",
        "طباعة الملصقات تكفل بها طلاب معهد الفنون.",
        "انضم اللاعب إلى تطبيق رياضي يديره أصدقاؤه.",
        "حمل التطبيق اسم المدينة القديمة.",
    ],
)
def test_lines_of_the_story_that_look_like_furniture_stay(line: str) -> None:
    story = recognise(f"حملة لتنظيف مجرى النهر\n\n{STORY}{line}\n{STORY.replace('الحي', 'المدينة')}")
    kept = [block.text for block in story.blocks]
    assert line in kept
    assert story.dropped == ()


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_is_set_aside_wherever_it_stands(line: str) -> None:
    for text in (f"{line}\n{STORY}", f"{STORY}{line}\n{STORY.replace('الحي', 'المدينة')}", f"{STORY}{line}"):
        story = recognise(text)
        assert line in reasons(story)
        assert set(kinds(story)) == {"paragraph"}


@pytest.mark.parametrize(
    ("trail", "headline"),
    [
        ("الرئيسية > أخبار > محليات", "بلدية السروة توسع الحدائق العامة"),
        ("الرئيسية › محليات › بلدية السروة توسع الحدائق العامة", "بلدية السروة توسع الحدائق العامة"),
        ("الرئيسية » محليات » بلدية السروة توسع الحدائق العامة", "بلدية السروة توسع الحدائق العامة"),
        ("الرئيسية/محليات/بلدية السروة توسع الحدائق العامة", "بلدية السروة توسع الحدائق العامة"),
        ("أخبار|سوريا", "بلدية السروة توسع الحدائق العامة"),
        ("• بلدية السروة توسع الحدائق العامة", "بلدية السروة توسع الحدائق العامة"),
        ("بلدية السروة توسع الحدائق العامة | مدار اليوم", "بلدية السروة توسع الحدائق العامة"),
        ("بلدية السروة توسّع الحدائق العامّة - مدار اليوم", "بلدية السروة توسع الحدائق العامة"),
    ],
)
def test_breadcrumb_and_page_title_point_to_the_headline(trail: str, headline: str) -> None:
    story = recognise(f"شبكة مدار الإخبارية\n{trail}\n{headline}\n\n{STORY}")
    assert story.headline == headline
    assert reasons(story)[trail] in {Reason.BREADCRUMB, Reason.DUPLICATE}


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("كتب: سامر العلي", "سامر العلي"),
        ("كتبت - ليلى منصور", "ليلى منصور"),
        ("كتب أحمد جمال", "أحمد جمال"),
        ("بقلم هدى سليم", "هدى سليم"),
        ("بقلم: د. نور الحلبي", "د. نور الحلبي"),
        ("إعداد: سامر العلي وليلى منصور", "سامر العلي، ليلى منصور"),
        ("كتب: محمد علي وائل حسن", "محمد علي وائل حسن"),
        ("By Samir Haddad", "Samir Haddad"),
        ("By: Samir Haddad", "Samir Haddad"),
        ("بقلم: سامر حدّاد", "سامر حدّاد"),
        ("حاورته: ليلى منصور", "ليلى منصور"),
        ("سمر حدّاد - كاتبة من السروة", "سمر حدّاد"),
        ("أنقرة: سعيد عبد الرازق", "سعيد عبد الرازق"),
        ("نُشر بواسطة ليلى منصور في 3 مايو 2026", "ليلى منصور"),
        ("سياسة | ليلى منصور | 3 مايو 2026", "ليلى منصور"),
    ],
)
def test_names_under_the_headline(line: str, byline: str | None) -> None:
    story = recognise(f"بلدية السروة توسع الحدائق العامة\n{line}\n\n{STORY}")
    assert story.byline == byline
    assert story.headline == "بلدية السروة توسع الحدائق العامة"


@pytest.mark.parametrize(
    ("line", "sources"),
    [
        ("المصدر: الجزيرة + وكالات", ("الجزيرة", "وكالات")),
        ("المصدر : رويترز", ("رويترز",)),
        ("المصدر: الموقع الرسمي للبلدية", ("الموقع الرسمي للبلدية",)),
        ("(رويترز)", ("رويترز",)),
        ("رويترز، أ ف ب", ("رويترز", "أ ف ب")),
        ("الجزيرة ووكالات", ("الجزيرة", "وكالات")),
        ("مدى برس_ العربية نت", ("مدى برس", "العربية نت")),
        ("الأناضول - رويترز", ("الأناضول", "رويترز")),
        ("وكالات/ مواقع", ("وكالات", "مواقع")),
        ("المصدر: وكالة أنباء التلال / أ ف ب", ("وكالة أنباء التلال", "أ ف ب")),
        ("ع.غ/ ح.ز (رويترز)", ("رويترز",)),
        ("(رويترز) س م / ع ر", ("رويترز",)),
        ("نقلًا عن صحيفة الوطن", ("صحيفة الوطن",)),
        ("سامر والأصدقاء", ()),
    ],
)
def test_source_lines_at_the_end(line: str, sources: tuple[str, ...]) -> None:
    assert recognise(f"{STORY}\n{line}\n").sources == sources


@pytest.mark.parametrize(
    ("opening", "source"),
    [
        ("بيروت (رويترز) - ", "رويترز"),
        ("لوس أنجلوس (أ ف ب) ", "أ ف ب"),
        ("دمشق-سانا ", "سانا"),
        ("دمشق/ سامر العلي/ الأناضول ", "الأناضول"),
        ("الدوحة في 03 مايو /قنا/ ", "قنا"),
        ("عمان 3 أيار (بترا)- ", "بترا"),
        ("نابلس 3-5-2026 وفا- ", "وفا"),
        ("شفق نيوز/ ", "شفق نيوز"),
    ],
)
def test_agency_in_the_first_words_is_a_source_and_the_words_stay(opening: str, source: str) -> None:
    story = recognise(opening + STORY)
    assert story.sources == (source,)
    assert story.blocks[0].text.startswith(opening.strip())


@pytest.mark.parametrize(
    "line",
    [
        "مقاتلون/ أرشيفية",
        "السوق القديم - أرشيف",
        "زوار في القاعة الكبرى (رويترز)",
        "رصيف البحيرة عند الفجر / AFP",
        "صورة أرشيفية من افتتاح المتحف",
        "صورة تعبيرية",
        "زوار المعرض (تصوير: سامر العلي)",
    ],
)
def test_marked_captions_inside_the_story(line: str) -> None:
    story = recognise(f"{STORY}\n{line}\n\n{STORY.replace('الحي', 'المدينة')}")
    assert texts(story, BlockType.CAPTION) == [line]
    assert kinds(story)[2] == "caption"


@pytest.mark.parametrize(
    "line",
    [
        "اقرأ أيضاً: معرض للكتاب في الميناء",
        "إقرأ أيضًا: معرض للكتاب في الميناء",
        "اقرأ/ي أيضًا: معرض للكتاب في الميناء",
        "شاهد أيضاً | معرض للكتاب في الميناء",
        "اقرأ المزيد: معرض للكتاب في الميناء",
        "[اقرأ أيضًا: معرض للكتاب في الميناء]",
        "ذات صلة: معرض للكتاب في الميناء",
        "المزيد: معرض للكتاب في الميناء",
        "اقرأ أيضا معرض للكتاب في الميناء",
        "اقرأ أيضًا:\u00a0معرض للكتاب في الميناء",
    ],
)
def test_read_also_keeps_its_place(line: str) -> None:
    story = recognise(f"{STORY}\n{line}\n\n{STORY.replace('الحي', 'المدينة')}")
    assert kinds(story) == ["paragraph", "paragraph", "related", "paragraph", "paragraph"]
    assert texts(story, BlockType.RELATED) == ["معرض للكتاب في الميناء"]


def test_list_under_read_also_ends_with_a_blank_line() -> None:
    story = recognise(f"{STORY}\nاقرأ أيضا\n\nمعرض للكتاب في الميناء\nدورة في الخط العربي\n\nأسعار الدخول\n\n{STORY}")
    assert texts(story, BlockType.RELATED) == ["معرض للكتاب في الميناء", "دورة في الخط العربي"]
    assert texts(story, BlockType.SUBHEADING) == ["أسعار الدخول"]


def test_date_of_publication_beats_the_update() -> None:
    story = recognise(f"آخر تحديث: 5 مايو 2026\nعنوان قصير للخبر\nنُشر: 3 مايو 2026\n{STORY}")
    assert story.date == date(2026, 5, 3)
    assert Warn.DATE_OF_UPDATE not in story.warnings


def test_update_alone_and_wrong_weekday_are_warned_of() -> None:
    story = recognise(f"آخر تحديث: السبت 3 مايو 2024\n{STORY}")
    assert {Warn.DATE_OF_UPDATE, Warn.WEEKDAY_DIFFERS} <= set(story.warnings)


def test_long_line_is_cut_and_the_rest_set_aside() -> None:
    story = recognise("كلمة " * 30_000)
    assert len(story.blocks) == 1
    assert len(story.blocks[0].text) <= 50_000
    assert [line.reason for line in story.dropped] == [Reason.TOO_LONG]
    assert Warn.LINE_CUT in story.warnings
    assert len((story.blocks[0].text + " " + story.dropped[0].text).split()) == 30_000


def test_dropped_lines_know_their_place_among_the_body_blocks() -> None:
    story = recognise(f"{STORY}اقرأ أيضاً: معرض للكتاب في الميناء\nإعلان\n{STORY.replace('الحي', 'المدينة')}")
    assert [(line.text, line.after_block) for line in story.dropped] == [("إعلان", 2)]


def test_text_without_lines_gives_nothing() -> None:
    story = recognise(" \n\u00a0\n")
    assert not story.has_story
    assert story.fates == ()


def test_place_and_agency_beside_a_name_are_no_authors() -> None:
    story = recognise(f"بلدية السروة توسع الحدائق العامة\nكتب: سامر العلي - دمشق - سانا\n\n{STORY}")
    assert (story.byline, story.sources) == ("سامر العلي", ("سانا",))
    assert reasons(story) == {"كتب: سامر العلي - دمشق - سانا": Reason.BYLINE}


def test_hard_wrapped_paragraphs_are_joined() -> None:
    wrapped = (
        "زار فريق من الجامعة عشرين بئرًا في قرى الهضبة الشرقية خلال\n"
        "أيلول الماضي، وقاس منسوب الماء وملوحته في كل منها، ووجد أن\n"
        "سبعًا من الآبار لم تعد صالحة للري من دون ماء السد.\n"
    )
    story = recognise(f"حال الآبار في الهضبة\n\n{wrapped}\n{wrapped.replace('عشرين', 'ثلاثين')}")
    assert kinds(story) == ["paragraph", "paragraph"]
    assert story.blocks[0].text == wrapped.strip().replace("\n", " ")
    assert Warn.JOINED in story.warnings


def test_verse_is_neither_joined_nor_taken_for_headings() -> None:
    verse = "تركتُ على العتبات سؤالي\nونمتُ على حجرٍ دافئٍ\nفجاء الصباحُ على مهلهِ\nوأوقدَ في النافذاتِ الحنين\n"
    story = recognise(f"{STORY}\n{verse}\n{STORY.replace('الحي', 'المدينة')}")
    assert kinds(story) == ["paragraph"] * 8


def test_date_under_the_headline_beats_the_day_in_the_head_of_the_page() -> None:
    story = recognise(f"السبت 9 مايو 2026\n\nعنوان قصير للخبر\nالجمعة 8 مايو 2026 - 02:00\n{STORY}")
    assert story.date == date(2026, 5, 8)


def test_announced_subheading_is_not_the_headline() -> None:
    story = recognise(
        f"ثلاثة أسئلة عن النهر\n\n- أين ينبع النهر كل عام؟\n- من يحرس الضفتين في الليل؟\n\n{STORY}\n"
        f"أين ينبع النهر كل عام؟\n\n{STORY.replace('الحي', 'المدينة')}"
    )
    assert story.headline == "ثلاثة أسئلة عن النهر"
    assert texts(story, BlockType.SUBHEADING) == ["أين ينبع النهر كل عام؟"]


@pytest.mark.parametrize("day", ["31/02/2026", "الخميس 45 مايو 2026"])
def test_day_that_does_not_exist_is_no_caption(day: str) -> None:
    story = recognise(f"حملة لتنظيف مجرى النهر\n{day}\n\n{STORY}")
    assert (story.date, story.lead_caption, story.warnings) == (None, None, (Warn.IMPOSSIBLE_DATE,))
    assert reasons(story) == {day: Reason.DATE}


def test_single_date_between_paragraphs_is_no_subheading() -> None:
    story = recognise(
        f"نُشر: 3 مايو 2026\nعنوان قصير للخبر\n{STORY}\n12 أيار 1998\n\n{STORY.replace('الحي', 'المدينة')}"
    )
    assert "12 أيار 1998" in texts(story, BlockType.PARAGRAPH)


def test_place_and_date_above_is_not_the_headline() -> None:
    story = recognise(f"السروة، 8 مايو 2026\n\nجامعة السروة تفتح برنامجًا جديدًا\n\n{STORY}")
    assert (story.headline, story.date) == ("جامعة السروة تفتح برنامجًا جديدًا", date(2026, 5, 8))
    assert story.dateline == "السروة"


def test_name_of_the_site_behind_the_headline_is_set_aside() -> None:
    line = "بلدية السروة توسع الحدائق العامة | شبكة التلال"
    story = recognise(f"{line}\n3 مايو 2026\n\n{STORY}")
    assert story.headline == "بلدية السروة توسع الحدائق العامة"
    assert reasons(story)[line] == Reason.DUPLICATE


def test_rows_of_a_table_are_no_path() -> None:
    rows = ["الصنف | السعر | التغير", "بندورة | 12 | +1", "خيار | 9 | 0"]
    story = recognise("\n".join(["أسعار الخضار في السوق اليوم", *rows, STORY]))
    assert [row for row in rows if row in texts(story, BlockType.PARAGRAPH)] == rows


def test_markup_is_warned_of() -> None:
    assert Warn.MARKUP in recognise(f"<p>{STORY}</p><p><b>نعم</b></p>").warnings


def test_no_negative_is_lost_at_any_place_of_any_fixture() -> None:
    negatives = [
        "شارك في الحملة أكثر من مئتي متطوع من قرى الساحل.",
        "كتب أحد المتطوعين على صفحته: «لم أعرف هذا من قبل».",
        "المصدر نفسه أوضح أن العمل لم يتأخر يومًا واحدًا.",
        "النشرة الجوية تحدثت عن رياح قوية بعد منتصف الليل.",
        "الجمعة 3 مايو 2024 كان يومًا طويلًا على الصيادين.",
    ]
    generator = random.Random(7)  # noqa: S311 - not for secrets
    for text in readable_texts():
        lines = text.splitlines()
        for negative in negatives:
            at = generator.randint(0, len(lines))
            story = recognise("\n".join([*lines[:at], "", negative, "", *lines[at:]]))
            assert negative in [block.text for block in story.blocks], (at, negative, lines[:3])
