"""Text that was copied out of a PDF in the order of its drawing: each line from its end to its beginning.

Such a text is made of presentation forms, and they give it away: a word cannot begin with the shape that a letter
has at an end and end with the shape of a beginning. Asked before hygiene, which takes the shapes away.
"""

import re
import unicodedata

_FORMS = "\ufb50-\ufbb1\ufbd3-\ufbff\ufe80-\ufefc"
_WORD = re.compile(f"[{_FORMS}]{{2,}}")
_LATIN = "A-Za-z\u00c0-\u024f"
# Words in Latin letters, also several of them, and numbers with their signs.
_LEFT_TO_RIGHT = re.compile(
    f"[%$€£]?[{_LATIN}\\d](?:[^\\s\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc()«»]*[{_LATIN}\\d%$€£])?(?: [{_LATIN}]+)*"
)
_CLUSTER = re.compile(r"(?s).[\u064b-\u065f\u0670\u0300-\u036f]*")
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
# A word or two may be a slip of the keyboard.
FEWEST = 3


def reversed_words(text: str) -> int:
    """How many words stand the wrong way round."""
    return sum(_is_reversed(word) for word in _WORD.findall(text))


def is_reversed(text: str) -> bool:
    """Whether the lines of the text stand the wrong way round: more of its words do than do not."""
    wrong = reversed_words(text)
    right = sum(_shape(word[0]) == "initial" and _shape(word[-1]) == "final" for word in _WORD.findall(text))
    return wrong >= FEWEST and wrong > right


def turned(text: str) -> str:
    """Each line with Arabic shapes from its beginning to its end; words in Latin letters and numbers stay readable."""
    return "\n".join(_turned_line(line) if _WORD.search(line) else line for line in text.splitlines())


def _turned_line(line: str) -> str:
    backwards = "".join(reversed(_CLUSTER.findall(line))).translate(_MIRRORED)
    return _LEFT_TO_RIGHT.sub(lambda run: "".join(reversed(_CLUSTER.findall(run[0].translate(_MIRRORED)))), backwards)


def _is_reversed(word: str) -> bool:
    return _shape(word[0]) == "final" and _shape(word[-1]) == "initial"


def _shape(char: str) -> str:
    """ "final", "initial" and so on, as Unicode's table of compatible characters has it."""
    return unicodedata.decomposition(char).partition(">")[0].lstrip("<")
