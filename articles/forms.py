"""What an editor types: the article, its tags, and texts to import."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin import widgets
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles.enums import CorrectionKind, Status
from articles.faults_since import appears_by_itself, faults, new_faults
from articles.models import Article, RelatedLink, Tag, TagAlias
from articles.near_tags import near_duplicates
from articles.readiness import gaps
from articles.staffing import assignable
from articles.tag_doubts import decided, doubts_about
from articles.tagging import MAX_LENGTH, MAX_TAGS, SEPARATORS, parse_tags
from newsroom.lib.arabic import fold
from newsroom.lib.forms import WORDLESS, DeskForm, LineField, RowsFormSet, TextField, choose_only
from newsroom.lib.hygiene import clean_line
from newsroom.lib.slugs import slugify
from richtext.fields import RichTextFormField


class TagsField(forms.CharField):
    """Tags in one line, parted by «،». Cleans to a list of names, each word once."""

    widget = forms.TextInput
    cleaner = staticmethod(clean_line)

    def to_python(self, value: Any) -> Any:
        return parse_tags(value or "")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > MAX_TAGS:
            raise ValidationError(
                ngettext("At most %(count)d tag.", "At most %(count)d tags.", MAX_TAGS) % {"count": MAX_TAGS}
            )
        if long := [name for name in value if len(name) > MAX_LENGTH]:
            message = ngettext(
                "A tag has at most %(count)d letter: %(names)s",
                "A tag has at most %(count)d letters: %(names)s",
                MAX_LENGTH,
            )
            raise ValidationError(message % {"count": MAX_LENGTH, "names": joined(long)})

    def clean(self, value: Any) -> Any:
        wordless = [
            part.strip() for part in SEPARATORS.split(value or "") if part.strip() and not slugify(clean_line(part))
        ]
        if wordless:
            raise ValidationError(_("A tag needs a letter or a digit: %(names)s") % {"names": joined(wordless)})
        return super().clean(value)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else joined(str(name) for name in value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        return {fold(str(name)) for name in initial or ()} != {fold(name) for name in parse_tags(data or "")}


def joined(names: Iterable[str]) -> str:
    return "، ".join(names)


class ArticleForm(DeskForm):
    """One article as the desk edits it, and the words that a deed of the desk asks for."""

    body = RichTextFormField(label=_("body"), required=False)
    tags = TagsField(
        label=_("tags"),
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField tags-input", "autocomplete": "off"}),
        help_text=_("Part them with a comma: Damascus, world cup. A tag that is new is made."),
    )
    return_reason = LineField(
        label=_("reason for the return"),
        required=False,
        max_length=300,
        widget=widgets.AdminTextInputWidget,
        help_text=_("For the writer; stands in the history."),
    )
    correction_kind = forms.ChoiceField(label=_("kind"), required=False, choices=CorrectionKind.choices)
    correction_note = TextField(
        label=_("public note"),
        required=False,
        max_length=1000,
        widget=widgets.AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("What was wrong and what is right. Readers see it under the article."),
    )
    withdrawal_reason = LineField(
        label=_("public reason of the withdrawal"),
        required=False,
        max_length=300,
        widget=widgets.AdminTextInputWidget,
        help_text=_("Readers see it at the address of the article."),
    )

    class Meta:
        model = Article
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doubts: dict[str, list[Tag]] = {}
        if "tags" in self.fields:
            self.fields["tags"].widget.attrs |= {
                "data-suggestions": reverse("admin:articles_tag_words"),
                "data-label": _("Tags that exist"),
            }
        if "assigned_to" in self.fields:
            self._offer_staff()
        for name in ("standfirst", "key_points"):
            if name in self.fields:
                self.fields[name].widget.attrs["rows"] = 3

    def _offer_staff(self) -> None:
        """Those who can be given the article, and whoever has it; nobody is hired or dismissed in a small window."""
        field: Any = self.fields["assigned_to"]
        field.queryset = assignable(besides=self.instance.assigned_to_id)
        choose_only(field)

    def clean_tags(self) -> list[str]:
        """Without those that are asked about first; they stand in `doubts`, and the article is saved all the same."""
        names = decided(self.cleaned_data["tags"], self.data)
        self.doubts = doubts_about(names, self.data)
        return [name for name in names if name not in self.doubts]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self._slug_follows_headline() and "headline" in self.changed_data:
            cleaned["slug"] = ""  # made again from the new headline
        return cleaned

    def _slug_follows_headline(self) -> bool:
        """Until readers have seen the address, and unless somebody wrote it."""
        made = self.initial.get("slug") == slugify(self.initial.get("headline") or "")
        return made and not self.instance.story.was_published and "slug" not in self.changed_data

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.instance.status == Status.APPROVED:
            self._keep_it_ready()

    def _keep_it_ready(self) -> None:
        """What was approved stays complete. Its sources stand in rows of their own: AttributionFormSet."""
        article = self.instance
        missing = gaps(article, has_source=True)
        if article.embargo_until and article.publish_at and article.publish_at < article.embargo_until:
            missing["embargo_until"] = gettext("The publication time is before the end of the embargo.")
        for name, sentence in (self._new_faults() | missing).items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, sentence)

    def _new_faults(self) -> dict[str, str]:
        """What the house style forbids in a text that appears by itself, and did not find in it before."""
        stored = Article.objects.get(pk=self.instance.pk) if self.changed_data else None
        return new_faults(self.instance, faults(stored)) if stored and appears_by_itself(stored) else {}


class OrderedRowForm(DeskForm):
    """A row among others of an article. Its place alone says nothing: an empty row that has one is still empty."""

    def has_changed(self) -> bool:
        said = set(self.changed_data)
        return bool(said if self.instance.pk else said - {"position"})


class RelatedLinkForm(OrderedRowForm):
    """A link whose article the user may not see, set by an editor, stays and tells nothing about its article."""

    class Meta:
        model = RelatedLink
        fields = ("target",)

    def __init__(self, *args: Any, visible: set[int], **kwargs: Any) -> None:
        """`visible` are the keys of the targets that the user may see (RelatedLinkFormSet)."""
        super().__init__(*args, **kwargs)
        self.unseen: Article | None = None
        pk = self.instance.target_id
        if pk and "target" in self.fields and pk not in visible:
            self._hide_target(pk)

    def _hide_target(self, pk: int) -> None:
        """Put an article without its headline in the place of the target, also for whatever prints the row."""
        self.unseen = self.instance.target = Article(pk=pk, headline=gettext("an article that you may not see"))
        self.initial["target"] = self.unseen.headline
        self.fields["target"] = forms.CharField(label=self.fields["target"].label, disabled=True, required=False)

    def clean_target(self) -> Article | None:
        """The database refuses it too, but an inline leaves its article out of the checks of a row."""
        target: Article | None = self.unseen or self.cleaned_data["target"]
        if target and target.pk == self.instance.article_id:
            raise ValidationError(_("An article cannot be related to itself."))
        return target


class RelatedLinkFormSet(RowsFormSet):
    """Asks once which targets of all rows the user may see."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {"visible": self._visible}

    @cached_property
    def _visible(self) -> set[int]:
        target: Any = self.form.base_fields.get("target")
        keys = {link.target_id for link in self.get_queryset() if link.target_id}
        return set(target.queryset.filter(pk__in=keys).values_list("pk", flat=True)) if target and keys else set()


class AttributionFormSet(RowsFormSet):
    def clean(self) -> None:
        """An approved story from elsewhere keeps the name of its source."""
        super().clean()
        if self.instance.status != Status.APPROVED:
            return
        kept = [form for form in self.forms if form.cleaned_data.get("source") and not form.cleaned_data.get("DELETE")]
        if sentence := gaps(self.instance, has_source=bool(kept)).get("attributions"):
            raise ValidationError(sentence)


class TagForm(DeskForm):
    """A tag. No alias of another tag may say the same word."""

    class Meta:
        model = Tag
        fields = ("name", "slug", "description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.near: list[Tag] = []
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        alias = TagAlias.objects.filter(name_key=fold(name)).exclude(tag=self.instance.pk).select_related("tag").first()
        if alias:
            raise ValidationError(_("This is an alias of the tag “%(tag)s”.") % {"tag": alias.tag})
        if "name" in self.changed_data and self.data.get("_make_new") != fold(name):
            self.near = near_duplicates(name, but=self.instance.pk)
        if self.near:
            raise ValidationError(_("This resembles a tag that exists. Use that one, or say below that it is another."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "slug" not in self.errors and "name" not in self.errors:
            typed = cleaned.get("slug")
            cleaned["slug"] = slugify(typed or cleaned.get("name", ""))
            if not cleaned["slug"]:
                self.add_error("slug" if typed else "name", WORDLESS)
        return cleaned


class TagAliasForm(DeskForm):
    class Meta:
        model = TagAlias
        fields = ("name",)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        # Its own tag may be renamed in the same save: the rows are compared with the new name together.
        if tag := Tag.objects.filter(name_key=fold(name)).exclude(pk=self.instance.tag_id).first():
            raise ValidationError(_("A tag says this already: %(tag)s") % {"tag": tag})
        if TagAlias.objects.filter(name_key=fold(name)).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("This alias exists already."))
        return name


class TagAliasFormSet(RowsFormSet):
    def clean(self) -> None:
        super().clean()
        rows = [form.cleaned_data for form in self.forms]
        keys = [fold(row["name"]) for row in rows if row.get("name") and not row.get("DELETE")]
        if len(set(keys)) < len(keys):
            raise ValidationError(_("The same alias stands here twice."))
        if self.instance.name and fold(self.instance.name) in keys:
            raise ValidationError(_("An alias is another word than the tag itself."))
