"""Photographs that never were: N different pictures with the papers that agencies and telephones put into theirs.

Drawn from a seed, so that every run has the same ones: light, shapes and grain enough that no two are alike to
images.likeness, but those that are meant to be.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from PIL import Image as Pixels
from PIL import ImageDraw, ImageEnhance, ImageFilter, ImageOps
from PIL.PngImagePlugin import PngInfo

from tests.images.pictures import with_iptc

PLACES = (("اللاذقية", "سورية"), ("طرابلس", "لبنان"), ("الموصل", "العراق"), ("غزة", "فلسطين"), ("صفاقس", "تونس"))
THINGS = ("ميناء", "سوق", "مدرسة", "جسر", "حقل", "مكتبة", "ملعب", "مستشفى", "مخبز", "محطة")
DOERS = ("سلمى عطار", "كريم حداد", "نور الحلبي", "هدى منصور")
AGENCIES = ("وكالة الساحل", "وكالة النهر", "مدار اليوم")
GPS, EXIF, DATE_TAKEN, TURNED = 0x8825, 0x8769, 0x9003, 0x0112
SECRET = "SECRET-CAMERA-0042"


FIRST_DAY = date(2026, 1, 5)
XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:rights="http://ns.adobe.com/xap/1.0/rights/" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="SECRET"
 photoshop:Credit="{agency}" photoshop:DateCreated="{taken_on}T08:30:00+03:00" photoshop:City="{city}"
 photoshop:Country="{country}" plus:LicenseEndDate="{rights_until}">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Photo {number}</rdf:li>
<rdf:li xml:lang="ar">{caption}</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>{doer}</rdf:li></rdf:Seq></dc:creator>
<dc:subject><rdf:Bag><rdf:li>{thing}</rdf:li></rdf:Bag></dc:subject>
<rights:UsageTerms><rdf:Alt><rdf:li xml:lang="ar">للنشر في الموقع وحده</rdf:li></rdf:Alt></rights:UsageTerms>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


@dataclass(frozen=True)
class Words:
    """What somebody wrote into a file."""

    number: int
    doer: str
    agency: str
    thing: str
    city: str
    country: str
    taken_on: date

    @property
    def caption(self) -> str:
        return f"{self.thing} في {self.city}، صورة رقم {self.number}"

    @property
    def credit(self) -> str:
        return f"{self.doer} / {self.agency}"

    @property
    def keywords(self) -> str:
        return f"{self.thing}، {self.city}، {self.country}"

    @property
    def rights_until(self) -> date:
        return self.taken_on + timedelta(days=365)


@dataclass(frozen=True)
class Shot:
    """One file, what should be read from it, and the number of an equal file or of one that it is like."""

    number: int
    name: str
    raw: bytes
    size: tuple[int, int]  # px, upright
    words: Words | None = None
    has_rights: bool = False
    same_as: int | None = None
    near_to: int | None = None


def drawn(seed: int, size: tuple[int, int], *, grain: float = 0.08) -> Pixels.Image:
    """Sky, ground, and things in other colours and places each time; grain as of a sensor."""
    random = Random(seed)  # noqa: S311 - a picture, no secret
    width, height = size
    picture = Pixels.new("RGB", (480, 360))
    pen = ImageDraw.Draw(picture)

    def colour() -> tuple[int, int, int]:
        return random.randrange(256), random.randrange(256), random.randrange(256)

    for row in range(0, 360, random.choice((40, 60, 90))):
        pen.rectangle((0, row, 480, row + 90), fill=colour())
    for _thing in range(random.randrange(12, 28)):
        left, top = random.randrange(-60, 460), random.randrange(-60, 340)
        box = (left, top, left + random.randrange(30, 240), top + random.randrange(30, 200))
        draw = random.choice((pen.ellipse, pen.rectangle, pen.ellipse))
        draw(box, fill=colour())
    picture = picture.filter(ImageFilter.GaussianBlur(random.uniform(0.5, 3))).resize(size, Pixels.Resampling.BICUBIC)
    side = min(max(size), 1024)
    noise = Pixels.frombytes("L", (side, side), random.randbytes(side * side)).resize(size, Pixels.Resampling.NEAREST)
    return Pixels.blend(picture, Pixels.merge("RGB", [noise] * 3), grain)


def photograph(seed: int, size: tuple[int, int], **options: Any) -> bytes:
    """A JPEG as heavy as one from a camera."""
    drawn(seed, size, grain=0.15).save(buffer := BytesIO(), "JPEG", quality=92, **options)
    return buffer.getvalue()


def shots(
    count: int = 300, *, seed: int = 1, size: tuple[int, int] = (320, 240), large: bool = False
) -> Iterator[Shot]:
    """`count` files: JPEG with IPTC in UTF-8 or Windows-1256, with XMP, with EXIF alone; WebP and PNG with XMP; some
    turned by their EXIF. Every 25th is the file before it again, every 15th the picture before it, changed a little.

    `large`: the first one has 12 megapixels.
    """
    last: Shot | None = None
    for number in range(count):
        if last and number % 25 == 24:
            shot = Shot(number, f"again-{number}.jpg", last.raw, last.size, last.words, same_as=last.number)
        elif last and number % 15 == 14:
            shot = _changed(last, number)
        else:
            shot = _shot(number, seed, (4_000, 3_000) if large and not number else size)
        yield shot
        last = shot


def _shot(number: int, seed: int, size: tuple[int, int]) -> Shot:
    picture, words = drawn(seed * 100_000 + number, size), words_of(number)
    kind = ("utf-8", "xmp", "cp1256", "webp", "exif", "png", "turned")[number % 7]
    exif = _exif(words, turned=kind == "turned")
    if kind in {"utf-8", "cp1256", "turned"}:
        raw = with_iptc(_packed(picture, "JPEG", exif=exif, quality=88), _iptc(words, kind))
        upright = size[::-1] if kind == "turned" else size
        return Shot(number, f"IMG_{number:04}.JPG", raw, upright, words)
    if kind == "exif":
        return Shot(number, f"DSC{number:05}.jpeg", _packed(picture, "JPEG", exif=exif, quality=80), size)
    suffix, packed = _with_xmp(picture, kind, _xmp(words), exif)
    return Shot(number, f"foto-{number}.{suffix}", packed, size, words, has_rights=True)


def _with_xmp(picture: Pixels.Image, kind: str, xmp: str, exif: Pixels.Exif) -> tuple[str, bytes]:
    if kind == "png":
        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", xmp)
        return "png", _packed(picture, "PNG", pnginfo=info, exif=exif)
    suffix, fmt = ("webp", "WEBP") if kind == "webp" else ("jpg", "JPEG")
    return suffix, _packed(picture, fmt, xmp=xmp.encode(), exif=exif, quality=88)


def _changed(shot: Shot, number: int) -> Shot:
    """Smaller, a little lighter, cut by a hair, and compressed harder; without papers."""
    picture = upright(shot.raw)
    width, height = picture.size
    cut = picture.crop((width // 60, height // 60, width - width // 60, height - height // 60))
    lighter = ImageEnhance.Brightness(cut.resize((width * 3 // 4, height * 3 // 4))).enhance(1.08)
    raw = _packed(lighter, "JPEG", quality=55)
    return Shot(number, f"copy-{number}.jpg", raw, lighter.size, near_to=shot.number)


def upright(raw: bytes) -> Pixels.Image:
    with Pixels.open(BytesIO(raw)) as picture:
        return ImageOps.exif_transpose(picture).convert("RGB")


def words_of(number: int) -> Words:
    city, country = PLACES[number % len(PLACES)]
    return Words(
        number,
        doer=DOERS[number % len(DOERS)],
        agency=AGENCIES[number % len(AGENCIES)],
        thing=THINGS[number % len(THINGS)],
        city=city,
        country=country,
        taken_on=FIRST_DAY + timedelta(days=number),
    )


def _iptc(words: Words, kind: str) -> dict[tuple[int, int], bytes]:
    encoding = "cp1256" if kind == "cp1256" else "utf-8"
    told = {
        (2, 25): words.thing,
        (2, 55): f"{words.taken_on:%Y%m%d}",
        (2, 80): words.doer,
        (2, 90): words.city,
        (2, 101): words.country,
        (2, 110): words.agency,
        (2, 120): words.caption,
    }
    records = {key: text.encode(encoding) for key, text in told.items()}
    return records | ({(1, 90): b"\x1b%G"} if encoding == "utf-8" else {})


def _xmp(words: Words) -> str:
    names = ("number", "doer", "agency", "thing", "city", "country", "taken_on", "caption", "rights_until")
    return XMP.format(**{name: escape(str(getattr(words, name))) for name in names})


def _exif(words: Words, *, turned: bool) -> Pixels.Exif:
    exif = Pixels.Exif()
    exif[0x0110], exif[0xA431] = SECRET, SECRET
    if turned:
        exif[TURNED] = 6
    exif.get_ifd(EXIF)[DATE_TAKEN] = f"{words.taken_on:%Y:%m:%d} 08:30:00"
    exif.get_ifd(GPS).update({1: "N", 2: (33.0, 30.0, 47.0), 3: "E", 4: (36.0, 17.0, 31.0)})
    return exif


def _packed(picture: Pixels.Image, fmt: str, **options: Any) -> bytes:
    picture.save(buffer := BytesIO(), fmt, **options)
    return buffer.getvalue()
