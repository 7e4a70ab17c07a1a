"""What is typed: verbs, commands of the site in its own environment, settings that are refused."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from deploy.interface import become, main, parser, refuse_decided, run, split
from deploy.secret_files import write_secret
from deploy.site import ROOT
from deploy.stack import Stack
from deploy.trouble import Trouble


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    """One that was started once."""
    write_secret(tmp_path / "ports.json", '{"proxy": 1, "web": 2, "postgresql": 3, "redis": 4}')
    return Stack(tmp_path, given={"PATH": os.environ["PATH"]})


def with_settings(stack: Stack, *lines: str) -> Stack:
    (stack.folder / "settings.env").write_text("\n".join(lines), encoding="utf-8")
    return Stack(stack.folder, given=stack.given)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        (["up", "there"], (["up", "there"], [])),
        (["manage", "there", "--", "doctor", "--json"], (["manage", "there"], ["doctor", "--json"])),
        (["manage", "there", "--", "shell", "--", "-v"], (["manage", "there"], ["shell", "--", "-v"])),
        (["manage", "there", "--"], (["manage", "there"], [])),
    ],
)
def test_all_after_the_first_dashes_is_for_the_command(typed: list[str], parts: tuple[list[str], list[str]]) -> None:
    assert split(typed) == parts


@pytest.mark.parametrize("typed", [["manage", "there"], ["manage", "there", "--"], ["down", "there", "--", "doctor"]])
def test_command_belongs_to_manage_and_to_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: list[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["deploy.stack", *typed])
    with pytest.raises(SystemExit) as ended:
        main(Stack, "deploy.stack")
    assert ended.value.code == 2
    assert "manage FOLDER -- COMMAND" in capsys.readouterr().err


def test_command_gets_what_the_site_runs_with(monkeypatch: pytest.MonkeyPatch, stack: Stack) -> None:
    begun: list[tuple[Sequence[str], Mapping[str, str]]] = []
    monkeypatch.setattr(os, "execve", lambda _program, command, variables: begun.append((command, variables)))
    become(with_settings(stack, "EMAIL_URL=smtp://127.0.0.1:25"), ["doctor", "--json"])
    ((command, variables),) = begun
    assert command[1:] == [str(ROOT / "manage.py"), "doctor", "--json"]
    assert variables["DATA_DIR"] == str(stack.folder / "site")
    assert variables["DATABASE_URL_FILE"] == str(stack.secrets / "database_url")
    assert variables["EMAIL_URL"] == "smtp://127.0.0.1:25"
    assert (stack.folder / "site").is_dir()


def test_folder_that_was_mistyped_gets_no_secrets(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="is no installation"):
        become(Stack(tmp_path, given={}), ["doctor"])
    with pytest.raises(Trouble, match="There is nothing in"):
        become(Stack(tmp_path / "nowhere", given={}), ["doctor"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "line", ["SECRET_KEY=new", "SECRET_KEY_FILE=/x", "DATABASE_URL=postgres://x", "DATA_DIR=/x", "BIND=0.0.0.0:80"]
)
@pytest.mark.parametrize("verb", ["up", "upgrade"])
def test_setting_that_would_be_dropped_is_refused(stack: Stack, line: str, verb: str) -> None:
    with_settings(stack, "LOG_LEVEL=ERROR", line)
    with pytest.raises(Trouble) as trouble:
        run(Stack, parser("deploy.stack").parse_args([verb, str(stack.folder)]))
    assert f"settings.env: {line.partition('=')[0]} is not taken from there" in str(trouble.value)
    assert "new" not in str(trouble.value)


@pytest.mark.parametrize("line", ["SECRET_KEY=", "SECRET_KEY_FALLBACKS_FILE=/x", "ACCESS_LOG=1", "BACKUP_FOLDER=/x"])
def test_setting_of_an_operator_is_taken(stack: Stack, line: str) -> None:
    changed = with_settings(stack, line)
    refuse_decided(changed)
    name, _, value = line.partition("=")
    assert changed.given.get(name, "") == value


def test_what_runs_is_told_and_ended_whatever_the_settings_say(stack: Stack) -> None:
    with_settings(stack, "SECRET_KEY=new")
    told, ended = (
        run(Stack, parser("deploy.stack").parse_args([verb, str(stack.folder), *options]))
        for verb, options in (("status", ()), ("down", ("--site",)))
    )
    assert told.count("down") == 5
    assert ended == "Nothing was running.\n"
