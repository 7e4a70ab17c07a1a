"""The words of an article, line by line, as checks read them and as they are mended."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from articles.models import Article
from newsroom.lib.text_edits import Edit, applied, masked
from richtext import lines as body_lines

# In the order of the form.
FIELDS = ("kicker", "headline", "standfirst", "key_points", "body", "lead_caption", "promo_headline")
HEADLINES = ("headline", "promo_headline", "kicker")
# For each line of a text what should be written.
Finder = Callable[[Sequence[str]], Sequence[Sequence[Edit]]]


class Words:
    """The fields of an article that readers read. `masked` are the lines to look at, `shown` the same as they are."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = dict(values)

    @classmethod
    def of(cls, article: Article) -> "Words":
        return cls({name: getattr(article, name) or "" for name in FIELDS})

    @cached_property
    def body(self) -> list[body_lines.Line]:
        return body_lines.lines(self.values["body"])

    @cached_property
    def shown(self) -> dict[str, list[str]]:
        return {
            name: [line.shown for line in self.body] if name == "body" else value.split("\n")
            for name, value in self.values.items()
        }

    @cached_property
    def masked(self) -> dict[str, list[str]]:
        return {
            name: [masked(line) for line in ([one.text for one in self.body] if name == "body" else self.shown[name])]
            for name in self.values
        }

    def edited(self, edits: Mapping[str, Sequence[Sequence[Edit]]]) -> "Words":
        """The same with what is to be written differently, by field and line."""
        values = dict(self.values)
        for name, wanted in edits.items():
            if name == "body":
                values[name] = body_lines.mend(values[name], lambda _lines, wanted=wanted: wanted)  # type: ignore[misc]
            else:
                pairs = zip(self.shown[name], wanted, strict=True)
                values[name] = "\n".join(applied(line, each) for line, each in pairs).strip("\n")
        return Words(values)
