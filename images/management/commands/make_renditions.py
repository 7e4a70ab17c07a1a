from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from images.models import Image
from images.preparing import make_files


class Command(BaseCommand):
    """Fill in resized and cropped files, after a restored backup or a change of the widths."""

    help = "Makes the resized and cropped files of pictures that lack them, and prints how many were made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="make every file anew, also what is there")

    def handle(self, *args: Any, **options: Any) -> None:
        total, made, failed = Image.objects.count(), 0, 0
        show_progress = self.stderr.isatty()
        for number, image in enumerate(Image.objects.order_by("id").iterator(chunk_size=200), start=1):
            try:
                made += make_files(image, remake=options["all"])
            except OSError as error:
                failed += 1
                self.stderr.write(f"Picture {image.pk}: {error}")
            if show_progress:
                self.stderr.write(f"\r{number}/{total}", ending="")
        if show_progress:
            self.stderr.write("")
        self.stdout.write(f"{total} pictures, {made} files made, {failed} pictures failed.")
