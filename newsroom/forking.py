"""What the web server does once, before it forks its workers, so that they share the memory and none does it again."""

import gc
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse

from articles.search.vocabulary import shipped_analyser
from newsroom.lib.connections import end_connections

# What readers' pages are made of; the desk's own are compiled by the worker that shows them.
_PARTS = ("articles", "components", "lite", "newsletter", "pages")


def settle() -> None:
    """Load what every worker needs, close what none may share, and have the collector leave it all alone.

    A collection of garbage writes into every object that it looks at, and a page of memory that somebody writes into is
    copied for him alone.
    """
    reverse("articles:home")  # reads all addresses
    shipped_analyser()
    templates = Path(settings.BASE_DIR, "templates")
    for path in sorted(path for part in _PARTS for path in (templates / part).glob("*.html")):
        get_template(path.relative_to(templates).as_posix())
    end_connections()
    gc.freeze()
