"""Modules made one: what it means stays, what is not known is refused."""

import json
import subprocess
from pathlib import Path

import pytest

from newsroom.lib.js_modules import CannotFlatten, flatten, without_comments
from tests.site import tools


def flat(name: str = "site.js", **modules: str) -> str:
    """Flatten `name`; keywords are modules without their .js."""
    return flatten(lambda file: modules[file.removesuffix(".js")], name)


def test_imported_module_has_a_scope_of_its_own() -> None:
    text = flat(
        site='import { start } from "./theme.js";\nconst root = 1;\nstart();\n',
        theme="const root = 2;\nexport function start() {\n  return root;\n}\n",
    )
    assert text == (
        "const $theme = (() => {\nconst root = 2;\nfunction start() {\nreturn root;\n}\nreturn { start };\n})();\n"
        "const { start } = $theme;\nconst root = 1;\nstart();\n"
    )


def test_module_that_two_import_is_there_once_and_before_both() -> None:
    text = flat(
        site='import { a } from "./a.js";\nimport { b } from "./b.js";\n',
        a='import { say } from "./status.js";\nexport const a = say;\n',
        b='import { say } from "./status.js";\nexport const b = say;\n',
        status="export function say() {}\n",
    )
    assert text.count("function say()") == 1
    assert text.index("function say()") < text.index("const a = say")


def test_module_that_is_loaded_later_keeps_its_exports() -> None:
    text = flat(
        "saving.js",
        saving='import { list } from "./saved.js";\nexport async function keep() {}\n',
        saved="export const list = [];\n",
    )
    assert "\nexport async function keep() {}" in text
    assert "export const list" not in text


def test_imports_over_several_lines_are_one() -> None:
    text = flat(
        site='import {\n  a,\n  b,\n} from "./x.js";\n',
        x="export const a = 1;\nexport class b {}\nexport const c = 2;\n",
    )
    assert "const { a, b } = $x;" in text
    assert "return { a, b, c };" in text


def test_dynamic_import_is_left_to_the_browser() -> None:
    text = flat(site='const { go } = await import("./later.js");\nimport("./later.js").then(go);\n')
    assert text.count('import("./later.js")') == 2


@pytest.mark.parametrize(
    "statement",
    [
        'import theme from "./x.js";',
        'import * as x from "./x.js";',
        'import { a as b } from "./x.js";',
        'import "./x.js";',
        'import { a } from "https://example.org/x.js";',
        'import { a } from "../x.js";',
        "export default function () {}",
        "export { a };",
        'export * from "./x.js";',
        "export let a = 1;",
        "export function* a() {}",
        'const x = import("/static/js/x.js");',
    ],
)
def test_other_forms_are_refused(statement: str) -> None:
    with pytest.raises(CannotFlatten, match=r"site\.js"):
        flat(site=f"{statement}\n", x="export const a = 1;\n")


def test_name_that_is_not_exported_is_refused() -> None:
    with pytest.raises(CannotFlatten, match=r"imports gone, which x\.js does not export"):
        flat(site='import { gone } from "./x.js";\n', x="export const a = 1;\nconst gone = 2;\n")


def test_circle_is_refused_and_named() -> None:
    with pytest.raises(CannotFlatten, match=r"a\.js > b\.js > a\.js"):
        flat(
            "a.js",
            a='import { b } from "./b.js";\nexport const a = 1;',
            b='import { a } from "./a.js";\nexport const b = 1;',
        )


def test_import_of_a_missing_module_is_an_error() -> None:
    with pytest.raises(KeyError):
        flat(site='import { a } from "./gone.js";\n')


def test_comments_go_and_what_looks_like_one_stays() -> None:
    text = without_comments(
        '// line\n/* block\n over lines */\n  const a = "// text"; // after code\n\n  const b = "https://example.org";\n'
        "  const c = /\\/*x/;\n/* one line */ const d = 1;\n"
    )
    assert text == (
        'const a = "// text"; // after code\nconst b = "https://example.org";\nconst c = /\\/*x/;\n'
        "/* one line */ const d = 1;"
    )


def test_template_literal_over_several_lines_is_refused() -> None:
    with pytest.raises(CannotFlatten, match="template literal"):
        without_comments("const a = `one\n  // two`;\n")


def test_flat_file_does_what_the_modules_do(tmp_path: Path) -> None:
    modules = {
        "site": 'import { next } from "./count.js";\nimport { twice } from "./twice.js";\n'
        "console.log(JSON.stringify([next(), twice(), next()]));\n",
        "count": "let count = 0;\nexport const next = () => ++count;\n",
        "twice": 'import { next } from "./count.js";\nexport function twice() {\n  next();\n  return next();\n}\n',
    }
    for name, text in modules.items():
        (tmp_path / f"{name}.js").write_text(text)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "flat.js").write_text(flat(**modules))
    said = [
        subprocess.run([tools.node(), tmp_path / name], capture_output=True, check=True, text=True).stdout
        for name in ("site.js", "flat.js")
    ]
    assert [json.loads(line) for line in said] == [[1, 3, 4], [1, 3, 4]]
