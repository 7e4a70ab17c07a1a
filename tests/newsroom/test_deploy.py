"""The configuration of the proxy: filled in the same way everywhere, and in step with the pages."""

import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from deploy import container_secrets, worker_pulse
from deploy.proxy import settings
from deploy.render import render
from newsroom.lib.keeping import PageRule
from tests.house.files import REPOSITORY

TEMPLATE = Path(REPOSITORY, "deploy/nginx/nginx.conf.template")
COMPOSE = Path(REPOSITORY, "docker-compose.yml").read_text(encoding="utf-8")
NAMES = set(re.findall(r"\$\{([A-Z_]+)\}", TEMPLATE.read_text(encoding="utf-8")))


def read(name: str) -> str:
    return Path(REPOSITORY, name).read_text(encoding="utf-8")


def test_each_name_of_the_template_is_known_without_containers(tmp_path: Path) -> None:
    values = settings(tmp_path, {"SITE_URL": "https://news.example:8443", "CACHE_REFRESH_TOKEN": "t" * 40})
    render(TEMPLATE, tmp_path / "nginx.conf", values)
    written = (tmp_path / "nginx.conf").read_text(encoding="utf-8")
    assert set(values) == NAMES
    assert "server_name news.example;" in written
    assert "proxy_set_header Host news.example:8443;" in written
    assert (tmp_path / "nginx.conf").stat().st_mode & 0o777 == 0o600


def test_each_name_of_the_template_is_known_in_the_container() -> None:
    script = Path(REPOSITORY, "deploy/nginx/docker-entrypoint.d/15-site.envsh").read_text(encoding="utf-8")
    in_compose = set(re.findall(r"^ {6}((?:PROXY|SITE)_[A-Z_]+):", COMPOSE, re.MULTILINE))
    in_script = set(re.findall(r"^([A-Z_]+)=", script, re.MULTILINE))
    assert in_compose - {"SITE_URL"} | in_script == NAMES


def test_each_web_server_may_be_asked_twice(tmp_path: Path) -> None:
    """Of one address nginx makes one attempt for a request, and the processes of all servers may die at once."""
    given = {"PROXY_SERVERS": "10.0.0.5:8000 10.0.0.6:8000"}
    render(TEMPLATE, tmp_path / "nginx.conf", settings(tmp_path, given))
    written = (tmp_path / "nginx.conf").read_text(encoding="utf-8")
    assert re.findall(r"^ +(server [0-9].*)$", written, re.MULTILINE) == 2 * [
        "server 10.0.0.5:8000 max_fails=0; server 10.0.0.6:8000 max_fails=0;"
    ]


def test_missing_name_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="PROXY_MAIN"):
        render(TEMPLATE, tmp_path / "nginx.conf", {})


def services() -> dict[str, str]:
    """Of docker-compose.yml: name to text, with what it takes over from elsewhere in the file."""
    head, _, tail = COMPOSE.partition("\nservices:\n")
    shared = {name: block for _, name, block in re.findall(r"^x-(\w+): &(\w+)\n((?:  .*\n|\n)+)", head, re.MULTILINE)}
    blocks = re.split(r"^  (?=\w+:$)", tail.partition("\nvolumes:\n")[0], flags=re.MULTILINE)[1:]
    return {block.partition(":")[0]: with_shared(block, shared) for block in blocks}


def with_shared(block: str, shared: dict[str, str]) -> str:
    return re.sub(r"<<: \*(\w+)", lambda found: with_shared(shared.get(found[1], ""), shared), block)


def test_all_parts_of_the_product_are_services() -> None:
    assert set(services()) == {"proxy", "web", "web2", "worker", "migrate", "db", "redis"}


def test_only_the_proxy_is_open_to_the_outside() -> None:
    assert [name for name, text in services().items() if "    ports:" in text] == ["proxy"]


@pytest.mark.parametrize("name", ["proxy", "web", "web2", "worker", "migrate", "db", "redis"])
def test_container_may_do_no_more_than_it_must(name: str) -> None:
    text = services()[name]
    for limit in (
        "read_only: true",
        "cap_drop: [ALL]",
        'security_opt: ["no-new-privileges:true"]',
        "pids_limit:",
        "mem_limit:",
        "max-size: 10m",
    ):
        assert limit in text, limit
    assert re.search(r'^ +user: "[1-9]\d*:[1-9]\d*"$', text, re.MULTILINE)
    assert "privileged" not in text.replace("no-new-privileges", "")


@pytest.mark.parametrize("name", ["proxy", "web", "web2", "worker", "db", "redis"])
def test_service_is_watched_and_comes_back(name: str) -> None:
    text = services()[name]
    assert "healthcheck:" in text
    assert "restart: unless-stopped" in text


def test_database_and_cache_are_reached_from_inside_alone() -> None:
    assert [name for name in ("db", "redis") if "networks: [inside]\n" not in services()[name]] == []
    assert "inside: {internal: true}" in COMPOSE


def networks_of(name: str) -> dict[str, str]:
    """By name, with what is said of this service in it. The last words win, as in YAML."""
    in_one_line = re.findall(r"^ +networks: \[(.+)\]$", services()[name], re.MULTILINE)
    found = dict.fromkeys(in_one_line[-1].split(", "), "") if in_one_line else {}
    if named := re.search(r"^    networks:\n((?: {6}\w.*\n)+)", services()[name], re.MULTILINE):
        found = dict(re.findall(r"^ {6}(\w+): *(.*)$", named[1], re.MULTILINE))
    return found


def test_both_versions_of_the_web_server_have_one_name_wherever_the_proxy_asks() -> None:
    """Docker asks its networks one after the other and takes the first that knows the name."""
    shared = networks_of("proxy").keys() & networks_of("web").keys()
    assert shared == {"inside", "outside"}
    assert networks_of("web2") == dict.fromkeys(shared, "{aliases: [web]}")
    assert "server web:8000 resolve" in services()["proxy"]


@pytest.mark.parametrize("name", ["web", "web2", "worker", "migrate"])
def test_site_reaches_a_database_elsewhere(name: str) -> None:
    """After a failover there may be none here (DATABASE_HERE=0): nobody waits for a service of which there are none."""
    assert "outside" in networks_of(name)
    assert 'replicas: "${DATABASE_HERE:-1}"' in services()["db"]
    assert 'replicas: "${REDIS_HERE:-1}"' in services()["redis"]


@pytest.mark.parametrize(("given", "seconds"), [(None, 45), ("", 45), ("10", 45), ("0.4", 45), ("60", 240)])
def test_worker_may_be_silent_for_some_beats_of_its_heart(given: str | None, seconds: float) -> None:
    variables = {} if given is None else {"WORKER_HEARTBEAT_SECONDS": given}
    assert worker_pulse.silence(variables) == seconds
    assert "test: [CMD, python, -m, deploy.worker_pulse]" in services()["worker"]
    assert "WORKER_HEARTBEAT_SECONDS:" in services()["worker"]


def test_tls_of_the_containers_is_that_of_the_examples() -> None:
    on_top = read("docker-compose.tls.yml")
    mounted = re.findall(r"- \./(deploy/nginx/\S+\.example):/etc/nginx/newsroom\.d/(\S+):ro", on_top)
    assert dict(mounted) == {f"deploy/nginx/tls.{kind}.example": f"tls.{kind}" for kind in ("conf", "server")}
    assert "PROXY_EXTRA: /etc/nginx/newsroom.d" in services()["proxy"]
    for path, _name in mounted:
        assert "listen 8443 ssl" in read(path)
    named = set(re.findall(r"/run/secrets/(\w+)", read("deploy/nginx/tls.conf.example")))
    assert named == set(re.findall(r"^  (\w+): \{file: \./secrets/\1\}$", on_top, re.MULTILINE))
    assert ":8443" in on_top


def test_migrations_come_before_every_version_of_the_code() -> None:
    for name in ("web", "web2", "worker"):
        assert "migrate: {condition: service_completed_successfully}" in services()[name]
    assert "db: {condition: service_healthy}" in services()["migrate"]


def test_every_secret_comes_from_a_file(tmp_path: Path) -> None:
    named = set(re.findall(r"^  (\w+): \{file: \./secrets/\1\}$", COMPOSE, re.MULTILINE))
    used = {name for names in re.findall(r"^ +secrets: \[(.+)\]$", COMPOSE, re.MULTILINE) for name in names.split(", ")}
    container_secrets.make(tmp_path / "secrets")
    assert named == used == {path.name for path in (tmp_path / "secrets").iterdir()}
    assert (
        re.findall(
            r"^ +(?:SECRET_KEY|SUPPRESSION_KEY|DATABASE_URL|REDIS_URL|\w+_PASSWORD|\w+_TOKEN): .",
            COMPOSE,
            re.MULTILINE,
        )
        == []
    )


# Decided by the image (its folders, where it listens), or for machines of developers only.
NOT_FOR_CONTAINERS = {"DEBUG", "DATA_DIR", "MEDIA_ROOT", "STATIC_ROOT", "PORT", "BIND"}


@pytest.mark.parametrize("name", ["web", "web2", "worker", "migrate"])
def test_every_setting_reaches_the_containers(name: str) -> None:
    known = set(re.findall(r"^([A-Z][A-Z0-9_]+)=", read(".env.example"), re.MULTILINE)) - {"METRICS_BIND"}
    given = dict(re.findall(r"^ +([A-Z][A-Z0-9_]+?)(?:_FILE)?:(.*)$", services()[name], re.MULTILINE))
    assert len(known) > 60
    assert known - set(given) == NOT_FOR_CONTAINERS
    emptied = {setting for setting in known & set(given) if given[setting] == f" ${{{setting}:-}}"}
    assert emptied == set(), "an empty value is not the default everywhere: give none"


def test_figures_are_asked_for_at_the_worker() -> None:
    assert [each for each, text in services().items() if "METRICS_BIND: ${METRICS_BIND:-}" in text] == ["worker"]


ROUTES = "Iface Destination Gateway Flags\neth1\t000013AC\t00000000\t0001\n"


@pytest.mark.parametrize(
    ("given", "routes", "believed"),
    [
        ("gateway", f"{ROUTES}eth0\t00000000\t010013AC\t0003\n", "172.19.0.1"),
        ("gateway", ROUTES, "unix:"),
        ("10.0.0.0/8", ROUTES, "10.0.0.0/8"),
    ],
)
def test_the_container_believes_what_stands_in_front_of_its_port(
    tmp_path: Path, given: str, routes: str, believed: str
) -> None:
    """Else all readers had one address, and one limit of searches, sign-ins and sign-ups."""
    (tmp_path / "routes").write_text(routes)
    script = Path(REPOSITORY, "deploy/nginx/docker-entrypoint.d/15-site.envsh")
    done = subprocess.run(
        ["/bin/sh", "-c", f". {script}; env"],
        env={"PATH": os.environ["PATH"], "PROXY_BELIEVES": given, "ROUTES": str(tmp_path / "routes")},
        capture_output=True,
        text=True,
    )
    assert f"PROXY_BELIEVES={believed}" in done.stdout.splitlines()
    assert "PROXY_BELIEVES: ${PROXY_BELIEVES:-gateway}" in services()["proxy"]
    assert '"${PUBLISHED_AT:-127.0.0.1}:${PORT:-8000}:8080"' in services()["proxy"]


def test_containers_and_processes_have_the_same_configuration() -> None:
    assert "./deploy/postgresql/postgresql.conf:/etc/newsroom/postgresql.conf:ro" in services()["db"]
    assert "./deploy/postgresql/newsroom.sql:/docker-entrypoint-initdb.d/newsroom.sql:ro" in services()["db"]
    assert "./deploy/redis/redis.conf:/etc/newsroom/redis.conf:ro" in services()["redis"]
    written = [path.read_text(encoding="utf-8") for path in Path(REPOSITORY, "deploy").glob("*.py")]
    for name in ("postgresql.conf", "newsroom.sql", "redis.conf", "nginx.conf.template"):
        assert any(f'"{name}"' in text for text in written), name


def test_image_has_every_package_and_nothing_else() -> None:
    kept = [line for line in read(".dockerignore").splitlines() if line and not line.startswith("#")]
    wanted = set(tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["root_packages"])
    taken = {line.removeprefix("!") for line in kept if line.startswith("!")}
    assert kept[0] == "*", "only what is named gets in: no .git, no tests, no .env, no secrets"
    assert wanted | {"static", "templates", "fixtures", "manage.py", "gunicorn.conf.py", "pyproject.toml"} <= taken
    locks = {path.name for path in Path(REPOSITORY).glob("requirements*.lock")}
    assert taken & locks == locks - {"requirements-dev.lock"}, "each of EXTRAS has its lock"
    assert not taken & {".git", "tests", "docs", ".env", "secrets", "benchmarks"}


def test_image_is_built_of_known_packages_and_runs_as_nobody_in_particular() -> None:
    stages = read("Dockerfile").split("\nFROM ")
    assert len(stages) == 4
    installs = re.findall(r"pip install .*", read("Dockerfile"))
    assert [line for line in installs if "--require-hashes" not in line] == []
    assert "collectstatic" in stages[1]
    assert "\nUSER 10001:10001\n" in stages[-1]
    assert "pip install" not in stages[-1]


def kept_patterns(resolver: URLResolver | None = None, before: str = "/") -> Iterator[tuple[str, frozenset[str]]]:
    """Addresses of pages that are kept for all, with something in place of each part that varies."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = before + re.sub(r"<[^>]+>", "1", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from kept_patterns(pattern, path)
        elif isinstance(pattern, URLPattern) and isinstance(
            rule := getattr(pattern.callback, "page_rule", None), PageRule
        ):
            yield path, rule.uses


def test_proxy_passes_on_what_each_page_reads_of_the_query() -> None:
    known = re.search(r"map \$asked_path \$known_query \{(.*?)\}", TEMPLATE.read_text(encoding="utf-8"), re.DOTALL)
    assert known
    rules = re.findall(r'^ +"~([^"]+)" "?([$a-z_]+)', known[1], re.MULTILINE)
    passed = {
        path: next((set(re.findall(r"\$of_([a-z]+)", names)) for rule, names in rules if re.search(rule, path)), set())
        for path, _uses in kept_patterns()
    }
    assert len(passed) > 20
    assert {path: uses - passed[path] for path, uses in kept_patterns() if uses - passed[path]} == {}
