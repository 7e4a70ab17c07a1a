"""One side of a row of a comparison, ready for its template."""

from typing import Any, Literal

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.lib.diffing import Row

register = template.Library()

_KINDS = {
    "changed": gettext_lazy("changed:"),
    "added": gettext_lazy("added:"),
    "removed": gettext_lazy("removed:"),
}


@register.inclusion_tag("admin/articles/article/compare_side.html")
def compared_side(row: Row, side: Literal["old", "new"]) -> dict[str, Any]:
    """What stands on one side. `tells` names the block, and what makes it another than on the other side."""
    is_old = side == "old"
    heads: tuple[Any, Any] = (row.old_head, row.new_head)
    head, other = heads if is_old else heads[::-1]
    return {
        "pieces": row.old if is_old else row.new,
        "head": head,
        "tells": _tells(head, other if row.kind == "changed" else head, is_old=is_old),
        "is_old": is_old,
        "is_there": row.kind != ("added" if is_old else "removed"),
        "kind": _KINDS.get(row.kind, "") if is_old == (row.kind in {"changed", "removed"}) else "",
        "shows_style": row.kind == "changed",
        "notes": _notes(row, is_old=is_old),
    }


def _tells(head: Any, other: Any, *, is_old: bool) -> list[tuple[str, bool]]:
    """Words about a block, with whether they differ: «عنوان ٢» against «عنوان ٣», a direction, another picture."""
    if not head:
        return []
    name = head.label or (_("Paragraph") if other and other.label else "")
    told = [(name, bool(other) and head.label != other.label)] if name else []
    told += [(trait, True) for trait in head.names if other and trait not in other.names]
    if head.src and other and head.src != other.src and not is_old:
        told.append((_("another picture"), True))
    return told


def _notes(row: Row, *, is_old: bool) -> list[str]:
    notes = []
    if row.is_moved:
        notes.append(_("Moved from here") if is_old else _("Moved to here"))
    if row.continues_old and not is_old:
        notes.append(_("A new paragraph begins here"))
    if row.continues_new and not is_old:
        notes.append(_("Joined to the paragraph above"))
    if row.is_coarse:
        notes.append(_("Too long to be compared word by word"))
    return notes
