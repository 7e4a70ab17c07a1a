"""The links of an issue: straight ones, or ones that are counted on their way (newsletter.hits)."""

from django.urls import reverse

from newsletter import hits
from newsletter.enums import Tracking
from newsletter.mails.items import LONGEST_URL
from newsletter.mails.slots import Slots
from newsletter.models import Issue
from newsroom.lib.bidi import runs
from pages.mailing import absolute

CLICK = "click"
OPEN = "open"


def linked(text: str) -> list[tuple[str, str]]:
    """Pieces of a line, each with the web address that it is, or "" for what is none."""
    return [(piece, _address(piece) if is_apart else "") for is_apart, piece in runs(text)]


def _address(piece: str) -> str:
    if piece.startswith("www."):
        return f"https://{piece}"
    return piece if piece.startswith(("https://", "http://")) else ""


class Links:
    """Makes the address behind each link of one variant; `targets` says then where the numbers lead."""

    def __init__(self, issue: Issue, variant: str, slots: Slots, *, counted: bool) -> None:
        self.targets: dict[str, int] = {}
        self._issue, self._variant, self._slots = issue, variant, slots
        self._tracking = Tracking(issue.tracking) if counted else Tracking.OFF

    def to(self, url: str) -> str:
        """The address to print for a link that leads to `url`."""
        if self._tracking == Tracking.OFF or len(url) > LONGEST_URL:
            return url
        number = self.targets.setdefault(url, len(self.targets) + 1)
        if self._tracking == Tracking.INDIVIDUAL:
            token = self._slots[f"{CLICK}{number}"]
        else:
            token = hits.click_token(self._issue.pk, self._variant, number)
        return absolute(reverse("newsletter:click", args=[token]))

    def pixel(self) -> str:
        """The address of the picture that counts who opens the mail; "" where nothing is counted."""
        if self._tracking == Tracking.OFF:
            return ""
        if self._tracking == Tracking.INDIVIDUAL:
            token = self._slots[OPEN]
        else:
            token = hits.open_token(self._issue.pk, self._variant)
        return absolute(reverse("newsletter:open", args=[token]))
