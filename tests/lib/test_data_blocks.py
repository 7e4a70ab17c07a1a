"""No text leaves a data block, and none changes how the source of the page looks."""

import json
import re

import pytest
from django.utils.html import conditional_escape

from newsroom.lib.data_blocks import data_block

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>",
    "a & b &lt; c",
    "\"quotes\" and 'others' and \\ and \\u003c",
    "\u2028 line \u2029 paragraph",
    "\x00\x07\x1b\x7f\x85\r\n\t",
    "\u202egnp.exe\u202c \u2066x\u2069 \u200e\u200f\u061c",
    "\u200b\ufeff\u00ad\u2060",
    "\ud800 half a pair",
    "نص عربي، 👍🏽 و\u200cفاصل",
]


def held(block: str) -> str:
    """What stands between the tags, as a browser would find it."""
    found = re.match(r'<script type="application/ld\+json">(.*?)</script', block, re.DOTALL | re.IGNORECASE)
    assert found
    return found[1]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_comes_back_as_it_was(text: str) -> None:
    block = data_block({"name": text, text: [text]})
    assert json.loads(held(block)) == {"name": text, text: [text]}
    assert block.endswith("</script>")
    assert block.count("<") == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_it_is_invisible_or_means_something_to_html(text: str) -> None:
    source = held(data_block({"name": text}))
    assert not re.search("[<>&\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]", source)
    source.encode()


def test_arabic_is_left_readable() -> None:
    assert "افتتاح حديقة" in data_block({"name": "افتتاح حديقة"})


def test_page_prints_it_as_it_is() -> None:
    block = data_block({"name": 'a "b"'})
    assert conditional_escape(block) == '<script type="application/ld+json">{"name":"a \\"b\\""}</script>'
