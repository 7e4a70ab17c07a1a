"""JavaScript modules made one, so that a page asks for one file instead of ten, without a tool beside Python."""

import re
from collections.abc import Callable

# All forms that we write; Django's storage finds import("./file.js") by itself and gives it the hashed name.
_IMPORT = re.compile(r'^import \{([\w,\s]+)\} from "\./([\w-]+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_OTHER_FORM = re.compile(r"^(?:import\b(?!\()|export\b).*", re.MULTILINE)
_FOLDER_LEFT = re.compile(r'\bimport\("(?!\./[\w-]+\.js"\)).*', re.MULTILINE)

_COMMENT_LINES = re.compile(r"^[ \t]*(?://.*|/\*(?:(?!\*/)[\s\S])*\*/[ \t]*)$\n?", re.MULTILINE)
_INDENT_AND_EMPTY_LINES = re.compile(r"(?<!\s)\s*\n\s*")


class CannotFlatten(Exception):
    """A module is written in a way that `flatten` does not know. Says which and where."""


def flatten(read: Callable[[str], str], name: str) -> str:
    """Return a module with all that it imports statically in it; each of these runs once, in a scope of its own.

    `read` returns the text of a module by the name of its file; all lie in one folder. The module itself keeps its
    exports. A module that two flat files hold is there twice, so modules share no state but the page's.
    Raises CannotFlatten for circles and for forms of import and export that we do not write, KeyError from `read`.
    """
    order: dict[str, str] = {}
    text = _resolved(read, name, (), order)
    return "\n".join([*(_scope(other, order[other]) for other in order), without_comments(text)]).strip() + "\n"


def without_comments(text: str) -> str:
    """Return a script without the lines that are comments, the indents and the empty lines.

    Raises CannotFlatten for a template literal over several lines: what looks like an indent there is text.
    """
    text = _COMMENT_LINES.sub("", text)
    for line in text.splitlines():
        if line.count("`") % 2:
            raise CannotFlatten(f"A template literal must end on its line: {line.strip()}")
    return _INDENT_AND_EMPTY_LINES.sub("\n", text).strip()


def _resolved(read: Callable[[str], str], name: str, above: tuple[str, ...], order: dict[str, str]) -> str:
    """The text of a module with its imports as constants; what it imports is added to `order` before."""
    if name in above:
        raise CannotFlatten("Modules import one another in a circle: " + " > ".join((*above, name)))
    text = _COMMENT_LINES.sub("", read(name))
    for match in _IMPORT.finditer(text):
        names, other = _names(match[1]), match[2]
        if other not in order:
            order[other] = _resolved(read, other, (*above, name), order)
        if missing := sorted(set(names) - set(_EXPORT.findall(order[other]))):
            raise CannotFlatten(f"{name} imports {', '.join(missing)}, which {other} does not export.")
    text = _IMPORT.sub(lambda match: f"const {{ {', '.join(_names(match[1]))} }} = {_variable(match[2])};", text)
    if odd := _OTHER_FORM.search(_EXPORT.sub("", text)) or _FOLDER_LEFT.search(text):
        raise CannotFlatten(f"{name}: this form of import or export is not known: {odd[0]}")
    return text


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


def _variable(name: str) -> str:
    """No module of ours begins a name with $, so that none hides another."""
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))


def _scope(name: str, text: str) -> str:
    exported = ", ".join(_EXPORT.findall(text))
    inside = without_comments(_EXPORT.sub("", text))
    return f"const {_variable(name)} = (() => {{\n{inside}\nreturn {{ {exported} }};\n}})();"
