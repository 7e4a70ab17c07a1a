"""The picture of 1200 by 630 px that networks and chat programs show for a shared link (Open Graph)."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image as Pixels
from PIL import ImageDraw

from articles.card_text import LINE_HEIGHT, drawable, font, set_text, width
from images.cropping import crop
from newsroom.lib.bidi import plain_title

WIDTH, HEIGHT = 1200, 630
MAX_BYTES = 100 * 1024
# As static/css/tokens.css has them: (behind white words, on the dark panel).
SECTION_COLOURS = {
    "teal": ("#0b5c55", "#6cc7b9"),
    "amber": ("#86530a", "#e3b364"),
    "plum": ("#7a2f6b", "#dda3d4"),
    "blue": ("#1f4e8c", "#93bdf0"),
    "olive": ("#55600f", "#bcc871"),
    "rust": ("#9c3a1c", "#f0a182"),
}
PANEL, ON_PANEL, ALERT = "#121519", "#ffffff", "#b01e2d"
_MARK = Path(settings.BASE_DIR, "static", "img", "logo-512.png")

_PICTURE, _RULE, _MARGIN = 480, 8, 56  # px
_SMALL, _MARK_SIDE = 32, 56
_HEAD, _FOOT = 82, 546
# From the head to the foot; a little nearer to the head.
_HEADLINE_ROOM, _HEADLINE_MIDDLE = 374, 308
_BESIDE_PICTURE = (62, 56, 52, 48, 44, 40, 36, 34)
_ALONE = (88, 80, 72, 64, 58, 52, 46)


@dataclass(frozen=True)
class CardWords:
    """Everything that is written on a card, and the colour of its section. `is_urgent`: the label is red."""

    headline: str
    section: str
    colour: str
    site: str
    label: str = ""
    is_urgent: bool = False


def draw(words: CardWords, picture: Pixels.Image | None, focus: tuple[float, float] = (0.5, 0.5)) -> bytes:
    """Return a JPEG. The picture stands at the left, cropped round its focal point; without one the card is plain."""
    dark, light = SECTION_COLOURS[words.colour]
    canvas = Pixels.new("RGB", (WIDTH, HEIGHT), PANEL if picture else dark)
    pen = ImageDraw.Draw(canvas)
    if picture:
        shown = crop(picture, (_PICTURE, HEIGHT), focus)
        canvas.paste(shown.resize((_PICTURE, HEIGHT), Pixels.Resampling.LANCZOS), (0, 0))
        pen.rectangle((_PICTURE, 0, _PICTURE + _RULE - 1, HEIGHT), fill=light)
    start = _PICTURE + _RULE + _MARGIN if picture else _MARGIN
    _draw_section(pen, words, light if picture else ON_PANEL, dark)
    room = WIDTH - _MARGIN - start, _HEADLINE_ROOM
    text = set_text(drawable(words.headline), sizes=_BESIDE_PICTURE if picture else _ALONE, room=room)
    for number, line in enumerate(text.lines):
        below = (number - (len(text.lines) - 1) / 2) * text.size * LINE_HEIGHT
        _write(pen, line, _HEADLINE_MIDDLE + round(below), text.size)
    _draw_foot(canvas, pen, words.site)
    return _packed(canvas)


def _write(
    pen: ImageDraw.ImageDraw, text: str, middle: int, size: int, *, end: int = _MARGIN, fill: str = ON_PANEL
) -> int:
    """Write a line that ends `end` px from the right edge round the height `middle`; returns where the next may end."""
    pen.text(
        (WIDTH - end, middle),
        plain_title(text),
        font=font(size),
        fill=fill,
        anchor="rm",
        direction="rtl",
        language="ar",
    )
    return end + round(width(text, size))


def _draw_section(pen: ImageDraw.ImageDraw, words: CardWords, colour: str, dark: str) -> None:
    middle, end = _HEAD, _MARGIN
    if label := drawable(words.label):
        wide = round(width(label, _SMALL))
        box = (WIDTH - end - wide - 32, middle - 30, WIDTH - end, middle + 30)
        pen.rounded_rectangle(box, radius=4, fill=ALERT if words.is_urgent else ON_PANEL)
        fill = ON_PANEL if words.is_urgent else dark
        end = _write(pen, label, middle, _SMALL, end=end + 16, fill=fill) + 16 + 20
    _write(pen, drawable(words.section), middle, _SMALL, end=end, fill=colour)


def _draw_foot(canvas: Pixels.Image, pen: ImageDraw.ImageDraw, site: str) -> None:
    with Pixels.open(_MARK, formats=["PNG"]) as file:
        mark = file.convert("RGB").resize((_MARK_SIDE, _MARK_SIDE), Pixels.Resampling.LANCZOS)
    canvas.paste(mark, (WIDTH - _MARGIN - _MARK_SIDE, _FOOT - _MARK_SIDE // 2))
    _write(pen, drawable(site), _FOOT, _SMALL, end=_MARGIN + _MARK_SIDE + 16)


def _packed(canvas: Pixels.Image) -> bytes:
    """In the best quality that stays below MAX_BYTES: chat programs leave out heavy pictures."""
    packed = b""
    for quality in (88, 80, 70, 55, 40, 25):
        buffer = BytesIO()
        canvas.save(buffer, "JPEG", quality=quality, progressive=True, optimize=True)
        packed = buffer.getvalue()
        if len(packed) <= MAX_BYTES:
            break
    return packed
