"""Pictures in a body, as a page shows them: several files to choose from, and words for who cannot see them."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Protocol

from django.utils.translation import gettext as _

from newsroom.lib.arabic import fold
from richtext.tree import Node, Piece

# Bodies are stored as richtext.tree writes them: attributes in quotation marks.
_SOURCE = re.compile(r'<img\s[^<>]*?\bsrc="([^"<>]*)"')


class Picture(Protocol):
    """Values of HTML attributes (`src` is a file that is there, `avif` and `jpeg` are srcsets), size in px.

    '' for what is not known.
    """

    @property
    def src(self) -> str: ...
    @property
    def avif(self) -> str: ...
    @property
    def jpeg(self) -> str: ...
    @property
    def sizes(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def credit(self) -> str: ...


# By the address that a body holds.
Pictures = Mapping[str, Picture]


def picture_addresses(html: str) -> list[str]:
    """Return the addresses of the pictures in a stored body, without reading it as a tree."""
    return [unescape(address) for address in _SOURCE.findall(html)]


def shown_picture(image: Node, pictures: Pictures) -> Node:
    """Return what stands for an <img>: itself as it is stored where nobody knows more of it."""
    image.attributes |= {"loading": "lazy", "decoding": "async"}
    image.attributes.setdefault("alt", "")
    picture = pictures.get(image.attributes.get("src", ""))
    if picture is None:
        return image
    image.attributes |= {"src": picture.src, "width": str(picture.width), "height": str(picture.height)}
    if picture.jpeg:
        image.attributes |= {"srcset": picture.jpeg, "sizes": picture.sizes}
    source = {"type": "image/avif", "srcset": picture.avif, "sizes": picture.sizes}
    return Node("picture", {}, [*([Node("source", source)] if picture.avif else []), image])


def complete_figure(figure: Node, pictures: Pictures) -> None:
    """Say in hidden words what the caption is, and whose the picture is where the caption does not (WCAG 1.3.1)."""
    caption = next((child for child in figure.children if isinstance(child, Node) and child.tag == "figcaption"), None)
    credit = _credit(figure, caption, pictures)
    named: list[Piece] = ["(", _hidden(_("Picture from,")), Node("bdi", {}, [credit]), ")"] if credit else []
    if caption:
        gap: list[Piece] = [" "] if named else []
        caption.children = [_hidden(_("Caption of the picture,")), *caption.children, *gap, *named]
    elif named:
        figure.children.append(Node("figcaption", {}, named))


def _credit(figure: Node, caption: Node | None, pictures: Pictures) -> str:
    """Of the one picture of a figure; '' where the caption names it already."""
    images = [node for node in figure.walk() if node.tag == "img"]
    picture = pictures.get(images[0].attributes.get("src", "")) if len(images) == 1 else None
    if picture is None or caption and fold(picture.credit) in fold(caption.text):
        return ""
    return picture.credit


def _hidden(words: str) -> Node:
    return Node("span", {"class": "hidden-label"}, [f"{words} "])
