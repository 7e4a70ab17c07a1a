"""The written forms of the verbs of the news, so that search takes «عثروا», «يعثرون» and «عُثر» for one word.

Only forms that nothing else is written like: without vowel marks «كتب» is also books and «تقدم» also progress,
and a wrong hit is worse than a miss. Masdars and participles are words of their own.
"""

from collections.abc import Iterator
from functools import cache
from types import MappingProxyType

from newsroom.lib.arabic import fold_bare
from newsroom.lib.tables import rows, words

# Their words are nouns, names and adjectives: a form that is one of them is no verb for search.
_TABLES_OF_NOUNS = ("broken_plurals", "places", "synonyms", "forms", "short_words", "protected_words", "verbs_not")
_PRONOUNS = ("ه", "ها", "هم")
_NOUN_ENDINGS = ("ا", "ه", "ها", "هم", "هما", "نا", "ان", "ين", "ي")
_FEMININE_ENDINGS = ("ته", "تها", "تهم", "تا", "تان", "تنا")


def forms(past: str, present: str) -> frozenset[str]:
    """Return the third-person forms of a verb, those of نحن, and of أنا where they can be of no other verb.

    Without vowel marks, the hamzas on their seats. The passive is there where its letters are those of the active.
    Imperatives and shortened forms («لم يقل») are not.
    """
    return frozenset((*_past(past), *_present(present)))


@cache
def verb_forms() -> MappingProxyType[str, str]:
    """Return every form that only one verb has, folded, with the verb's stem: built once for the process.

    A form that begins with «أل» is kept with its hamza, and its stem begins with ء, as the analyser's stems do:
    folded it would have the article.
    """
    nouns = _nouns()
    owners: dict[str, str] = {}
    shared: set[str] = set()
    for verb in rows("verbs"):
        name = f"{verb[0]} {verb[1]}"
        if verb[0][0] == "ت" and verb[1] == "ي" + verb[0]:
            nouns |= set(_written(verb[0]))  # «تقدم» is its own masdar
        for form in _keys(verb):
            if owners.setdefault(form, name) != name:
                shared.add(form)
    free = {form: name for form, name in owners.items() if form not in shared and form not in nouns}
    stems = _stems(free)
    found = {form: stems[name] for form, name in free.items()}
    found |= {"ء" + form[1:]: stem for form, stem in found.items() if form[:2] in ("أل", "ال")}
    return MappingProxyType(found | {stem: stem for stem in stems.values()})


def key(form: str) -> str:
    """Return the letters under which `verb_forms` knows a form."""
    return "أ" + fold_bare(form[1:]) if form[:2] in ("أل", "آل") else fold_bare(form)


def _keys(verb: tuple[str, ...]) -> set[str]:
    made = set(forms(verb[0], verb[1]))
    if len(verb) == 4:
        made |= forms(verb[2], verb[3])
    return {key(form) for form in made}


def _stems(free: dict[str, str]) -> dict[str, str]:
    """Return the stem of each verb: his past where it is free, else his present, else the first form."""
    by_verb: dict[str, list[str]] = {}
    for form, name in free.items():
        by_verb.setdefault(name, []).append(form)
    stems: dict[str, str] = {}
    for name, found in by_verb.items():
        past, present = (key(part) for part in name.split())
        known = set(found)
        form = (
            past if past in known else present if present in known else min(found, key=lambda word: (len(word), word))
        )
        # As the analyser's stems of words whose ال is no article do.
        stems[name] = "ء" + form[1:] if form[:2] in ("أل", "ال") else form
    return stems


def _nouns() -> set[str]:
    """Return what the nouns of all tables are written like, with the endings that a verb's forms have too."""
    found: set[str] = set()
    for table in _TABLES_OF_NOUNS:
        for line in words(table):
            for part in line.replace("|", " ").split():
                found.update(_written(part))
    return found | {fold_bare(word) for word in words("function_words")}


def _written(noun: str) -> Iterator[str]:
    folded = fold_bare(noun)
    for ending in ("", *_NOUN_ENDINGS):
        yield folded + ending
        yield key(noun) + ending
    if noun.endswith("ة"):
        for ending in _FEMININE_ENDINGS:
            yield folded[:-1] + ending
    elif noun.endswith("ى"):
        for ending in _PRONOUNS:
            yield folded[:-1] + "ا" + ending
    elif noun.endswith("اء"):
        for seat in "وي":
            for ending in _PRONOUNS:
                yield folded[:-1] + seat + ending


def _past(past: str) -> Iterator[str]:
    yield past
    short = len(past) < 4
    if past == "رأى":
        yield from ("رآه", "رآها", "رآهم")
    if past.endswith("ى") or (past.endswith("ا") and short):
        yield from _past_weak(past, short)
    elif past.endswith("أ"):
        yield from (past + "ت", past + "تا", past + "وا", past[:-1] + "ؤوا", past[:-1] + "ءوا", past[:-1] + "آ")
        yield from _with_pronouns(past, past[:-1] + "ؤو", short)
    elif past.endswith("اء"):
        yield from (past + "ت", past + "تا", past + "ا", past + "وا", past[:-1] + "ؤوا", past[:-1] + "ؤا")
    elif past.endswith("ي") and len(past) < 5:
        yield from (past + "ت", past[:-1] + "وا", past + "ا", past + "تا")
    else:
        yield from (past + "ت", past + "ا", past + "وا")
        yield from _with_pronouns(past, past + "و", short)
        if not short and not _is_like_a_noun(past):
            yield past + "تا"  # but «جلستا» is of «جلسة»
        if len(past) > 2 and past[-2] not in "اي":
            yield from (past + "ن", past + "نا")


def _past_weak(past: str, short: bool) -> Iterator[str]:
    base = past[:-1]
    yield from (base + "ت", base + "تا", base + "وا")
    yield base + ("وا" if past.endswith("ا") else "يا")
    yield from _with_pronouns(base + "ا", base + "و", short, base)
    if not short:
        yield base + "ينا"


def _with_pronouns(he: str, they: str, short: bool, she: str = "") -> Iterator[str]:
    """«أعلنه», «أعلنته», «أعلنوه». Of three letters «قتلة» and «قادته» are nouns, so only «قادها» and «قادوه»."""
    for pronoun in _PRONOUNS:
        if not short and not _is_like_a_noun(he):
            yield from (he + pronoun, they + pronoun, (she or he) + "ت" + pronoun)
        elif pronoun != "ه":
            yield from (he + pronoun, they + pronoun)
        elif not she:
            yield they + pronoun  # but «دعوه» is «دعوة»


def _is_like_a_noun(past: str) -> bool:
    """«إدارة» and «استعادة» are written like «أداره», «واجهة» like «واجهه»."""
    return past[-2] == "ا" or (len(past) == 4 and past[1] == "ا")


def _present(present: str) -> Iterator[str]:
    rest = present[1:]
    people = "يتن" if len(rest) > 2 else "يت"
    yield from (person + rest for person in people)
    if len(rest) > 3:
        yield "أ" + rest
    plurals = _present_plurals(rest)
    for ending in plurals:
        yield from (f"ي{ending}ون", f"ي{ending}وا")
    pair = rest[:-1] + ("يا" if rest.endswith("ى") else "آ") if rest[-1] in "ىأ" else rest + "ا"
    yield from (f"ي{pair}ن", f"ت{pair}ن")
    if len(rest) > 2 and rest[-1] not in "ىيوأئء" and rest[-2] not in "ايو":
        yield f"ي{rest}ن"
    yield from _present_with_pronouns(rest, plurals[0])


def _present_plurals(rest: str) -> tuple[str, ...]:
    if rest[-1] in "ىيو" and len(rest) > 1:
        return (rest[:-1],)
    if rest.endswith("أ"):
        return (rest, rest[:-1] + "ؤ", rest[:-1] + "ء")
    return (rest,)


def _present_with_pronouns(rest: str, plural: str) -> Iterator[str]:
    base = rest[:-1] + "ا" if rest.endswith("ى") else rest
    for pronoun in _PRONOUNS:
        yield f"ي{base}{pronoun}"
        yield f"ي{plural}ون{pronoun}"
        # «تسميه» is also «تسمية», «تجربه» also «تجربة».
        if pronoun != "ه":
            yield f"ت{base}{pronoun}"
