"""Give a sanitised tree the one shape that a body has: a row of blocks, no boxes, nothing empty."""

from collections.abc import Callable, Iterable
from itertools import groupby

from richtext.addresses import is_external
from richtext.schema import BLOCKS, BOXES, EXTERNAL_REL, INLINE, ITEMS, LINE_BLOCKS, RENAMED, VOID
from richtext.tree import Node, Piece

# Space, no-break space, zero-width joiners and direction marks: a paragraph of these alone is empty.
_BLANK = " \t\n\r\N{NO-BREAK SPACE}\u200b\u200c\u200d\u200e\u200f\u061c\ufeff"
_LISTS = frozenset({"ul", "ol", "dl"})
# A stray item gets the list that it needs.
_LIST_OF = {"li": "ul", "dt": "dl", "dd": "dl"}
_TABLE_PARTS = {
    "table": frozenset({"caption", "thead", "tbody", "tfoot", "tr"}),
    "thead": frozenset({"tr"}),
    "tbody": frozenset({"tr"}),
    "tfoot": frozenset({"tr"}),
    "tr": frozenset({"td", "th"}),
}


def tidy(pieces: Iterable[Piece]) -> list[Node]:
    """Return the blocks of a body: every piece of text stands in one, and no block is empty."""
    blocks = _flow(_settle_all(pieces, ""))
    return [] if all(block.tag == "hr" for block in blocks) else blocks


def _settle_all(pieces: Iterable[Piece], parent: str) -> list[Piece]:
    settled: list[Piece] = []
    for piece in pieces:
        for part in [piece] if isinstance(piece, str) else _settle(piece, parent):
            if isinstance(part, str) and settled and isinstance(settled[-1], str):
                settled[-1] += part
            else:
                settled.append(part)
    return settled


def _settle(node: Node, parent: str) -> list[Piece]:
    """Return what stands in the place of one element, its content settled first."""
    node.tag = RENAMED.get(node.tag, node.tag)
    node.children = _settle_all(node.children, node.tag)
    if node.tag in VOID:
        return [] if node.tag == "img" and "src" not in node.attributes else [node]
    if node.tag in INLINE:
        return _settle_inline(node)
    if node.tag in BOXES:
        return node.children if parent in _LISTS else _unbox(node)
    if node.tag == "figcaption" and parent != "figure":
        node = Node("p", node.attributes | {"class": "caption"}, node.children)
    if node.tag in LINE_BLOCKS:
        return _settle_line(node)
    settle: Callable[[Node], list[Piece]] = _SETTLERS[node.tag]
    return settle(node)


def _settle_inline(node: Node) -> list[Piece]:
    if node.tag == "a" and "href" not in node.attributes or node.tag == "span" and not node.attributes:
        return node.children
    if any(_is_block(child) for child in node.children):
        return _link_inside(node) if node.tag == "a" else node.children
    if _is_hollow(node):
        return [child for child in node.children if isinstance(child, str)]
    if node.tag == "a" and is_external(node.attributes["href"]):
        node.attributes["rel"] = EXTERNAL_REL
    return [node]


def _link_inside(link: Node) -> list[Piece]:
    """Turn a link round blocks into blocks that hold the link, because a body has no blocks inside lines."""
    pieces: list[Piece] = []
    for is_block, group in groupby(link.children, key=_is_block):
        if not is_block:
            pieces += _settle_inline(Node(link.tag, dict(link.attributes), list(group)))
            continue
        for child in group:
            if isinstance(child, Node) and child.tag in LINE_BLOCKS:
                child.children = _settle_inline(Node(link.tag, dict(link.attributes), child.children))
            pieces.append(child)
    return pieces


def _unbox(box: Node) -> list[Piece]:
    blocks = _flow(box.children)
    for block in blocks:
        block.attributes = box.attributes | block.attributes
    return list(blocks)


def _settle_line(node: Node) -> list[Piece]:
    """Trim a line of text. A paragraph round blocks is opened; a heading round blocks keeps their words."""
    if any(_is_block(child) for child in node.children):
        if node.tag == "p":
            return _unbox(node)
        node.children = _line_of(node.children)
    if _is_hollow(node):
        return []
    node.children = _trim(node.children, "\n" if node.tag == "pre" else _BLANK)
    return [node]


def _line_of(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the inline pieces of blocks, a space where a block began or ended."""
    line: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Node) and piece.tag in BLOCKS:
            line += [" ", *_line_of(piece.children), " "]
        else:
            line.append(piece)
    return _settle_all(line, "")


def _settle_item(node: Node) -> list[Piece]:
    """A list item or table cell with a single plain paragraph needs no paragraph."""
    node.children = _trim(_without_gaps(node.children), _BLANK)
    match node.children:
        case [Node(tag="p", attributes={}) as only] if not only.attributes:
            node.children = only.children
    return [] if _is_hollow(node) and node.tag in {"li", "dd"} else [node]


def _settle_list(node: Node) -> list[Piece]:
    """Put what stands loose in a list into an item; a list in a list belongs to the item before it."""
    items: list[Node] = []
    own = {"dt", "dd"} if node.tag == "dl" else {"li"}
    for piece in _without_gaps(node.children):
        if isinstance(piece, Node) and piece.tag in own:
            items.append(piece)
        elif isinstance(piece, Node) and piece.tag in _LISTS and items:
            items[-1].children.append(piece)
        else:
            items += [
                item
                for item in _settle_item(Node("dd" if node.tag == "dl" else "li", {}, [piece]))
                if isinstance(item, Node)
            ]
    node.children = list(items)
    return [node] if items else []


def _settle_table(node: Node) -> list[Piece]:
    parts = _TABLE_PARTS[node.tag]
    node.children = [child for child in node.children if isinstance(child, Node) and child.tag in parts]
    return [] if not node.children or node.tag == "table" and _is_hollow(node) else [node]


def _settle_quote(node: Node) -> list[Piece]:
    node.children = list(_flow(node.children))
    return [node] if node.children else []


def _settle_figure(node: Node) -> list[Piece]:
    """Keep picture and caption together. A caption whose picture is gone stays as a paragraph of its own."""
    pictures: list[Piece] = []
    words: list[Piece] = []
    rest: list[Piece] = []
    for child in node.children:
        if isinstance(child, Node) and child.tag == "figcaption":
            words += [" ", *child.children] if words else child.children
        elif isinstance(child, Node) and _is_picture(child):
            pictures += [child] if child.tag == "a" else [n for n in child.walk() if n.tag == "img"]
        else:
            rest.append(child)
    if pictures:
        caption = [Node("figcaption", {}, words)] if words else []
        kept = [Node("figure", node.attributes | {"class": "image"}, [*pictures, *caption])]
    else:
        kept = [Node("p", {"class": "caption"}, words)] if words else []
    return [*kept, *_flow(rest)]


_SETTLERS: dict[str, Callable[[Node], list[Piece]]] = {
    "blockquote": _settle_quote,
    "figure": _settle_figure,
    **dict.fromkeys(ITEMS, _settle_item),
    **dict.fromkeys(_LISTS, _settle_list),
    **dict.fromkeys(_TABLE_PARTS, _settle_table),
}


def _flow(pieces: list[Piece]) -> list[Node]:
    """Return blocks only: loose text becomes paragraphs, loose items become lists."""
    blocks: list[Node] = []
    for wrapper, group in groupby(_without_gaps(pieces), key=_wrapper):
        if wrapper:
            run = Node(wrapper, {}, list(group))
            settled = _settle_line(run) if wrapper == "p" else _settle_list(run)
        else:
            settled = list(group)
        blocks += [piece for piece in settled if isinstance(piece, Node)]
    return blocks


def _wrapper(piece: Piece) -> str:
    if not _is_block(piece):
        return "p"
    return _LIST_OF.get(piece.tag, "") if isinstance(piece, Node) else ""


def _without_gaps(pieces: list[Piece]) -> list[Piece]:
    """Drop white space that stands beside a block: it is layout of the source, not text."""
    kept: list[Piece] = []
    for place, piece in enumerate(pieces):
        if isinstance(piece, str) and not piece.strip(_BLANK):
            beside = [*pieces[place - 1 : place], *pieces[place + 1 : place + 2]]
            if any(_is_block(neighbour) for neighbour in beside):
                continue
        kept.append(piece)
    return kept


def _trim(pieces: list[Piece], blank: str) -> list[Piece]:
    """Drop white space and line breaks at both ends."""
    kept = list(pieces)
    while kept and _is_space(kept[0], blank):
        del kept[0]
    while kept and _is_space(kept[-1], blank):
        del kept[-1]
    if kept and isinstance(kept[0], str):
        kept[0] = kept[0].lstrip(blank)
    if kept and isinstance(kept[-1], str):
        kept[-1] = kept[-1].rstrip(blank)
    return kept


def _is_space(piece: Piece, blank: str) -> bool:
    return not piece.strip(blank) if isinstance(piece, str) else piece.tag == "br"


def _is_block(piece: Piece) -> bool:
    return isinstance(piece, Node) and piece.tag in BLOCKS


def _is_hollow(node: Node) -> bool:
    return not node.text.strip(_BLANK) and all(below.tag not in {"img", "hr"} for below in node.walk())


def _is_picture(node: Node) -> bool:
    return not node.text.strip(_BLANK) and any(below.tag == "img" for below in node.walk())
