"""The words that the desk teaches the search."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.models import ProtectedWord, Synonym
from articles.search.indexing import count_stale
from articles.search.query import groups_of
from articles.search.vocabulary import SYNONYM_TABLES
from audit.admin import LoggedAdmin
from newsroom.lib.analyser import tokens
from newsroom.lib.arabic import fold
from newsroom.lib.forms import DeskForm
from newsroom.lib.tables import rows, words
from pages.templatetags.printing import print_digits

LONGEST_ENTRY, MOST_ENTRIES = 4, 20  # words of an entry, entries of a group


def off_column(description: Any) -> Any:
    """In words: beside what holds, the red cross of a boolean says the contrary."""

    @admin.display(description=description, ordering="is_off")
    def is_off(word: Synonym | ProtectedWord) -> str:
        return _("Yes") if word.is_off else "—"

    return is_off


class SynonymForm(DeskForm):
    def clean_words(self) -> str:
        """Entries that can be looked for, with a comma between them. Raises ValidationError."""
        typed: str = self.cleaned_data["words"]
        once: dict[str, str] = {}
        for entry in groups_of([typed])[0]:
            once.setdefault(fold(entry), entry)
        entries = list(once.values())
        if len(entries) < 2:
            raise forms.ValidationError(_("Write at least two words with a comma between them."))
        if len(entries) > MOST_ENTRIES:
            raise forms.ValidationError(_("More than twenty words can hardly all mean the same."))
        for entry in entries:
            if not 1 <= len(tokens(entry)) <= LONGEST_ENTRY:
                raise forms.ValidationError(
                    _("“%(entry)s” is no word, or has more than four of them."), params={"entry": entry}
                )
        return "، ".join(entries)


class ProtectedWordForm(DeskForm):
    def clean_word(self) -> str:
        """One word. Raises ValidationError."""
        word: str = self.cleaned_data["word"]
        if [(token.start, token.end) for token in tokens(word)] != [(0, len(word))]:
            raise forms.ValidationError(_("Write one word, without spaces and signs."))
        return word


class SearchWordAdmin(LoggedAdmin):
    """A list of the desk's own words, with those that the search comes with below it."""

    change_list_template = "admin/articles/search_words.html"
    purpose: Any = ""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        shown = {"shipped": self.shipped(), "purpose": self.purpose}
        return super().changelist_view(request, shown | (extra_context or {}))

    def shipped(self) -> list[str]:
        raise NotImplementedError


@admin.register(Synonym)
class SynonymAdmin(SearchWordAdmin):
    form = SynonymForm
    purpose = gettext_lazy("Whoever searches for one of these words finds the texts that hold another of them.")
    list_display = ("words", off_column(gettext_lazy("these are not the same")))
    fields = ("words", "is_off")
    search_fields = ("words_key",)

    def shipped(self) -> list[str]:
        return ["، ".join(row) for table in SYNONYM_TABLES for row in rows(table)]


@admin.register(ProtectedWord)
class ProtectedWordAdmin(SearchWordAdmin):
    form = ProtectedWordForm
    purpose = gettext_lazy("The search takes no letters off these words: names that look like a form of another word.")
    list_display = ("word", off_column(gettext_lazy("not protected")))
    fields = ("word", "is_off")
    search_fields = ("word_key",)

    def shipped(self) -> list[str]:
        return list(words("protected_words"))

    def save_model(self, request: HttpRequest, obj: ProtectedWord, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self._tell(request)

    def delete_model(self, request: HttpRequest, obj: ProtectedWord) -> None:
        super().delete_model(request, obj)
        self._tell(request)

    def _tell(self, request: HttpRequest) -> None:
        """Every text is read again with the new list, which takes its time."""
        count = sum(count_stale())
        if count:
            text = ngettext(
                "%(number)s article will be read again for the search in the background.",
                "%(number)s articles will be read again for the search in the background.",
                count,
            )
            messages.info(request, text % {"number": print_digits(count)})
