"""What search compares: the tokens of a text, their stems, and what else one word is found under.

A light stemmer for news: it takes the article, plural, dual, feminine and pronoun endings as long as four letters stay.
What would leave three letters or fewer is taken only where a table knows the word, because nearly every wrong hit of a
light stemmer is a short word («عدوان» is not «عدو», «كوبا» not «كوب», «خارجية» not «خارج»).

A place, its people and its adjective are one word («لبنان», «لبنانيون»); the adjective of any other noun is another
word («أمن», «أمني»), because a reader who looks for the one is not helped by every text with the other.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import TypeVar

from newsroom.lib.arabic import bare, fold, fold_bare, is_folded
from newsroom.lib.tables import rows, words
from newsroom.lib.tokens import Token, number, number_readings, tokens
from newsroom.lib.verbs import key as verb_key
from newsroom.lib.verbs import verb_forms

__all__ = ("Analyser", "Token", "tokens")

Answer = TypeVar("Answer")

# Raise it with every change of the rules: the stored stems of all articles are then made again.
VERSION = 3
LONGEST_STEM = 64
# Words repeat: 400-word articles of one newsroom find nearly all theirs here. About 400 bytes an entry.
CACHED_WORDS = 8_000

# Participles, whose plural loses its ن before a noun: «موظفو الشركة», «لاعبي المنتخب». What is of this form and no
# participle («مركزي») is a protected word, and so is «إداري», which only looks like «مباني».
_PARTICIPLE = re.compile("م.{3,}(?<!ان)|.ا..")
_LOSING_YEH = re.compile(f"(?:{_PARTICIPLE.pattern}|[ما].ا.)ي")
_AL = re.compile("[وفبك]{0,2}ال")
_MARKS_OF_CASE = "\u064b\u064c\u064d\u064e\u064f\u0650\u0652"
_SEATS = re.compile("ا[ئؤ](?=(?:ي[ةها]?|يات|ي[وي]ن|يان|هما?|هن|ه|ها|نا|كم|ك|[اوي]ن)$)")
# The longest first; two letters must stay.
_ARTICLE = re.compile("(?:[وف][بك]ال|[وف]لل|[وفبك]ال|لل|ال)(?=..)", re.DOTALL)
_DUAL_BEFORE_PRONOUN = re.compile("(..{2,})(?:ي(?:هما?|ها?|نا)|اه|اها|اهم)")
_AFTER_HAMZA = re.compile("أت(?:هما?|ها|هم|ه|ين|ان|ي|ا)$")
_LONG_REST = 6
_HAMZA_FIRST = ("أ", "إ", "آ")
_BEFORE_VERBS = ("و", "ف", "س", "ل", "وس", "فس", "ول", "فل")
_PROCLITICS = ("و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل", "فك")


class Analyser:
    """The rules and tables of search; answers are kept, because words repeat.

    A document's word is found by a query's word when {stem} | variants of the one meet alternatives of the other.
    """

    def __init__(self, protected: Iterable[str] = (), unprotected: Iterable[str] = ()) -> None:
        """The desk's words are added to, and taken from, the shipped table of protected words."""
        protected, unprotected = sorted(set(protected)), sorted(set(unprotected))
        self.fingerprint = _fingerprint(protected, unprotected)
        self._function = {fold(word) for word in words("function_words")}
        self._stop = {clitic + _with_seats(_seen(word)) for word in words("stop_words") for clitic in ("", "و", "ف")}
        self._short = {fold(word) for word in words("short_words")}
        self._forms = {_key(form, lemma): fold(lemma) for form, lemma in rows("forms")}
        self._places = {_named(name): _root(_named(name), *root) for name, *root in rows("places")}
        self._roots = set(self._places.values())
        self._forms = self._places | self._forms
        self._plurals = {fold_bare(_seen(form)) for group in rows("broken_plurals") for form in group}
        self._kept = (
            self._roots | set(self._forms.values()) | {fold_bare(_seen(word)) for word in words("protected_words")}
        )
        self._kept -= {_named(word) for word in unprotected} | {fold(word) for word in unprotected}
        own = {_named(word) for word in protected} - {""}
        self._kept |= own
        self._forms = {form: lemma for form, lemma in self._forms.items() if form not in own}
        self._with_al = {self._shortened(fold(word)) for word in words("words_with_al")}
        self._plain = {self._shortened(fold_bare(_seen(word))) for word in words("no_variants")}
        self._whole = {self._shortened(fold(word)) for word in words("no_variants") if word[1:2] in ("أ", "آ")}
        self._verbs = {form: stem for form, stem in verb_forms().items() if form not in own} if own else verb_forms()
        self._marked = {_without_last_marks(word): other for word, other in rows("marked_words")}
        self._stems: dict[str, str] = {}
        self._variants: dict[str, frozenset[str]] = {}
        self._known_forms: dict[str, frozenset[str]] = {}

    def stem(self, word: str) -> str:
        """Return the stem of one token: letters and digits only, folded, at most 64. '' for nothing but marks."""
        known = self._stems.get(word)
        if known is None:
            known = _remember(self._stems, word, self._settled(word))
        return known

    def variants(self, word: str) -> frozenset[str]:
        """Return the further stems under which a document's word is found: behind و ف ب ل ك, before its pronoun."""
        known = self._variants.get(word)
        if known is None:
            known = _remember(self._variants, word, self._further(word))
        return known

    def forms(self, word: str) -> frozenset[str]:
        """Return all stems under which a document's word is found."""
        known = self._known_forms.get(word)
        if known is None:
            known = _remember(self._known_forms, word, self.variants(word) | {self.stem(word)})
        return known

    def alternatives(self, word: str) -> frozenset[str]:
        """Return the stems that a query's word may mean, its synonyms not among them."""
        found = {self.stem(word)} | number_readings(word)
        letters = fold_bare(_seen(word))
        if len(letters) > 4 and letters.endswith("ته"):
            found.add(self._shortened(letters[:-1]))
        if _is_arabic(word):
            found |= self._inside(_seen(word)) | self._hamza_left_out(word)
            # «لكيميائية», as it stands in a text; of a shorter word the rest is too often another word («لبنان»).
            found |= {stem for stem in self.variants(word) if len(stem) >= _LONG_REST}
        if marked := self._marked.get(_without_last_marks(word)):
            found.add(self.stem(marked))
        return frozenset(found - {""})

    def _hamza_left_out(self, word: str) -> set[str]:
        """«انفاق» may be «أنفاق», which `stem` keeps apart from «إنفاق»."""
        stem = self.stem(word)
        with_hamza = "ء" + stem[1:]
        if len(stem) > 3 and stem[0] == "ا" and with_hamza in self._kept and is_folded(word):
            return {with_hamza}
        return set()

    def _inside(self, letters: str) -> set[str]:
        """Known words that were typed with و ف ب ل ك before or نا behind them: «وبلبنان», «مدارسنا»."""
        inner = {rest for rest in self._behind_proclitics(letters) if len(rest) > 3}
        found = {self._core(rest) for rest in inner if self._is_noun(self._shortened(fold_bare(rest)))}
        if letters.endswith("نا") and not self._is_plain(fold_bare(letters)):
            found |= self._before_pronoun(letters)
        return found

    def heads(self, word: str) -> frozenset[str]:
        """Return what the stems of words that begin like this one begin with; empty under two letters."""
        letters = _seen(word)
        if not _is_arabic(letters):
            return frozenset(head for head in (self.stem(word),) if len(head) > 1)
        folded = fold_bare(letters)
        typed = self._without_article(letters)
        found = {typed, self.stem(word)}
        if folded.startswith("ال") and len(folded) > 3:
            found.add("ء" + folded[1:])
        if typed[-1:] in ("ا", "ت"):
            found.add(typed[:-1] + "ه")
        if len(typed) > 4 and typed[-1] in "اويهت":
            found.add(typed[:-1])
        return frozenset(head for head in found if len(head) > 1)

    def phrase_starts(self, word: str) -> frozenset[str]:
        """Return the stems that the first word of a phrase has in texts: its own and those behind و ف ب ل ك."""
        letters = _seen(word)
        if not _is_arabic(letters):
            return frozenset({self.stem(word)} - {""})
        behind = {self.stem(clitic + letters) for clitic in _PROCLITICS}
        return frozenset({self.stem(word), *behind} - {""})

    def is_stop_word(self, word: str) -> bool:
        return _with_seats(_seen(word)) in self._stop

    def _settled(self, word: str) -> str:
        """A stem is its own stem: by the rules for a word of folded letters, by going on for any other string."""
        stem = self._stem(word)
        while not is_folded(word) and stem != word:
            word, stem = stem, self._stem(stem)
        return stem

    def _stem(self, word: str) -> str:
        letters = _seen(word)
        if not _is_arabic(letters):
            return _other_stem(letters)
        if verb := self._verb(word):
            return self._verbs[verb]
        return self._core(self._without_clitics(letters))

    def _verb(self, word: str) -> str:
        """Return the form of a verb, with or without و ف and س ل of the present before it, or ''."""
        if is_folded(word):
            form = letters = word[:LONGEST_STEM]
        else:
            letters = bare(word[: 4 * LONGEST_STEM])[:LONGEST_STEM]
            form = verb_key(letters)
        if form in self._verbs:
            return form
        if letters[:1] not in _BEFORE_VERBS:
            return ""
        for clitics in _BEFORE_VERBS:
            if letters.startswith(clitics) and (form := verb_key(letters[len(clitics) :])) in self._verbs:
                return form if self._may_have_before(clitics, form, letters) else ""
        return ""

    def _may_have_before(self, clitics: str, form: str, letters: str) -> bool:
        folded = fold_bare(letters)
        if folded in self._function or folded in self._plurals or self._is_plain(folded):
            return False
        return len(form) > 3 and form[0] in "يتن" if clitics[-1] in "سل" else len(form) > 2

    def _without_clitics(self, letters: str) -> str:
        """A hamza on alef is the first letter of its word: «لإسرائيل», «بأسعار»; but «كأس» and «فأر» are whole."""
        clitics = len(letters) - len(letters.lstrip("وفبلك"))
        rest = letters[clitics:]
        if not 0 < clitics < 3 or rest[:1] not in _HAMZA_FIRST or len(rest) < 3 or letters in self._forms:
            return letters
        return letters if rest[0] != "إ" and self._shortened(fold_bare(letters[clitics - 1 :])) in self._whole else rest

    def _core(self, letters: str) -> str:
        """«تكلفة» without its ending would be the verb «تكلف», «وقادة» «وقاد»: such a noun keeps an ending."""
        core = self._noun_core(letters)
        if not (verb := self._verb(core)):
            return core
        longer = core + "ه"
        is_whole = len(longer) <= LONGEST_STEM and not self._verb(longer)
        return longer if is_whole and self._noun_core(longer) in (core, longer) else self._verbs[verb]

    def _noun_core(self, letters: str) -> str:
        """Return the stem of bare letters: known words whole, then the article off, then the endings."""
        while True:
            folded = fold_bare(letters)
            if letters in self._forms:
                return self._forms[letters]
            if folded in self._function:
                return folded
            if letters[:1] in _HAMZA_FIRST and folded[1:2] == "ل":
                # The hamza says that «أل» is no article; without it in the stem «ألغاز» would be «الغاز».
                return self._shortened("ء" + folded[1:])
            shortened = self._shortened(folded)
            if letters[:1] in _HAMZA_FIRST and (form := letters[0] + shortened[1:]) in self._forms:
                return self._forms[form]  # «أنفاقها» is of «أنفاق», which is not «إنفاق»
            if shortened in self._kept:
                return shortened
            if whole := self._opening_with_al(letters, folded):
                return whole
            if folded.startswith("لل") and self._is_known(inner := self._shortened(folded[1:])):
                return inner  # «للجنة» is «لجنة»
            article = _article(letters)
            if not article:
                return shortened
            letters = letters[len(article) :]

    def _without_article(self, letters: str) -> str:
        """Return what was typed, folded, from where its stem begins."""
        folded = fold_bare(letters)
        if letters[:1] in _HAMZA_FIRST and folded[1:2] == "ل":
            return "ء" + folded[1:]
        if folded in self._function or self._shortened(folded) in self._kept:
            return folded
        return folded[len(_article(letters)) :]

    def _opening_with_al(self, letters: str, folded: str) -> str:
        """Return the stem of a word whose own letters are ال, typed with or without و ف ب ك before it, or ''."""
        match = _AL.match(folded)
        if not match or letters[match.end() : match.end() + 1] in _HAMZA_FIRST:
            return ""
        alef = match.end() - 2
        shortened = self._shortened(folded[alef:])
        has_hamza = "أ" in letters[alef + 1 :] or "آ" in letters[alef + 1 :]  # «المأساة» is no «ألماس»
        known = shortened in self._with_al and not has_hamza and (not alef or len(shortened) > 4)
        return self._shortened("ء" + folded[alef + 1 :]) if known or (not alef and len(folded) == 3) else ""

    def _is_known(self, stem: str) -> bool:
        return stem in self._plain or stem in self._kept or stem in self._short

    def _further(self, word: str) -> frozenset[str]:
        letters = _seen(word)
        if not _is_arabic(letters):
            return frozenset(number_readings(word))
        if verb := self._verb(word):
            # What is typed of «يستقبل» before its end begins none of its stem «استقبل».
            return frozenset({_spelled(verb)} - {self.stem(word)})
        found = self._before_pronoun(letters)
        for rest in self._behind_proclitics(letters):
            found |= {self._core(rest)} | self._before_pronoun(rest)
        return frozenset(found - {self.stem(word), ""})

    def _before_pronoun(self, letters: str) -> set[str]:
        """«حزبه» and «بلادنا»: endings that a noun may have of its own, so the stem keeps them."""
        if letters[-1:] not in ("ه", "ا", "م") or letters.startswith("ال"):
            return set()
        folded = fold_bare(letters)
        if folded in self._function:
            return set()
        dual = _DUAL_BEFORE_PRONOUN.fullmatch(letters)
        if dual and self._is_noun(fold_bare(dual[1])):
            return {self._core(dual[1])}
        if letters.endswith("ه") and len(letters) > 3:
            is_feminine = self._is_feminine(folded) and not self._is_noun(folded[:-1])
            return set() if is_feminine else {self._core(letters[:-1])}
        if (
            letters.endswith("نا")
            and len(letters) > 4
            and letters[-3] != "ا"
            and (len(letters) > 5 or self._is_noun(folded[:-2]))
        ):
            return {self._core(letters[:-2])}
        return set()

    def _is_noun(self, folded: str) -> bool:
        return folded in self._short or folded in self._plurals or folded in self._kept

    def _behind_proclitics(self, letters: str) -> list[str]:
        """Return what stays of a word behind its one-letter words, where that can be a word."""
        if letters[:1] not in ("و", "ف", "ب", "ل", "ك") or len(letters) < 4:
            return []
        folded = fold_bare(letters)
        if folded in self._function or self._is_plain(folded) or _article(letters):
            return []
        if self._without_clitics(letters) != letters:
            return []
        found = [letters[1:]]
        if letters[0] in "وف" and letters[1] in "بلك" and not self._is_plain(folded[1:]) and len(letters) > 4:
            found.append(letters[2:])
        return [rest for rest in found if self._may_stand_alone(rest)]

    def _is_plain(self, folded: str) -> bool:
        shortened = self._shortened(folded)
        return shortened in self._plain or shortened in self._kept

    def _may_stand_alone(self, rest: str) -> bool:
        folded = fold_bare(rest)
        return len(folded) > 3 or folded in self._short or (len(folded) == 3 and rest[0] in _HAMZA_FIRST)

    def _shortened(self, folded: str) -> str:
        """Take one ending after the other until a known word is reached or none is left to take."""
        while True:
            if folded in self._forms:
                return self._forms[folded]
            if folded in self._kept:
                return folded
            if len(folded) < 4:
                return folded[:2] if folded.endswith("يء") else folded
            take = _ENDINGS.get(folded[-1])
            shorter = take(self, folded) if take else folded
            if shorter == folded:
                return folded
            folded = shorter

    def _without_alef(self, word: str) -> str:
        if word.endswith("هما") and (shorter := self._without_pronoun(word, 3)) != word:
            return shorter
        if word.endswith("ها") and (shorter := self._without_pronoun(word, 2)) != word:
            return shorter
        if word[-2] == "ت" and self._is_feminine(word[:-2] + "ه"):
            return word[:-2] + "ه"
        if word.endswith("تنا") and self._is_feminine(word[:-3] + "ه"):
            return word[:-3] + "ه"
        if word[-2] == "و" and len(word) > 5:
            return word[:-2]
        if word[:-1] in self._roots:
            return word
        return word[:-1] if word[-2] == "ي" or len(word) > 4 or word[:-1] in self._short else word

    def _is_feminine(self, word: str) -> bool:
        return word in self._kept or word in self._short

    def _without_heh(self, word: str) -> str:
        if word[-2] in "تا":
            return self._without_pronoun(word, 1)
        return word[:-1] if len(word) > 4 else word

    def _without_meem(self, word: str) -> str:
        return self._without_pronoun(word, 2) if word[-2] == "ه" else word

    def _without_yeh(self, word: str) -> str:
        """«لبناني» is «لبنان», «موظفي» «موظفون», «مبانٍ» «مباني»; «أمني» is another word than «أمن»."""
        if len(word) < 5:
            return word
        if word[-2] == "ت" and self._is_feminine(word[:-2] + "ه"):
            return word[:-2] + "ه"  # «وزارتي الدفاع والداخلية»
        base = word[:-1]
        is_dual = len(base) == 4 and base[2] == "ي" and base in self._plurals  # «وزيري الداخلية والدفاع»
        return base if is_dual or base[-1] == "ي" or base in self._roots or _LOSING_YEH.fullmatch(word) else word

    def _without_waw(self, word: str) -> str:
        """«موظفو» and «إعلاميو» are plurals; the last letter of «بيانو» and «ميلانو» is their own."""
        return word[:-1] if len(word) > 4 and (word[-2] == "ي" or _PARTICIPLE.fullmatch(word[:-1])) else word

    def _without_noon(self, word: str) -> str:
        if word[-2] not in "اوي":
            return word
        base = word[:-2]
        if base in self._kept or (len(base) > 2 and base in self._short):
            return base
        if base[-1:] == "ت" and word[-2] != "و":
            return self._feminine(base, word)
        return base if len(base) > 3 else word

    def _without_teh(self, word: str) -> str:
        if word[-2] != "ا":
            return word
        if self._is_feminine(word[:-1] + "ه"):
            return word[:-1] + "ه"  # «مباراته», «حياتهم»
        base = word[:-2]
        feminine = base + "ه"
        return base if len(base) > 3 and feminine not in self._kept else feminine

    def _without_pronoun(self, word: str, length: int) -> str:
        base = word[:-length]
        if base[-1:] == "ا" and self._is_noun(base[:-1] + "ي"):
            return base[:-1] + "ي"  # «مرضاهم» is of «مرضى»
        if base in self._kept or base in self._short or (base in self._plurals and len(base) > 2):
            return base
        if base[-1:] == "ت":
            return base if base[-2:-1] == "ا" and len(base) > 3 else self._feminine(base, base)
        return base if len(base) > (3 if base[-1:] == "ا" else 2) else word

    def _feminine(self, base: str, otherwise: str) -> str:
        """«شركته» and «شركتان» are «شركة»."""
        feminine = base[:-1] + "ه"
        return feminine if len(base) > 3 or self._is_feminine(feminine) else otherwise

    def _without_hamza(self, word: str) -> str:
        return word[:-1] if word[-2] == "ي" else word


_ENDINGS: dict[str, Callable[[Analyser, str], str]] = {
    "ا": Analyser._without_alef,
    "ه": Analyser._without_heh,
    "م": Analyser._without_meem,
    "ي": Analyser._without_yeh,
    "و": Analyser._without_waw,
    "ن": Analyser._without_noon,
    "ت": Analyser._without_teh,
    "ء": Analyser._without_hamza,
}


def _seen(word: str) -> str:
    """The bare letters; where a pronoun moved the hamza of «أعضاء» to another seat, it is put back."""
    if is_folded(word):
        return word[:LONGEST_STEM].replace("ايي", "اءي")
    # «ابتدايية» is a common spelling of «ابتدائية».
    letters = bare(word[: 4 * LONGEST_STEM])[:LONGEST_STEM].replace("ائي", "اءي").replace("ايي", "اءي")
    if letters.endswith("تة"):
        return letters[:-1]
    letters = _SEATS.sub("اء", letters) if "ائ" in letters or "اؤ" in letters else letters
    if "أت" in letters[2:]:
        letters = _AFTER_HAMZA.sub("أة", letters)
    # «منشآت» are of «منشأة».
    return letters.replace("آت", "اات")[:LONGEST_STEM] if "آت" in letters[1:] else letters


def _without_last_marks(word: str) -> str:
    return unicodedata.normalize("NFC", word.rstrip(_MARKS_OF_CASE))


def _with_seats(letters: str) -> str:
    """Fold, but let a hamza on yeh be seen: «فئة» and «فيه» fold alike."""
    return fold_bare(letters.replace("ئ", "ء"))


def _key(form: str, lemma: str) -> str:
    """A form whose stem shows a hamza is found only as it is written: «فئة» is not «فيه», «آب» not «أب»."""
    return form if "ء" in lemma[:-1] else fold_bare(_seen(form))


def _spelled(form: str) -> str:
    return "ء" + form[1:] if form[:2] in ("أل", "ال") else form


def _named(word: str) -> str:
    """Return the stem that the desk means by a word, which it may have typed with the article."""
    letters = _seen(word)
    folded = fold_bare(letters)
    if letters[:1] in _HAMZA_FIRST and folded[1:2] == "ل":
        return "ء" + folded[1:]
    return folded[len(_article(folded)) :] if folded.startswith("ال") else folded


def _root(name: str, root: str = "") -> str:
    """Return the stem of a place: what its name shares with the word for its people."""
    if root:
        return _named(root)
    short = name[:-2] if name.endswith("يا") else name[:-1] if name.endswith("ا") else name
    return short if len(short) > 3 else name


def _article(letters: str) -> str:
    match = _ARTICLE.match(letters)
    return match[0] if match else ""


def _is_arabic(letters: str) -> bool:
    return "\u0620" <= letters[:1] <= "\u08ff" and not letters[0].isdecimal()


def _other_stem(letters: str) -> str:
    if digits := number(letters):
        return digits[:LONGEST_STEM]
    folded = fold_bare(letters)
    while (again := fold_bare(bare(folded))) != folded:
        folded = again
    return folded[:LONGEST_STEM]


def _remember(known: dict[str, Answer], word: str, answer: Answer) -> Answer:
    if len(known) >= CACHED_WORDS:
        known.clear()
    if len(word) <= LONGEST_STEM:
        known[word] = answer
    return answer


def _fingerprint(protected: list[str], unprotected: list[str]) -> str:
    tables: tuple[str, ...] = (
        "function_words",
        "short_words",
        "forms",
        "protected_words",
        "words_with_al",
        "no_variants",
    )
    tables += ("places", "marked_words", "broken_plurals", "verbs", "verbs_not", "synonyms")
    parts = [str(VERSION), *(repr(words(name)) for name in tables), repr(protected), repr(unprotected)]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]
