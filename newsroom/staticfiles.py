"""Static files in production: hashed names, compressed once, one style sheet instead of thirty and one script."""

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from newsroom.lib import js_modules, style_sheets

BUNDLE = "css/site.css"
# Our modules. Each takes in what it imports statically; what it imports when it runs stays a file.
MODULES = "js/"
# CKEditor asks for its parts by plain names and busts caches itself (?t=): hashed copies of its thousand
# files would be made, compressed and never asked for.
PLAIN = "ckeditor/"


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Puts what style sheets and modules import in its place, then hashes and compresses everything.

    In development browsers follow the imports, so no build step stands between an edit and its effect.
    """

    support_js_module_import_aggregation = True
    # A file that was not collected is a broken link on one page, not an error page.
    manifest_strict = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """As Django says it, asked once for each file: what was collected stays while the program runs."""
        if name not in self._addresses:
            self._addresses[name] = super().url(name, force)
        return self._addresses[name]

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
    """Return a style sheet with its imports in place; `paths` as in flat_modules.

    Raises KeyError for an import of a file that was not collected.
    """

    def read(sheet: str) -> str:
        storage, path = paths[sheet]
        with storage.open(path) as file:
            text: str = file.read().decode()
        return text

    return style_sheets.flatten(read, name)
