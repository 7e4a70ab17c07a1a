"""Which requests for a counted picture or link come from somebody who reads. Nothing is kept of who it was.

An honest count of opens does not exist: some mail programs load every picture by themselves, others none. What is
known to be a machine is told apart, and the page of statistics says the rest.
"""

from enum import Enum

from django.http import HttpRequest

from accounts.throttling import client_network
from articles.read_filter import has_room, is_ahead_of_reader, is_first, is_from_staff, is_robot
from newsletter.hits import Hit

# The same picture or link asked for again within so many seconds is the same look: mail programs ask twice.
SAME_LOOK = 60
# Who follows more links of one issue than that within so many seconds is a scanner.
MOST_LINKS = 5
SCAN_SECONDS = 10

# Gmail's and Yahoo's pictures come from their own machines, for one reader as for thousands, when a mail is opened.
_ON_BEHALF = ("googleimageproxy", "yahoomailproxy")
# What Apple's Mail Privacy Protection calls itself: it loads all pictures soon after delivery, read or not.
_APPLE_PRIVACY = "Mozilla/5.0"


class Looker(Enum):
    READER = "reader"
    MACHINE = "machine"
    NOBODY = "nobody"  # not to be counted at all


def who_opens(request: HttpRequest, hit: Hit) -> Looker:
    """Reads no database; being asked is remembered for SAME_LOOK seconds."""
    agent = request.headers.get("User-Agent", "")
    if _is_no_look(request):
        return Looker.NOBODY
    if any(name in agent.lower() for name in _ON_BEHALF):
        return Looker.READER
    if not agent or agent == _APPLE_PRIVACY or _is_scanner(agent):
        return Looker.MACHINE
    return Looker.READER if _is_first_look(agent, hit) else Looker.NOBODY


def who_follows(request: HttpRequest, hit: Hit) -> Looker:
    agent = request.headers.get("User-Agent", "")
    if _is_no_look(request) or not _is_first_look(agent, hit):
        return Looker.NOBODY
    scan = "\n".join(["links", client_network(), agent, str(hit.issue_id)])
    if is_robot(agent) or not has_room(scan, MOST_LINKS, SCAN_SECONDS):
        return Looker.MACHINE
    return Looker.READER


def _is_no_look(request: HttpRequest) -> bool:
    return request.method != "GET" or is_ahead_of_reader(request) or is_from_staff(request)


def _is_scanner(agent: str) -> bool:
    """Mail programs are no browsers: that a name does not begin with Mozilla says nothing here."""
    return is_robot(agent if agent.startswith("Mozilla/") else f"Mozilla/5.0 {agent}")


def _is_first_look(agent: str, hit: Hit) -> bool:
    """One mail has one reader where it is known by name; else network and program tell two readers apart."""
    who = [str(hit.delivery_id)] if hit.delivery_id else [client_network(), agent]
    return is_first(SAME_LOOK, "look", *who, f"{hit.issue_id}{hit.variant}{hit.number}")
