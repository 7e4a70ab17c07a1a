"""The Arabic catalogue says everything that the code says, in all six plural forms, and nothing more."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.house.files import tracked

CATALOGUE = Path("newsroom/locale/ar/LC_MESSAGES/django.po")
PLURAL_FORMS = 6  # zero, one, two, few, many, other


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Our catalogue after makemessages has looked through a copy of the code."""
    if not shutil.which("xgettext"):
        missing = "gettext is not installed: the catalogue is not checked"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    copy = tmp_path_factory.mktemp("copy")
    for name, text in tracked().items():
        if name.endswith((".py", ".html", ".txt", ".po")) and not name.startswith(("tests/", "fixtures/")):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "manage.py", "makemessages", "--locale", "ar", "--verbosity", "0"]
    subprocess.run(command, cwd=copy, check=True)
    with (copy / CATALOGUE).open("rb") as file:
        return read_po(file, locale="ar", domain="django")


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def test_every_message_is_translated(merged: Catalog) -> None:
    assert [message.id for message in merged if message.id and not all(forms(message))] == []


def test_no_translation_is_a_guess(merged: Catalog) -> None:
    assert not merged.fuzzy, "a header marked fuzzy keeps the whole catalogue from being compiled"
    assert [message.id for message in merged if message.id and message.fuzzy] == []


def test_no_translation_is_left_over(merged: Catalog) -> None:
    assert [message.id for message in merged.obsolete.values()] == []


def test_counts_have_all_plural_forms(merged: Catalog) -> None:
    counted = [message for message in merged if message.pluralizable]
    assert [message.id for message in counted if len(forms(message)) != PLURAL_FORMS] == []


def test_placeholders_are_those_of_the_code(merged: Catalog) -> None:
    assert [error for message in merged if message.id for error in message.check(merged)] == []
