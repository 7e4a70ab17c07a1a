"""What collectstatic makes of our style sheets and modules."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage
from django.core.management import call_command

from newsroom.lib.js_modules import CannotFlatten
from newsroom.management.commands.collectstatic import UNUSED_PLUGINS
from newsroom.staticfiles import BUNDLE, BundledStaticFilesStorage, flatten

ENTRY = "js/site.js"


def collected(folder: Path) -> dict[str, tuple[Storage, str]]:
    """As collectstatic passes them: name to (storage, name there)."""
    storage = FileSystemStorage(folder)
    names = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
    return {name: (storage, name) for name in names}


@pytest.fixture
def built(tmp_path: Path, settings: LazySettings) -> BundledStaticFilesStorage:
    """Our own static files after collectstatic, without those of libraries."""
    source = settings.BASE_DIR / "static"
    settings.DEBUG = False
    storage = BundledStaticFilesStorage(location=tmp_path, base_url="/static/")
    paths = collected(source)
    for name, (origin, path) in paths.items():
        with origin.open(path) as file:
            storage.save(name, file)
    failures = [outcome for *_, outcome in storage.post_process(paths) if isinstance(outcome, Exception)]
    assert failures == []
    return storage


def read(storage: BundledStaticFilesStorage, name: str) -> str:
    with storage.open(storage.stored_name(name)) as file:
        return file.read().decode()


def test_production_is_sent_one_style_sheet(built: BundledStaticFilesStorage) -> None:
    css = read(built, BUNDLE)
    assert "@import" not in css
    for part in (settings.BASE_DIR / "static" / "css").rglob("*.css"):
        if "@import url(" not in part.read_text():
            first_rule = re.search(r"^[.@:\w][^{]*\{", re.sub(r"/\*.*?\*/", "", part.read_text(), flags=re.S), re.M)
            assert first_rule
            assert first_rule[0].split("\n")[0].strip() in css, part


def test_addresses_in_the_one_sheet_lead_to_hashed_files(built: BundledStaticFilesStorage) -> None:
    addresses = re.findall(r'url\("([^"]+)"\)', read(built, BUNDLE))
    assert len(addresses) == 3
    for address in addresses:
        assert re.search(r"\.[0-9a-f]{12}\.woff2$", address)
        assert built.exists("fonts/" + address.rsplit("/", 1)[1])


def test_production_is_sent_one_script(built: BundledStaticFilesStorage) -> None:
    script = read(built, ENTRY)
    assert not re.search(r"^(import|export)\b(?!\()", script, re.MULTILINE)
    for module in re.findall(r'from "\./([^"]+)"', (settings.BASE_DIR / "static" / ENTRY).read_text()):
        exported = re.findall(r"^export (?:async )?function (\w+)", read(built, f"js/{module}"), re.MULTILINE)
        assert exported, module
        assert all(f"function {name}(" in script for name in exported), module


def test_what_is_loaded_later_has_a_hashed_name_and_is_there(built: BundledStaticFilesStorage) -> None:
    later = set(re.findall(r'import\("\./([^"]+)"\)', read(built, ENTRY)))
    assert {name.split(".")[0] for name in later} >= {"saving", "search_suggestions"}
    for name in later:
        assert re.search(r"\.[0-9a-f]{12}\.js$", name)
        with built.open(f"js/{name}") as file:
            # What it imports itself stands in it.
            assert not re.search(rb"^import\b(?!\()", file.read(), re.MULTILINE), name


def test_everything_that_is_loaded_at_once_keeps_to_its_budget(built: BundledStaticFilesStorage) -> None:
    base = (settings.BASE_DIR / "templates" / "base.html").read_text()
    scripts = re.findall(r"<script[^>]* src=\"{% static '([^']+)' %}\"", base)
    assert set(scripts) == {"js/boot.js", ENTRY}
    sizes = [Path(built.path(built.stored_name(name)) + ".br").stat().st_size for name in scripts]
    assert sum(sizes) <= 5 * 1024


def test_circle_of_modules_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js/a.js").write_text('import { b } from "./b.js";\nexport const a = 1;\n')
    (tmp_path / "js/b.js").write_text('import { a } from "./a.js";\nexport const b = 1;\n')
    storage = BundledStaticFilesStorage(location=tmp_path / "built", base_url="/static/")
    with pytest.raises(CannotFlatten, match="circle"):
        list(storage.post_process(collected(tmp_path)))


def test_editor_keeps_its_plain_names(tmp_path: Path, settings: LazySettings) -> None:
    settings.DEBUG = False
    storage = BundledStaticFilesStorage(location=tmp_path, base_url="/static/")
    name = storage.save("ckeditor/ckeditor/ckeditor.js", ContentFile("CKEDITOR = {};" * 99))
    assert list(storage.post_process({name: (storage, name)}))
    assert storage.url(name) == "/static/ckeditor/ckeditor/ckeditor.js"
    assert storage.exists(f"{name}.br")


def test_style_sheet_keeps_to_its_budget(built: BundledStaticFilesStorage) -> None:
    compressed = built.path(built.stored_name(BUNDLE)) + ".br"
    assert Path(compressed).stat().st_size <= 8 * 1024


def test_relative_addresses_follow_their_rule(tmp_path: Path) -> None:
    (tmp_path / "css/parts").mkdir(parents=True)
    (tmp_path / "css/site.css").write_text('@import url("parts/a.css");\n')
    (tmp_path / "css/parts/a.css").write_text('.a { background: url("../../img/a.svg"); }\n.b { mask: url("data:x"); }')
    css = flatten(collected(tmp_path), "css/site.css")
    assert 'url("../img/a.svg")' in css
    assert 'url("data:x")' in css


def test_import_of_a_missing_sheet_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "site.css").write_text('@import url("gone.css");\n')
    with pytest.raises(KeyError):
        flatten(collected(tmp_path), "site.css")


def test_every_component_sheet_is_imported() -> None:
    folder = settings.BASE_DIR / "static" / "css"
    imported = set(re.findall(r'@import url\("([^"]+)"\)', (folder / "site.css").read_text()))
    there = {str(path.relative_to(folder)) for path in folder.rglob("*.css")}
    # The light view has a sheet of its own, and previews have one beside that of the site.
    assert there == imported | {"site.css", "lite.css", "preview.css"}


def test_switched_off_plugins_of_the_editor_are_not_served() -> None:
    out = StringIO()
    call_command("collectstatic", interactive=False, dry_run=True, verbosity=2, stdout=out)
    collected_files = out.getvalue()
    assert "ckeditor/plugins/image2/" in collected_files
    assert [name for name in UNUSED_PLUGINS if f"ckeditor/plugins/{name}/" in collected_files] == []
    assert "/tests/" not in collected_files
