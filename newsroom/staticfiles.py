"""Static files in production: hashed names, compressed once, one style sheet instead of thirty and one script."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from newsroom.lib import js_modules

BUNDLE = "css/site.css"
# Our modules. Each takes in what it imports statically; what it imports when it runs stays a file.
MODULES = "js/"
# CKEditor asks for its parts by plain names and busts caches itself (?t=): hashed copies of its thousand
# files would be made, compressed and never asked for.
PLAIN = "ckeditor/"

_IMPORT = re.compile(r"@import\s+url\(\"([^\"]+)\"\);")
_URL = re.compile(r"url\(\"(?!data:|/|#|[a-z]+:)([^\"]+)\"\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT_AND_EMPTY_LINES = re.compile(r"\s*\n\s*")


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Puts what style sheets and modules import in its place, then hashes and compresses everything.

    In development browsers follow the imports, so no build step stands between an edit and its effect.
    """

    support_js_module_import_aggregation = True
    # A file that was not collected is a broken link on one page, not an error page.
    manifest_strict = False

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        if not dry_run:
            paths = paths | self._flattened(paths)
        plain = [name for name in paths if name.startswith(PLAIN)]
        hashed = {name: paths[name] for name in paths if not name.startswith(PLAIN)}
        yield from super().post_process(hashed, dry_run, **options)
        if not dry_run:
            yield from ((name, compressed, True) for name, compressed in self.compress_files(plain))

    def _flattened(self, paths: dict[str, tuple[Storage, str]]) -> dict[str, tuple[Storage, str]]:
        """Write the flat files over those that were collected."""
        texts = {BUNDLE: flatten(paths, BUNDLE)} if BUNDLE in paths else {}
        texts |= flat_modules(paths)
        memory = InMemoryStorage()
        for name, text in texts.items():
            self.delete(name)
            for storage in (memory, self):
                storage.save(name, ContentFile(text.encode()))
        return {name: (memory, name) for name in texts}

    def stored_name(self, name: str) -> str:
        return name if name.startswith(PLAIN) else super().stored_name(name)


def flat_modules(paths: dict[str, tuple[Storage, str]]) -> dict[str, str]:
    """Return each script of ours by its name, with what it imports in it.

    Raises KeyError for an import of a file that was not collected, js_modules.CannotFlatten for odd forms.
    """

    def read(module: str) -> str:
        storage, path = paths[MODULES + module]
        with storage.open(path) as file:
            text: str = file.read().decode()
        return text

    modules = [name.removeprefix(MODULES) for name in paths if name.startswith(MODULES) and name.endswith(".js")]
    return {MODULES + module: js_modules.flatten(read, module) for module in modules}


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
