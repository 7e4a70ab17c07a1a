"""docs/operations.md names what is there: commands, variables, figures, files, targets of make."""

import re
from functools import cache

from django.core.management import get_commands, load_command_class

from deploy.interface import parser
from newsroom.operating import exposition
from tests.house.files import REPOSITORY
from tests.newsroom.test_deploy import services

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


def of_the_containers() -> set[str]:
    """What docker-compose.yml and what stands on top of it take from the shell or from .env."""
    files = [path.read_text(encoding="utf-8") for path in REPOSITORY.glob("docker-compose*.yml")]
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", "\n".join(files)))


def typed_lines() -> list[str]:
    """What a person copies: the lines of all blocks, without what is said beside them."""
    blocks = re.findall(r"^ *```\n(.*?)^ *```$", text(), flags=re.DOTALL | re.MULTILINE)
    lines = [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return lines + [line.strip() for line in re.findall(r"^    (\S.*)$", text(), flags=re.MULTILINE)]


# A command of the site, as each kind of installation takes it.
OF_A_STACK = re.compile(r"\.venv/bin/python -m deploy\.stack manage var/stack -- (.*)")
OF_CONTAINERS = re.compile(
    r"docker compose (?:exec|run --rm)[^']*? (?:web|worker|migrate) (?:sh -c ')?python manage\.py (.*?)'?$"
)


def test_every_command_exists_with_these_options() -> None:
    wrong = []
    for name, rest in re.findall(r"(?:manage\.py|manage var/stack --) ([a-z_]+)([^`\n]*)", text()):
        if name not in get_commands():
            wrong.append(name)
            continue
        parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
        known = parser.format_help()
        wrong += [f"{name} {option}" for option in re.findall(r"(?<!\w)--[a-z-]+", rest) if option not in known]
    assert wrong == []


def test_every_command_line_is_there_for_both_installations() -> None:
    """Who copies one in an incident must reach the site that readers see: `manage.py` typed bare knows of none."""
    lines = [line for line in typed_lines() if "manage.py" in line or "deploy.stack manage" in line]
    of_a_stack = [found[1] for line in lines if (found := OF_A_STACK.search(line))]
    of_containers = [found[1] for line in lines if (found := OF_CONTAINERS.search(line))]
    assert len(of_a_stack) > 20
    assert [line for line in lines if not (OF_A_STACK.search(line) or OF_CONTAINERS.search(line))] == []
    assert set(of_a_stack) == set(of_containers)


def test_every_command_that_is_named_is_written_out_somewhere() -> None:
    written = {found[1].split()[0] for line in typed_lines() if (found := OF_A_STACK.search(line))}
    named = set(re.findall(r"`manage\.py ([a-z_]+)", text()))
    assert len(named) > 5
    assert named - written == set()


def test_every_verb_of_an_installation_is_one() -> None:
    verbs = set(re.findall(r"-m deploy\.(?:stack|cluster) ([a-z]+) var/", text()))
    assert {"manage", "status", "down"} <= verbs
    for verb in verbs:
        assert parser("deploy.stack").parse_args([verb, "var/stack"]).verb == verb


def test_every_variable_is_one_of_ours() -> None:
    named = {name.removesuffix("_FILE") for name in re.findall(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`", text())}
    assert len(named) > 20
    assert named - variables() - of_the_proxy() - of_the_containers() - FOREIGN == set()


def test_every_line_of_a_file_of_settings_is_one_of_ours() -> None:
    """`.env` of the containers, and settings.env."""
    named = {name for line in typed_lines() for name in re.findall(r"^(?:echo \"?)?([A-Z][A-Z0-9_]+)=", line)}
    assert {"DATABASE_HERE", "SECRET_KEY_FALLBACKS_FILE", "CACHE_REFRESH_URLS"} <= named
    known = variables() | of_the_containers() | {"PGPASSWORD"}
    assert {name.removesuffix("_FILE") for name in named} - known == set()


def test_every_service_that_a_line_names_is_one() -> None:
    verb = r"docker compose (?:--profile rolling )?(?:exec|logs|rm|run|stop|up) ([^|&;<]*)"
    said = [words for line in typed_lines() for words in re.findall(verb, line)]
    # What follows the service is the command in it.
    words = {word for each in said for word in re.split(r" (?:python|psql|pg_dump|sh) ", each)[0].split()}
    named = {word for word in words if not word.startswith("-")}
    assert {"web", "web2", "worker", "migrate", "db", "redis", "proxy"} <= named
    assert named - services().keys() == set()


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
