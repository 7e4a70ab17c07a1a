"""Style sheets by stylelint: no physical sides, nothing unknown, nothing that harms Arabic (stylelint.json)."""

import subprocess
from pathlib import Path

import pytest

from tests.site import tools
from tests.site.serving import ROOT

FOLDERS = ("static", "newsroom", "richtext", "accounts", "articles", "newsletter", "pages", "images")
BAD = """a { margin-left: 1px; text-align: justify; letter-spacing: 1px; font-style: italic; colour: red }
.b { inset: 0; left: 0; float: left; border-top-left-radius: 1px; color: #ggg }"""
WANTED = {
    "csstools/use-logical": 4,
    "declaration-property-value-disallowed-list": 3,
    "property-disallowed-list": 1,
    "property-no-unknown": 1,
    "color-no-invalid-hex": 1,
}


def stylelint(*files: Path) -> str:
    """What it says against the files, one finding a line."""
    script = tools.module("stylelint", "bin", "stylelint.mjs")
    options = ["--config", str(tools.HERE / "stylelint.json"), "--config-basedir", str(tools.HERE)]
    command = [tools.node(), str(script), *options, "--formatter", "unix", "--no-color", *map(str, files)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert ended.returncode in {0, 2}, ended.stderr
    return ended.stdout + ended.stderr


def test_style_sheets_have_no_findings() -> None:
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*.css")]
    assert files
    assert stylelint(*files) == ""


@pytest.mark.parametrize(("rule", "number"), WANTED.items())
def test_rules_are_in_force(tmp_path: Path, rule: str, number: int) -> None:
    (tmp_path / "bad.css").write_text(BAD)
    assert stylelint(tmp_path / "bad.css").count(f"{rule})") == number
