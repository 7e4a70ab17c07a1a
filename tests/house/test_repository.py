"""Rules about what may be in the repository at all."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.house.files import REPOSITORY, found, tracked

SEEDS = REPOSITORY.parent / "shared" / "seeds"
# Shorter lines are names and labels that any newsroom prints.
SENTENCE = 60


def test_no_file_names_a_package_registry() -> None:
    assert (
        found(r"pypi\.org|pythonhosted\.org|npmjs\.(org|com)|index-url\s*[= ]\s*\S*//|/simple/?\s*$", tracked()) == []
    )


def test_lock_files_hold_versions_and_hashes_only() -> None:
    locks = {name: text for name, text in tracked().items() if name.endswith(".lock")}
    assert set(locks) == {f"requirements{part}.lock" for part in ("", "-dev", "-distributed", "-s3", "-sentry")}
    assert found(r"://|@ |^-", locks) == []
    assert all("--hash=sha256:" in text for text in locks.values())


def test_lock_of_the_checks_holds_versions_and_hashes_only() -> None:
    """Of the programs that check the served site; what npm adds about funding is taken out."""
    lock = {name: text for name, text in tracked().items() if name.endswith("package-lock.json")}
    assert set(lock) == {"tests/site/package-lock.json"}
    assert found(r"://", lock) == []
    packages = json.loads(lock["tests/site/package-lock.json"])["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_lock_files_hold_every_dependency() -> None:
    project = tomllib.loads(tracked()["pyproject.toml"])["project"]

    def missing(dependencies: list[str], lock: str) -> list[str]:
        names = [re.split(r"[^A-Za-z0-9-]", dependency)[0].lower() for dependency in dependencies]
        return [name for name in names if f"\n{name}==" not in "\n" + tracked()[lock]]

    everything = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert missing(project["dependencies"], "requirements.lock") == []
    assert missing(everything, "requirements-dev.lock") == []
    distributed = project["optional-dependencies"]["distributed"]
    assert missing(distributed, "requirements-distributed.lock") == []
    assert missing(project["optional-dependencies"]["sentry"], "requirements-sentry.lock") == []
    assert missing(project["optional-dependencies"]["s3"], "requirements-s3.lock") == []


def test_what_comes_on_top_leaves_the_versions_as_they_are() -> None:
    def versions(lock: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", tracked()[lock], flags=re.MULTILINE))

    base = versions("requirements.lock")
    on_top = versions("requirements-distributed.lock")
    assert {name: version for name, version in on_top.items() if base.get(name, version) != version} == {}


def test_every_variable_of_the_environment_is_explained() -> None:
    readers = "".join(tracked()[name] for name in ("newsroom/settings.py", "newsroom/beside.py", "gunicorn.conf.py"))
    read = re.findall(r"""(?:env_[a-z]+|environ\.get)\(\s*"([A-Z_]+)\"""", readers)
    example = tracked()[".env.example"]
    explained = re.findall(r"^# .*\n([A-Z_]+)=", example, flags=re.MULTILINE)
    assert sorted(set(read)) == sorted(explained)


def test_no_file_names_a_path_of_this_machine() -> None:
    here = [f"{path}/" for path in (REPOSITORY, Path.home()) if len(path.parts) > 1]
    assert [name for name, text in tracked().items() if any(path in text for path in here)] == []


def test_no_sentence_of_the_two_real_texts() -> None:
    if not SEEDS.is_dir():
        pytest.skip("the two real texts are not on this machine")
    lines = {line.strip() for seed in SEEDS.glob("*.txt") for line in seed.read_text(encoding="utf-8").splitlines()}
    sentences = {line for line in lines if len(line) > SENTENCE}
    assert sentences
    assert [name for name, text in tracked().items() if any(sentence in text for sentence in sentences)] == []
