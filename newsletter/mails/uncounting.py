"""A mail without what counts its readers: whoever looks at it at the desk is none."""

import re
from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.html import escape

from newsletter import hits
from newsletter.models import LinkTarget
from pages.mailing import absolute

_ANY = "x"
_IMAGE = re.compile(r"<img\b[^>]*>")


def uncounted(html: str, text: str = "") -> tuple[str, str]:
    """Both texts with the straight addresses in place of counted links, and without the picture of one point.

    A link that leads nowhere (any more) stays as it is. One query when there are counted links.
    """
    links = _pattern("click")
    targets = _targets({*links.findall(html), *links.findall(text)})
    pixel = _pattern("open")
    html = _IMAGE.sub(lambda image: "" if pixel.search(image[0]) else image[0], html)
    return (
        links.sub(lambda link: escape(targets[link[1]]) if link[1] in targets else link[0], html),
        links.sub(lambda link: targets.get(link[1], link[0]), text),
    )


def _pattern(page: str) -> re.Pattern[str]:
    """The addresses of a page that takes a token, as mails have them."""
    before, after = absolute(reverse(f"newsletter:{page}", args=[_ANY])).rsplit(_ANY, 1)
    return re.compile(rf"{re.escape(before)}([\w.=-]+?){re.escape(after)}", re.ASCII)


def _targets(tokens: Iterable[str]) -> dict[str, str]:
    """Where the counted links lead, by their tokens."""
    found = {token: hit for token in tokens if (hit := hits.read(token, purpose="click"))}
    if not found:
        return {}
    wanted = Q(issue__in={hit.issue_id for hit in found.values()})
    rows = LinkTarget.objects.filter(wanted).values_list("issue_id", "number", "url")
    urls = {(issue_id, number): url for issue_id, number, url in rows}
    return {token: urls[hit.issue_id, hit.number] for token, hit in found.items() if (hit.issue_id, hit.number) in urls}
