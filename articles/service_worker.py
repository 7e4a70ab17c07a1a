"""The service worker as it is served: static/js/sw.js, and before it what belongs to this release."""

import json
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse_lazy

from newsroom.lib.js_modules import without_comments

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
# The first is shown where there is no network; they are the same for every reader.
PAGES = (reverse_lazy("articles:offline"), reverse_lazy("articles:saved"))
# What those pages and a saved article need. The fonts are named in the style sheet.
ASSETS = (
    "css/site.css", "js/boot.js", "js/site.js", "js/saved_page.js", "js/saving.js",
    "fonts/ui-400.woff2", "fonts/ui-700.woff2", "fonts/text-400.woff2", "img/icon.svg",
)  # fmt: skip


def script(offline_page: str) -> str:
    """Return the worker. Its version is a digest of all that it keeps, so that each release brings a new one.

    `offline_page` is the HTML of the first of PAGES. With SERVICE_WORKER=0 it is a worker that removes itself.
    """
    if not settings.SERVICE_WORKER:
        return without_comments((SCRIPTS / "sw_gone.js").read_text())
    code = without_comments((SCRIPTS / "sw.js").read_text())
    shell = {"pages": [str(path) for path in PAGES], "assets": [static(name) for name in ASSETS]}
    version = sha256("".join([code, offline_page, *shell["assets"]]).encode()).hexdigest()[:12]
    return f"const SHELL = {json.dumps(shell | {'folder': settings.STATIC_URL, 'version': version})};\n{code}"
