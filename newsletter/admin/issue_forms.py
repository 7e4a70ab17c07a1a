"""The form of an issue as it was sent: its words, its items in their order, and texts that are new."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib.admin import widgets
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article
from newsletter.composing import MOST_ITEMS, WORDS, Row
from newsletter.enums import ItemKind
from newsletter.models import Issue, IssueItem
from newsroom.lib.forms import IntegerField, LineField, TextField
from newsroom.lib.keys import read_key
from richtext.summary import summary

# Of a subject phones show about so much; the counters of the form say so (issue.js).
GOOD_SUBJECT, GOOD_PREHEADER = 60, 100
LONGEST_SUMMARY = 2000
_PAST_KEYS = 2**63


class WordsForm(forms.ModelForm):
    """Everything of an issue but its items."""

    class Meta:
        model = Issue
        fields = WORDS
        field_classes = {"subject": LineField, "subject_b": LineField, "preheader": LineField}
        widgets = {
            "subject": widgets.AdminTextInputWidget(attrs={"dir": "rtl", "data-count": GOOD_SUBJECT}),
            "subject_b": widgets.AdminTextInputWidget(attrs={"dir": "rtl", "data-count": GOOD_SUBJECT}),
            "preheader": widgets.AdminTextInputWidget(attrs={"dir": "rtl", "data-count": GOOD_PREHEADER}),
        }

    def _post_clean(self) -> None:
        """Checked as a row, written by composing.save_issue alone: the instance stays what is stored."""
        before = {name: getattr(self.instance, name) for name in WORDS}
        super()._post_clean()  # type: ignore[misc]
        for name, value in before.items():
            setattr(self.instance, name, value)


class ItemForm(forms.Form):
    """One item. `key` is that of its row, also where the row is gone since the page was opened."""

    position = IntegerField(label=gettext_lazy("position"), required=False, min_value=1, max_value=999)
    kind = forms.ChoiceField(choices=ItemKind.choices, widget=forms.HiddenInput)
    article = forms.IntegerField(required=False, min_value=1, max_value=_PAST_KEYS - 1, widget=forms.HiddenInput)
    headline = LineField(
        label=gettext_lazy("headline in the mail"),
        required=False,
        max_length=200,
        widget=widgets.AdminTextInputWidget(attrs={"dir": "rtl"}),
    )
    summary = TextField(
        label=gettext_lazy("summary in the mail"),
        required=False,
        max_length=LONGEST_SUMMARY,
        widget=widgets.AdminTextareaWidget(attrs={"rows": 3, "dir": "rtl"}),
    )

    def __init__(self, data: Any, *, key: str, item: IssueItem | None, place: int, initial: dict[str, Any]) -> None:
        super().__init__(data, prefix=f"row-{key}", initial=initial)
        self.key, self.item, self.place = key, item, place
        self.fields["position"].initial = place
        if (self.data.get(f"row-{key}-kind") if self.is_bound else item and item.kind) == ItemKind.TEXT:
            self.fields["headline"].label = _("headline of the text")
            self.fields["summary"].label = _("text")
            self.fields["summary"].widget.attrs["rows"] = 5
        elif article := self.public_article:
            self.fields["headline"].widget.attrs["placeholder"] = article.card_headline
            self.fields["summary"].widget.attrs["placeholder"] = article.standfirst or summary(article.body)

    @property
    def is_text(self) -> bool:
        return bool(self["kind"].value() == ItemKind.TEXT)

    @property
    def public_article(self) -> Article | None:
        """What readers cannot see (any more) is not told to who writes an issue either."""
        article = self.item.article if self.item else None
        return article if article and article.is_published else None

    @property
    def is_dropped(self) -> bool:
        """Readers cannot see the article any more: it is left out of the mail."""
        return not self.is_text and self.item is not None and not self.public_article

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kind") == ItemKind.TEXT and not cleaned.get("summary") and "summary" not in self.errors:
            self.add_error("summary", _("Write the text, or remove it from the issue."))
        return cleaned

    @property
    def row(self) -> Row:
        data = self.cleaned_data
        pk = int(self.key)
        return Row(pk, ItemKind(data["kind"]), data["article"], data["headline"], data["summary"])


class NewTextForm(forms.Form):
    """A text of one's own, put after what is there."""

    headline = LineField(
        label=gettext_lazy("headline of the text"),
        required=False,
        max_length=200,
        widget=widgets.AdminTextInputWidget(attrs={"dir": "rtl"}),
    )
    summary = TextField(
        label=gettext_lazy("text"),
        required=False,
        max_length=LONGEST_SUMMARY,
        widget=widgets.AdminTextareaWidget(attrs={"rows": 4, "dir": "rtl"}),
        help_text=gettext_lazy("An empty line begins a paragraph."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("headline") and not cleaned.get("summary") and "summary" not in self.errors:
            self.add_error("summary", _("Write the text, or leave its headline empty."))
        return cleaned


class IssueForm:
    """The whole page: `words`, `items` in the order of the page, `new_text`. Unbound without `data`."""

    def __init__(self, issue: Issue, data: MultiValueDict | None = None) -> None:
        self.issue, self.data = issue, data
        there = {item.pk: item for item in issue.items.select_related("article")}
        self.words = WordsForm(data, instance=issue, prefix="issue")
        self.new_text = NewTextForm(data, prefix="new")
        keys = _keys(data.getlist("rows")) if data is not None else list(map(str, there))
        self.items = [
            ItemForm(
                data,
                key=key,
                item=there.get(int(key)),
                place=place,
                initial={} if data is not None else _initial(there[int(key)]),
            )
            for place, key in enumerate(keys, 1)
        ]

    @cached_property
    def is_valid(self) -> bool:
        faults = [form.errors for form in (self.words, self.new_text, *self.items)]  # of all, to be shown at once
        return not any(faults)

    @property
    def has_errors(self) -> bool:
        return self.words.is_bound and not self.is_valid

    @property
    def changed_words(self) -> dict[str, Any]:
        return {name: self.words.cleaned_data[name] for name in WORDS if name in self.words.cleaned_data}

    def rows(self, *, without: str = "", moved: str = "", step: int = 0) -> list[Row]:
        """What save_issue takes: the typed positions obeyed, an item removed or moved by one place, new text last."""
        items = [form for form in in_order(self.items) if form.key != without]
        keys = [form.key for form in items]
        if moved in keys:
            here = keys.index(moved)
            items.insert(min(max(here + step, 0), len(items) - 1), items.pop(here))
        rows = [form.row for form in items]
        text = self.new_text.cleaned_data
        if text.get("summary"):
            rows.append(Row(None, ItemKind.TEXT, None, text["headline"], text["summary"]))
        return rows


def in_order(items: Sequence[ItemForm]) -> list[ItemForm]:
    """As the numbers say: whoever got another number stands exactly there, the others keep their order around him."""
    typed = {form.key: form.cleaned_data.get("position") or form.place for form in items}
    ordered = [form for form in items if typed[form.key] == form.place]
    for form in sorted((form for form in items if typed[form.key] != form.place), key=lambda form: typed[form.key]):
        ordered.insert(typed[form.key] - 1, form)
    return ordered


def _keys(raw: Iterable[object]) -> list[str]:
    """Keys of rows, each once; what is none is left out."""
    found = [key for key in map(str, raw) if read_key(key) is not None]
    return list(dict.fromkeys(found))[: 2 * MOST_ITEMS]


def _initial(item: IssueItem) -> dict[str, Any]:
    names = ("kind", "headline", "summary")
    return {name: getattr(item, name) for name in names} | {"article": item.article_id}
