"""Recognised blocks as the body of an article."""

import html
from collections.abc import Iterable

from articles.recognising import Block, BlockType
from richtext.sanitise import sanitise

_TEMPLATES = {
    BlockType.PARAGRAPH: "<p>{}</p>",
    BlockType.SUBHEADING: "<h2>{}</h2>",
    BlockType.CAPTION: '<p class="caption">{}</p>',
    BlockType.QUOTE: "<blockquote><p>{}</p></blockquote>",
    BlockType.LIST: "<ul>{}</ul>",
}


def body_html(blocks: Iterable[Block]) -> str:
    """The body in the one format that richtext knows; links are rows, not part of it."""
    return sanitise("".join(block_html(block) for block in blocks if block.type != BlockType.RELATED))


def block_html(block: Block) -> str:
    if block.type == BlockType.LIST:
        return _TEMPLATES[block.type].format("".join(f"<li>{_escape(item)}</li>" for item in block.text.split("\n")))
    return _TEMPLATES.get(block.type, "").format(_escape(block.text))


def _escape(text: str) -> str:
    return html.escape(text, quote=False)
