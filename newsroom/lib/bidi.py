"""Direction of a line where no markup can say it."""

import re

# The first letter that decides the direction of a line: Latin, or one of the right-to-left scripts.
_FIRST_STRONG = re.compile(r"[A-Za-z\u00c0-\u024f\u0590-\u08ff]")
_RIGHT_TO_LEFT_MARK = "\u200f"


def plain_title(text: str) -> str:
    """Return a title for a place without markup: the title of a window, a shared link, the subject of a mail.

    Such places lay a line out by its first strong letter (Unicode annex 9, P2), so a headline that opens
    with a Latin name gets a right-to-left mark before it.
    """
    strong = _FIRST_STRONG.search(text)
    return _RIGHT_TO_LEFT_MARK + text if strong and strong.group() < "\u0590" else text
