"""No pattern of ours takes its time: twice the text takes twice as long, whatever the text is made of (I8).

A pattern with one quantifier inside another takes four times, or for ever. What is measured is how the time of the
processor grows, not how long it is, so that a busy machine changes nothing.
"""

import ast
import pkgutil
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from importlib import import_module
from itertools import pairwise
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from accounts import browsers
from images import anatomy
from newsletter.returns import codes as answers
from newsroom.lib.hygiene import clean_text
from newsroom.lib.text_edits import OBJECT, masked
from richtext import embeds
from richtext.render import to_text, word_count
from tests.house.files import our_python

PACKAGES = ("accounts", "articles", "audit", "deploy", "images", "newsletter", "newsroom", "pages", "richtext", "tasks")
# Programs that do something when they are imported.
LEFT_OUT = {"__main__", "wsgi", "commands"}
# s for 3,000 letters: below it even four times for each doubling is a third of a second for 50,000.
QUICK = 0.002
# s for a text that is cut before it is looked at.
CUT_AND_QUICK = 0.25
MOST_LETTERS = 6
FEW, SOME, MANY = 24, 3_000, 6_000


Way = Callable[[re.Pattern[Any], Any], object]
# What a pattern is asked: by each of these a search begins at every letter, or at the first one.
ANYWHERE, WHOLE, AT_START = "search", "fullmatch", "match"
WAYS: dict[str, Way] = {
    ANYWHERE: lambda pattern, text: sum(1 for _ in pattern.finditer(text)),
    WHOLE: lambda pattern, text: pattern.fullmatch(text),
    AT_START: lambda pattern, text: pattern.match(text),
}


class Used(NamedTuple):
    """A pattern with the ways in which the code asks it, and how long a text it is given at most (None: any)."""

    pattern: re.Pattern[Any]
    ways: list[Way]
    longest: int | None = None


# What is asked by functions of `re`, with the pattern beside the text.
_FUNCTIONS = dict.fromkeys(("search", "sub", "subn", "split", "findall", "finditer"), ANYWHERE) | {
    "fullmatch": WHOLE,
    "match": AT_START,
}


def ways_of(name: str) -> list[Way]:
    """How the code uses the pattern of that name; one in a list or a table may be used in any way."""
    module, variable = name.split(" ")[0].rpartition(".")[::2]
    own = {f"{module.replace('.', '/')}{end}" for end in (".py", "/__init__.py")}
    asked = re.compile(rf"\b{variable}\.(\w+)\(")
    code = our_python()
    used = {way for path in own & code.keys() for way in asked.findall(code[path])}
    used = used or {way for text in code.values() for way in asked.findall(text)}
    return [
        way for named, way in WAYS.items() if named in used or (named == ANYWHERE and not used <= {WHOLE, AT_START})
    ]


@cache
def patterns() -> dict[str, re.Pattern[str] | re.Pattern[bytes]]:
    """By the module and name that they were first found under."""
    found: dict[tuple[Any, int], tuple[str, re.Pattern[Any]]] = {}
    for module in modules():
        for name, value in vars(module).items():
            for pattern in patterns_in(value):
                found.setdefault((pattern.pattern, pattern.flags), (f"{module.__name__}.{name}", pattern))
    named: dict[str, re.Pattern[Any]] = {}
    for name, pattern in found.values():
        named[name if name not in named else f"{name} {len(named)}"] = pattern
    return named


def inline() -> dict[str, Used]:
    """The patterns that are written where they are used: `re.sub("a+", ...)`, `re.compile("a+").sub` in a function."""
    found: dict[str, Used] = {}
    for path, text in our_python().items():
        if path.partition("/")[0] not in PACKAGES:
            continue
        tree = ast.parse(text)
        # What a module compiles into a variable of its own is in `patterns`.
        tree.body = [node for node in tree.body if not isinstance(node, ast.Assign | ast.AnnAssign)]
        for call in calls_of_re(tree):
            function, given = call.func.attr, call.args[0]  # type: ignore[attr-defined]
            if isinstance(given, ast.Constant):
                flags = flags_of(call)
                ways = [WAYS[_FUNCTIONS[function]]] if function in _FUNCTIONS else [*WAYS.values()]
                found[f"{path}:{call.lineno}"] = Used(re.compile(given.value, flags), ways)
    return found


def calls_of_re(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
            if of_re and node.func.attr in {*_FUNCTIONS, "compile"}:
                yield node


def flags_of(call: ast.Call) -> int:
    """They are the only argument made of nothing but names of `re`."""
    written = [ast.unparse(one) for one in (*call.args[1:], *(keyword.value for keyword in call.keywords))]
    named = next((one for one in written if re.fullmatch(r"re\.[A-Z]+(?: \| re\.[A-Z]+)*", one)), "0")
    return int(eval(named, {"re": re}))  # noqa: S307 - nothing but `re.NAME | re.NAME`


def in_tables() -> dict[str, Used]:
    """Patterns that tables hold as text, and those that are made of a text when they are used: one of each."""
    anywhere, whole = [WAYS[ANYWHERE]], [WAYS[WHOLE]]
    found = {f"browsers {text}": Used(re.compile(text), anywhere) for _name, text in BROWSERS}
    for text in (*(row.answer for row in answers.PECULIAR), *(words for words, _meaning in answers.WORDS)):
        found[f"answers {text}"] = Used(re.compile(text), anywhere, answers._LONGEST)
    posts = [post for platform in embeds.PLATFORMS for post in platform.posts]
    for text in [*(post.path for post in posts), *(post.value for post in posts if post.parameter)]:
        found[f"embeds {text}"] = Used(re.compile(text, re.ASCII), whole)
    alone = r"(?<![\w.+-])layla\.h(?![\w+-]|\.\w)"
    return found | {
        "names of readers": Used(re.compile(alone, re.IGNORECASE), anywhere),
        "slots of mails": Used(re.compile("0123456789abcdefQ([a-z0-9]+)Q"), anywhere),
        "counted links": Used(re.compile(r"https://a/c/([\w.=-]+?)/"), anywhere),
    }


# Where a pattern is made when it is used; in_tables or `patterns` has it.
MADE_WHEN_USED = {
    "accounts/browsers.py": 1,
    "articles/recognition/vocabulary.py": 1,
    "newsletter/erasing.py": 1,
    "newsletter/mails/slots.py": 1,
    "newsletter/mails/uncounting.py": 1,
    "newsletter/returns/codes.py": 2,
    "newsletter/returns/recording.py": 1,
    "richtext/embeds.py": 2,
}
# `compile` by another name, for patterns that are variables of the module.
OTHER_NAMES = {"articles/letters.py"}
BROWSERS = (*browsers._BROWSERS, *browsers._SYSTEMS)


def all_used() -> dict[str, Used]:
    named = {name: Used(pattern, ways_of(name)) for name, pattern in patterns().items()}
    return named | inline() | in_tables()


def modules() -> Iterator[Any]:
    for package in PACKAGES:
        root = import_module(package)
        yield root
        for info in pkgutil.walk_packages(root.__path__, f"{package}."):
            if ".migrations" not in info.name and not set(info.name.split(".")) & LEFT_OUT:
                yield imported(info.name)


def imported(name: str) -> Any:
    """Nothing where it needs what is installed only with an extra."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in PACKAGES:
            raise
        return SimpleNamespace(__name__=name)


def patterns_in(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3 and isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from patterns_in(each, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        yield from patterns_in([*value, *value.values()], depth)


def letters_of(pattern: re.Pattern[Any]) -> list[str]:
    """Letters that it asks for, a few of each kind."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    found = dict.fromkeys(_letters(parser.parse(text, pattern.flags & ~re.DEBUG)))
    return [*found][:MOST_LETTERS]


_OF_CATEGORY = {"SPACE": " \n", "DIGIT": "1٣", "WORD": "aب_"}


def _letters(node: Any) -> Iterator[str]:
    for code, value in node:
        if code in {codes.LITERAL, codes.NOT_LITERAL}:
            yield chr(value)
        elif code is codes.RANGE:
            yield from {chr(value[0]), chr(value[1])}
        elif code is codes.CATEGORY:
            kind = str(value).rpartition("_")[2]
            yield from ("a!" if "_NOT_" in str(value) else _OF_CATEGORY.get(kind, ""))
        elif code is codes.ANY:
            yield "a"
        elif code is codes.IN:
            yield from _letters(value)
        else:
            yield from _letters_inside(value)


def _letters_inside(value: Any) -> Iterator[str]:
    """Of groups, repetitions, branches and what looks ahead: whatever holds patterns."""
    if isinstance(value, parser.SubPattern):
        yield from _letters(value)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _letters_inside(each)


def pieces_of(pattern: re.Pattern[Any]) -> list[str]:
    """What long texts are made of by repeating: each letter, each two neighbours, all of them."""
    letters = letters_of(pattern) or ["a"]
    pairs = ["".join(pair) for pair in pairwise(letters)]
    return list(dict.fromkeys([*letters, *pairs, "".join(letters), *(f"{letter} a" for letter in letters[:2])]))


def seconds(pattern: re.Pattern[Any], piece: str, length: int, ways: Sequence[Way]) -> float:
    """Of the processor, for looking everywhere in a text that fails at its end; the better of two."""
    text: Any = (piece * (length // len(piece) + 1))[:length] + "\x00"
    text = text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")  # each byte as itself
    took = []
    for _try in range(2):
        began = time.thread_time()
        for way in ways:
            way(pattern, text)
        took.append(time.thread_time() - began)
        if took[0] < QUICK:
            break
    return min(took)


def grows_too_fast(pattern: re.Pattern[Any], piece: str, ways: Sequence[Way] = tuple(WAYS.values())) -> str:
    """What it did, in words; nothing where it does not."""
    if seconds(pattern, piece, FEW, ways) > QUICK:
        return f"{piece!r} for ever"
    some = seconds(pattern, piece, SOME, ways)
    if some <= QUICK:
        return ""
    growth = seconds(pattern, piece, MANY, ways) / some
    return f"{piece!r} x{growth:.1f}" if growth > 3 else ""


def test_there_are_hundreds_of_patterns() -> None:
    assert len(patterns()) > 250
    assert {name.split(".")[0] for name in patterns()} >= {"articles", "images", "newsletter", "newsroom", "richtext"}


@pytest.mark.parametrize(
    ("pattern", "is_slow"),
    [
        (r"(a+)+$", True),
        (r"(a|a)*b", True),
        (r"\s+$", True),
        (r"<[^>]*>", True),
        (r"[ab]+c?", False),
        (r"\w{1,3}", False),
        (r"(?:ab)+$", True),
    ],
)
def test_slow_pattern_is_noticed(pattern: str, is_slow: bool) -> None:
    compiled = re.compile(pattern)
    assert any(grows_too_fast(compiled, piece) for piece in pieces_of(compiled)) == is_slow


def test_every_pattern_takes_time_in_proportion_to_the_text() -> None:
    slow = {}
    for name, (pattern, ways, longest) in all_used().items():
        judge = grows_too_fast if longest is None else partial(takes_too_long, longest=longest)
        if fault := next(filter(None, (judge(pattern, piece, ways) for piece in pieces_of(pattern))), ""):
            slow[name] = fault
    assert slow == {}


def takes_too_long(pattern: re.Pattern[Any], piece: str, ways: Sequence[Way], *, longest: int) -> str:
    """Of a text that is cut before it is looked at."""
    took = seconds(pattern, piece, longest, ways)
    return f"{piece!r} {took:.3f} s" if took > CUT_AND_QUICK else ""


def test_every_pattern_is_looked_at() -> None:
    """One that is put together from a text says in `in_tables` how it looks."""
    assert len(inline()) > 20
    made: Counter[str] = Counter()
    for path, text in our_python().items():
        if path.partition("/")[0] in PACKAGES and "/migrations/" not in path:
            assert path in OTHER_NAMES or not re.search(r"^from re import|^import re as", text, re.MULTILINE), path
            # What a module compiles when it is imported stands in its variables (`patterns`).
            functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
            calls = {ast.unparse(call) for function in functions for call in calls_of_re(function) if _is_made(call)}
            made[path] = len(calls)
    assert +made == MADE_WHEN_USED


def _is_made(call: ast.Call) -> bool:
    return not isinstance(call.args[0], ast.Constant)


def test_what_was_made_faster_reads_as_before() -> None:
    assert word_count("<p>!!! كلمة، — (نص) _x _ 12% ؟</p>") == 4
    assert clean_text("أ\u200f\u200e  \n\u200f ب\u200eج") == "أ\nب\u200eج"
    assert masked("إلى a.b@c.example أو -x.example و«---»") == f"إلى {OBJECT * 13} أو {OBJECT * 10} و«---»"


def test_bytes_from_0x80_up_are_tried_as_themselves() -> None:
    """0xFF in UTF-8 is two other bytes: a row of it took minutes in a file of a few kilobytes."""
    was = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]", re.DOTALL)
    ways = ways_of("images.anatomy._END_OF_SCAN")
    assert any(grows_too_fast(was, piece, ways) for piece in pieces_of(was))
    assert not any(grows_too_fast(anatomy._END_OF_SCAN, piece, ways) for piece in pieces_of(anatomy._END_OF_SCAN))


def test_patterns_beside_their_text_are_tried() -> None:
    code = 'def f(text):\n    return re.sub(r"[ \\t]*\\n[ \\t\\n]*", "", text, flags=re.ASCII | re.DOTALL)\n'
    (call,) = calls_of_re(ast.parse(code))
    assert isinstance(call.args[0], ast.Constant)
    assert flags_of(call) == re.ASCII | re.DOTALL
    compiled = re.compile(call.args[0].value, flags_of(call))
    assert any(grows_too_fast(compiled, piece, [WAYS[ANYWHERE]]) for piece in pieces_of(compiled))


def test_rows_of_signs_without_an_end_are_read_at_once() -> None:
    """Each of these took minutes: from every sign somebody looked to the end."""
    assert word_count(f"<p>{'!' * 150_000}</p>") == 0
    assert to_text(f"<p>a{' ' * 150_000}b</p>") == f"a{' ' * 150_000}b"
    assert clean_text("أ" + "\u200e" * 150_000 + "ب") == "أ" + "\u200e" * 150_000 + "ب"
    for sign in "h-1":
        assert masked(f"{sign * 150_000} @") == f"{sign * 150_000} @"
