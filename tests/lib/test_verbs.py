"""The forms of verbs: what is made of one verb, and what search may take for one."""

from collections import Counter

import pytest

from newsroom.lib.analyser import Analyser
from newsroom.lib.arabic import fold
from newsroom.lib.tables import rows, words
from newsroom.lib.verbs import forms, key, verb_forms

KNOWN = verb_forms()
ANALYSER = Analyser()


@pytest.mark.parametrize(
    ("past", "present", "expected"),
    [
        ("أعلن", "يعلن", "أعلن أعلنت أعلنا أعلنتا أعلنوا أعلنته أعلنوه يعلن تعلن نعلن يعلنون يعلنوا يعلنان يعلنها"),
        ("عثر", "يعثر", "عثر عثرت عثرا عثروا عثرن يعثر تعثر نعثر يعثرون يعثروا يعثران تعثران يعثرن"),
        ("قال", "يقول", "قال قالت قالا قالوا قالها يقول تقول نقول يقولون يقولوا يقولان يقولها"),
        ("دعا", "يدعو", "دعا دعت دعوا دعتا دعاها دعوها يدعو تدعو ندعو يدعون يدعوا يدعوان يدعوهم"),
        ("بقي", "يبقى", "بقي بقيت بقوا بقيا يبقى تبقى نبقى يبقون يبقوا يبقيان"),
        ("أعطى", "يعطي", "أعطى أعطت أعطوا أعطيا أعطينا أعطاه أعطته أعطوه يعطي تعطي يعطون يعطوا يعطيان يعطيه"),
        ("بدأ", "يبدأ", "بدأ بدأت بدأوا بدؤوا بدءوا بدآ يبدأ تبدأ يبدأون يبدؤون يبدءون يبدؤوا"),
        ("أنشأ", "ينشئ", "أنشأ أنشأت أنشأوا أنشؤوا أنشآ أنشأته ينشئ تنشئ ينشئون ينشئوا ينشئان ينشئها"),
        ("شن", "يشن", "شن شنت شنوا شنا شنها يشن تشن يشنون يشنوا يشنان"),
        ("شارك", "يشارك", "شارك شاركت شاركوا شاركا شاركن شاركوه يشارك تشارك نشارك أشارك يشاركون يشاركن"),
        ("استعاد", "يستعيد", "استعاد استعادت استعادوا استعادا يستعيد تستعيد يستعيدون يستعيدها"),
        ("تلقى", "يتلقى", "تلقى تلقت تلقوا تلقيا يتلقى تتلقى يتلقون يتلقوا يتلقيان يتلقاها يتلقونها"),
    ],
)
def test_verb_has_its_forms(past: str, present: str, expected: str) -> None:
    assert set(expected.split()) <= forms(past, present)


@pytest.mark.parametrize(
    ("past", "present", "wrong"),
    [
        ("قال", "يقول", "قالن قالنا يقولن"),
        ("دعا", "يدعو", "دعات دعاوا يدعوون دعوه"),
        ("شن", "يشن", "شنن شننا يشنن"),
        ("أعطى", "يعطي", "أعطىت أعطيوا يعطيون يعطين"),
        ("أدار", "يدير", "أداره أدارته أدارتها أدارتا"),  # «إدارة»
        ("واجه", "يواجه", "واجهه واجهته واجهتا"),  # «واجهة»
        ("قتل", "يقتل", "قتله قتلته قتلتا"),
        ("سمى", "يسمي", "تسميه"),  # «تسمية»
    ],
)
def test_verb_has_no_forms_that_are_wrong_or_nouns(past: str, present: str, wrong: str) -> None:
    assert not set(wrong.split()) & forms(past, present)


@pytest.mark.parametrize(
    "verb",
    [
        "عثر عثروا عثرت يعثر يعثرون نعثر",
        "شارك شاركت شاركوا يشارك يشاركون تشارك",
        "أعلن اعلنت أعلنوا يعلن تعلن يعلنون",
        "قال قالت قالوا يقول تقول يقولون قيل",
        "دعا دعت دعوا يدعو تدعو يدعون",
        "بدأ بدات بدأوا بدؤوا يبدأ تبدأ يبدؤون",
        "كتبت كتبوا يكتب تكتب يكتبون",
        "طالبت طالبوا يطالب تطالب يطالبون",
        "ألقى ألقت ألقوا",
        "تقدمت تقدموا يتقدم تتقدم يتقدمون",
        "استقبل استقبلت استقبلوا يستقبل تستقبلها يستقبلون",
        "افتتح افتتحت افتتحوا يفتتح تفتتح",
        "أقام أقامت أقيم أقيمت تقام",
        "عاد عادت عادوا يعود يعودون",
    ],
)
def test_forms_of_a_verb_are_one_word(verb: str) -> None:
    assert len({KNOWN.get(key(form)) for form in verb.split()}) == 1
    assert key(verb.split()[0]) in KNOWN


NOUNS = """
كتب حكم قتل عمل طلب تقدم تعاون تطور يزيد تركي طالب طالبان أحمد يحيى تمر عدن مدن وطن ياسر ينبع يزن يامن يسرا
أكرم أشرف أسهم أشهر أحدث أخطر أضعف أولى أمن أمل أهل ألف ألفا أمر أثر آثار آفاق إدارة إذاعة إقامة استعادة واجهة قاعدة
دعوة قادة عادة زيارة سارة نقود نصيب نصاب نفاد نفاق نسوي نجيب نشيد تدخل تحول تغير توقف تعرض تجربة تسمية تكلفة تذكرة
حملة حركة جلسة جلستا ضربة قتلة طلبة مارس نادي حادث عامل حاكم شاهد سابق تاجر هاتف حافظ صادق عادل قاسم راسل
بنت وقت سمت رأي سعي جري بني ذهب فتح صدر شعر هدف ملك سهم درس خطط سجل رد حل ضم بحث نشر نقل دعم رفع
التهم الحق الحضر وحده مسؤول مشارك مشاركة إعلان افتتاح اجتماع وزارة تعهد توقع تواصل تراجع تبادل تدافع نصير
"""


@pytest.mark.parametrize("noun", sorted(set(NOUNS.split())))
def test_noun_or_name_is_no_verb(noun: str) -> None:
    assert key(noun) not in KNOWN


def test_stem_of_a_verb_is_its_own() -> None:
    assert {stem: KNOWN.get(stem) for stem in KNOWN.values()} == {stem: stem for stem in KNOWN.values()}
    assert all(stem.isalnum() and fold(stem) == stem for stem in KNOWN.values())


def test_form_that_two_verbs_share_is_left_out() -> None:
    assert {"يصدر", "يعد", "يضرب", "يجري"} - set(KNOWN) >= {"يصدر", "يعد"}


def test_map_has_a_size_that_every_process_can_hold() -> None:
    assert 10_000 < len(KNOWN) < 40_000
    assert len({id(stem) for stem in KNOWN.values()}) <= 2 * len(rows("verbs"))


@pytest.mark.parametrize("name", ["verbs", "verbs_not"])
def test_no_line_stands_twice(name: str) -> None:
    assert [line for line, times in Counter(words(name)).items() if times > 1] == []


def test_verb_has_two_parts_or_four() -> None:
    assert [verb for verb in rows("verbs") if len(verb) not in (2, 4)] == []
    assert [verb for verb in rows("verbs") if not verb[1].startswith("ي")] == []


@pytest.mark.parametrize("word", ["وعثروا", "فعثر", "سيعثرون", "وسيعثر", "ليعثروا", "عُثِرَ", "نعثر", "عثـر"])
def test_verb_is_found_behind_its_small_words(word: str) -> None:
    assert ANALYSER.stem(word) == ANALYSER.stem("يعثرون")


@pytest.mark.parametrize(
    ("noun", "verb"),
    [
        *[("التكلفة", "يكلف"), ("تكلفتها", "يكلف"), ("التجربة", "يجرب"), ("وقادة", "قاد"), ("الأفارقة", "يفارق")],
        *[("سلطان", "سلط"), ("وميزان", "ميز"), ("والوسادة", "ساد"), ("السنجاب", "أجاب"), ("الساعدي", "يساعد")],
        *[("مشاركة", "يشارك"), ("مشارك", "شاركوا"), ("إعلان", "أعلن"), ("الاجتماع", "اجتمع"), ("كتاب", "كتبوا")],
        *[("كتب", "كتبت"), ("الطالب", "يطالب"), ("التهم", "التهمت"), ("وزارة", "زار"), ("فقيد", "يفقد")],
    ],
)
def test_noun_is_not_found_by_a_verb(noun: str, verb: str) -> None:
    stems = {ANALYSER.stem(noun)} | ANALYSER.variants(noun)
    assert not stems & ANALYSER.alternatives(verb)
    assert not ({ANALYSER.stem(verb)} | ANALYSER.variants(verb)) & ANALYSER.alternatives(noun)


def test_noun_that_looks_like_a_verb_without_its_ending_is_one_word_in_all_its_forms() -> None:
    for words_of_one in ("تكلفة التكلفة والتكلفة تكلفتها", "تجربة التجربة تجربتها", "أفارقة الأفارقة"):
        assert len({ANALYSER.stem(word) for word in words_of_one.split()}) == 1
    assert ANALYSER.stem("تكلفة") in ANALYSER.variants("بتكلفة") | ANALYSER.variants("لتكلفة")


def test_beginning_of_a_verb_finds_it_while_it_is_typed() -> None:
    for typed, form in [("يستقب", "يستقبلون"), ("استقب", "يستقبلون"), ("يعلن", "ستعلن"), ("أعلن", "يعلن")]:
        stored = {ANALYSER.stem(form)} | ANALYSER.variants(form)
        assert any(stem.startswith(head) for head in ANALYSER.heads(typed) for stem in stored), typed
