"""Rules about templates: nothing skips escaping, nothing needs a looser content security policy."""

from tests.house.files import found, our_templates


def shown_in_a_browser() -> dict[str, str]:
    """All but mails, whose styles must be inline because mail programs drop style sheets."""
    return {name: text for name, text in our_templates().items() if "templates/emails/" not in name}


def test_nothing_skips_escaping() -> None:
    assert found(r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off", our_templates()) == []


def test_no_inline_style() -> None:
    # Pages for when nothing else works; their policy names the hash of the one style (newsroom.plain_pages).
    others = {name: text for name, text in shown_in_a_browser().items() if name != "templates/plain/base.html"}
    assert found(r"<style\b|\sstyle\s*=", others) == []


def test_no_inline_script() -> None:
    # Data blocks (JSON-LD) do not run, so the policy lets them be.
    script_without_source = r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/)"
    assert found(script_without_source, our_templates()) == []
    assert found(r"<[^>]*\son[a-z]+\s*=|javascript:", our_templates()) == []


def test_long_messages_are_trimmed() -> None:
    # An untrimmed block carries the template's indentation into the catalogue.
    assert found(r"{%\s*blocktrans(late)?\b(?!.*\btrimmed\b)", our_templates()) == []


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert found(r"<(script|link|img|iframe|source)\b[^>]*(src|href|srcset)=[\"']?(https?:)?//", our_templates()) == []
