"""Short texts written in haste: from a plain box to a body, and a body that stands under a heading of its own."""

import re
from html import escape

from richtext.sanitise import sanitise
from richtext.tree import Node, Piece, parse, serialise

_HEADINGS = frozenset({"h2", "h3", "h4"})
_PARAGRAPH_END = re.compile(r"\n\s*\n")
_ADDRESS = re.compile(r"https?://[^\s<>\"«»]+", re.IGNORECASE)
# What ends a sentence or a bracket after an address, Latin and Arabic.
_AFTER_ADDRESS = ".,;:!?)]}'،؛؟…"


def from_plain(text: str) -> str:
    """Return typed text as a body: an empty line ends a paragraph, web addresses become links, the rest stays text.

    Raises BodyTooLarge.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    paragraphs = (_with_links(part.strip()).replace("\n", "<br>") for part in _PARAGRAPH_END.split(lines))
    return sanitise("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))


def without_headings(html: str) -> str:
    """Return a sanitised body with bold paragraphs for its headings: what stands under a heading of its own, whose
    level the page decides, must not bring others along (WCAG 1.3.1).

    Raises BodyTooLarge.
    """
    blocks = parse(html)
    for block in blocks:
        if isinstance(block, Node):
            for node in block.walk():
                _lower(node)
    return sanitise(serialise(blocks))


def _lower(node: Node) -> None:
    if node.tag in _HEADINGS:
        strong: Piece = Node("strong", {}, node.children)
        node.tag, node.children = "p", [strong]


def _with_links(line: str) -> str:
    pieces, end = [], 0
    for found in _ADDRESS.finditer(line):
        address = found[0].rstrip(_AFTER_ADDRESS)
        pieces += [escape(line[end : found.start()]), f'<a href="{escape(address)}">{escape(address)}</a>']
        end = found.start() + len(address)
    return "".join([*pieces, escape(line[end:])])
