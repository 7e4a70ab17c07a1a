import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import islice
from urllib.parse import unquote

from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SOURCE = re.compile(r'<img\s[^<>]*?\bsrc="([^"<>]*)"')
_FILE = re.compile(r"(images/.+?)(-[0-9]+)?\.(?:jpg|avif)")
_AT_ONCE = 500


def _names(body: str) -> Iterator[str]:
    """Of each picture in a text: the file that the text names, and the one from which that was made."""
    for address in _SOURCE.findall(body):
        path = unquote(unescape(address))
        if path.startswith(settings.MEDIA_URL) and (match := _FILE.fullmatch(path.removeprefix(settings.MEDIA_URL))):
            stem, width = match.groups(default="")
            yield from (f"{stem}{width}.jpg", f"{stem}.jpg")


def note_older_texts(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What articles.picture_uses writes since then whenever a text is."""
    article, update = apps.get_model("articles", "Article"), apps.get_model("articles", "LiveUpdate")
    for rows in (article.objects.values_list("pk", "body"), update.objects.values_list("article_id", "body")):
        texts = rows.filter(body__contains="<img").order_by("pk").iterator(chunk_size=_AT_ONCE)
        while some := list(islice(texts, _AT_ONCE)):
            _note(apps, some)


def _note(apps: Apps, texts: Iterable[tuple[int, str]]) -> None:
    image, picture_use = apps.get_model("images", "Image"), apps.get_model("articles", "PictureUse")
    named = {(article, name) for article, body in texts for name in _names(body)}
    known = dict(image.objects.filter(file__in={name for _article, name in named}).values_list("file", "pk"))
    places = sorted({(article, known[name]) for article, name in named if name in known})
    uses = [picture_use(article_id=article, image_id=key) for article, key in places]
    picture_use.objects.bulk_create(uses, batch_size=_AT_ONCE, ignore_conflicts=True)


def keep_them_without_pictures(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Nobody asked for a picture when these were published: their next change must not wait for one."""
    article = apps.get_model("articles", "Article")
    published = article.objects.filter(status__in=["approved", "withdrawn"], lead_image__isnull=True)
    published.update(without_picture=True)
    # Their changes that were begun before, too.
    stories = article.objects.filter(without_picture=True).values("pk")
    article.objects.filter(working_copy_of__in=stories, lead_image__isnull=True).update(without_picture=True)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0007_desk_two"),
        ("images", "0004_library"),
    ]

    operations = [
        migrations.RunPython(note_older_texts, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(keep_them_without_pictures, migrations.RunPython.noop, elidable=True),
    ]
