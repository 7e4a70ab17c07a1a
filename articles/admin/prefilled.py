"""What the address of an empty form may fill in: a day, a section, an hour of breaking news. Never a word.

A link could fill a form that somebody else then saves; that is why forms of ours take nothing else from an address.
"""

from datetime import timedelta
from typing import Any

from django.http import QueryDict

from articles.admin.calendar_asked import read_day
from articles.models import Section
from newsroom.lib.keys import read_key
from pages.public_time import public_now

BREAKING_FOR = timedelta(hours=1)


def filled_from(data: QueryDict) -> dict[str, Any]:
    """The fields of a new article that the buttons of the desk and the calendar ask for."""
    fields: dict[str, Any] = {}
    if day := read_day(data.get("planned_for", "")):
        fields["planned_for"] = day
    if "breaking" in data:
        fields["breaking_until"] = public_now().replace(second=0, microsecond=0) + BREAKING_FOR
    key = read_key(data.get("section", ""))
    if key is not None and Section.objects.filter(pk=key).exists():
        fields["section"] = key
    return fields
