"""New tags that resemble others: what a form asks about them, and how it is answered.

The boxes of an answer: `tag_new-0` is the name that was typed, `tag_use-0` the tag to use instead, "" makes a new one.
"""

from collections.abc import Iterable, Mapping
from itertools import count, takewhile
from typing import Any

from articles.models import Tag
from articles.near_tags import near_duplicates_of
from articles.tagging import MAX_LENGTH, MAX_TAGS, parse_tags
from newsroom.lib.names import name_key

# A button of the form: the tag that stands on it.
ADD_TAG = "_add_tag"


def decided(names: Iterable[str], data: Mapping[str, Any]) -> list[str]:
    """The typed names as the answers say, and the tag whose button was pressed."""
    answers = _answers(data)
    chosen = [answers.get(name_key(name)) or name for name in names]
    if len(chosen) < MAX_TAGS:
        chosen += filter(None, [_one_name(data.get(ADD_TAG))])
    return list({name_key(name): name for name in chosen}.values())


def doubts_about(names: Iterable[str], data: Mapping[str, Any]) -> dict[str, list[Tag]]:
    """Those that would be made and resemble a tag, about which nothing was answered: names to tags."""
    answers = _answers(data)
    return near_duplicates_of(name for name in names if answers.get(name_key(name)) != "")


def _answers(data: Mapping[str, Any]) -> dict[str, str]:
    """By the key of the new name: the tag to use, "" for a new one."""
    numbers = takewhile(lambda number: f"tag_new-{number}" in data and number < MAX_TAGS, count())
    return {
        name_key(str(data[f"tag_new-{number}"])): _one_name(data[f"tag_use-{number}"])
        for number in numbers
        if f"tag_use-{number}" in data
    }


def _one_name(raw: object) -> str:
    """What a button or a choice of ours sends; of anything else as much as would be taken from the box of the tags."""
    return next((name for name in parse_tags(str(raw or "")) if len(name) <= MAX_LENGTH), "")
