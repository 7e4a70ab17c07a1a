"""The one thing that is read from EXIF: the day. Place, camera and serial numbers are never looked at."""

import struct
from datetime import date

from PIL.ExifTags import IFD, Base
from PIL.ImageFile import ImageFile

from images.papers_raw import read_day

MAX_BYTES = 64 * 1024


def day_taken(picture: ImageFile) -> date | None:
    """The day of the exposure, by the clock of the camera."""
    if not 0 < len(picture.info.get("exif", b"")) <= MAX_BYTES:
        return None
    try:
        value = picture.getexif().get_ifd(IFD.Exif).get(Base.DateTimeOriginal)
    except (SyntaxError, ValueError, KeyError, IndexError, TypeError, OSError, struct.error, UserWarning):
        return None
    return read_day(value) if isinstance(value, str) else None
