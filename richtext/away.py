"""A body away from its page: whole addresses for other programs, links in the place of pictures for the light view."""

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Protocol
from urllib.parse import urljoin

from newsroom.lib.arabic import fold
from richtext.tree import Node


class KnownPicture(Protocol):
    """Whose a picture is, "" for nobody, and the addresses of a small file of it and of one that is there."""

    @property
    def credit(self) -> str: ...
    @property
    def small(self) -> str: ...
    @property
    def src(self) -> str: ...


# By the address that a body holds.
KnownPictures = Mapping[str, KnownPicture]


def make_absolute(nodes: Iterable[Node], page: str) -> None:
    """`page` is the absolute address of the page from which the body is taken."""
    for node in _all(nodes):
        for name in {"href", "src"} & node.attributes.keys():
            node.attributes[name] = urljoin(page, node.attributes[name])


def leave_out_pictures(node: Node, addresses: Container[str]) -> bool:
    """Take these pictures out, with the figure round them. True where `node` itself is to go."""
    if node.tag == "figure" and any(each.attributes.get("src") in addresses for each in node.walk()):
        return True
    node.children = [
        child for child in node.children if isinstance(child, str) or not leave_out_pictures(child, addresses)
    ]
    return node.tag == "img" and node.attributes["src"] in addresses


def name_files(nodes: Iterable[Node], pictures: KnownPictures) -> None:
    """A body may name a file that is not made yet, or the whole one where a smaller one was made since."""
    for node in _all(nodes):
        if node.tag == "img" and (picture := pictures.get(node.attributes["src"])):
            node.attributes["src"] = picture.src


def name_owners(nodes: Iterable[Node], pictures: KnownPictures) -> None:
    """Below each picture whose it is, where its caption does not say so."""
    for figure in (node for node in _all(nodes) if node.tag == "figure"):
        images = [node for node in figure.walk() if node.tag == "img"]
        picture = pictures.get(images[0].attributes["src"]) if len(images) == 1 else None
        if picture is None or fold(picture.credit) in fold(figure.text):
            continue
        caption = next((node for node in figure.walk() if node.tag == "figcaption"), None)
        if caption is None:
            caption = Node("figcaption")
            figure.children.append(caption)
        gap = " " if caption.children else ""
        caption.children += [f"{gap}(", Node("bdi", {}, [picture.credit]), ")"]


def link_pictures(node: Node, words: Callable[[str], str], pictures: KnownPictures, *, in_link: bool = False) -> None:
    """Put a link to the small file in the place of each picture below `node`, named by `words(alternative text)`.

    A picture that is a link already leaves its words there: a link in a link would be torn apart.
    """
    in_link = in_link or node.tag == "a"
    for place, child in enumerate(node.children):
        if isinstance(child, str):
            continue
        if child.tag != "img":
            link_pictures(child, words, pictures, in_link=in_link)
            continue
        source, alt = child.attributes["src"], child.attributes.get("alt", "")
        address = pictures[source].small if source in pictures else source
        node.children[place] = alt if in_link else Node("a", {"href": address}, [words(alt)])


def _all(nodes: Iterable[Node]) -> Iterable[Node]:
    return [node for block in nodes for node in block.walk()]
