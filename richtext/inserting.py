from richtext.sanitise import sanitise
from richtext.tidying import tidy
from richtext.tree import Node, Piece, parse, serialise


def insert_paragraph(html: str, text: str, *, after_block: int) -> str:
    """Return the body with `text` (plain) as one more paragraph after so many blocks, or at the end.

    Raises BodyTooLarge.
    """
    blocks: list[Piece] = [*tidy(parse(html))]
    blocks.insert(after_block, Node("p", {}, [text]))
    return sanitise(serialise(blocks))
