"""Two versions of a body side by side: words, and what an editor sees beside words (headings, links, pictures)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from newsroom.lib.diffing import Line, Piece, Row, Token, compare_lines, tokens_of
from richtext.render import read
from richtext.schema import BLOCKS
from richtext.tree import Node
from richtext.tree import Piece as TreePiece

LINE_BREAK = "↵"

_DIRECTIONS = {
    "rtl": gettext_lazy("right to left"),
    "ltr": gettext_lazy("left to right"),
    "auto": gettext_lazy("direction by its first letter"),
}
_MARK_NAMES = {
    "strong": pgettext_lazy("formatting", "bold"),
    "em": pgettext_lazy("formatting", "emphasis"),
    "u": pgettext_lazy("formatting", "underlined"),
    "s": pgettext_lazy("formatting", "struck out"),
    "code": pgettext_lazy("formatting", "code"),
    "q": pgettext_lazy("formatting", "quotation"),
    "sub": pgettext_lazy("formatting", "subscript"),
    "sup": pgettext_lazy("formatting", "superscript"),
    "abbr": pgettext_lazy("formatting", "abbreviation"),
}
# Blocks that only hold others, and the plain paragraph, have no name of their own.
_BLOCK_NAMES = {
    "h2": pgettext_lazy("block", "Heading 2"),
    "h3": pgettext_lazy("block", "Heading 3"),
    "h4": pgettext_lazy("block", "Heading 4"),
    "blockquote": pgettext_lazy("block", "Quote"),
    "dt": pgettext_lazy("block", "Term"),
    "dd": pgettext_lazy("block", "Definition"),
    "img": pgettext_lazy("block", "Picture"),
    "figcaption": pgettext_lazy("block", "Caption of a picture"),
    "caption": pgettext_lazy("block", "Title of a table"),
    "thead": pgettext_lazy("block", "Head of a table"),
    "tr": pgettext_lazy("block", "Row of a table"),
    "pre": pgettext_lazy("block", "Text as it was typed"),
    "hr": pgettext_lazy("block", "Line across the page"),
}
_ITEM, _NUMBERED_ITEM = pgettext_lazy("block", "List item"), pgettext_lazy("block", "Numbered item")
_LISTS = frozenset({"ul", "ol"})
_SPACE = re.compile(r"[ \t\n]+")  # a no-break space is no layout of the source


class Style(NamedTuple):
    """How a run of words is set: elements round it, where it leads, which picture it is."""

    marks: tuple[str, ...] = ()
    href: str = ""
    src: str = ""
    details: tuple[tuple[str, str], ...] = ()
    shows_address: bool = False

    @property
    def classes(self) -> str:
        names = [f"is-{mark}" for mark in self.marks]
        return " ".join([*names, "is-link"] if self.href else names)

    @property
    def names(self) -> list[str]:
        """What to say where the style itself changed."""
        found = [str(_MARK_NAMES[mark]) for mark in self.marks if mark in _MARK_NAMES]
        return [*found, *([_("picture")] if self.src else []), *_in_words(self.details)]


class Head(NamedTuple):
    """What a block is: the elements it stands in, outermost first, and the address of its picture."""

    path: tuple[str, ...]
    src: str = ""
    href: str = ""
    details: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """«عنوان ٢», «اقتباس · بند قائمة»; '' for a plain paragraph."""
        items = self.path.count("li")
        found = [str(_BLOCK_NAMES[tag]) for tag in self.path if tag in _BLOCK_NAMES]
        if items:
            found.append(str(_NUMBERED_ITEM if "ol" in self.path else _ITEM))
        if items > 1:
            found.append(_("level %(number)s") % {"number": items})
        return " · ".join(found)

    @property
    def names(self) -> list[str]:
        """Its particulars in words; a page shows them where they changed."""
        return _in_words(self.details)

    @property
    def direction(self) -> str:
        return dict(self.details).get("dir", "auto")


def compare_bodies(old: str, new: str) -> list[Row]:
    """Align the blocks of two bodies. Heads of rows are Head, styles of pieces are Style or None."""
    return [_with_addresses(row) for row in compare_lines(lines(old), lines(new))]


def lines(html: str) -> list[Line]:
    """Read a body as one line for each block that holds words, each picture and each row of a table."""
    return [line for block in read(html) for line in _lines(block, (), ())]


def _lines(node: Node, above: tuple[str, ...], inherited: tuple[tuple[str, str], ...]) -> Iterator[Line]:
    is_caption = node.tag == "p" and "class" in node.attributes
    if node.tag in _LISTS:
        above = tuple("list" if tag in _LISTS else tag for tag in above)
    path = (*above, "figcaption" if is_caption else node.tag)
    details = _merged(inherited, {name: value for name, value in node.attributes.items() if name != "class"})
    if node.tag == "tr":
        yield _row(node, path, details)
    elif node.tag == "hr":
        yield Line((), Head(path, details=details), "rule")
    elif node.tag == "figure":
        yield from _figure(node, path, details)
    else:
        for is_block, group in groupby(node.children, key=_is_block):
            if is_block:
                for child in group:
                    yield from _lines(child, path, details) if isinstance(child, Node) else ()
            else:
                yield _line(group, Head(path, details=details))


def _figure(node: Node, path: tuple[str, ...], details: tuple[tuple[str, str], ...]) -> Iterator[Line]:
    for child in node.children:
        if isinstance(child, Node) and _is_block(child):
            yield from _lines(child, path, details)
            continue
        link = child.attributes.get("href", "") if isinstance(child, Node) else ""
        for picture in child.walk() if isinstance(child, Node) else ():
            if picture.tag == "img":
                more = {name: value for name, value in picture.attributes.items() if name not in {"src", "alt"}}
                head = Head((*path, "img"), picture.attributes.get("src", ""), link, _merged(details, more))
                yield Line(tokens_of(picture.attributes.get("alt", "")), head, "picture")


def _row(node: Node, path: tuple[str, ...], details: tuple[tuple[str, str], ...]) -> Line:
    """The cells of a row, parted by «|»."""
    found: list[Token] = []
    for number, cell in enumerate(child for child in node.children if isinstance(child, Node)):
        found += [Token(" ", "|")] if number else []
        text = _line(_flat(cell.children), Head(()))
        found += [text.tokens[0]._replace(lead=" " if number else ""), *text.tokens[1:]] if text.tokens else []
        traits = [*(["th"] if cell.tag == "th" else []), *(f"{k}={v}" for k, v in sorted(cell.attributes.items()))]
        details += ((f"{number + 1}", " ".join(traits)),) if traits else ()
    return Line(tuple(found), Head(path, details=details), "row")


def _flat(pieces: Iterable[TreePiece]) -> Iterator[TreePiece]:
    """Blocks of a cell one after the other, a line break between them."""
    for place, piece in enumerate(pieces):
        if isinstance(piece, Node) and piece.tag in BLOCKS:
            yield from [Node("br")] if place else []
            yield from _flat(piece.children)
        else:
            yield piece


def _line(pieces: Iterable[TreePiece], head: Head) -> Line:
    """Join the words of inline pieces. White space at the end of a run leads the next word, as it does unstyled."""
    found: list[Token] = []
    waiting = ""
    for token in _tokens(pieces, Style()):
        if token.text:
            lead = "" if not found else (waiting + token.lead)
            found.append(token._replace(lead=lead))
            waiting = ""
        else:
            waiting += token.lead
    return Line(tuple(found), head, "text")


def _tokens(pieces: Iterable[TreePiece], style: Style) -> Iterator[Token]:
    for piece in pieces:
        if isinstance(piece, str):
            yield from tokens_of(_SPACE.sub(" ", piece), style if style != Style() else None)
        elif piece.tag == "br":
            yield Token(" ", LINE_BREAK)
        elif piece.tag == "img":
            attributes = dict(piece.attributes)
            src, alt = attributes.pop("src", ""), attributes.pop("alt", "")
            yield Token("", alt or _("picture"), style._replace(src=src, details=_merged(style.details, attributes)))
        else:
            yield from _tokens(piece.children, _inside(piece, style))


def _inside(node: Node, style: Style) -> Style:
    attributes = {name: value for name, value in node.attributes.items() if name not in {"href", "rel"}}
    marks = style.marks if node.tag in {"a", "span", *style.marks} else tuple(sorted([*style.marks, node.tag]))
    href = node.attributes.get("href", "") or style.href
    return style._replace(marks=marks, href=href, details=_merged(style.details, attributes))


def _merged(inherited: tuple[tuple[str, str], ...], own: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((dict(inherited) | own).items())) if own else inherited


def _is_block(piece: TreePiece) -> bool:
    return isinstance(piece, Node) and piece.tag in BLOCKS


def _with_addresses(row: Row) -> Row:
    """Links show where they lead only where the other side leads elsewhere, or not at all."""
    left, right = _addresses(row.old), _addresses(row.new)
    if left == right:
        return row
    return replace(row, old=_showing(row.old, left - right), new=_showing(row.new, right - left))


def _addresses(pieces: Sequence[Piece]) -> set[str]:
    return {piece.style.href for piece in pieces if isinstance(piece.style, Style) and piece.style.href}


def _showing(pieces: Sequence[Piece], addresses: set[str]) -> tuple[Piece, ...]:
    """The last piece of a link says its address: one link is often several pieces."""
    shown: list[Piece] = []
    for place, piece in enumerate(pieces):
        style = piece.style
        following = pieces[place + 1].style if place + 1 < len(pieces) else None
        if isinstance(style, Style) and style.href in addresses:
            is_last = not isinstance(following, Style) or following.href != style.href
            piece = piece._replace(style=style._replace(shows_address=is_last))
        shown.append(piece)
    return tuple(shown)


def _in_words(details: tuple[tuple[str, str], ...]) -> list[str]:
    return [str(_DIRECTIONS[value]) if name == "dir" else f"{name}: {value}" for name, value in details if value]
