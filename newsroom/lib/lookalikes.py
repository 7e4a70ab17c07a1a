"""Names that look like another name: a letter of a foreign alphabet among those of a word.

Unicode Technical Standard 39 as far as a newsroom needs it. What is written that way in honest Arabic passes:
«الـBBC», «لـOpenAI», «وBBC», «F-16», «كوفيد-19», «3D», «أبل TV».
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsroom.lib.arabic import MARKS, TATWEEL, fold
from newsroom.lib.tables import rows

SCRIPTS = {
    "ARABIC": pgettext_lazy("alphabet", "Arabic"),
    "LATIN": pgettext_lazy("alphabet", "Latin"),
    "CYRILLIC": pgettext_lazy("alphabet", "Cyrillic"),
    "GREEK": pgettext_lazy("alphabet", "Greek"),
    "HEBREW": pgettext_lazy("alphabet", "Hebrew"),
    "FULLWIDTH": pgettext_lazy("alphabet", "full-width"),
}
_FOREIGN = pgettext_lazy("alphabet", "foreign")
# These are written together.
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "BOPOMOFO", "HALFWIDTH"})
_NEUTRAL = frozenset({"MICRO", "FEMININE", "MASCULINE", "MODIFIER", "SUPERSCRIPT"})
_BLANK = frozenset("\u115f\u1160\u3164\uffa0")

_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{MARKS}\u0300-\u036f\u200c])*")
# A particle or the article before a foreign word, with or without a tatweel: الـBBC, وBBC, للـFBI.
_PARTICLE = re.compile(f"[وف]?(?:ال|لل|[بكل](?:ال)?)?[{MARKS}]*{TATWEEL}*(?=[A-Za-z\u00c0-\u024f]{{2}})")
_TATWEEL = re.compile(f"(?<={TATWEEL})(?!{TATWEEL})")
_LATIN_OF = {letter: latin for letter, latin, *_capital in rows("latin_lookalikes")}
# Domains are shown in small letters.
_CLOSE = {letter for letter, _latin, *capital in rows("latin_lookalikes") if not capital}


@dataclass(frozen=True, slots=True)
class Odd:
    """The letter of `word` that is of another alphabet than the rest of it."""

    word: str
    letter: str
    script: str

    @property
    def sentence(self) -> ValidationError:
        # Set apart: without markup one Latin word after another would change places.
        word, letter = f"\u2068{self.word}\u2069", f"\u2068{self.letter}\u2069"
        params = {"word": word, "letter": letter, "script": SCRIPTS.get(self.script, _FOREIGN)}
        if self.letter in _BLANK:
            return ValidationError(_("“%(word)s” holds a letter that shows nothing."), params=params, code="lookalike")
        return ValidationError(
            _("“%(word)s” mixes alphabets: “%(letter)s” in it is a %(script)s letter."),
            params=params,
            code="lookalike",
        )


def find_odd(text: str) -> Odd | None:
    """The first letter that does not belong into its word; None for an honest text. Never raises."""
    return next((odd for word in _WORD.findall(text) for odd in [_odd_in(word)] if odd), None)


def validate_name(name: str) -> None:
    """Raises ValidationError with a sentence that names the odd letter."""
    if odd := find_odd(name):
        raise odd.sentence


def read_as_latin(name: str) -> str | None:
    """The folded name that a reader takes this one for: «Rеuters» in Cyrillic is "reuters". None where none is meant.

    Only words that look Latin from the first letter to the last are read so: «Москва» stays what it is.
    """
    read = [_latin(word) for word in name.casefold().split()]
    if not any(latin and latin != word for word, latin in zip(name.casefold().split(), read, strict=True)):
        return None
    return fold(" ".join(latin or word for word, latin in zip(name.casefold().split(), read, strict=True)))


def validate_host(address: str) -> None:
    """Refuse an e-mail or web address with a label that mixes alphabets, or looks Latin and is not.

    Raises ValidationError. Addresses that are wrong for other reasons pass: others refuse them.
    """
    host = _host(address)
    is_ascii_below = host.rpartition(".")[2].isascii()
    for label in host.split("."):
        letters = _unpunycoded(label)
        scripts = {_script(char) for char in letters if char.isalpha()} - {""}
        looks_latin = is_ascii_below and not letters.isascii() and all(c.isascii() or c in _CLOSE for c in letters)
        if len(scripts) > 1 or looks_latin:
            odd = next((char for char in letters if char.isalpha() and not char.isascii()), letters[:1])
            raise Odd(label, odd, _script(odd)).sentence


def _host(address: str) -> str:
    """What stands behind @, or between // and the path."""
    if "://" in address:
        address = re.split(r"[/?#]", address.partition("://")[2], maxsplit=1)[0]
    return address.rpartition("@")[2].rpartition(":")[0] if re.search(r":\d*$", address) else address.rpartition("@")[2]


def _unpunycoded(label: str) -> str:
    try:
        return label[4:].encode().decode("punycode") if label.lower().startswith("xn--") else label
    except UnicodeError:
        return label


def _odd_in(word: str) -> Odd | None:
    blank = next((char for char in word if char in _BLANK), None)
    if blank:
        return Odd(word, blank, "")
    particle = _PARTICLE.match(word)
    for part in _TATWEEL.split(word[particle.end() :] if particle else word):
        scripts = [(char, script) for char in part if (script := _script(char))]
        main = _main([script for _char, script in scripts])
        strange = next(((char, script) for char, script in scripts if script != main), None)
        if strange and not _is_unit(part):
            return Odd(word, *strange)
    return None


def _main(scripts: list[str]) -> str:
    """The alphabet of most letters; of as many, the one that begins."""
    return max(scripts, key=scripts.count, default="")


def _is_unit(part: str) -> bool:
    """«μm», «Ωm»: one Greek letter before Latin ones is how units are written."""
    return part[0] in "μΩ" and part[1:].isascii()


@cache
def _script(char: str) -> str:
    """The first word of the letter's name, which says its alphabet; "" for what belongs to every one."""
    if not char.isalpha() or char == TATWEEL:
        return ""
    script = unicodedata.name(char, "UNKNOWN").split()[0]
    return "" if script in _NEUTRAL else "CJK" if script in _EAST_ASIAN else script


def _latin(word: str) -> str:
    """The word in Latin letters when each of its letters looks like one, else ""."""
    read = [char if char.isascii() else _LATIN_OF.get(char, "") for char in word]
    return "".join(read) if all(read) else ""
