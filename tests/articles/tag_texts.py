"""Short texts and the tags that an editor would give each (tag_texts.txt): these, and none of the others."""

from pathlib import Path

_TAGS, _TEXTS = (Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").strip().partition("\n\n"))[::2]

# Name and aliases.
TAGS = [line.split(" = ") for line in _TAGS.splitlines() if not line.startswith("#")]
TEXTS = [
    (headline, body, set(filter(None, tags.strip().split("، "))))
    for headline, body, tags in (line.split(" | ") for line in (f"{line} " for line in _TEXTS.splitlines()))
]

# Of all texts together: what is a name here is another word there («على أمل», «كتب الشاعر»).
MISSED_ALLOWED, FALSE_ALLOWED = 1, 5
