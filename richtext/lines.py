"""A stored body as the lines that a reader sees, and back: what is found in a line is mended in its pieces of text."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from newsroom.lib.text_edits import OBJECT, Edit, applied
from richtext.schema import BLOCKS
from richtext.tree import Node, Piece, parse, serialise

# Text that is copied, not read.
_CODE = frozenset({"code", "pre"})
# What is written differently, or nothing, for each line.
Finder = Callable[[Sequence[str]], Sequence[Sequence[Edit]]]


@dataclass
class Line:
    """A run of text that no block and no line break interrupts. `text` has OBJECT where nothing may be changed.

    `shown` is the same with its letters, as long as `text`; `tag` the block that it stands in.
    """

    tag: str
    pieces: list[tuple[Node, int, bool]] = field(default_factory=list)  # element, place in it, is prose

    @property
    def text(self) -> str:
        return "".join(piece if is_prose else OBJECT * len(piece) for piece, is_prose in self._texts())

    @property
    def shown(self) -> str:
        return "".join(piece for piece, _is_prose in self._texts())

    def _texts(self) -> Iterator[tuple[str, bool]]:
        for node, place, is_prose in self.pieces:
            piece = node.children[place]
            yield (piece, is_prose) if isinstance(piece, str) else (OBJECT, False)


def lines(html: str) -> list[Line]:
    """The lines of a sanitised body that say something."""
    return _lines(Node("", {}, parse(html)))


def mend(html: str, find: Finder) -> str:
    """The body with what `find` says of all its lines at once; `html` itself where that is nothing."""
    root = Node("", {}, parse(html))
    found = _lines(root)
    edits = find([line.text for line in found])
    if not any(edits):
        return html
    for line, wanted in zip(found, edits, strict=True):
        _apply(line, wanted)
    return serialise(root.children)


def _lines(root: Node) -> list[Line]:
    found = [Line(root.tag)]
    _collect(root, found, root.tag, is_prose=True)
    return [line for line in found if line.pieces and line.shown.strip()]


def _collect(node: Node, found: list[Line], tag: str, *, is_prose: bool) -> None:
    for place, child in enumerate(node.children):
        if isinstance(child, str):
            found[-1].pieces.append((node, place, is_prose))
        elif child.tag == "img":
            found[-1].pieces.append((node, place, False))
        elif child.tag == "br":
            found.append(Line(tag))
        elif child.tag in BLOCKS:
            found.append(Line(child.tag))
            _collect(child, found, child.tag, is_prose=is_prose and _is_prose(child))
            found.append(Line(tag))
        else:
            _collect(child, found, tag, is_prose=is_prose and _is_prose(child))


def _is_prose(node: Node) -> bool:
    return node.tag not in _CODE and node.attributes.get("lang", "ar").split("-")[0] == "ar"


def _apply(line: Line, edits: Sequence[Edit]) -> None:
    """Edits in order, none over another. What comes in stands where the first letter that goes stood."""
    spans = list(_spans(line))
    starts, ends = [span.start for span in spans], [span.end for span in spans]
    wanted: defaultdict[int, list[Edit]] = defaultdict(list)  # by span, in places of its own
    for edit in edits:
        new = edit.new
        touched = range(bisect_right(ends, edit.start), bisect_left(starts, edit.end))
        for number in touched or [bisect_left(ends, edit.start)]:
            span = spans[number]
            if span.is_prose:
                first, last = max(edit.start - span.start, 0), min(edit.end, span.end) - span.start
                wanted[number].append(Edit(first, last, new))
                new = ""
    for number, own in wanted.items():
        node, place = spans[number].node, spans[number].place
        text: Piece = node.children[place]
        if isinstance(text, str):
            node.children[place] = applied(text, own)


@dataclass(frozen=True)
class _Span:
    node: Node
    place: int
    is_prose: bool
    start: int
    end: int


def _spans(line: Line) -> Iterator[_Span]:
    start = 0
    for node, place, is_prose in line.pieces:
        piece = node.children[place]
        end = start + (len(piece) if isinstance(piece, str) else 1)
        yield _Span(node, place, is_prose, start, end)
        start = end
