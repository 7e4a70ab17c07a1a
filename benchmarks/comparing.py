"""How fast two versions are compared: the page for two bodies of 20 KB, the history of 50, and the worst texts.

Milliseconds are those of the processor, so that other work on the machine does not count; of several runs the median.

Run it from the repository: `python -m benchmarks.comparing`. It works in a folder of its own and removes it.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

BYTES = 20_000
RUNS = 9
WORDS = (
    "أعلنت البلدية في بيان أن العمل على الجسر القديم ينتهي قبل موسم الأمطار وأن المرور يعود إليه تدريجيًا "
    "وأوضح المهندس المشرف خلال جولة مع الصحفيين كيف رُممت الأقواس ومن أين جاء الحجر ولماذا تأخر المشروع"
).split()
PAGE, HISTORY = "/compare/?old=1&new=2", "/history/"


def milliseconds(work: Callable[[], Any]) -> float:
    taken = []
    for _run in range(RUNS):
        start = time.process_time()
        work()
        taken.append((time.process_time() - start) * 1000)
    return statistics.median(taken)


def paragraphs(generator: random.Random, *, size: int = BYTES, words: int = 60) -> list[str]:
    found: list[str] = []
    while sum(len(text.encode()) for text in found) < size:
        found.append(" ".join(generator.choices(WORDS, k=words)) + ".")
    return found


def edited(generator: random.Random, texts: list[str], share: float) -> list[str]:
    """The same paragraphs with this share of their words replaced, one paragraph gone and one moved."""
    changed = [
        " ".join(generator.choice(WORDS) if generator.random() < share else word for word in text.split(" "))
        for text in texts
    ]
    return [*changed[2:], changed[0]]


def strangers(generator: random.Random, *, count: int, words: int) -> list[str]:
    """No word in common with anything."""
    return [" ".join(str(generator.random()) for _word in range(words)) for _paragraph in range(count)]


def pairs() -> dict[str, tuple[list[str], list[str]]]:
    """Old and new paragraphs by what makes them easy or hard."""
    generator = random.Random(1)  # noqa: S311 - the same texts every time
    text = paragraphs(generator)
    short = paragraphs(generator, size=150_000, words=3)[:5_000]
    return {
        "20 KB, 3% of the words": (text, edited(generator, text, 0.03)),
        "20 KB, half of the words": (text, edited(generator, text, 0.5)),
        "20 KB, rewritten in the same words": (text, paragraphs(generator)),
        "20 KB, no word in common": (
            strangers(generator, count=45, words=22),
            strangers(generator, count=45, words=22),
        ),
        "20 KB in one paragraph": ([" ".join(text)], [" ".join(edited(generator, text, 0.3))]),
        "20 KB of one word": (["كلمة " * 2_200], ["كلمة " * 2_100]),
        "5,000 paragraphs, a third of the words": (short, edited(generator, short, 0.3)),
        "5,000 paragraphs, no word in common": (
            strangers(generator, count=5_000, words=2),
            strangers(generator, count=5_000, words=2),
        ),
        "200 KB in one paragraph": (["ا ب " * 30_000], ["ب ت " * 30_000]),
    }


def body(texts: list[str]) -> str:
    return "\n".join(f"<p>{text}</p>" for text in texts)


def time_pages(client: Any, article: Any) -> None:
    from articles.models import Revision  # noqa: PLC0415 - needs the set-up
    from articles.revisions import snapshot  # noqa: PLC0415

    base = f"/admin/articles/article/{article.pk}"
    data = snapshot(article)
    for name, (old, new) in pairs().items():
        article.revisions.all().delete()
        for version, texts in enumerate((old, new), start=1):
            Revision.objects.create(article=article, version=version, data=data | {"body": body(texts)})
        answer = client.get(base + PAGE)
        assert answer.status_code == 200, answer.status_code  # noqa: S101 - a figure of an error page says nothing
        say(f"{name}: {milliseconds(lambda: client.get(base + PAGE)):.0f} ms, {len(answer.content) // 1024} KB")
    article.revisions.all().delete()
    text = paragraphs(random.Random(2))  # noqa: S311
    Revision.objects.bulk_create(
        Revision(article=article, version=version, data=data | {"body": body(text[: version % 40 + 1] + text[1:])})
        for version in range(1, 101)
    )
    say(f"history, 50 of 100 versions of 20 KB: {milliseconds(lambda: client.get(base + HISTORY)):.0f} ms")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="newsroom-benchmark-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "DATA_DIR": folder,
            "SECRET_KEY": "x" * 60,
            "SITE_URL": "http://127.0.0.1:8000",
        }
        import django  # noqa: PLC0415 - the environment comes first

        django.setup()
        from django.conf import settings  # noqa: PLC0415
        from django.core.management import call_command  # noqa: PLC0415
        from django.test import Client  # noqa: PLC0415

        from accounts.models import User  # noqa: PLC0415
        from articles.models import Article  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        editor = User.objects.create_superuser("editor", password=None)
        client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
        client.force_login(editor)
        time_pages(client, Article.objects.create(headline="خبر", created_by=editor))


if __name__ == "__main__":
    main()
