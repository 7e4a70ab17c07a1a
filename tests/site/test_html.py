"""The HTML as gunicorn sends it, read by the validator of the W3C (vnu) and by html-validate."""

import json
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from tests.site import tools
from tests.site.conftest import none
from tests.site.pages import PAGES
from tests.site.serving import Answer

Messages = dict[str, list[str]]


@pytest.fixture(scope="module")
def files(answers: dict[str, Answer], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("html")
    for name, answer in answers.items():
        (folder / f"{name}.html").write_bytes(answer.body)
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def vnu(files: list[Path]) -> Messages:
    return vnu_messages(files)


def vnu_messages(files: list[Path]) -> Messages:
    """By the name of the page. All at once: starting Java takes longer than reading them."""
    jar = tools.module("vnu-jar", "build", "dist", "vnu.jar")
    command = [tools.java(), "-jar", str(jar), "--stdout", "--exit-zero-always", "--format", "json", *map(str, files)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    messages: Messages = defaultdict(list)
    for found in json.loads(output)["messages"]:
        messages[Path(found["url"]).stem].append(f"{found['message']} {found.get('extract', '')}")
    return messages


@pytest.fixture(scope="module")
def html_validate(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Messages:
    return html_validate_messages(files, tmp_path_factory.mktemp("report") / "html.json")


def html_validate_messages(files: list[Path], report: Path) -> Messages:
    script = tools.module("html-validate", "bin", "html-validate.mjs")
    # Into a file: it ends before a pipe has taken everything.
    options = ["--config", str(tools.HERE / "htmlvalidate.json"), "--formatter", f"json={report}"]
    command = [tools.node(), str(script), *options, *map(str, files)]
    # Its status only says whether there were messages.
    subprocess.run(command, check=False)
    return {
        Path(file["filePath"]).stem: [
            f"{found['line']}:{found['column']} {found['ruleId']}: {found['message']}" for found in file["messages"]
        ]
        for file in json.loads(report.read_text())
    }


@pytest.mark.parametrize("name", PAGES)
def test_validator_of_the_w3c_finds_nothing(answers: dict[str, Answer], vnu: Messages, name: str) -> None:
    assert name in answers
    assert none(vnu.get(name, []))


@pytest.mark.parametrize("name", PAGES)
def test_html_validate_finds_nothing(answers: dict[str, Answer], html_validate: Messages, name: str) -> None:
    assert name in answers
    assert none(html_validate.get(name, []))
