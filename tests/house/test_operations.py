"""docs/operations.md names what is there: commands, variables, figures, files, targets of make."""

import re
from functools import cache

from django.core.management import get_commands, load_command_class

from newsroom.operating import exposition
from tests.house.files import REPOSITORY

PAGE = REPOSITORY / "docs" / "operations.md"
# Of other programs.
FOREIGN = {"SIGUSR2", "DELETE", "SELECT", "UPDATE", "GRANT", "CREATEDB", "ORDER", "WHERE", "PGDATA"}


@cache
def text() -> str:
    return PAGE.read_text(encoding="utf-8")


@cache
def variables() -> set[str]:
    example = (REPOSITORY / ".env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^([A-Z][A-Z0-9_]+)=", example, flags=re.MULTILINE))


def of_the_proxy() -> set[str]:
    template = (REPOSITORY / "deploy" / "nginx" / "nginx.conf.template").read_text(encoding="utf-8")
    return set(re.findall(r"\$\{(PROXY_[A-Z_]+)\}", template))


def test_every_command_exists_with_these_options() -> None:
    wrong = []
    for name, rest in re.findall(r"manage\.py ([a-z_]+)([^`\n]*)", text()):
        if name not in get_commands():
            wrong.append(name)
            continue
        parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
        known = parser.format_help()
        wrong += [f"{name} {option}" for option in re.findall(r"(?<!\w)--[a-z-]+", rest) if option not in known]
    assert wrong == []


def test_every_variable_is_one_of_ours() -> None:
    named = {name.removesuffix("_FILE") for name in re.findall(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`", text())}
    assert len(named) > 20
    assert named - variables() - of_the_proxy() - FOREIGN == set()


def test_every_figure_is_told_and_explained() -> None:
    known = exposition.COUNTED | exposition.TIMED | exposition.MEASURED
    rows = dict(re.findall(r"^\| `(newsroom_\w+)` \| (.*) \|$", text(), flags=re.MULTILINE))
    used = {re.sub(r"_(bucket|sum|count)$", "", name) for name in re.findall(r"newsroom_[a-z_]+", text())}
    assert rows == known
    assert used - set(known) - {"newsroom_page"} == set()


def test_every_make_target_file_and_link_is_there() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"`make ([a-z-]+)", text())
    links = re.findall(r"\]\(([^)#:]+)\)", text())
    modules = re.findall(r"-m (deploy\.\w+)", text())
    files = re.findall(r"`((?:tests|deploy|docs)/[\w/]+\.\w+|requirements[\w-]*\.lock|\.env\.example)`", text())
    assert [name for name in targets if f"\n{name}:" not in makefile] == []
    assert [link for link in links if not (PAGE.parent / link).exists()] == []
    assert [name for name in modules if not (REPOSITORY / f"{name.replace('.', '/')}.py").exists()] == []
    assert [name for name in files if not (REPOSITORY / name).exists()] == []


def test_what_is_measured_under_a_name_has_that_name_in_the_code() -> None:
    """A counter that nobody counts would stay at nothing for ever."""
    counted = exposition.COUNTED | exposition.TIMED
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("newsroom", "articles", "newsletter", "accounts", "tasks")
        for path in (REPOSITORY / folder).rglob("*.py")
        if path.name not in {"exposition.py", "charts.py", "page.py", "reading.py", "troubles.py"}
    )
    assert [name for name in counted if f'"{name}"' not in code] == []
