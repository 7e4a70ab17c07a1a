"""The smaller files and the crops of a picture, made by a task: an upload waits for nothing that nobody looks at yet.

Until they are there pages show the file itself: the row notes only files that exist.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from images.cropping import crop_names, planned_crops, write_crops
from images.likeness import likeness_of
from images.models import Image
from images.renditions import FORMATS, is_made, read_pixels, widths_for, write_renditions
from newsroom.lib.watched import changed
from tasks import scheduling
from tasks.defining import task

logger = logging.getLogger(__name__)

# The task has tried five times by itself within that.
PATIENCE = timedelta(minutes=45)
GIVEN_UP_AFTER = timedelta(days=1)


@task()
def prepare(pk: int) -> None:
    """Make what is missing. Two at the same time do the same work twice. Raises OSError when the file is unreadable."""
    image = Image.objects.filter(pk=pk).first()
    if image:
        make_files(image)


def prepare_waiting(now: datetime) -> int:
    """Ask again, once an hour, for pictures whose task was lost. Returns for how many.

    One clock does it of all that there are. A day after it came in a picture is left alone, and the log says so:
    `manage.py make_renditions` is for those.
    """
    waiting = Image.objects.filter(prepared_at__isnull=True)
    lost = waiting.filter(created_at__gt=now - GIVEN_UP_AFTER, created_at__lte=now - PATIENCE)
    if not lost.exists() or not scheduling.claim("pictures", period=f"{now:%Y-%m-%dT%H}", now=now):
        return 0
    for pk in (found := list(lost.order_by("created_at").values_list("pk", flat=True))):
        prepare.enqueue(pk)
    hour_before = now - GIVEN_UP_AFTER
    for pk in lost.filter(created_at__lte=hour_before + timedelta(hours=1)).values_list("pk", flat=True):
        logger.error("The smaller files of picture %s could not be made and are given up; see make_renditions", pk)
    scheduling.done("pictures", period=f"{now:%Y-%m-%dT%H}", now=now)
    return len(found)


def make_files(image: Image, *, remake: bool = False) -> int:
    """Write the renditions and crops that are missing, or all of them, and note them on the row.

    Returns how many files were written. Raises OSError when the file is gone or unreadable.
    """
    widths, crops = widths_for(image.width), planned_crops(image)
    missing = [(width, fmt) for fmt in FORMATS for width in widths if remake or not is_made(image, width, fmt)]
    lacks_crops = remake or image.crops != crops or not all(map(image.storage.exists, crop_names(image, crops)))
    if missing or lacks_crops or image.likeness is None:
        picture = read_pixels(image)
        write_renditions(image, picture, missing)
        if lacks_crops:
            write_crops(image, picture)
        if image.likeness is None:
            image.likeness = likeness_of(picture)
    _note(image, dict.fromkeys(FORMATS, widths), crops)
    return len(missing) + (len(crops) if lacks_crops else 0)


def unfinished_names(image: Image) -> set[str]:
    """What a task may have written already though the row does not say so."""
    widths = widths_for(image.width)
    made = {image.rendition_name(width, fmt) for fmt in FORMATS for width in widths}
    return made | crop_names(image, planned_crops(image))


def _note(image: Image, renditions: dict[str, list[int]], crops: dict[str, dict[str, Any]]) -> None:
    """Say on the row what is there now. Whoever moved the focal point meanwhile has made its crops already."""
    written, before = crop_names(image, crops), crop_names(image, image.crops)
    noted: dict[str, Any] = {"renditions": renditions, "likeness": image.likeness, "prepared_at": timezone.now()}
    row = Image.objects.filter(pk=image.pk)
    changed(image)
    if row.filter(focal_x=image.focal_x, focal_y=image.focal_y).update(**noted, crops=crops):
        image.renditions, image.crops, image.prepared_at = renditions, crops, noted["prepared_at"]
        stale = before - written
    elif row.update(**noted):
        stale = written - crop_names(image, row.values_list("crops", flat=True)[0])
    else:  # discarded meanwhile
        stale = unfinished_names(image)
    for name in stale:
        image.storage.delete(name)
