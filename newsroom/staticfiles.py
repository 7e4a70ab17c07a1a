"""Static files in production: hashed names, compressed once, and one style sheet instead of thirty."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLE = "css/site.css"
# CKEditor asks for its parts by plain names and busts caches itself (?t=): hashed copies of its thousand
# files would be made, compressed and never asked for.
PLAIN = "ckeditor/"

_IMPORT = re.compile(r"@import\s+url\(\"([^\"]+)\"\);")
_URL = re.compile(r"url\(\"(?!data:|/|#|[a-z]+:)([^\"]+)\"\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT_AND_EMPTY_LINES = re.compile(r"\s*\n\s*")


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Puts the style sheets that site.css imports in their places, then hashes and compresses everything.

    In development browsers follow the imports, so no build step stands between an edit and its effect.
    """

    support_js_module_import_aggregation = True
    # A file that was not collected is a broken link on one page, not an error page.
    manifest_strict = False

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        if BUNDLE in paths and not dry_run:
            flat = flatten(paths, BUNDLE).encode()
            memory = InMemoryStorage()
            memory.save(BUNDLE, ContentFile(flat))
            paths = paths | {BUNDLE: (memory, BUNDLE)}
            self.delete(BUNDLE)
            self.save(BUNDLE, ContentFile(flat))
        plain = [name for name in paths if name.startswith(PLAIN)]
        hashed = {name: paths[name] for name in paths if not name.startswith(PLAIN)}
        yield from super().post_process(hashed, dry_run, **options)
        if not dry_run:
            yield from ((name, compressed, True) for name, compressed in self.compress_files(plain))

    def stored_name(self, name: str) -> str:
        return name if name.startswith(PLAIN) else super().stored_name(name)


def flatten(paths: dict[str, tuple[Storage, str]], name: str) -> str:
    """Return a style sheet with its imports in place, relative addresses right, comments and indents gone.

    `paths` is what collectstatic found: name to (storage, name there). Raises KeyError for an import of a
    file that was not collected.
    """
    storage, path = paths[name]
    with storage.open(path) as file:
        css = _COMMENT.sub("", file.read().decode())
    folder = posixpath.dirname(name)

    def inline(match: re.Match[str]) -> str:
        imported = posixpath.normpath(posixpath.join(folder, match[1]))
        part = flatten(paths, imported)
        return _URL.sub(lambda url: f'url("{_moved(url[1], posixpath.dirname(imported), folder)}")', part)

    return _INDENT_AND_EMPTY_LINES.sub("\n", _IMPORT.sub(inline, css)).strip() + "\n"


def _moved(url: str, from_folder: str, to_folder: str) -> str:
    """A relative address as it reads from another folder."""
    return posixpath.relpath(posixpath.join("/", from_folder, url), posixpath.join("/", to_folder))
