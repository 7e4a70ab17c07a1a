"""A stored body as HTML for a page and as plain text. Templates get the HTML of a body from here alone."""

import re
from collections.abc import Mapping, Sequence
from html import unescape

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from newsroom.lib.bidi import runs
from richtext.addresses import is_external
from richtext.attributes import clean_attribute
from richtext.schema import BLOCKS, DROPPED_WITH_CONTENT, EXTERNAL_REL, TAGS
from richtext.tidying import tidy
from richtext.tree import Node, Piece, parse, serialise

_BLOCK_TAG = re.compile(rf"</?(?:{'|'.join(sorted(BLOCKS | {'br', 'img'}))})(?:\s[^<>]*)?>", re.IGNORECASE)
_INLINE_TAG = re.compile(r"<[^<>]*>")
# A cell ends with a tab and a row with a line break, as a spreadsheet reads it.
_AFTER = {"td": "\t", "th": "\t", "br": "\n"}
# Elements whose text has a direction already, or must be copied as it is.
_DIRECTED = frozenset({"bdi", "code", "pre"})


def blocks(html: str) -> list[SafeString]:
    """Return the top-level blocks of a body in order, each as safe HTML ready for a page."""
    return [_safe([_for_page(block)]) for block in read(html)]


def render_body(html: str, insertions: Mapping[int, Sequence[str]] | None = None) -> list[SafeString]:
    """Return the blocks of a body with other pieces of a page between them.

    The key of an insertion is the number of blocks before it: 0 stands above the body, 2 after the second
    block. What asks for a place beyond the end stands at the end. What is not safe HTML is escaped.
    """
    waiting = dict(insertions or {})
    pieces: list[SafeString] = []
    for place, block in enumerate(blocks(html)):
        pieces += [*map(conditional_escape, waiting.pop(place, ())), block]
    for place in sorted(waiting):
        pieces += map(conditional_escape, waiting[place])
    return pieces


def to_text(html: str) -> str:
    """Return the words of a body: blocks parted by an empty line, items and rows by a line break."""
    lines = (_lines(block).strip() for block in read(html))
    return "\n\n".join(re.sub(r"[ \t]*\n[ \t\n]*", "\n", line) for line in lines if line)


def to_lines(html: str) -> list[str]:
    """Return the words of a stored body, a line for each block: many times faster than to_text, for the search.

    Reads no tree, so it is for bodies that are sanitised; of anything else it returns text with odd pieces in it.
    """
    text = unescape(_INLINE_TAG.sub("", _BLOCK_TAG.sub("\n", html.replace("\n", " "))))
    return [line for line in map(str.strip, text.split("\n")) if line]


def word_count(html: str) -> int:
    """Count what stands between spaces and holds a letter or a digit."""
    return sum(any(map(str.isalnum, word)) for word in to_text(html).split())


def read(html: str) -> list[Node]:
    """Return the blocks of a body with nothing that the schema does not name.

    Bodies are sanitised where they are stored. This holds also for a row that came in past every form.
    """
    return tidy(_only_schema(parse(html)))


def _only_schema(pieces: list[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str):
            kept.append(piece)
            continue
        if piece.tag in DROPPED_WITH_CONTENT:
            continue
        children = _only_schema(piece.children)
        if piece.tag in TAGS:
            cleaned = {name: clean_attribute(piece.tag, name, value) for name, value in piece.attributes.items()}
            kept.append(Node(piece.tag, {k: v for k, v in cleaned.items() if v is not None}, children))
        else:
            kept += children
    return kept


def _for_page(node: Node, has_direction: bool = False) -> Node:
    """Add what a page needs and a body does not store."""
    has_direction = has_direction or node.tag in _DIRECTED or "dir" in node.attributes
    children: list[Piece] = []
    for child in node.children:
        if isinstance(child, Node):
            children.append(_for_page(child, has_direction))
        else:
            children += [child] if has_direction else _isolated(child)
    node.children = children
    match node.tag:
        case "img":
            node.attributes |= {"loading": "lazy", "decoding": "async"}
            node.attributes.setdefault("alt", "")
        case "a" if is_external(node.attributes["href"]):
            node.attributes["rel"] = EXTERNAL_REL
            node.children.append(Node("span", {"class": "hidden-label"}, [f" ({_('external link')})"]))
        case "table":
            return _scrollable(node)
    return node


def _isolated(text: str) -> list[Piece]:
    """A text with what reads from left to right in elements of its own."""
    return [Node(tag, {"dir": "ltr"}, [piece]) if tag else piece for tag, piece in runs(text)]


def _scrollable(table: Node) -> Node:
    """Wrap a table so that a wide one scrolls in its own box, by keyboard too (WCAG 2.1.1, 1.4.10)."""
    caption = next((child for child in table.children if isinstance(child, Node) and child.tag == "caption"), None)
    label = caption.text.strip() if caption else _("Table")
    return Node("div", {"class": "table-scroll", "role": "region", "tabindex": "0", "aria-label": label}, [table])


def _lines(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece.replace("\n", " ")
    text = "".join(_lines(child) for child in piece.children)
    if piece.tag in _AFTER:
        return text.strip() + _AFTER[piece.tag]
    return f"\n{text}\n" if piece.tag in BLOCKS else text


def _safe(pieces: Sequence[Piece]) -> SafeString:
    # Every text and attribute in it was escaped by serialise().
    return mark_safe(serialise(pieces))
