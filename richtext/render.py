"""A stored body as HTML for a page and as plain text. Templates get the HTML of a body from here alone."""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from functools import lru_cache
from html import unescape
from types import MappingProxyType

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from newsroom.lib.bidi import runs
from richtext.addresses import is_external
from richtext.attributes import clean_attribute
from richtext.away import KnownPictures, leave_out_pictures, link_pictures, make_absolute, name_files, name_owners
from richtext.embeds import Embed, lone_link
from richtext.figures import Pictures, complete_figure, shown_picture
from richtext.schema import BLOCKS, DROPPED_WITH_CONTENT, EXTERNAL_REL, TAGS
from richtext.tidying import tidy
from richtext.tree import Node, Piece, parse, serialise

_BLOCK_TAG = re.compile(rf"</?(?:{'|'.join(sorted(BLOCKS | {'br', 'img'}))})(?:\s[^<>]*)?>", re.IGNORECASE)
# Read from its beginning alone: a long row of signs would be read again from each of them.
_WORD = re.compile(r"(?<!\S)(?:_|[^\w\s])*+[^\W_]\S*")
_INLINE_TAG = re.compile(r"<[^<>]*>")
# Each run of spaces is read once, from its beginning: from each of them it would take the square of their number.
_LINE_ENDS = re.compile(r"(?<![ \t])[ \t]*+\n[ \t\n]*+")
# A cell ends with a tab and a row with a line break, as a spreadsheet reads it.
_AFTER = {"td": "\t", "th": "\t", "br": "\n"}
# Elements whose text has a direction already, or must be copied as it is.
_DIRECTED = frozenset({"bdi", "code", "pre"})
_NO_PICTURES: Pictures = MappingProxyType({})
_NOTHING_KNOWN: KnownPictures = MappingProxyType({})


def blocks(html: str) -> list[SafeString]:
    """Return the top-level blocks of a body in order, each as safe HTML ready for a page."""
    return [_safe([_for_page(block)]) for block in read(html)]


def render_body(
    html: str,
    insertions: Mapping[int, Sequence[str]] | None = None,
    *,
    embed_box: Callable[[Embed], str] | None = None,
    pictures: Pictures = _NO_PICTURES,
) -> list[SafeString]:
    """Return the blocks of a body with other pieces of a page between them.

    The key of an insertion is the number of blocks before it: 0 stands above the body, 2 after the second
    block. What asks for a place beyond the end stands at the end. What is not safe HTML is escaped.
    `embed_box` makes the box that stands for a link to another platform which is alone in its paragraph; without it
    such a link is a link. `pictures` is what is known of the pictures whose addresses the body holds
    (richtext.figures.picture_addresses); one that is not there is shown as it is stored.
    """
    waiting = dict(insertions or {})
    pieces: list[SafeString] = []
    for place, node in enumerate(read(html)):
        found = lone_link(node) if embed_box else None
        block = embed_box(found) if embed_box and found else _safe([_for_page(node, pictures)])
        pieces += map(conditional_escape, (*waiting.pop(place, ()), block))
    for place in sorted(waiting):
        pieces += map(conditional_escape, waiting[place])
    return pieces


def render_elsewhere(
    html: str, page: str, *, pictures: KnownPictures = _NOTHING_KNOWN, left_out: Container[str] = ()
) -> SafeString:
    """Return a body as HTML for programs that show it away from its page: a reader of feeds, a mail.

    `page` is the absolute address of that page; every address becomes absolute, and nothing is added that only our
    own style sheets and scripts understand. `left_out` are the addresses, as the body holds them, of pictures that
    are not to be passed on.
    """
    found = [block for block in read(html) if not leave_out_pictures(block, left_out)]
    name_owners(found, pictures)
    name_files(found, pictures)
    make_absolute(found, page)
    return _safe(found)


def render_with_links_to_pictures(
    html: str, words: Callable[[str], str], *, pictures: KnownPictures = _NOTHING_KNOWN
) -> list[SafeString]:
    """Return the blocks of a body with a link in the place of each picture, for readers who pay for every byte.

    `words` makes the text of the link from the alternative text, which may be "".
    """
    found = read(html)
    name_owners(found, pictures)
    for block in found:
        link_pictures(block, words, pictures)
    return [_safe([_for_page(block)]) for block in found]


def to_text(html: str) -> str:
    """Return the words of a body: blocks parted by an empty line, items and rows by a line break."""
    lines = (_lines(block).strip() for block in read(html))
    return "\n\n".join(_LINE_ENDS.sub("\n", line) for line in lines if line)


def to_lines(html: str) -> list[str]:
    """Return the words of a stored body, a line for each block: many times faster than to_text, for the search.

    Reads no tree, so it is for bodies that are sanitised; of anything else it returns text with odd pieces in it.
    """
    text = unescape(_INLINE_TAG.sub("", _BLOCK_TAG.sub("\n", html.replace("\n", " "))))
    return [line for line in map(str.strip, text.split("\n")) if line]


@lru_cache(maxsize=16)
def word_count(html: str) -> int:
    """Count what stands between spaces and holds a letter or a digit; of a body that is sanitised, as to_lines."""
    return sum(len(_WORD.findall(line)) for line in to_lines(html))


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


def _for_page(node: Node, pictures: Pictures = _NO_PICTURES, has_direction: bool = False) -> Node:
    """Add what a page needs and a body does not store."""
    has_direction = has_direction or node.tag in _DIRECTED or "dir" in node.attributes
    children: list[Piece] = []
    for child in node.children:
        if isinstance(child, Node):
            children.append(_for_page(child, pictures, has_direction))
        else:
            children += [child] if has_direction else _isolated(child)
    node.children = children
    match node.tag:
        case "img":
            return shown_picture(node, pictures)
        case "figure":
            complete_figure(node, pictures)
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
    return Node("section", {"class": "table-scroll", "tabindex": "0", "aria-label": label}, [table])


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
