"""The places where pictures stand: how wide each is, and which renditions make sense there.

The widths follow static/css/layout.css and components/card.css; tests/browser measures that browsers choose well.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from images.models import Image

# A screen of three dots to the pixel shows no more than one of two dots at the distance of a phone from the eye, so
# phones are told two thirds of the width and load half the bytes.
_DENSE = "(min-resolution:2.5dppx)"
_THUMBNAIL = f"{_DENSE} 5rem, 7.5rem"
_AVATAR = f"{_DENSE} 1.83rem, 2.75rem"
_WHOLE = f"{_DENSE} 67vw, 100vw"
_WIDESCREEN = 16 / 9
_LENGTH = re.compile(r"(?<![0-9.])([0-9.]+)(rem|vw)(?=,|$)")
# Less is not worth another number.
_NEARLY = 1.05


@dataclass(frozen=True)
class Slot:
    """One kind of place.

    `sizes` is the HTML attribute, `renditions` the narrowest and the widest file (px) that it can use. `ratio` is
    the shape to which style sheets crop, None where the whole picture shows. `loading`: the "first" is what a reader
    sees first (one a page), "soon" is above the fold but small, all else loads "late".
    """

    sizes: str
    renditions: tuple[int, int]
    ratio: float | None = _WIDESCREEN
    loading: Literal["first", "soon", "late"] = "late"

    def sizes_of(self, image: Image) -> str:
        """A picture flatter than its place is as high as that place, and wider: its sides are cut off."""
        factor = image.width / image.height / self.ratio if self.ratio else 1
        if factor <= _NEARLY:
            return self.sizes
        return _widened(self.sizes, factor)


@lru_cache(maxsize=1024)
def _widened(sizes: str, factor: float) -> str:
    return _LENGTH.sub(lambda length: f"{float(length[1]) * factor:.4g}{length[2]}", sizes)


SLOTS = {
    # The leading card of the home page, with two columns beside it.
    "lead": Slot(
        f"(min-width:80rem) 36.5rem, (min-width:64rem) 46vw, (min-width:48rem) 56vw, {_WHOLE}",
        (640, 1440),
        loading="first",
    ),
    # The leading card of a section, with one column beside it.
    "wide_lead": Slot(
        f"(min-width:80rem) 50rem, (min-width:64rem) 62vw, (min-width:48rem) 56vw, {_WHOLE}",
        (640, 1440),
        loading="first",
    ),
    # Beside the lead.
    "second": Slot(f"(min-width:80rem) 18.5rem, (min-width:64rem) 23vw, {_THUMBNAIL}", (160, 640)),
    "second_wide": Slot(f"(min-width:80rem) 25rem, (min-width:64rem) 31vw, {_THUMBNAIL}", (160, 960)),
    # Rows of four cards across the page, of three and of two.
    "row": Slot(f"(min-width:80rem) 18rem, (min-width:60rem) 23vw, (min-width:41rem) 46vw, {_THUMBNAIL}", (160, 960)),
    "row_of_three": Slot(
        f"(min-width:80rem) 24.5rem, (min-width:60rem) 31vw, (min-width:41rem) 46vw, {_THUMBNAIL}", (160, 960)
    ),
    "row_of_two": Slot(f"(min-width:80rem) 37.5rem, (min-width:41rem) 47vw, {_THUMBNAIL}", (160, 1440)),
    # The same below an article, whose page is narrower.
    "related": Slot(
        f"(min-width:69rem) 15.5rem, (min-width:60rem) 23vw, (min-width:41rem) 46vw, {_THUMBNAIL}", (160, 800)
    ),
    # Lists of cards below one another.
    "list": Slot(f"(min-width:46rem) 12.2rem, (min-width:29rem) 27vw, {_THUMBNAIL}", (160, 640)),
    # A small picture at the end of a line, at every width of the window.
    "thumbnail": Slot(_THUMBNAIL, (160, 640)),
    # The picture above an article and the pictures in its text.
    "lead_figure": Slot(
        f"(min-width:69rem) 43rem, (min-width:64rem) 62vw, (min-width:48rem) 94vw, {_WHOLE}",
        (640, 1440),
        loading="first",
    ),
    "body": Slot(
        f"(min-width:69rem) 43rem, (min-width:64rem) 62vw, (min-width:48rem) 94vw, {_WHOLE}", (320, 1440), ratio=None
    ),
    # Portraits: beside a name, beside the name of an article's author, at the head of an author's page.
    "avatar": Slot(_AVATAR, (160, 320), ratio=1),
    "byline": Slot(_AVATAR, (160, 320), ratio=1, loading="soon"),
    "portrait": Slot(f"{_DENSE} 4rem, 6rem", (160, 640), ratio=1, loading="soon"),
}
