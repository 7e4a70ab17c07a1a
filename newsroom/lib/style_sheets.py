"""Our style sheets as one file, and as paper shows them."""

import posixpath
import re
from collections.abc import Callable

_IMPORT = re.compile(r"@import\s+url\(\"([^\"]+)\"\);")
_URL = re.compile(r"url\(\"(?!data:|/|#|[a-z]+:)([^\"]+)\"\)")
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_INDENT_AND_EMPTY_LINES = re.compile(r"(?<!\s)\s*\n\s*")
_PRINT = re.compile(r"@media\s+print\b")


def flatten(read: Callable[[str], str], name: str) -> str:
    """Return a style sheet with its imports in place, relative addresses right, comments and indents gone.

    `read` returns the text of a sheet by its name, a path below the folder of all static files.
    """
    css = _COMMENT.sub("", read(name))
    folder = posixpath.dirname(name)

    def inline(match: re.Match[str]) -> str:
        imported = posixpath.normpath(posixpath.join(folder, match[1]))
        part = flatten(read, imported)
        return _URL.sub(lambda url: f'url("{_moved(url[1], posixpath.dirname(imported), folder)}")', part)

    return _INDENT_AND_EMPTY_LINES.sub("\n", _IMPORT.sub(inline, css)).strip() + "\n"


def with_addresses(css: str, folder: str, address: Callable[[str], str]) -> str:
    """The same sheet for another place: `address` gives the address of a static file by its name."""
    return _URL.sub(lambda url: f'url("{address(posixpath.normpath(posixpath.join(folder, url[1])))}")', css)


def as_printed(css: str) -> str:
    """The sheet with what it says about paper in force on a screen too."""
    return _PRINT.sub("@media all", css)


def _moved(url: str, from_folder: str, to_folder: str) -> str:
    """A relative address as it reads from another folder."""
    return posixpath.relpath(posixpath.join("/", from_folder, url), posixpath.join("/", to_folder))
