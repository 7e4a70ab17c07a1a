"""How fast the picture library is with 20,000 pictures.

Run it from the repository: `python -m benchmarks.library` (SQLite) and `python -m benchmarks.library --postgres`. It
works in a folder of its own and removes it. Its status is 1 where a target is missed. `--pictures` makes it smaller,
`--only word` measures only what has that word in its name, `--folder` keeps the database. All rows name the files of a
few.
"""

import argparse
import sys
from datetime import date, timedelta
from random import Random
from typing import Any
from urllib.parse import quote

from benchmarks.measuring import HEADING, Measuring, client_of, main, say, taken, tell_result

PAGE_MS, NEAR_MS = 200, 100
LIBRARY = "/admin/images/image/"
CHUNK = 1_000


def run(arguments: argparse.Namespace) -> int:
    from django.core.management import call_command  # noqa: PLC0415

    from images.models import Image  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    if not Image.objects.exists():
        fill(arguments.pictures)
    say(f"{Image.objects.count():,} pictures")
    say(HEADING)
    measuring = Measuring(arguments.only)
    measure(measuring)
    return tell_result(measuring)


def fill(count: int) -> None:
    """Rows as take_in writes them, a third of them above a story or in its text."""
    from django.core.files.base import ContentFile  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415

    from articles.models import Article, PictureUse  # noqa: PLC0415
    from images.models import Image  # noqa: PLC0415
    from images.preparing import make_files  # noqa: PLC0415
    from images.storing import take_in  # noqa: PLC0415
    from tests.factories import make_author, make_source  # noqa: PLC0415
    from tests.images.library_pictures import shots  # noqa: PLC0415

    some = [take_in(ContentFile(shot.raw, name=shot.name), by=None) for shot in shots(12)]
    for image in some:
        make_files(image)
    owners = [make_source() for _number in range(40)], [make_author() for _number in range(60)]
    random = Random(1)  # noqa: S311
    for start in range(0, count, CHUNK):
        with transaction.atomic():
            rows = Image.objects.bulk_create(
                row(number, some[number % len(some)], random, owners) for number in range(start, start + CHUNK)
            )
            led = Article.objects.bulk_create(
                Article(headline=f"خبر {image.pk}", slug=f"n{image.pk}", lead_image=image) for image in rows[::3]
            )
            PictureUse.objects.bulk_create(
                PictureUse(article=article, image=image) for article, image in zip(led, rows[1::3], strict=False)
            )


def row(number: int, like: Any, random: Random, owners: tuple[list[Any], list[Any]]) -> Any:
    from images.models import Image  # noqa: PLC0415
    from tests.images.library_pictures import words_of  # noqa: PLC0415

    words = words_of(number)
    source = random.choice(owners[0]) if number % 3 == 0 else None
    return Image(
        alt_text=f"{words.thing} قرب {words.city}",
        caption=words.caption,
        credit=words.credit if number % 7 else "",
        keywords=words.keywords,
        taken_on=date(2020, 1, 1) + timedelta(days=number % 2_500),
        rights_until=date(2026, 11, 1) + timedelta(days=number % 400) if number % 11 == 0 else None,
        source=source,
        author=None if source else random.choice(owners[1]),
        file=like.file.name,
        width=like.width,
        height=like.height,
        sha256=f"{number:064}",
        renditions=like.renditions,
        crops=like.crops,
        likeness=random.getrandbits(64) - (1 << 63),
        prepared_at=like.prepared_at,
    )


def measure(measuring: Measuring) -> None:
    from accounts.models import User  # noqa: PLC0415
    from articles.models import Source  # noqa: PLC0415
    from images.likeness import near  # noqa: PLC0415
    from images.models import Image  # noqa: PLC0415
    from images.uses import is_used  # noqa: PLC0415

    chief = User.objects.filter(username="b").first() or User.objects.create_superuser("b", "b@example.org", "b" * 20)
    client, source = client_of(chief), Source.objects.first()
    for name, query in (
        ("first page", ""),
        ("page 200", "?p=200"),
        ("by a word of the caption", "?q=" + quote("ميناء")),
        ("by three words", "?q=" + quote("ميناء اللاذقية رقم")),
        ("by a word that is nowhere", "?q=" + quote("زرافة")),
        ("by the credit", "?q=" + quote("سلمى عطار")),
        ("by the name of a source", "?q=" + quote(str(source))),
        *filters(source),
    ):
        measuring.pages(f"library: {name}", client, LIBRARY + query, most=PAGE_MS)
    picture = Image.objects.order_by("pk")[5_000 % Image.objects.count()]
    measuring.pages("page of a picture", client, f"{LIBRARY}{picture.pk}/change/", most=PAGE_MS)
    measuring.add("near()", taken(lambda: near(picture)), most=NEAR_MS)
    measuring.add("count of the used", taken(lambda: Image.objects.filter(is_used()).count()), most=PAGE_MS)
    measuring.add("count of the unused", taken(lambda: Image.objects.exclude(is_used()).count()), most=PAGE_MS)


def filters(source: Any) -> list[tuple[str, str]]:
    """Each field of the form above the library (images.admin.filters)."""
    queries = ("kind=photo", "alt_text=missing", "credit=missing", "rights=ended", "rights=soon", "rights=running")
    queries += ("used=yes", "used=no", f"source={source.pk}", "since=2024-03-01", "until=2021-03-01", "mine=on")
    return [(f"filter {query}", f"?{query}") for query in queries]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=20_000)
    sys.exit(main("benchmarks.library", parser, run))
