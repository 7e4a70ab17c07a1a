"""A body as a small tree, read from sanitised HTML and written back in one fixed form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from richtext.schema import MAX_NESTING, VOID


@dataclass
class Node:
    """An element. Its children are elements and pieces of text (plain, not escaped)."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        """Yield this element and every element below it, in the order of the text."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


Piece = Node | str


def parse(html: str) -> list[Piece]:
    """Read well-formed HTML into its top-level pieces. Anything deeper than MAX_NESTING is laid flat."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root.children


def serialise(pieces: Iterable[Piece]) -> str:
    """Write the pieces as HTML: attributes in alphabetical order, so that the same tree is the same text."""
    return "".join(_write(piece) for piece in pieces)


def _write(piece: Piece) -> str:
    if isinstance(piece, str):
        return escape(piece, quote=False).replace("\N{NO-BREAK SPACE}", "&nbsp;")
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in sorted(piece.attributes.items()))
    if piece.tag in VOID:
        return f"<{piece.tag}{attributes}>"
    return f"<{piece.tag}{attributes}>{serialise(piece.children)}</{piece.tag}>"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in reversed(attrs)})
        self._open[-1].children.append(node)
        if tag not in VOID and len(self._open) <= MAX_NESTING:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        siblings = self._open[-1].children
        if siblings and isinstance(siblings[-1], str):
            siblings[-1] += data
        else:
            siblings.append(data)
