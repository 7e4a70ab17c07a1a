"""Hostile words in blocks of data, and what the editor is set up to do (checklist X3, X10)."""

import json
import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.test import Client
from django.urls import Resolver404, resolve

from newsroom.lib.data_blocks import data_block
from richtext.editor import EXTRA_PLUGINS, TOOLBAR, editor_config
from richtext.schema import TAGS
from tests.articles.test_structured_data import block
from tests.factories import make_article, make_author, make_section, make_site, make_tag
from tests.security.payloads import PAYLOADS

WAYS_OUT = ("</script><script>pwned(1)</script>", "<!--<script>", "]]>", "\u2028\u2029", "&lt;/script&gt;", "</SCRIPT ")
# They send what is typed to others, take markup past the content filter or are for pages that are none of ours.
REMOVED = {
    "exportpdf", "scayt", "wsc", "flash", "iframe", "forms", "bbcode", "codesnippetgeshi", "templates", "smiley",
    "save", "newpage", "print", "docprops",
}  # fmt: skip


class _Scripts(HTMLParser):
    """What a parser takes for scripts, and what it takes for anything else."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.data = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.data += data


def test_every_text_comes_back_from_a_block_of_data() -> None:
    for text in [*PAYLOADS, *WAYS_OUT]:
        text = text.encode(errors="replace").decode()
        source = str(data_block({"headline": text}))
        parsed = _Scripts()
        parsed.feed(source)
        assert parsed.tags == ["script"], text
        assert json.loads(parsed.data) == {"headline": text}, text
        assert not re.search("[<>&\u2028\u2029]", parsed.data), text


@pytest.mark.django_db
@pytest.mark.parametrize("words", WAYS_OUT)
def test_a_page_tells_machines_its_hostile_headline_as_it_is(client: Client, words: str) -> None:
    make_site()
    about = {"section": make_section(f"قسم {words}"), "tags": (make_tag(f"وسم {words}"),)}
    article = make_article(f"خبر {words}", authors=(make_author(f"كاتبة {words}"),), standfirst=words, **about)
    page = client.get(article.get_absolute_url()).content.decode()
    told = block(page, "NewsArticle")
    article.refresh_from_db()
    assert told["headline"] == article.headline
    assert told["articleSection"] == article.section.name
    assert page.count("<script") == page.count("</script>")
    assert "pwned(1)</script>" not in page
    described = re.findall(r'<meta (?:property|name)="(?:og|twitter):title" content="([^"]*)"', page)
    assert described
    assert all(article.headline.split()[0] in unescape(title) for title in described)


def test_the_editor_has_no_plugin_that_sends_or_takes_in_what_it_must_not() -> None:
    config = editor_config()
    removed = set(config["removePlugins"].split(","))
    assert removed >= REMOVED
    assert not removed & set(EXTRA_PLUGINS.split(","))
    buttons = {name.lower() for group in TOOLBAR for name in group}
    assert not buttons & (REMOVED | {"source", "preview", "scayt", "exportpdf"})


def test_the_editor_filters_by_rules_and_stays_within_this_site() -> None:
    config = editor_config()
    rules = config["allowedContent"]
    assert isinstance(rules, dict)
    assert set(rules) == TAGS
    assert all(set(rule) == {"attributes", "classes"} for rule in rules.values())
    assert {"script", "style", "iframe", "*[on*]"} <= {rule.strip() for rule in config["disallowedContent"].split(";")}
    assert (config["contentsLangDirection"], config["disableNativeSpellChecker"]) == ("rtl", False)
    assert not {"fullPage", "protectedSource", "extraAllowedContent", "templates_files"} & set(config)
    written = json.dumps(config)
    assert not re.search(r"https?://|//[a-z]", written)


@pytest.mark.parametrize("path", ["/ckeditor/upload/", "/ckeditor/browse/"])
def test_the_uploader_of_the_editors_package_is_not_mounted(path: str) -> None:
    """Any member of staff could send it any file, and its answer carries a parameter of the address in a script."""
    assert not apps.is_installed("ckeditor_uploader")
    with pytest.raises(Resolver404):
        resolve(path)
