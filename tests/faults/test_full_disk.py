"""No room left where pictures and logs are written."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from deploy.services import Service
from tests.faults.asking import ANEW, load_of
from tests.faults.house import House
from tests.faults.uploading import ADD, is_arabic, sentence_of, upload
from tests.images.pictures import picture_file

SIZE = "6m"
HEADLINE = "خبر يُكتب والقرص ممتلئ"
BODY = "<p>نص لا يضيع وإن لم يبق مكان لصورة.</p>"

needs_root = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("mount"), reason="only root may mount a small disk"
)


def call(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def small_disk(house: House) -> Iterator[Path]:
    """One disk of SIZE for pictures and logs; the web server and the worker are started anew on it and after it."""
    folder = house.there.folder
    small = folder / "small"
    small.mkdir()
    with ExitStack() as ended:
        ended.callback(restart, house)
        ended.callback(small.rmdir)
        try:
            call("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", small)
        except subprocess.CalledProcessError as error:
            pytest.skip(f"no small disk could be mounted here: {error.stderr.decode().strip()}")
        ended.callback(call, "umount", "--lazy", small)
        for name in ("media", "log"):
            (small / name).mkdir()
            call("mount", "--bind", small / name, folder / name)
            ended.callback(call, "umount", "--lazy", folder / name)
        restart(house)
        yield small


def restart(house: House) -> None:
    services: list[Service] = [house.there.service("web"), house.there.service("worker")]
    for service in services:
        house.there.crew.stop(service)
        house.there.crew.start(service)


def fill(folder: Path) -> Path:
    """Until not a byte more fits."""
    path = folder / "filling"
    with path.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
    return path


@needs_root
def test_r14_full_disk_refuses_pictures_and_keeps_texts(stack: House, note: Any) -> None:
    raw = picture_file("a.png").read()
    asked = [stack.asking(path, headers=ANEW) for path in ("/", stack.paths["article"])] + [stack.asking("/")]
    with small_disk(stack) as disk:
        filling = fill(disk)
        with load_of(asked) as load:
            refused = upload(stack, "a.png", raw)
            broken = stack.ask("/no-such-page/", headers=ANEW)
            form = stack.form(ADD) | {"headline": HEADLINE, "body": BODY, "_continue": "1"}
            saved = stack.send(ADD, form)
            stored = stack.form(saved.headers.get("location", ADD))
        left = [path.name for path in (disk / "media").rglob("*") if path.is_file()]
        filling.unlink()
        taken = upload(stack, "a.png", raw)
    note(
        "R14",
        f"the disk of pictures and logs ({SIZE}) is full",
        expected="upload 507 or 503 in Arabic, text of the article kept, reads go on, works again with room",
        measured=f"upload {refused.status} «{sentence_of(refused)}», text saved {saved.status}, readers {load}; "
        f"with room again {taken.status}",
    )
    assert refused.status in {503, 507}
    assert is_arabic(sentence_of(refused))
    assert left == []
    assert (saved.status, stored["headline"]) == (302, HEADLINE)
    assert "وإن لم يبق مكان لصورة" in stored["body"]
    assert (broken.status, load.others_than(200)) == (404, [])
    assert taken.status == 200
