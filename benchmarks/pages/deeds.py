"""Run by benchmarks.pages.inside: what the desk does while readers read.

`publish COUNT` publishes so many drafts, one after the other, and tells the milliseconds of each; `stream RATE SECONDS`
imports a text and publishes it, so many a second as far as that can be, and tells how many there were.
"""

import json
import os
import sys
import time
from collections.abc import Iterator

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
django.setup()

from accounts.models import User  # noqa: E402 - needs the set-up
from articles import publishing  # noqa: E402
from articles.importing import import_text  # noqa: E402
from articles.models import Article, Attribution, Author, Byline, Section, Source, Tag  # noqa: E402


def draft(text: Article, by: User) -> Article:
    """As a newsroom's are: a long text, a picture, a writer, a source, five tags."""
    article = Article.objects.create(
        headline=f"مسودة {time.time_ns()}",
        standfirst=text.standfirst,
        body=text.body,
        section=text.section,
        lead_image=text.lead_image,
        without_picture=text.lead_image is None,
        created_by=by,
    )
    Byline.objects.create(article=article, author=Author.objects.first())
    Attribution.objects.create(article=article, source=Source.objects.first())
    article.tags.add(*Tag.objects.all()[:5])
    return article


def publish(count: int) -> list[float]:
    """The first one warms the process up and is not told of."""
    by = User.objects.filter(is_superuser=True).order_by("pk")[0]
    text = Article.objects.published().newest_first()[0]
    times = []
    for _number in range(count + 1):
        article = draft(text, by)
        start = time.perf_counter()
        publishing.publish(article, by=by)
        times.append((time.perf_counter() - start) * 1000)
    return times[1:]


def stream(rate: float, seconds: float) -> int:
    by = User.objects.filter(is_superuser=True).order_by("pk")[0]
    section = Section.objects.all()[0]
    texts = raw_texts(Article.objects.published().newest_first()[0])
    start, done = time.monotonic(), 0
    while (elapsed := time.monotonic() - start) < seconds:
        if done > elapsed * rate:
            time.sleep(done / rate - elapsed)
            continue
        result = import_text(next(texts), file_name="stream.txt", by=by, section=section)
        article = Article.objects.get(pk=result.article_id)
        article.without_picture = True
        article.save(update_fields=["without_picture"])
        publishing.publish(article, by=by)
        done += 1
    return done


def raw_texts(story: Article) -> Iterator[bytes]:
    paragraphs = story.body.replace("<p>", "").split("</p>")
    while True:
        yield f"عنوان {time.time_ns()} من الوكالة\n\nمتن {time.time_ns()}. {chr(10).join(paragraphs)}\n".encode()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["publish", count]:
            told: object = publish(int(count))
        case ["stream", rate, seconds]:
            told = stream(float(rate), float(seconds))
        case _:
            sys.exit("usage: deeds publish COUNT | stream RATE SECONDS")
    sys.stdout.write(json.dumps(told) + "\n")
