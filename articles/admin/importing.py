"""The page «استيراد نصوص»: what the importer recognises is shown before anything is created.

Nothing is kept between the two steps. The pasted text stays in its box, and uploaded files travel in the
page as base64, because a browser does not send a chosen file twice. They carry no signature: whoever alters
them imports something else, which is allowed anyway.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite, widgets
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.staff import member
from articles.admin.wording import warnings_in_words
from articles.importing import ImportResult, ImportStatus, import_batch, propose_headline
from articles.mending import told
from articles.models import Article, Section
from articles.recognising import Block, BlockType, Dropped, Warn
from newsroom.lib.mended_forms import Told

MAX_FILES = 50
# In base64 this fits into what Django accepts as a form (DATA_UPLOAD_MAX_MEMORY_SIZE).
MAX_MEGABYTES = 8
MAX_NAME = 255
# Reading takes a moment for each line, and the page is drawn while somebody waits.
MAX_TEXT_BYTES, MAX_LINES = 1_000_000, 20_000
TOO_LONG = gettext_lazy(
    "This page reads texts of at most 1 MB each and 20,000 lines together. "
    "The command import_texts takes up to 5 MB a text."
)
MOST_SHOWN = 200  # blocks and lines of one text


@dataclass(frozen=True)
class Text:
    """One text on its way through the page."""

    name: str
    raw: bytes
    is_pasted: bool = False

    def pack(self) -> str:
        return f"{_encoded(self.name.encode())}.{_encoded(self.raw)}"

    @classmethod
    def unpack(cls, packed: str) -> "Text":
        """Raises ValueError when the packet was damaged."""
        name, _dot, raw = packed.partition(".")
        return cls(base64.b64decode(name, validate=True).decode()[:MAX_NAME], base64.b64decode(raw, validate=True))


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; an empty one is no fault of the form, the importer says so."""

    widget = FilesInput(attrs={"accept": ".txt,text/plain"})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return list(data or [])


class ImportForm(forms.Form):
    """A text, files, or both; the section that the drafts are to stand in."""

    texts: list[Text] = []

    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        strip=False,
        widget=widgets.AdminTextareaWidget(attrs={"rows": 16, "dir": "auto"}),
        help_text=gettext_lazy("Paste one whole page; the importer finds the headline, the date and the rest."),
    )
    uploads = FilesField(
        label=gettext_lazy("Files"),
        required=False,
        help_text=gettext_lazy("Plain text, one article a file, at most 50 files and 8 MB together."),
    )
    section = forms.ModelChoiceField(Section.objects.all(), label=gettext_lazy("Section"), required=False)
    turns = forms.BooleanField(
        label=gettext_lazy("Turn reversed lines round"),
        required=False,
        help_text=gettext_lazy("For texts copied out of a PDF whose words stand from their end to their beginning."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.texts = self._carried()
        uploaded = cleaned.get("uploads", [])
        size = sum(len(text.raw) for text in self.texts) + sum(file.size for file in uploaded)
        if len(self.texts) + len(uploaded) > MAX_FILES or size > MAX_MEGABYTES * 1024 * 1024:
            raise ValidationError(
                _("Too much at once. Choose at most 50 files and 8 MB, and leave the rest for later.")
            )
        self.texts += [Text((file.name or "")[:MAX_NAME], file.read()) for file in uploaded]
        if pasted := cleaned.get("text", "").strip():
            self.texts.insert(0, Text(_("pasted text"), pasted.encode(errors="replace"), is_pasted=True))
            if _beyond_the_page(self.texts[:1]):
                self.add_error("text", TOO_LONG)
        if not self.texts:
            raise ValidationError(_("Paste a text or choose a file."))
        return cleaned

    def _carried(self) -> list[Text]:
        try:
            return [Text.unpack(packed) for packed in self.data.getlist("carried")]  # type: ignore[attr-defined]
        except (binascii.Error, ValueError) as error:
            raise ValidationError(_("The files did not come back whole. Choose them again.")) from error


@dataclass(frozen=True)
class Shown:
    """One result as the page shows it."""

    text: Text
    result: ImportResult
    warnings: list[str]
    existing: Article | None  # what a duplicate became before, where the reader of the page may see it

    @property
    def mended(self) -> list[Told]:
        return told(self.result.mended)

    @property
    def proposed_headline(self) -> str:
        """The sentence that the draft will offer as its headline; "" where the text has one."""
        story = self.result.recognised
        return "" if story.headline else propose_headline(story)

    @property
    def is_reversed(self) -> bool:
        return Warn.REVERSED.value in self.result.warnings

    @property
    def is_new(self) -> bool:
        return self.result.status in {ImportStatus.OK, ImportStatus.OK_WITH_WARNINGS}

    @property
    def first_blocks(self) -> tuple[Block, ...]:
        return self.result.recognised.blocks[:MOST_SHOWN]

    @property
    def more_blocks(self) -> int:
        return max(0, len(self.result.recognised.blocks) - MOST_SHOWN)

    @property
    def first_lines(self) -> tuple[Dropped, ...]:
        return self.result.recognised.dropped[:MOST_SHOWN]

    @property
    def more_lines(self) -> int:
        return max(0, len(self.result.recognised.dropped) - MOST_SHOWN)

    @property
    def block_count(self) -> int:
        return sum(block.type != BlockType.RELATED for block in self.result.recognised.blocks)


def import_page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Read what was given and show it; create drafts when the second button says so."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    is_creating = "_create" in request.POST
    shown = _read(request, form, dry_run=not is_creating) if form.is_bound and form.is_valid() else []
    if is_creating and shown:
        return _created(request, site, shown)
    refused = {one.text for one in shown if not one.is_new}
    context = {
        **site.each_context(request),
        "title": _("Import texts"),
        "form": form,
        "shown": shown,
        "carried": [text for text in form.texts if not text.is_pasted and text not in refused],
        "new_count": len(shown) - len(refused),
    }
    return TemplateResponse(request, "admin/articles/article/import.html", context)


def _read(request: HttpRequest, form: ImportForm, *, dry_run: bool) -> list[Shown]:
    by, turns = member(request), form.cleaned_data["turns"]
    beyond = _beyond_the_page(form.texts)
    files = [(text.name, text.raw) for text in form.texts if text not in beyond]
    results = import_batch(files, by=by, section=form.cleaned_data["section"], dry_run=dry_run, turns=turns)
    read = [(text, _refused(text) if text in beyond else next(results)) for text in form.texts]
    existing = Article.objects.visible_to(by).in_bulk([r.article_id for _text, r in read if r.article_id])
    return [
        Shown(text, result, warnings_in_words(result.warnings), existing.get(result.article_id or 0))
        for text, result in read
    ]


def _beyond_the_page(texts: list[Text]) -> set[Text]:
    """Texts that would keep the page waiting too long, alone or after those before them."""
    beyond, room = set(), MAX_LINES
    for text in texts:
        lines = max(text.raw.count(b"\n"), text.raw.count(b"\r"))
        if len(text.raw) > MAX_TEXT_BYTES or lines >= room:
            beyond.add(text)
        else:
            room -= lines + 1
    return beyond


def _refused(text: Text) -> ImportResult:
    return ImportResult(text.name, ImportStatus.REJECTED, warnings=(str(TOO_LONG),))


def _created(request: HttpRequest, site: AdminSite, shown: list[Shown]) -> HttpResponse:
    """One draft opens at once; of several the page tells what became of each."""
    made = [one.result for one in shown if one.is_new]
    if len(made) == len(shown) == 1:
        messages.success(request, _("The draft is made. Check what the importer proposes, below the text."))
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[made[0].article_id]))
    count = len(made)
    message = ngettext("%(count)d draft was made.", "%(count)d drafts were made.", count) % {"count": count}
    context = {**site.each_context(request), "title": _("Import texts"), "message": message, "shown": shown}
    return TemplateResponse(request, "admin/articles/article/import_done.html", context)


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
