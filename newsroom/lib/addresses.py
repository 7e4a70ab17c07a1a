"""Addresses as they arrive: cut by chat programs, encoded twice, in the code page of an old Windows."""

import re
import unicodedata
from urllib.parse import unquote_to_bytes

from newsroom.lib.arabic import INVISIBLES, ZWNJ

# More than anybody encodes by accident, few enough that a hostile address costs nothing.
_TIMES = 3
_ARABIC_LETTER = re.compile("[\u0620-\u064a]")
_INVISIBLE = re.compile(f"[{INVISIBLES}{ZWNJ}\u0000-\u001f\u007f-\u009f]")
_CUT_ESCAPE = re.compile("%[0-9A-Fa-f]?$")
# What chat programs take into a link that stands in a sentence.
_AROUND = " \u00a0،؛؟,;:!?.…'\"«»‹›“”„’()[]{}<>*_"


def read_address(path: str) -> str:
    """Return what a path says to people: decoded as often as it was encoded, in NFC, nothing invisible in it.

    A letter that was cut in the middle is dropped; bytes that are no UTF-8 are read as Windows-1256. Never raises.
    """
    for _time in range(_TIMES):
        if "%" not in path:
            break
        path = _decoded(unquote_to_bytes(_CUT_ESCAPE.sub("", path).encode(errors="replace")))
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", path)).strip(_AROUND)


def _decoded(raw: bytes) -> str:
    text = raw.decode(errors="ignore")
    if len(text.encode()) == len(raw) or _ARABIC_LETTER.search(text):
        return text
    return raw.decode("cp1256")
