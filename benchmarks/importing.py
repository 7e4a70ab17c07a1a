"""How fast the importer is: 1,000 texts of 4 KB into SQLite, one line of 2 MB, and every pattern on hostile lines.

Seconds are those of the processor, so that other work on the machine does not count.

Run it from the repository: `python -m benchmarks.importing`. It works in a folder of its own and removes it.
"""

import importlib
import io
import os
import pkgutil
import random
import re
import resource
import sys
import tempfile
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

TEXTS = 1_000
BYTES = 4_000
WORDS = (
    "أعلنت البلدية في بيان أن العمل على الجسر القديم ينتهي قبل موسم الأمطار وأن المرور يعود إليه تدريجيًا "
    "وأوضح المهندس المشرف خلال جولة مع الصحفيين كيف رُممت الأقواس ومن أين جاء الحجر ولماذا تأخر المشروع"
).split()


def make_text(generator: random.Random) -> str:
    """A page with headline, date, paragraphs, a link, a source and some furniture."""
    lines = ["الوضع المظلم", "الرئيسية > محليات", " ".join(generator.choices(WORDS, k=8)), "3 مايو 2026", ""]
    while len("\n".join(lines).encode()) < BYTES:
        lines += [" ".join(generator.choices(WORDS, k=generator.randint(15, 45))) + ".", ""]
    lines += [
        "اقرأ أيضًا: " + " ".join(generator.choices(WORDS, k=6)),
        "",
        "رويترز + وكالات",
        "شارك",
        "النشرة الإخبارية",
    ]
    return "\n".join(lines)


def time_command(folder: Path) -> float:
    from django.core.management import call_command  # noqa: PLC0415 - needs the set-up

    generator = random.Random(1)  # noqa: S311 - the same texts every time
    texts = folder / "texts"
    texts.mkdir()
    for number in range(TEXTS):
        (texts / f"{number:04}.txt").write_text(make_text(generator), encoding="utf-8")
    call_command("migrate", verbosity=0)
    said = io.StringIO()
    start = time.process_time()
    with redirect_stdout(said), redirect_stderr(said):
        call_command("import_texts", str(texts))
    return time.process_time() - start


def time_long_line() -> float:
    from articles.importing import import_text  # noqa: PLC0415 - needs the set-up

    raw = ("كلمة في سطر طويل " * 70_000).encode()[:2_000_000]
    start = time.process_time()
    import_text(raw[: len(raw) // 2 * 2], file_name="long.txt")
    return time.process_time() - start


def slowest_pattern() -> tuple[float, str]:
    """Every pattern of the recognition and of newsroom.lib on 50 KB of what it may meet."""
    hostile = [
        unit * (50_000 // len(unit))
        for unit in ("ا", "ا ", "1", "1 ", "-", "- ", "(ا) ", "اقرأ أيضا: ", "3/5/2024 ", "a b ")
    ]
    worst = (0.0, "")
    for package in ("articles.recognition", "newsroom.lib"):
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
            for name, pattern in vars(importlib.import_module(f"{package}.{module.name}")).items():
                for text in hostile if isinstance(pattern, re.Pattern) else []:
                    start = time.process_time()
                    pattern.search(text)
                    worst = max(worst, (time.process_time() - start, f"{module.name}.{name}"))
    return worst


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="newsroom-benchmark-") as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "DATA_DIR": folder, "SECRET_KEY": "x" * 60}
        import django  # noqa: PLC0415 - the environment comes first

        django.setup()
        seconds = time_command(Path(folder))
        say(f"{TEXTS} texts of {BYTES} bytes: {seconds:.1f} s")
        say(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
        say(f"one line of 2 MB: {time_long_line():.2f} s")
        took, name = slowest_pattern()
        say(f"slowest pattern on 50 KB: {name}, {took * 1000:.0f} ms")


if __name__ == "__main__":
    main()
