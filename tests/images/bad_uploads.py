"""Files that somebody sends to hurt: each made on the spot, with the name it is sent under and what must come of it.

checklist U1-U6. `code` is that of images.refusals; None: the file is taken, and nothing of it but the pixels stays.
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from zlib import crc32

from PIL import Image as Pixels
from PIL import ImageCms
from PIL.PngImagePlugin import PngInfo

from tests.images.pictures import picture_file, with_iptc

SCRIPT = b"<script>alert(1)</script>"
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(ord("a") + n)} "{("&" + chr(ord("a") + n - 1) + ";") * 10}">' for n in range(1, 10))
    + "]><x>&j;</x>"
)


@dataclass(frozen=True)
class Bad:
    name: str
    make: Callable[[], bytes]
    code: str | None


def saved(picture: Pixels.Image, kind: str, **options: object) -> bytes:
    picture.save(buffer := BytesIO(), kind, **options)
    return buffer.getvalue()


def flat(size: tuple[int, int], mode: str = "RGB") -> Pixels.Image:
    return Pixels.new(mode, size)


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def with_segments(segments: bytes, raw: bytes | None = None) -> bytes:
    raw = raw or picture_file().read()
    return raw[:2] + segments + raw[2:]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc32(kind + body))


def with_chunks(chunks: bytes, raw: bytes | None = None) -> bytes:
    """Behind the header of a PNG."""
    raw = raw or picture_file("a.png").read()
    return raw[:33] + chunks + raw[33:]


def claiming(width: int, height: int) -> bytes:
    """A few bytes of PNG whose header promises a picture of this size."""
    raw = picture_file("a.png").read()
    return raw[:8] + chunk(b"IHDR", struct.pack(">II", width, height) + raw[24:29]) + raw[33:]


def png_of(width: int, height: int, *, depth: int, colour: int, samples: int) -> bytes:
    """A PNG of zeros, written without holding its pixels."""
    total = height * (width * depth * samples // 8 + 1)
    packer, block = zlib.compressobj(9), bytes(1_000_000)
    packed = [packer.compress(block) for _block in range(total // len(block))]
    body = b"".join([*packed, packer.compress(bytes(total % len(block))), packer.flush()])
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def many_scans(size: tuple[int, int], count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    raw = saved(flat(size), "JPEG", progressive=True, quality=50)
    last = raw.rindex(b"\xff\xda")
    return raw[:last] + raw[last:-2] * count + raw[-2:]


def with_fill_in_its_scan(size: int) -> bytes:
    """Bytes that may begin a marker, and behind them the one that says: this was none."""
    raw = good()
    scan = raw.index(b"\xff\xda") + 2
    pixels = scan + struct.unpack_from(">H", raw, scan)[0]
    return raw[:pixels] + b"\xff" * size + b"\0" + raw[pixels:]


def broken_profile(size: int) -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile + b"\0" * (size - len(profile))


def webp_claiming(width: int, height: int) -> bytes:
    body = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    inner = picture_file("a.webp").read()[12:]
    content = b"WEBPVP8X" + struct.pack("<I", len(body)) + body + inner
    return b"RIFF" + struct.pack("<I", len(content)) + content


def exif_in_pieces(count: int) -> bytes:
    return with_segments(segment(0xE1, b"Exif\0\0x") * count)


def sideways(raw: bytes) -> bytes:
    exif = Pixels.Exif()
    exif[0x0112] = 6
    return with_segments(segment(0xE1, exif.tobytes()), raw)


def photoshop_blocks() -> bytes:
    block = b"8BIM\x04\x05\x00\x00" + bytes(4)
    return with_segments(segment(0xED, b"Photoshop 3.0\0" + block * 5_000) * 150)


def long_iptc() -> bytes:
    fields = b"".join(b"\x1c\x02\x19\x00\x01a" for _number in range(10_000))
    block = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(fields)) + fields
    return with_segments(segment(0xED, b"Photoshop 3.0\0" + block))


def deep_xmp() -> bytes:
    return picture_file(xmp=b"<a>" * 9_000 + b"</a>" * 9_000).read()


def animated(name: str, **options: object) -> bytes:
    return picture_file(name, save_all=True, append_images=[flat((400, 300))], **options).read()


def frames(kind: str) -> bytes:
    return saved(flat((40, 30)), kind, save_all=True, append_images=[Pixels.new("RGB", (40, 30), "red")] * 3)


def text_bomb(**options: object) -> bytes:
    info = PngInfo()
    info.add_text("comment", "a" * 5_000_000, **options)
    return picture_file("a.png", pnginfo=info).read()


def named_like(*names: str, behind: bool = False, **options: object) -> bytes:
    """A PNG with texts whose names are those under which a decoder keeps something else."""
    texts = b"".join(
        chunk(b"tEXt", name + b"\0a") + chunk(b"iTXt", name + b"\0\0\0\0\0a") for name in map(str.encode, names)
    )
    raw = picture_file("a.png", **options).read()
    return raw[:-12] + texts + raw[-12:] if behind else with_chunks(texts, raw)


def many_texts() -> bytes:
    body = b"x\0\0" + zlib.compress(b"a" * 1_000_000, 9)
    return with_chunks(chunk(b"zTXt", body) * 300)


def good() -> bytes:
    return picture_file().read()


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"

# What Pillow keeps of a picture under names of its own.
INFO = (
    "transparency", "icc_profile", "exif", "xmp", "XML:com.adobe.xmp", "photoshop", "dpi", "gamma", "srgb", "aspect",
    "chromaticity", "loop", "background", "timestamp", "duration", "default_image", "Raw profile type exif",
)  # fmt: skip

# By what they are.
BAD = {
    "gif and script, as .jpg": Bad("a.jpg", lambda: picture_file("a.gif").read() + SCRIPT, "unreadable"),
    "gif": Bad("a.gif", lambda: picture_file("a.gif").read(), "extension"),
    "eps, as .jpg": Bad("a.jpg", lambda: EPS, "unreadable"),
    "pdf, as .jpg": Bad("a.jpg", lambda: PDF, "unreadable"),
    "pdf": Bad("a.pdf", lambda: PDF, "extension"),
    "html": Bad("a.html", lambda: SCRIPT, "extension"),
    "svg": Bad("a.svg", lambda: b"<svg onload=x()>", "extension"),
    "svg, as .png": Bad("a.png", lambda: b"<svg onload=x()>", "unreadable"),
    "empty": Bad("a.jpg", lambda: b"", "empty"),
    "10 MB and a byte": Bad("a.jpg", lambda: good() + bytes(10 * 1024 * 1024 - len(good()) + 1), "too_heavy"),
    "png and script": Bad("a.png", lambda: picture_file("a.png").read() + SCRIPT, None),
    "jpeg and script": Bad("a.jpg", lambda: good() + SCRIPT, None),
    "jpeg, cut off": Bad("a.jpg", lambda: good()[:600], "unreadable"),
    "jpeg, cut off in its head": Bad("a.jpg", lambda: good()[:100], "unreadable"),
    "png, cut off": Bad("a.png", lambda: picture_file("a.png").read()[:200], "unreadable"),
    "webp, cut off": Bad("a.webp", lambda: picture_file("a.webp").read()[:60], "unreadable"),
    "png of 13300 x 13300": Bad("a.png", lambda: png_of(13_300, 13_300, depth=8, colour=0, samples=1), "too_large"),
    "png of 50000 x 50000": Bad("a.png", lambda: claiming(50_000, 50_000), "too_large"),
    "webp of 16383 x 16383": Bad("a.webp", lambda: webp_claiming(16_383, 16_383), "too_large"),
    "jpeg of 65000 x 65000": Bad("a.jpg", lambda: taller(65_000, 65_000), "too_large"),
    "jpeg of no size": Bad("a.jpg", lambda: taller(0, 0), "unreadable"),
    "text bomb, zTXt": Bad("a.png", lambda: text_bomb(zip=True), "unreadable"),
    "text bomb, 300 zTXt": Bad("a.png", many_texts, "unreadable"),
    "texts called transparency": Bad("a.png", lambda: named_like("transparency"), None),
    "texts called transparency, of a palette": Bad("a.png", lambda: named_like("transparency", mode="P"), None),
    "texts called icc_profile": Bad("a.png", lambda: named_like("icc_profile"), None),
    "texts called like all else": Bad("a.png", lambda: named_like(*INFO), None),
    "a text called interlace": Bad("a.png", lambda: named_like("interlace"), "unreadable"),
    "such texts behind the pixels": Bad("a.png", lambda: named_like(*INFO, behind=True), None),
    "text bomb, tEXt": Bad("a.png", lambda: text_bomb(), None),
    "png of 800,000 chunks": Bad("a.png", lambda: with_chunks(chunk(b"prVt", b"") * 800_000), "too_intricate"),
    "apng": Bad("a.png", lambda: animated("a.png"), "animated"),
    "moving webp": Bad("a.webp", lambda: animated("a.webp"), "animated"),
    "moving gif, as .png": Bad("a.png", lambda: frames("GIF"), "unreadable"),
    "tiff of four pages": Bad("a.tif", lambda: frames("TIFF"), "extension"),
    "tiff of four pages, as .jpg": Bad("a.jpg", lambda: frames("TIFF"), "unreadable"),
    "cmyk": Bad("a.jpg", lambda: picture_file(mode="CMYK").read(), None),
    "16 bits of grey": Bad("a.png", lambda: picture_file("a.png", mode="I;16").read(), None),
    "profile of 3 MB": Bad("a.jpg", lambda: picture_file(icc_profile=broken_profile(3_000_000)).read(), None),
    "profile of 9 MB": Bad(
        "a.jpg", lambda: picture_file(icc_profile=broken_profile(9_000_000)).read(), "too_intricate"
    ),
    "exif of 60 KB": Bad("a.jpg", lambda: with_segments(segment(0xE1, b"Exif\0\0" + b"II*\0" * 15_000)), None),
    "exif in 800,000 pieces": Bad("a.jpg", lambda: exif_in_pieces(800_000), "too_intricate"),
    "10 MB of exif": Bad(
        "a.jpg", lambda: with_segments(segment(0xE1, b"Exif\0\0" + bytes(65_000)) * 155), "too_intricate"
    ),
    "iptc of 10,000 words": Bad("a.jpg", long_iptc, None),
    "750,000 blocks of photoshop": Bad("a.jpg", photoshop_blocks, "too_intricate"),
    "iptc that is broken": Bad(
        "a.jpg", lambda: with_iptc(good(), {(2, 120): b"a"}).replace(b"\x02\x78", b"\xff\xff"), None
    ),
    "a billion laughs": Bad("a.jpg", lambda: picture_file(xmp=LAUGHS.encode()).read(), None),
    "xmp, 9,000 deep": Bad("a.jpg", deep_xmp, None),
    "jpeg of 5,000 scans": Bad("a.jpg", lambda: many_scans((6_000, 6_000), 5_000), "too_intricate"),
    "jpeg, 9 MB of noise in its head": Bad("a.jpg", lambda: with_segments(bytes(9_000_000)), "unreadable"),
    "jpeg, 9 MB of fill bytes": Bad("a.jpg", lambda: with_segments(b"\xff" * 9_000_000), "unreadable"),
    "jpeg, 200 KB of fill bytes in its scan": Bad("a.jpg", lambda: with_fill_in_its_scan(200_000), None),
    "jpeg of comments": Bad("a.jpg", lambda: with_segments(segment(0xFE, b"") * 2_000_000), "too_intricate"),
}
# What is large, and must not fill the memory.
LARGE = {
    "jpeg, 40 Mpx": Bad("a.jpg", lambda: saved(flat((8_000, 5_000)), "JPEG"), None),
    "jpeg, 33 Mpx, sideways": Bad("a.jpg", lambda: sideways(saved(flat((5_759, 5_759)), "JPEG", subsampling=0)), None),
    "jpeg, 40 Mpx, cmyk": Bad("a.jpg", lambda: saved(flat((5_700, 5_700), "CMYK"), "JPEG"), None),
    "jpeg, 40 Mpx, progressive": Bad("a.jpg", lambda: saved(flat((7_990, 5_000)), "JPEG", progressive=True), None),
    "jpeg, 33 Mpx, progressive": Bad("a.jpg", lambda: saved(flat((5_759, 5_759)), "JPEG", progressive=True), None),
    "jpeg, 33 Mpx, 30 scans more": Bad("a.jpg", lambda: many_scans((5_759, 5_759), 30), None),
    "jpeg, 40 Mpx, progressive, 4:4:4": Bad(
        "a.jpg", lambda: saved(flat((7_990, 5_000)), "JPEG", progressive=True, subsampling=0), "too_large"
    ),
    "png, 33 Mpx": Bad("a.png", lambda: png_of(5_759, 5_759, depth=8, colour=2, samples=3), None),
    "png, 33 Mpx, transparent": Bad("a.png", lambda: png_of(5_759, 5_759, depth=8, colour=6, samples=4), None),
    "png, 40 Mpx, 16 bits, transparent": Bad(
        "a.png", lambda: png_of(8_000, 5_000, depth=16, colour=6, samples=4), None
    ),
    "png, 40 Mpx, 16 bits of grey": Bad("a.png", lambda: png_of(5_000, 8_000, depth=16, colour=0, samples=1), None),
    "png, 40 Mpx, one wide": Bad("a.png", lambda: png_of(1, 40_000_000, depth=8, colour=0, samples=1), "too_large"),
    "png, 40 Mpx, 30,000 high": Bad("a.png", lambda: png_of(1_333, 30_000, depth=8, colour=6, samples=4), None),
    "webp, 12 Mpx, transparent": Bad(
        "a.webp", lambda: saved(flat((4_000, 3_000), "RGBA"), "WEBP", lossless=True, method=0), None
    ),
    "webp, 13 Mpx": Bad("a.webp", lambda: saved(flat((4_000, 3_250)), "WEBP", method=0), "too_large"),
}
# By how they are called; the content is a good picture.
NAMES = {
    "../../x.png": None,
    "..\\..\\x.png": None,
    "x.png%00.html": "extension",
    "CON.png": None,
    "x\u202egnp.html": "extension",
    "x\u202elmth.png": None,
    "x" * 300 + ".png": None,
    ".png": "extension",
    "x": "extension",
    "x.png.": "extension",
    "x.php.png": None,
    "صورة من الميناء.PNG": None,
}


def taller(width: int, height: int) -> bytes:
    """A JPEG whose frame promises another size."""
    raw = bytearray(good())
    frame = raw.index(b"\xff\xc0")
    raw[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(raw)
