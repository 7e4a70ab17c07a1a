from typing import Any

from django.contrib.staticfiles.management.commands import collectstatic

CKEDITOR = "ckeditor/ckeditor"
UNUSED_PLUGINS = (
    "adobeair", "bbcode", "codesnippetgeshi", "devtools", "docprops", "exportpdf", "flash", "preview", "scayt", "wsc",
)  # fmt: skip


class Command(collectstatic.Command):
    """Leaves out what CKEditor brings and the editor does not load; several plugins ship test pages."""

    def set_options(self, **options: Any) -> None:
        unused = [*(f"plugins/{plugin}" for plugin in UNUSED_PLUGINS), "skins/moono"]
        options["ignore_patterns"] = [*options["ignore_patterns"], *(f"{CKEDITOR}/{part}/*" for part in unused)]
        super().set_options(**options)
