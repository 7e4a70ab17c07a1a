"""The words of a form that was sent, in boxes to copy from."""

from typing import NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from articles.admin import deed_words
from articles.comparing import label
from articles.forms import ArticleForm
from articles.models import Article
from articles.typed import MACHINERY, NAMES, Sent, last, text_of
from images.models import Image
from richtext.bounds import MAX_BYTES
from richtext.render import to_lines

# Of other forms than that of an article: what pages put there themselves, or what is chosen and not typed.
_NO_WORDS = {
    "chosen", "kind", "mode", "moment", "near", "op", "pins", "seen", "seen_note", "shown_kind", "until", *MACHINERY,
}  # fmt: skip

# Of the form of an article.
_CHOSEN = {
    "body", "tags", "section", "origin", "lead_image", "without_picture", "assigned_to", "slug",
}  # fmt: skip


class Box(NamedTuple):
    name: str
    label: str
    text: str
    rows: int


def boxes_of_article(data: Sent) -> list[Box]:
    """Every field in which words stand; of the body its words alone, for the clipboard.

    Whoever is signed out gets this page too: for it no parser reads the body, and no row is asked for.
    """
    texts = text_of({name: values for name, values in data.items() if not _is_left(name)})
    texts |= {"body": _words(last(data, "body") or ""), "tags": last(data, "tags")}
    found = [Box(name, label(name), text, _rows_for(text)) for name in NAMES if (text := str(texts.get(name) or ""))]
    notes = deed_words.words_of(data).items()
    return found + [
        Box(name, str(ArticleForm.declared_fields[name].label), text, _rows_for(text)) for name, text in notes
    ]


def boxes_of_any(data: Sent) -> list[Box]:
    """Of any other form: what has a letter in it, by the label of such a field, or else by its name."""
    numbers: dict[str, int] = {}
    found = []
    for name in data:
        row, _sep, field = name.rpartition("-")
        text = last(data, name) or ""
        if name.startswith(("_", "csrf", "initial-")):
            continue
        if row.startswith("p"):  # of the table of pictures, whose rows are numbered
            numbers.setdefault(row, len(numbers) + 1)
        if field not in _NO_WORDS and any(map(str.isalpha, text)):
            found.append(Box(name, _label(field, numbers.get(row)), text, _rows_for(text)))
    return found


def boxed(name: str, label: str, text: str, *, is_body: bool) -> Box:
    """Of a body its words alone, for the clipboard."""
    words = _words(text) if is_body else text
    return Box(name, label, words, _rows_for(words))


def _label(field: str, picture: int | None) -> str:
    if picture is not None:
        return f"{_('Picture %(number)s') % {'number': picture}}: {_label_in(field, Image)}"
    known = {
        "override": _("Reason to publish it nevertheless"),
        "q": _("Search"),
        "text": _("Short headline"),
    }
    return known.get(field) or _label_in(field, Article, Image)


def _label_in(field: str, *models: type[Article] | type[Image]) -> str:
    for model in models:
        try:
            return str(model._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
        except (FieldDoesNotExist, AttributeError):  # a reverse relation has no name of its own
            continue
    return field


def _rows_for(text: str) -> int:
    return min(max(text.count("\n") + 1, len(text) // 60 + 1), 24)


def _is_left(name: str) -> bool:
    """What is shown as it was sent, and in what nobody types: choices, and the rows below the form."""
    return name in _CHOSEN or name.endswith("-TOTAL_FORMS")


def _words(html: str) -> str:
    """Of a body as it was sent; what no article could be stays as it is."""
    if "<" not in html or len(html) > MAX_BYTES:  # without a tag it was typed into the plain text area
        return html
    try:
        return "\n\n".join(to_lines(html))
    except ValueError:  # the number of a character, thousands of digits long
        return html
