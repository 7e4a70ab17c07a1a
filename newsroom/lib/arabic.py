"""Keys under which two Arabic words are the same word, however they were typed."""

import re
import unicodedata

from newsroom.lib.tables import rows

MARKS = (
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0897-\u089f\u08ca-\u08e1\u08e3-\u08ff"
)
INVISIBLES = (
    "\u00ad\u034f\u061c\u115f\u180e\u200b\u200d-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)
TATWEEL = "\u0640"
ZWNJ = "\u200c"
# These letters never join the next one, so a zero-width non-joiner after them says nothing.
NON_JOINING = "اأإآٱدذرزژوؤةى"

# Every decimal digit of Unicode.
DIGITS = {int(zero, 16) + value: str(value) for zero, _script in rows("digit_zeros") for value in range(10)}
_DIGITS_AND_SEPARATORS = DIGITS | str.maketrans("٫٬", ".,")

_LETTERS = {
    "ا": "أآإٱٲٳٵ",
    "و": "ؤٶۄۅۆۇۈۉۊۋ",
    "ي": "ئىیېےۍٸؠ",
    "ك": "کڪګگ",
    "ه": "ةۃہھەۂۀ",
    "ب": "پ",
    "ج": "چ",
    "ف": "ڤڥڢ",
    "ز": "ژ",
}
_FOLDED = str.maketrans({form: base for base, forms in _LETTERS.items() for form in forms}) | DIGITS
_OTHER_ALPHABETS = {point: base for point, base in _FOLDED.items() if chr(point) not in "أإآؤئىة"}
# NFKC turns these isolated marks into SPACE + mark, which would cut a word in two.
SPACED_FORMS = {
    point: unicodedata.normalize("NFKC", chr(point)).replace(" ", "")
    for point in (*range(0xFC5E, 0xFC64), *range(0xFE70, 0xFE80))
}

_TANWIN = re.compile(rf"(?<=\w\w)(?:ا{TATWEEL}?\u064b|\u064b{TATWEEL}?ا)(?!\w)")
_MARKS_AND_INVISIBLES = re.compile(f"[{MARKS}{INVISIBLES}{TATWEEL}]")
_EMPTY_ZWNJ = re.compile(f"(?<=[{NON_JOINING}]){ZWNJ}")
_NOT_A_LETTER_OR_DIGIT = re.compile(r"[\W_]+")
_FINAL_HAMZA = re.compile(r"يء(?!\w)")
_LATIN_ACCENTS = re.compile("[\u0300-\u036f]")
_ACCENTED = re.compile("[\u00c0-\u0560\u1e00-\u1fff]")
_LETTER_WITH_HAMZA = re.compile(r"[\W_]*[أإآٲٳٵ]")
_FOLDED_ALREADY = re.compile("[ءابت-غف-نهوي]+(?<!يء)").fullmatch
_PLAIN = re.compile("[ء-غف-ي]+").fullmatch
_SPACED = re.compile("[\ufc5e-\ufc63\ufe70-\ufe7f]")


def fold(text: str) -> str:
    """Return the key by which two words, names or headlines are the same.

    The steps are NFKC, final tanwin, marks and invisibles, letter forms, digits, Latin case and accents;
    punctuation becomes one space. A standalone hamza stays: «ماء» is not «ما».
    """
    return _fold(_TANWIN.sub("", _compatible(text)))


def is_folded(word: str) -> bool:
    """Whether a word is of nothing but the Arabic letters that folding leaves."""
    return _FOLDED_ALREADY(word) is not None


def bare(word: str) -> str:
    """Return one word without marks, invisibles and final tanwin, the seats of its hamzas still to be seen."""
    if _PLAIN(word):
        return word
    return _without_marks(_TANWIN.sub("", _compatible(word))).translate(_OTHER_ALPHABETS)


def fold_bare(word: str) -> str:
    """Fold what `bare` returned: the two together are `fold`, punctuation gone instead of made a space."""
    if _FOLDED_ALREADY(word):
        return word
    return _fold_bare(word) if _PLAIN(word) else _NOT_A_LETTER_OR_DIGIT.sub("", _fold_bare(word))


def without_article(word: str) -> str:
    """Of a short word the two letters may be its own."""
    return word[2:] if word.startswith("ال") and len(word) >= 4 else word


def skeleton(text: str) -> str:
    """Fold without taking the alef of a final tanwin, so that «أيضا», «أيضاً» and «أيضًا» are one key."""
    return _fold(_compatible(text))


def sort_key(text: str) -> str:
    """Return the folded text without the article of its first word: one order on both databases.

    An alef with a hamza or a madda opens no article: «ألمانيا» stands under ا, «المغرب» under م.
    """
    folded = fold(text)
    first = folded.partition(" ")[0]
    has_article = first.startswith("ال") and len(first) >= 4
    if not has_article or _LETTER_WITH_HAMZA.match(_MARKS_AND_INVISIBLES.sub("", _compatible(text))):
        return folded
    return folded[2:]


def fold_digits(text: str) -> str:
    """Turn the digits of every script, and the Arabic decimal and thousands marks, into ASCII."""
    return text.translate(_DIGITS_AND_SEPARATORS)


def fold_letters(text: str) -> str:
    """Fold marks, letter forms and digits but keep punctuation and case, for patterns that need both."""
    return _MARKS_AND_INVISIBLES.sub("", text).translate(_FOLDED)


def letters(text: str) -> int:
    """Letters as readers count them: vowel marks stand on others (Unicode annex 29, extended grapheme clusters)."""
    return sum(1 for character in text if not unicodedata.combining(character))


def _compatible(text: str) -> str:
    if _SPACED.search(text):
        text = text.translate(SPACED_FORMS)
    return unicodedata.normalize("NFKC", text)


def _fold(text: str) -> str:
    return _NOT_A_LETTER_OR_DIGIT.sub(" ", _fold_bare(_without_marks(text))).strip()


def _without_marks(text: str) -> str:
    if ZWNJ in text:
        text = _EMPTY_ZWNJ.sub("", text)
    return _MARKS_AND_INVISIBLES.sub("", text)


def _fold_bare(text: str) -> str:
    # The Egyptian spelling sits the hamza on ئ; a general rule would break words such as «لاجئون».
    text = text.replace("مسئول", "مسوول").replace("شئون", "شوون").translate(_FOLDED)
    text = _FINAL_HAMZA.sub("ي", text).casefold()
    if _ACCENTED.search(text):
        text = _LATIN_ACCENTS.sub("", unicodedata.normalize("NFD", text))
    # What was taken out of a word, or taken apart above, may leave two halves of one letter (Korean).
    return unicodedata.normalize("NFC", text)
