"""Limits that a body must keep before anything parses it.

The HTML parser takes quadratic time on deep nesting and on long runs of ampersands: 100,000 nested boxes took
48 s. Within these limits the worst input takes a fraction of a second.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from richtext.schema import MAX_NESTING

MAX_BYTES = 200_000
MAX_AMPERSANDS = 20_000
MAX_TAGS = 10_000

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"}
_OPTIONAL_END = {"colgroup", "dd", "dt", "li", "option", "p", "tbody", "td", "tfoot", "th", "thead", "tr"}
# Elements that close by themselves do not stand in each other.
_UNCLOSED = _VOID | _OPTIONAL_END


class BodyTooLarge(ValidationError):
    """The body is larger or more deeply nested than any article."""


def check_bounds(html: str) -> None:
    """Raise BodyTooLarge in linear time, in at most a few milliseconds."""
    if len(html) > MAX_BYTES or len(html.encode(errors="surrogatepass")) > MAX_BYTES:
        raise BodyTooLarge(_("The text is too long. Split it into several articles."), code="too_long")
    if html.count("&") > MAX_AMPERSANDS or html.count("<") > MAX_TAGS or _nesting(html) > MAX_NESTING:
        raise too_complex()


def too_complex() -> BodyTooLarge:
    return BodyTooLarge(_("The text holds too much formatting. Paste it again without formatting."), code="too_complex")


def _nesting(html: str) -> int:
    """Return how deep the elements stand in each other, at least.

    Tags hidden in comments can make the count too low; MAX_TAGS bounds what that can cost.
    """
    depth = deepest = 0
    for closing, name in _TAG.findall(html):
        if name.lower() in _UNCLOSED:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest
