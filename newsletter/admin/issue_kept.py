"""Instead of sending who was signed out to the door, and his words to nowhere."""

from functools import wraps
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles.admin.kept import View, kept_page
from articles.admin.kept_boxes import Box
from newsletter.admin.issue_forms import ItemForm, NewTextForm, WordsForm


def keeps_words(view: View) -> View:
    """Goes round admin_view. What was typed comes back in boxes, and can be sent again after signing in elsewhere."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" or admin.site.has_permission(request):
            return view(request, *args, **kwargs)
        data = dict(request.POST.lists())
        carried = [
            (name, value) for name, values in data.items() for value in values if not name.startswith(("_", "csrf"))
        ]
        return kept_page(
            request,
            data,
            title=_("Not saved yet: your text is here"),
            sentence=_("Your session has ended. Sign in in the new window, come back here and send again."),
            status=401,
            sends_again=True,
            hidden=[*carried, ("_save", "1")],
            boxes=[_box(name, value) for name, value in carried if value and _label(name)],
        )

    return guarded


def _box(name: str, text: str) -> Box:
    return Box(name, _label(name), text, min(len(text) // 60 + 2, 24))


def _label(name: str) -> str:
    """Of the fields in which words stand; "" for any other."""
    prefix, _sep, field = name.rpartition("-")
    if field not in {"subject", "subject_b", "preheader", "headline", "summary"}:
        return ""
    form = WordsForm if prefix == "issue" else NewTextForm if prefix == "new" else ItemForm
    fields = form.base_fields
    return str(fields[field].label) if field in fields else ""
