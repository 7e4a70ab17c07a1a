from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from newsroom.lib.forms import WORDLESS, DeskForm
from newsroom.lib.slugs import slugify
from pages.models import Page, Redirect
from richtext.fields import RichTextFormField


class PageForm(DeskForm):
    """A page; its name in the address is made from the title when it is left empty."""

    body = RichTextFormField(label=_("body"), required=False)

    class Meta:
        model = Page
        fields = ("title", "slug", "body", "is_public")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "slug" not in self.errors and "title" not in self.errors:
            typed = cleaned.get("slug")
            cleaned["slug"] = slugify(typed or cleaned.get("title", ""))
            if not cleaned["slug"]:
                self.add_error("slug" if typed else "title", WORDLESS)
        return cleaned


class RedirectForm(DeskForm):
    class Meta:
        model = Redirect
        fields = ("old_path", "new_path")

    def clean(self) -> dict[str, Any]:
        """Refuse redirects that lead back to each other, over however many steps: a browser would give up."""
        cleaned = super().clean() or self.cleaned_data
        old, new = cleaned.get("old_path"), cleaned.get("new_path")
        if old and new and old != new and self._leads_back(old, new):
            raise ValidationError(_("The new address is redirected back to the old one."))
        return cleaned

    def _leads_back(self, old: str, new: str) -> bool:
        rows = Redirect.objects.exclude(pk=self.instance.pk).values_list("old_path", "new_path")
        others = {_path(other): led_to for other, led_to in rows}
        passed: set[str] = set()
        old, at = _path(old), _path(new)
        while at != old and at in others and at not in passed:
            passed.add(at)
            at = _path(others[at])
        return at == old


def _path(address: str) -> str:
    """What a redirect is looked up by: with or without the slash at its end (pages.middleware)."""
    return unquote(urlsplit(address).path).rstrip("/")
