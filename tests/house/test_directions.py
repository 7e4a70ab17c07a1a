"""Names and titles keep their direction: each stands in a <bdi>, or is printed by a filter that sees to it."""

import re

from tests.house.files import our_templates

# The last part of a variable that holds what somebody typed, in whatever script.
TYPED = {
    "actor_name", "addressed_to", "biography", "by", "caption", "card_headline", "credit", "dateline", "description",
    "device", "existing", "file_name", "headline", "job_title", "kicker", "name", "note", "printed_as",
    "proposed_headline", "resolved_by", "site_name", "standfirst", "username", "withdrawal_note",
}  # fmt: skip
# Our own words under such a name.
OUR_WORDS = {
    "site.settings.name",  # the name of the newspaper, cut in two colours
    "name",  # a parameter of a component: «قديمة», «جديدة»
    "note",
}
FILTERS = ("|isolated", "|plain_title")
VARIABLE = re.compile(r"\{\{\s*(?P<name>[\w.]+)(?P<filters>[^}]*)\}\}")
TEMPLATE_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
MESSAGE = re.compile(r"\{% blocktranslate(?P<head>.*?) %\}(?P<text>.*?)\{% endblocktranslate %\}", re.DOTALL)
GIVEN = re.compile(r"(\w+)=(\S+)")
# A choice in a form holds no markup.
OPTION = re.compile(r"<option\b.*?</option>", re.DOTALL)
TAG = re.compile(r"<[a-zA-Z/!](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
BOX = re.compile(r"<(?:bdi|\w+ [^<>]*\bdir=[^<>]*)>\s*$")


def shown(template: str) -> str:
    """A template as the HTML that it prints: the variables of messages written out, no template tags left."""
    return OPTION.sub("", TEMPLATE_TAG.sub("", MESSAGE.sub(_written_out, template)))


def _written_out(message: re.Match[str]) -> str:
    if " asvar " in message["head"]:
        return ""  # printed elsewhere, under another name
    given = dict(GIVEN.findall(message["head"]))
    return VARIABLE.sub(
        lambda each: f"{{{{ {given.get(each['name'], each['name'])}{each['filters']}}}}}", message["text"]
    )


def loose_names(text: str) -> list[str]:
    """The variables of `text` that hold typed words and stand bare between two tags."""
    inside = [(tag.start(), tag.end()) for tag in TAG.finditer(text)]
    loose = []
    for variable in VARIABLE.finditer(text):
        name, filters = variable["name"], variable["filters"]
        if name.rpartition(".")[2] not in TYPED or name in OUR_WORDS or any(each in filters for each in FILTERS):
            continue
        if any(start < variable.start() < end for start, end in inside):
            continue  # the value of an attribute
        before = text[: variable.start()]
        if before.rfind("<bdi") <= before.rfind("</bdi") and not BOX.search(before):
            loose.append(name)
    return loose


def test_names_and_titles_keep_their_direction() -> None:
    assert {name: found for name, text in our_templates().items() if (found := loose_names(shown(text)))} == {}


def test_the_rule_finds_what_it_looks_for() -> None:
    assert loose_names('<p class="{{ tag.name }}">{{ tag.name }}: <bdi>{{ tag.name }}</bdi></p>') == ["tag.name"]
    assert loose_names("<h1>{{ article.headline|isolated }}</h1><bdi dir='rtl'> {{ article.headline }}</bdi>") == []
    assert loose_names("<b>{{ author.name|upper }}</b>{{ one.label }}{{ site.settings.name }}") == ["author.name"]
