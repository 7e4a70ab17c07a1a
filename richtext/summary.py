"""The beginning of a text, for places that show a sentence or two: search results, shared links, feeds."""

import re

from richtext.render import to_lines

# Letters. A search engine shows about 155 of them; a sentence shorter than the first says too little.
SHORTEST, LONGEST = 60, 160
_END_OF_SENTENCE = re.compile(r"[.؟?!…][»\"”]?(?= )")


def summary(html: str) -> str:
    """Return the beginning of a stored body as plain text: its first sentences, or what fits of them."""
    return shorten(" ".join(to_lines(html)))


def shorten(text: str) -> str:
    """Return up to LONGEST letters: whole sentences where some fit, else cut at the end of a word, marked with «…»."""
    words = " ".join(text.split())
    if len(words) <= LONGEST:
        return words
    ends = [end.end() for end in _END_OF_SENTENCE.finditer(words, SHORTEST - 1, LONGEST + 1)]
    if ends:
        return words[: ends[-1]]
    return words[: LONGEST - 1].rsplit(" ", 1)[0].rstrip("،؛:,;-–— ") + "…"
