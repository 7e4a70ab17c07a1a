"""How long an upload is at work and how much memory it takes: files that are meant to hurt, and a photograph.

Run it from the repository: `python -m benchmarks.uploads` (SQLite) and `--postgres`. Each file goes through the view
in a process of its own, forked from one that has done nothing else than load the site, as a process of the web server
has. Time is that of the processor, memory is the most that the process ever held (VmHWM). Its status is 1 where a
limit is passed or an answer is another than tests/images/bad_uploads.py says. `--only word`: what has that word in its
name.
"""

import argparse
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.measuring import client_of, main, say

# Seconds and MB: what is refused or odd; what is large and taken; a photograph of 12 megapixels.
BAD_SECONDS, LARGE_SECONDS, MOST_MB = 1.0, 3.0, 400


def run(arguments: argparse.Namespace) -> int:
    from django.core.management import call_command  # noqa: PLC0415

    from tests.images import bad_uploads  # noqa: PLC0415

    logging.disable(logging.WARNING)  # each refusal is one
    call_command("migrate", verbosity=0)
    files = [(name, bad, BAD_SECONDS) for name, bad in bad_uploads.BAD.items()]
    files += [(name, bad, LARGE_SECONDS) for name, bad in {**bad_uploads.LARGE, **photographs()}.items()]
    apart(warm_up)
    missed = 0
    say(f"{'':<44}{'sent':>10}{'answer':>16}{'s':>8}{'MB':>8}{'task s':>8}{'MB':>8}")
    for name, bad, seconds in files:
        if arguments.only in name:
            missed += not measure(name, bad, seconds)
    say(f"missed: {missed}")
    return int(bool(missed))


def apart(work: Callable[[], Any]) -> Any:
    """What `work` returns, done by a process of its own; JSON takes it back."""
    from django.db import connections  # noqa: PLC0415

    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            os.write(writing, json.dumps(work()).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        answer = told.read()
    if os.waitpid(child, 0)[1]:
        raise SystemExit("It died; its words stand above.")
    return json.loads(answer)


def warm_up() -> None:
    """What every process of the web server has done when it gets its first upload; in the database only."""
    from accounts.models import User  # noqa: PLC0415

    User.objects.create_superuser("b", "b@example.org", "b" * 20)


def photographs() -> dict[str, Any]:
    from tests.images.bad_uploads import Bad  # noqa: PLC0415
    from tests.images.library_pictures import photograph  # noqa: PLC0415

    return {
        "photograph of 12 Mpx": Bad("a.jpg", lambda: photograph(7, (4_000, 3_000)), None),
        "photograph of 12 Mpx, progressive": Bad(
            "a.jpg", lambda: photograph(8, (4_000, 3_000), progressive=True), None
        ),
        "photograph of 24 Mpx": Bad("a.jpg", lambda: photograph(9, (6_000, 4_000)), None),
    }


def measure(name: str, bad: Any, seconds: float) -> bool:
    with tempfile.NamedTemporaryFile() as file:
        size = apart(lambda: Path(file.name).write_bytes(bad.make()))
        one = apart(lambda: measure_one(Path(file.name), bad.name))
    fine = one["code"] == (bad.code or "taken") and one["seconds"] <= seconds and one["mb"] <= MOST_MB
    task = f"{one['task_seconds']:>8.2f}{one['task_mb']:>8.0f}" if one["code"] == "taken" else ""
    line = f"{name:<44}{size:>10,}{one['code']:>16}{one['seconds']:>8.2f}{one['mb']:>8.0f}{task}"
    say(line if fine else f"{line}  MISSED (should be {bad.code or 'taken'})")
    return fine


def measure_one(path: Path, name: str) -> dict[str, Any]:
    """Send the file, then run its task as a worker would."""
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    from accounts.models import User  # noqa: PLC0415
    from images.models import Image  # noqa: PLC0415
    from images.preparing import prepare  # noqa: PLC0415

    Image.objects.all().delete()
    client = client_of(User.objects.get(username="b"))
    raw = path.read_bytes()
    start = time.process_time()
    answer = client.post("/admin/images/upload/", {"upload": SimpleUploadedFile(name, raw)})
    one = {"seconds": time.process_time() - start, "mb": most_memory()}
    one |= {"code": "taken" if answer.status_code == 200 else code_of(name, raw)}
    start = time.process_time()
    if image := Image.objects.first():
        prepare.call(image.pk)
    return one | {"task_seconds": time.process_time() - start, "task_mb": most_memory()}


def code_of(name: str, raw: bytes) -> str:
    """The sentence is for people; this is the name of the reason."""
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    from images.storing import UploadRefused, take_in  # noqa: PLC0415

    try:
        take_in(SimpleUploadedFile(name, raw), by=None)
    except UploadRefused as refused:
        return str(refused.code)
    return "taken"


def most_memory() -> float:
    """MB; Linux alone tells it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    sys.exit(main("benchmarks.uploads", parser, run))
