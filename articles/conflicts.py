"""A form that is older than the text it would be written over: who changed what, and one text out of two.

Three texts are compared: the version that the form showed (base), what is stored now (newest), what was sent (mine).
What one side alone changed needs no question; what both changed is decided by a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from accounts.models import User
from articles.models import Article, Revision
from articles.typed import (
    GROUPS,
    NAMES,
    PAPERS,
    Sent,
    Text,
    data_of,
    form_names_of,
    last,
    papers_in,
    papers_of,
    rows_data,
    same,
    text_in,
    text_of,
)
from newsroom.lib.keys import read_number
from richtext.merging import Chunk, chunks, joined

# "woven": of the body, which both changed, but nowhere the same place.
Side = Literal["newest", "mine", "woven", "both"]
MISSING = object()


@dataclass(frozen=True)
class Difference:
    """A field or group in which mine is not the newest. `side` says who changed it since the base."""

    name: str
    side: Side
    base: Any
    newest: Any
    mine: Any

    def chunks(self) -> list[Chunk]:
        """Of the body: its blocks, aligned."""
        return chunks(None if self.base is MISSING else self.base, self.newest, str(self.mine))


@dataclass(frozen=True)
class Comparison:
    """A form beside the row it was sent for."""

    article: Article
    base_version: int
    differences: list[Difference]
    saves: list[Revision]  # since the base, the newest first
    knows_base: bool

    @property
    def is_conflict(self) -> bool:
        """Whether a person has to look: somebody else changed the text, and something of mine is not in it."""
        sides = {one.side for one in self._worth_a_look}
        return bool(sides & {"both", "woven"}) or {"newest", "mine"} <= sides

    @property
    def adds_nothing(self) -> bool:
        """All that differs was changed by others alone."""
        return bool(self._worth_a_look) and all(one.side == "newest" for one in self._worth_a_look)

    @property
    def _worth_a_look(self) -> list[Difference]:
        """Papers that others alone changed are no text: they are taken over unasked."""
        return [one for one in self.differences if one.side != "newest" or one.name not in PAPERS]

    def is_between_own_windows(self, user: User) -> bool:
        """All saves since the base are the user's, and each field was changed in one of the windows only."""
        own = self.knows_base and bool(self.saves) and all(save.by_id == user.pk for save in self.saves)
        return own and all(one.side != "both" for one in self.differences)


class Undecided(Exception):
    """`names`: what both sides changed and nobody picked."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        super().__init__(", ".join(names))


def version_of(data: Sent, name: str = "version") -> int:
    """The version that a form says it showed; 0 for none or nonsense."""
    return read_number(last(data, name) or "") or 0


def is_stale(data: Sent, article: Article) -> bool:
    """Also a number that was never given out, and none at all.

    Papers change without a version (articles.planning): those that the form was opened with must still be stored.
    """
    stored = papers_in(article)
    has_other_papers = any(not same(name, value, stored[name]) for name, value in papers_of(data).items())
    return has_other_papers or not _is_newest(data, article)


def _is_newest(data: Sent, article: Article) -> bool:
    return last(data, "version") == str(article.version)


def compare(data: Sent, article: Article, *, base_version: int | None = None) -> Comparison:
    """Put what was sent beside what is stored."""
    version = version_of(data) if base_version is None else base_version
    # Of the newest version nobody needs to ask the history, where an article has one.
    is_newest = base_version is None and _is_newest(data, article)
    base = text_in(article) if is_newest else _revision_text(article, version)
    saves = article.story.revisions.filter(version__gt=version, version__lte=article.version).select_related("by")
    found = differences(None if base is None else base | papers_of(data), text_in(article), text_of(data))
    return Comparison(article, version, found, list(saves.defer("data")), base is not None)


def differences(base: Text | None, newest: Text, mine: Text) -> list[Difference]:
    """In the order of the form. Without a base everything that differs was changed by both, as far as we know."""
    found = []
    for name in NAMES:
        if name not in mine or same(name, mine[name], newest.get(name)):
            continue
        old = MISSING if base is None else base.get(name, MISSING)
        side: Side = "both"
        if old is not MISSING and same(name, mine[name], old):
            side = "newest"
        elif old is not MISSING and same(name, newest.get(name), old):
            side = "mine"
        found.append(_woven(Difference(name, side, old, newest.get(name), mine[name])))
    return found


def _woven(one: Difference) -> Difference:
    if one.name != "body" or one.side != "both" or any(chunk.kind == "both" for chunk in one.chunks()):
        return one
    return replace(one, side="woven")


def settled(data: Sent, comparison: Comparison) -> dict[str, list[str]]:
    """The form on the newest version, each field as the side has it that changed it. Nothing may be undecided."""
    picks = {one.name: "merged" if one.side == "woven" else one.side for one in comparison.differences}
    return _merged(data, comparison.differences, picks, comparison.article)


def decided(data: Sent, article: Article) -> dict[str, list[str]]:
    """The form that the choices on the page of a conflict make, on the version that the page showed as the newest.

    `pick-<field>`: newest, mine or merged (what stands in `merged-<field>`); of the body `pick-body-<n>`: newest, mine
    or both, for each place that both changed. Raises Undecided.
    """
    shown = version_of(data)
    newest = text_in(article)
    if shown != article.version and (text := _revision_text(article, shown)) is not None:
        newest |= text
    shown_papers = papers_of(data, "shown-")
    newest |= shown_papers
    base = _revision_text(article, version_of(data, "base_version"))
    base = None if base is None else base | papers_of(data)
    found = differences(base, newest, text_of(data))
    picks = {one.name: _pick(one, data) for one in found}
    if undecided := [one.name for one in found if picks[one.name] == "both"]:
        raise Undecided(undecided)
    merged = _merged(data, found, picks, article)
    return merged | {"version": [str(shown)]} | _as_base(shown_papers)


def _pick(one: Difference, data: Sent) -> str:
    """The choice; "both" when there is none yet. An own text that was changed on the page counts as it was changed."""
    if one.side == "woven" or (one.name == "body" and one.side == "both"):
        return "both" if merged_body(one, data) is None else "merged"
    pick = last(data, f"pick-{one.name}") or one.side
    if pick not in {"newest", "mine", "merged"}:
        pick = "both"
    box = last(data, f"merged-{one.name}")
    has_own_words = box is not None and box.replace("\r\n", "\n") != _as_typed(one)
    if has_own_words and pick != "newest":
        return "merged"
    return "mine" if pick == "merged" and box is None else pick


def merged_body(one: Difference, data: Sent) -> str | None:
    """The body out of its picked blocks; None while one that both changed is not picked."""
    blocks: list[str] = []
    for number, chunk in enumerate(one.chunks()):
        pick = chunk.kind if chunk.kind != "both" else last(data, f"pick-body-{number}")
        match pick:
            case "same" | "newest":
                blocks += chunk.newest
            case "mine":
                blocks += chunk.mine
            case "both":
                blocks += [*chunk.newest, *chunk.mine]
            case _:
                return None
    return joined(blocks)


def _as_typed(one: Difference) -> str:
    """Mine as its box on the page of the conflict shows it."""
    return "، ".join(one.mine) if one.name == "tags" else str(one.mine or "")


def _merged(
    data: Sent, found: Sequence[Difference], picks: Mapping[str, str], article: Article
) -> dict[str, list[str]]:
    merged = {
        name: list(values)
        for name, values in data.items()
        if not name.startswith(("pick-", "merged-", "shown-", "base_version")) and name.split("-")[0] not in GROUPS
    }
    mine = text_of(data)
    values = {name: mine[name] for name in GROUPS if name in mine}
    for one in found:
        pick = picks[one.name]
        if one.name in GROUPS:
            values[one.name] = one.newest if pick == "newest" else one.mine
        elif pick == "newest":
            merged |= data_of(one.name, one.newest)
        elif pick == "merged":
            text = merged_body(one, data) if one.name == "body" else last(data, f"merged-{one.name}")
            merged[form_names_of(one.name)[0]] = [text or ""]
    for name, rows in values.items():
        merged |= rows_data(name, rows, article)
    return merged | {"version": [str(article.version)]} | _as_base(papers_in(article))


def _as_base(papers: Text) -> dict[str, list[str]]:
    return {f"base-{name}": [str(value or "")] for name, value in papers.items()}


def _revision_text(article: Article, version: int) -> Text | None:
    return article.story.revisions.filter(version=version).values_list("data", flat=True).first()
