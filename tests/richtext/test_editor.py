import json
import re
from html import unescape

import pytest
from django import forms
from django.apps import apps
from django.urls import reverse

from richtext import editor
from richtext.checks import check_editor
from richtext.fields import RichTextFormField
from richtext.schema import TAGS

# They send text to other machines, or take in markup by other ways than the content filter.
DANGEROUS = {"exportpdf", "scayt", "wsc", "flash", "iframe", "forms", "bbcode", "codesnippetgeshi", "preview"}
NEEDLESS = {"templates", "smiley", "save", "newpage", "print", "docprops", "stylesheetparser"}


class BodyForm(forms.Form):
    body = RichTextFormField()


def shown_config() -> dict:
    """The configuration as the browser gets it."""
    attribute = re.search(r'data-config="([^"]*)"', str(BodyForm()["body"]))
    assert attribute
    return json.loads(unescape(attribute[1]))


def test_plugins_that_talk_to_others_are_removed() -> None:
    removed = shown_config()["removePlugins"].split(",")
    assert set(removed) >= DANGEROUS
    assert not set(removed) & set(shown_config()["extraPlugins"].split(","))


def test_the_content_filter_is_the_schema() -> None:
    config = shown_config()
    assert config["allowedContent"].keys() == TAGS
    assert config["allowedContent"]["a"]["attributes"] == "dir,!href,lang,title"
    assert config["allowedContent"]["figure"]["classes"] == "image"
    assert "*[on*]" in config["disallowedContent"]
    assert "styles" not in json.dumps(config["allowedContent"])


def test_the_editor_is_arabic_and_silent() -> None:
    config = shown_config()
    assert config["language"] == "ar"
    assert config["contentsLangDirection"] == "rtl"
    assert config["versionCheck"] is False
    assert config["entities"] is False
    assert config["disableNativeSpellChecker"] is False
    assert "fullPage" not in config


def test_uploads_go_to_our_own_view() -> None:
    config = shown_config()
    assert config["imageUploadUrl"] == config["filebrowserImageUploadUrl"] == reverse("images:upload")
    assert config["filebrowserUploadMethod"] == "xhr"
    assert not [key for key in config if "Browse" in key]


def test_scripts_load_in_the_order_they_need() -> None:
    scripts = re.findall(r'src="/static/([^"]+)"', str(BodyForm().media))
    assert scripts == [
        "ckeditor/ckeditor-init.js",
        "ckeditor/ckeditor/ckeditor.js",
        "ckeditor/fixups.js",
        "richtext/editor.js",
        "admin_newsroom/alt_advice.js",
        "admin_newsroom/picture_picker.js",
    ]


def test_the_widget_has_no_inline_style() -> None:
    assert "style=" not in str(BodyForm()["body"])


def test_checks_are_silent() -> None:
    assert check_editor(None) == []
    assert not apps.is_installed("ckeditor_uploader")


def test_a_button_that_writes_what_is_thrown_away_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(editor.BUTTON_TAGS, "Bold", frozenset({"marquee"}))
    assert [error.id for error in check_editor(None)] == ["richtext.E001"]


def test_wrong_settings_are_reported(settings) -> None:
    settings.EDITOR = "word"
    settings.CKEDITOR_CONFIGS = {"default": {"allowedContent": True}}
    assert [error.id for error in check_editor(None)] == ["richtext.E002", "richtext.E004"]
