from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from images.alt_advice import ADVICE_ATTRS
from images.as_shown import AsShownForm
from images.models import Image
from images.storing import EXTENSIONS, find_same, inspect

PAPERS = [
    "alt_text", "caption", "credit", "kind", "taken_on", "keywords",
    "source", "author", "rights_until", "rights_note", "focal_x", "focal_y",
]  # fmt: skip


class PapersForm(AsShownForm):
    """What belongs to a picture. The file itself never changes: pages and caches know it by its name."""

    class Meta:
        model = Image
        fields = PAPERS
        widgets = {
            "alt_text": forms.Textarea(attrs={"rows": 2} | ADVICE_ATTRS),
            "caption": forms.Textarea(attrs={"rows": 3}),
            "focal_x": forms.TextInput(attrs={"inputmode": "decimal"}),
            "focal_y": forms.TextInput(attrs={"inputmode": "decimal"}),
        }


class UploadForm(PapersForm):
    """A new picture. Caption and credit that are left empty are read from the file."""

    file = forms.FileField(
        label=gettext_lazy("file"),
        widget=forms.FileInput(attrs={"accept": ",".join(sorted(EXTENSIONS))}),
        help_text=gettext_lazy(
            "JPEG, PNG or WebP, up to 10 MB. Caption and credit that you leave empty are read from the file."
        ),
    )

    class Meta(PapersForm.Meta):
        fields = ["file", *PAPERS]

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        inspect(upload)
        if known := find_same(upload):
            raise ValidationError(_("This picture is in the library already: %(picture)s"), params={"picture": known})
        return upload

    def papers(self) -> dict[str, Any]:
        """Return the fields of the row as they were typed."""
        return {name: self.cleaned_data[name] for name in PAPERS}
