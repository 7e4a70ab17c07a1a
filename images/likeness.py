"""Pictures that look alike: a difference hash of 64 bits each.

The picture is shrunk to 9 by 8 grey fields; each bit says whether a field is brighter than its right neighbour. What
keeps the shape of light and dark keeps its bits: another size, another compression, a little light, a narrow cut. A
picture that is mirrored is another picture. (N. Krawetz, "Kind of Like That", 2013.)
"""

from collections.abc import Iterable

from django.db.models import Case, When
from PIL import Image as Pixels

from images.models import Image

# Bits of 64 in which two hashes of one picture may differ.
LIMIT = 10
MOST = 20
# Of a plain surface, a monochrome or a single gradient nothing can be said: such pictures would all be alike.
PLAIN = 0
_SIDE = 8
_FEWEST_BITS = 6
# Steps of grey: less is noise of the compression.
_NOISE = 1
_WHOLE, _SIGN = 1 << 64, 1 << 63


def likeness_of(picture: Pixels.Image) -> int:
    """The hash of RGB pixels as a signed number of 64 bits; PLAIN where there is nothing to compare."""
    small = picture.resize((_SIDE + 1, _SIDE), Pixels.Resampling.BOX, reducing_gap=3.0).convert("L")
    grey = small.tobytes()
    bits = 0
    for row in range(_SIDE):
        start = row * (_SIDE + 1)
        for column in range(start, start + _SIDE):
            bits = bits << 1 | (grey[column] > grey[column + 1] + _NOISE)
    if not _FEWEST_BITS <= bits.bit_count() <= 64 - _FEWEST_BITS:
        return PLAIN
    return bits - _WHOLE if bits & _SIGN else bits


def distance(one: int, other: int) -> int:
    """In how many of 64 bits two hashes differ."""
    return ((one ^ other) % _WHOLE).bit_count()


def near(picture: Image | int, *, limit: int = LIMIT) -> list[Image]:
    """The pictures of the library that look like this one or have nearly this hash, the most alike first."""
    own, likeness = (picture.pk, picture.likeness) if isinstance(picture, Image) else (None, picture)
    if likeness is None or likeness == PLAIN:
        return []
    rows = Image.objects.filter(likeness__isnull=False).exclude(likeness=PLAIN).order_by()
    keys = [key for key in _nearest(rows.values_list("pk", "likeness"), likeness, limit) if key != own][:MOST]
    order = Case(*(When(pk=key, then=place) for place, key in enumerate(keys)))
    return list(Image.objects.filter(pk__in=keys).order_by(order)) if keys else []


def _nearest(rows: Iterable[tuple[int, int | None]], likeness: int, limit: int) -> list[int]:
    found = [(far, key) for key, other in rows if (far := distance(likeness, other or PLAIN)) <= limit]
    return [key for _far, key in sorted(found)]
