"""Takes the pictures of the editor's guide anew, from a server and a newsroom of its own.

Run it from the repository, with the catalogue compiled: `python -m docs.guide.take_screenshots`. It works in a
temporary folder, removes it, and writes into docs/guide/images. Names after the command take only those pictures.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

from docs.guide import desk_pictures, newsletter_pictures, pictures
from docs.guide.pictures import Studio

if TYPE_CHECKING:
    from docs.guide.scenes import Scenes

REPOSITORY = Path(__file__).resolve().parent.parent.parent
IMAGES = Path(__file__).resolve().parent / "images"
PICTURES = pictures.PICTURES | newsletter_pictures.PICTURES | desk_pictures.PICTURES
PATIENCE = 60  # seconds until the server answers
# Chromium refuses its sandbox to root, who runs containers; its own boxes for days and hours follow --lang.
ARGUMENTS = ["--disable-gpu", "--disable-background-networking", "--no-first-run", "--lang=ar"]


def main() -> None:
    names = sys.argv[1:] or list(PICTURES)
    if unknown := [name for name in names if name not in PICTURES]:
        sys.exit(f"No such picture: {', '.join(unknown)}. There are: {', '.join(PICTURES)}.")
    with tempfile.TemporaryDirectory(prefix="newsroom-guide-") as folder:
        port = free_port()
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "DEBUG": "1",
            "DATA_DIR": folder,
            "SITE_URL": f"http://127.0.0.1:{port}",
            "SECRET_KEY": secrets.token_hex(32),
            "LINK_CHECKS": "0",
        }
        os.environ.pop("DATABASE_URL", None)
        scenes = prepared()
        with server(port):
            take(names, scenes, f"http://127.0.0.1:{port}")


def prepared() -> "Scenes":
    import django  # noqa: PLC0415 - the environment comes first

    django.setup()
    from docs.guide.scenes import make_scenes  # noqa: PLC0415

    return make_scenes(secrets.token_urlsafe())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


@contextmanager
def server(port: int) -> Iterator[None]:
    """The site on this port until the end of the block. Raises TimeoutError when it does not answer."""
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    running = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        wait_for(f"http://127.0.0.1:{port}/livez")
        yield
    finally:
        running.terminate()
        running.wait()


def wait_for(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            urlopen(address).close()  # noqa: S310 - our own address
        except URLError as error:
            if time.monotonic() > until:
                raise TimeoutError(address) from error
            time.sleep(0.2)
        else:
            return


def take(names: list[str], scenes: "Scenes", address: str) -> None:
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(
            executable_path=executable, args=[*ARGUMENTS, *sandbox], env={**os.environ, "LANGUAGE": "ar"}
        )
        studio = Studio(browser, address, scenes, IMAGES)
        for name in names:
            PICTURES[name](studio)
            sys.stdout.write(f"{name}.png\n")
        browser.close()


if __name__ == "__main__":
    main()
