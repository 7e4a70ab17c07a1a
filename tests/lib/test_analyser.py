import random
import unicodedata
from pathlib import Path

import pytest

from newsroom.lib.analyser import LONGEST_STEM, Analyser, tokens
from newsroom.lib.tables import rows

PAIRS = [
    tuple(part.strip() for part in line.split("|"))
    for line in Path(__file__).with_name("analyser_pairs.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
ANALYSER = Analyser()
# Letters of every plane, marks, bidi controls, surrogates, digits and separators, clitics and endings of Arabic.
ALPHABET = (
    *"ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئٱپچژگکیےہ",
    *("ال", "وال", "لل", "بال", "ات", "ون", "ين", "ته", "تها", "هم", "ية", "ائه", "اؤها", "آت", "أت", "إ"),
    *"\u064b\u064c\u0651\u0670\u0640\u06d6\u08f0\u200b\u200c\u200d\u200e\u200f\u202e\u2066\u2069\ufeff\u00ad",
    *"\ufe70\ufe71\ufe8d\ufefb\ufdf2\ufdfa\ufc5e\ufd3d\ufdfc",
    *"0123456789٠١٢٣۴۵०१٫٬،,.'’-_/\\\"%:()«»\x00\n\t ",
    *"abcZÉßǅİıſﬁŉΣς\u0301\u0345\u0130½²①Ⅷ",
    *"\ud800\udc00\udfff",
    *"中文あ한\u115f\u3164ไทยनि\U0001f600\U0001d400\U00010400\U000e0041\U0002f800\U0010ffff",
)


def hostile(seed: int, length: int = 10_000) -> str:
    """Strings in which every kind of character may follow every other, some of them for a long run."""
    source = random.Random(seed)  # noqa: S311
    text = ""
    while len(text) < length:
        text += source.choice(ALPHABET) * source.choice((1, 1, 1, 1, 2, 3, 70 if seed % 3 else 1))
    return text[:length]


def words_of(seed: int) -> list[str]:
    source = random.Random(seed)  # noqa: S311
    return ["".join(source.choices(ALPHABET, k=source.randint(1, 9))) for _ in range(400)]


def synonyms() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for group in (*rows("synonyms"), *rows("broken_plurals")):
        stems = {ANALYSER.stem(tokens(entry)[0].text) for entry in group if len(tokens(entry)) == 1}
        for stem in stems:
            found.setdefault(stem, set()).update(stems)
    return found


SYNONYMS = synonyms()


def found(query: str, document: str) -> bool:
    stored = {
        stem for token in tokens(document) for stem in {ANALYSER.stem(token.text)} | ANALYSER.variants(token.text)
    }
    for token in tokens(query):
        meant = ANALYSER.alternatives(token.text)
        if not stored & meant.union(*(SYNONYMS.get(stem, set()) for stem in meant)):
            return False
    return True


@pytest.mark.parametrize("wanted", ["yes", "no"])
def test_pairs_of_words_meet_as_a_reader_expects(wanted: str) -> None:
    pairs = [(query, document) for query, document, answer in PAIRS if answer == wanted]
    failed = [pair for pair in pairs if found(*pair) != (wanted == "yes")]
    assert len(pairs) >= 300
    assert len(failed) <= len(pairs) * 0.01, failed


@pytest.mark.parametrize("seed", range(6))
def test_hostile_texts_are_cut_in_order(seed: int) -> None:
    text = hostile(seed)
    cut = tokens(text)
    end = 0
    for token in cut:
        assert end <= token.start < token.end <= len(text)
        assert token.text == text[token.start : token.end]
        end = token.end
    assert cut


@pytest.mark.parametrize("seed", range(6))
def test_hostile_words_have_stems_of_letters_and_digits(seed: int) -> None:
    analyser = Analyser()
    text = hostile(seed)
    for word in [token.text for token in tokens(text)] + words_of(seed) + [text]:
        stem = analyser.stem(word)
        others = analyser.variants(word) | analyser.alternatives(word) | analyser.phrase_starts(word)
        for found_stem in {stem, *others, *analyser.heads(word)} - {""}:
            assert found_stem.isalnum()
            assert len(found_stem) <= LONGEST_STEM
        assert stem in analyser.alternatives(word) | {""}


@pytest.mark.parametrize("seed", range(6))
def test_stem_of_a_stem_is_itself(seed: int) -> None:
    analyser = Analyser()
    for word in [token.text for token in tokens(hostile(seed))] + words_of(seed):
        stem = analyser.stem(word)
        assert analyser.stem(stem) == stem, (word, stem)


def test_stem_of_a_stem_is_itself_for_words_made_of_prefixes_and_endings() -> None:
    source = random.Random(4)  # noqa: S311
    prefixes = "ال وال بال لل فلل و ف ب ل ك أ إ آ".split()
    endings = "ا ه ها هم هما ته تها تان تين ات ون ين ان ي يه و ء يء نا ئ ؤ ة ى م ت".split()
    roots = "مدرس الت لبن طالب شرك قو جن لج وزار س ر ع د".split()
    for _ in range(20_000):
        word = "".join(source.choices(prefixes, k=source.randint(0, 3))) + source.choice([*roots, *endings])
        word += "".join(source.choices(endings, k=source.randint(0, 4)))
        stem = ANALYSER.stem(word)
        assert ANALYSER.stem(stem) == stem, (word, stem)


def test_stem_of_the_stem_of_every_word_of_the_pairs_is_itself() -> None:
    for pair in PAIRS:
        for token in tokens(f"{pair[0]} {pair[1]}"):
            stem = ANALYSER.stem(token.text)
            assert ANALYSER.stem(stem) == stem, token.text


def test_tokens_have_a_stem() -> None:
    for seed in range(6):
        for token in tokens(hostile(seed, 3_000)):
            assert ANALYSER.stem(token.text), ascii(token.text)


def spellings(word: str) -> list[str]:
    return [
        "\u0640".join(word),
        "".join(letter + "\u064e" for letter in word),
        "\u200f" + word + "\u200e",
        unicodedata.normalize("NFD", word),
        word.translate(str.maketrans("يك", "یک")),
        "\u202b" + word,
    ]


def test_spellings_that_fold_alike_have_one_stem() -> None:
    for query, document, _answer in PAIRS:
        for word in (query, document):
            for spelling in spellings(word):
                assert ANALYSER.stem(spelling) == ANALYSER.stem(word), (spelling, word)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("الـ21 من أيار، 2024م!", ["21", "من", "أيار", "2024", "م"]),
        ("لـBBC وF-16 وG20", ["BBC", "و", "F", "16", "و", "G", "20"]),
        ("كوفيد-19", ["كوفيد", "19"]),
        ("«حماس»،إسرائيل؟", ["حماس", "إسرائيل"]),
        ("كِتَابٌ", ["كِتَابٌ"]),
        (
            "1,500 ١٬٥٠٠٫٢٥ 1.500.000 3,5 3.5 3.5.2024",
            ["1,500", "١٬٥٠٠٫٢٥", "1.500.000", "3,5", "3.5", "3", "5", "2024"],
        ),
        ("2023،2024 و12:30 و2-1", ["2023", "2024", "و", "12", "30", "و", "2", "1"]),
        ("#سوريا_الآن Élysée l'État", ["سوريا", "الآن", "Élysée", "l", "État"]),
        ("می\u200cخواهم دار\u200cالكتب", ["می", "خواهم", "دار\u200cالكتب"]),
        ("ـــ \u064b\u200f", []),
    ],
)
def test_text_is_cut_into_words_and_numbers(text: str, expected: list[str]) -> None:
    assert [token.text for token in tokens(text)] == expected


def test_one_number_has_one_stem_however_it_is_written() -> None:
    assert {ANALYSER.stem(word) for word in ("1500", "1,500", "١٬٥٠٠", "١٥٠٠", "۱۵۰۰", "1،500")} == {"1500"}
    assert len({ANALYSER.stem(word) for word in ("3.5", "٣٫٥", "3,5", "٣.٥")}) == 1
    assert ANALYSER.stem("3.5") != ANALYSER.stem("35")
    assert "1500" in ANALYSER.variants("1.500") & ANALYSER.alternatives("1.500")


@pytest.mark.parametrize("word", ["وزارة", "الأمن", "إسرائيل", "لبنان", "دولة", "أمة"])
def test_first_word_of_a_phrase_is_known_behind_every_proclitic(word: str) -> None:
    for clitic in ("و", "ف", "ب", "ل", "ك", "وب", "ول"):
        if not word.startswith("ال") or clitic in "وفبك":
            assert ANALYSER.stem(clitic + word) in ANALYSER.phrase_starts(word), clitic


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("الانتخ", "انتخابات"),
        ("انتخ", "والانتخابات"),
        ("جامعا", "جامعات"),
        ("شركا", "شركات"),
        ("ألما", "الألمانية"),
        ("الما", "ألمانيا"),
        ("فلسطي", "فلسطين"),
        ("مدرست", "مدرستها"),
        ("Él", "Élysée"),
        ("20", "2024"),
    ],
)
def test_word_is_found_while_it_is_typed(typed: str, word: str) -> None:
    assert any(ANALYSER.stem(word).startswith(head) for head in ANALYSER.heads(typed))


def test_one_letter_is_no_head() -> None:
    assert ANALYSER.heads("م") == frozenset()


def test_stop_words_are_known_with_and_without_a_conjunction() -> None:
    assert all(ANALYSER.is_stop_word(word) for word in ("في", "وفي", "الَّذِي", "على", "فيه"))
    assert not any(ANALYSER.is_stop_word(word) for word in ("فئة", "سوريا", "2024", "علم"))


def test_desk_adds_protected_words_and_takes_them_away() -> None:
    assert ANALYSER.stem("طالبان") != ANALYSER.stem("طالب")
    assert Analyser(unprotected=["طالبان"]).stem("طالبان") == ANALYSER.stem("طالب")
    own = Analyser(protected=["الخيرات"])
    assert own.stem("خيرات") == own.stem("والخيرات") == "خيرات" != ANALYSER.stem("خيرات")


def test_desk_s_word_wins_over_the_shipped_form_and_takes_no_article_from_another() -> None:
    assert ANALYSER.stem("قطري") == "قطر"
    assert Analyser(protected=["قطري"]).stem("القطرية") == "قطري"
    own = Analyser(protected=["ألغازين"])
    assert own.stem("الألغازين") == own.stem("ألغازين") != ANALYSER.stem("ألغازين")
    assert own.stem("الغاز") == ANALYSER.stem("الغاز")


def test_fingerprint_tells_analysers_apart_but_not_their_order_of_words() -> None:
    assert ANALYSER.fingerprint == Analyser().fingerprint
    assert len(ANALYSER.fingerprint) == 12
    assert Analyser(protected=["أ", "ب"]).fingerprint == Analyser(protected=["ب", "أ"]).fingerprint
    assert len({Analyser(*words).fingerprint for words in ((), (["أ"],), ((), ["أ"]))}) == 3


def test_answers_are_forgotten_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsroom.lib.analyser.CACHED_WORDS", 10)
    analyser = Analyser()
    stems = [analyser.stem(f"كلمة{letter}") for letter in "ابتثجحخدذرزسشصضطظعغفقكل"]
    assert stems == [Analyser().stem(f"كلمة{letter}") for letter in "ابتثجحخدذرزسشصضطظعغفقكل"]
    assert len(analyser._stems) <= 10
