"""Names of what changes and is no row: lists, and the site as a whole (newsroom.lib.generations)."""

from typing import Any

from django.db import models

from newsroom.lib.watched import scope_of

# Settings, navigation and sections: on every page.
SITE = "site"
# Which stories are public: the home page, the archive, the feeds of all.
STORIES = "stories"
# What editors have set on the home page.
FRONT = "front"
# The public notes of mistakes.
CORRECTIONS = "corrections"
# What the desk has taught the search: synonyms and protected words.
SEARCH_WORDS = "search words"
# When the clock alone will next make something public or end it (pages.clock).
CLOCK = "clock"


def stories_of(model: type[models.Model], key: Any) -> str:
    """Which public stories a section, tag, author or source has."""
    return f"{scope_of(model, key)} stories"
