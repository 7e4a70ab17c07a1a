"""Pictures that look alike: a difference hash of 64 bits each.

The picture is shrunk to 9 by 8 grey fields; each bit says whether a field is brighter than its right neighbour. What
keeps the shape of light and dark keeps its bits: another size, another compression, a little light, a narrow cut. A
picture that is mirrored is another picture. (N. Krawetz, "Kind of Like That", 2013.)
"""

from collections.abc import Iterable, Sequence

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
    own, likeness = (picture.pk, picture.likeness) if isinstance(picture, Image) else (0, picture)
    return _near({own: likeness}, limit, MOST)[own]


def near_each(images: Iterable[Image], *, most: int) -> dict[int, list[Image]]:
    """The same for many pictures, by their keys, and at most so many for each. Two queries in all."""
    return _near({image.pk: image.likeness for image in images}, LIMIT, most)


def _near(wanted: dict[int, int | None], limit: int, most: int) -> dict[int, list[Image]]:
    asked = {own: likeness % _WHOLE for own, likeness in wanted.items() if likeness is not None and likeness != PLAIN}
    hashes = _hashes() if asked else []
    keys = {own: _nearest(hashes, own, likeness, limit)[:most] for own, likeness in asked.items()}
    images = Image.objects.in_bulk({key for found in keys.values() for key in found})
    return {own: [images[key] for key in keys.get(own, []) if key in images] for own in wanted}


def _hashes() -> list[tuple[int, int]]:
    """(key, hash without a sign) of every picture of which something can be said."""
    rows = Image.objects.filter(likeness__isnull=False).exclude(likeness=PLAIN).order_by()
    return [(key, (likeness or PLAIN) % _WHOLE) for key, likeness in rows.values_list("pk", "likeness")]


def _nearest(hashes: Sequence[tuple[int, int]], own: int, likeness: int, limit: int) -> list[int]:
    """The keys, the nearest first. `likeness` is without a sign. A table asks this of a million pairs."""
    found = [(far, key) for key, other in hashes if (far := (likeness ^ other).bit_count()) <= limit]
    return [key for _far, key in sorted(found) if key != own]
