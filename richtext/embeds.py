"""Links to videos and posts on other platforms that stand alone in a paragraph: the page offers them as a box.

The stored body stays as it was, a plain link or an address. Nothing of a platform is loaded before the reader asks for
it, and the address of a player is made here from an id alone: no other part of what an editor pasted ever gets into it.
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlsplit

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from richtext.tree import Node

_BLANK = " \t\n\r\N{NO-BREAK SPACE}\u200b\u200c\u200d\u200e\u200f\u061c\ufeff"
_YOUTUBE_ID = r"([A-Za-z0-9_-]{11})"


@dataclass(frozen=True)
class Post:
    """Where single posts of a platform are: hosts, a pattern of the whole path, perhaps a parameter that holds the id.

    A group is the id that the player of the platform is given; where there is none, the post can only be linked to.
    """

    hosts: frozenset[str]
    path: str
    parameter: str = ""
    value: str = ""  # pattern of the parameter


@dataclass(frozen=True)
class Platform:
    label: str | Promise
    posts: tuple[Post, ...]
    player: str = ""  # address with {} for the id

    @property
    def player_host(self) -> str:
        """As a Content-Security-Policy names it: https://host; "" without a player."""
        return "/".join(self.player.split("/")[:3])


@dataclass(frozen=True)
class Embed:
    """One link that may become a box."""

    platform: Platform
    address: str  # the link as it is stored
    words: str  # of the link, "" when it shows its own address
    player: str = ""  # address of the frame that the reader may ask for


def _hosts(*names: str, www: bool = True) -> frozenset[str]:
    return frozenset(f"{before}{name}" for name in names for before in (("", "www.", "m.") if www else ("",)))


_YOUTUBE, _X, _FACEBOOK = (
    _hosts("youtube.com"),
    _hosts("x.com", "twitter.com", "mobile.twitter.com"),
    _hosts("facebook.com"),
)
_SOUND = _hosts("soundcloud.com")
_TIKTOK = _hosts("tiktok.com")

PLATFORMS = (
    Platform(
        pgettext_lazy("platform", "YouTube"),
        (
            Post(_YOUTUBE, r"/watch/?", "v", _YOUTUBE_ID),
            Post(_YOUTUBE, rf"/(?:shorts|live|embed)/{_YOUTUBE_ID}/?"),
            Post(_hosts("youtu.be", www=False), rf"/{_YOUTUBE_ID}/?"),
            Post(_hosts("www.youtube-nocookie.com", www=False), rf"/embed/{_YOUTUBE_ID}/?"),
        ),
        player="https://www.youtube-nocookie.com/embed/{}",
    ),
    Platform(
        pgettext_lazy("platform", "Vimeo"),
        (
            Post(_hosts("vimeo.com"), r"/([0-9]{5,12})/?"),
            Post(_hosts("player.vimeo.com", www=False), r"/video/([0-9]{5,12})/?"),
            # Unlisted: its player would need the second part too.
            Post(_hosts("vimeo.com"), r"/[0-9]{5,12}/[0-9a-f]{6,16}/?"),
        ),
        player="https://player.vimeo.com/video/{}?dnt=1",
    ),
    Platform(
        pgettext_lazy("platform", "X"),
        (Post(_X, r"/\w{1,20}/status/[0-9]{1,20}(?:/(?:photo|video)/[0-9])?/?"),),
    ),
    Platform(
        pgettext_lazy("platform", "Facebook"),
        (
            Post(_FACEBOOK, r"/[^/]+/(?:posts|videos|photos)/.+"),
            Post(_FACEBOOK, r"/(?:reel|share)/.+"),
            Post(_FACEBOOK, r"/watch/?", "v", r"[0-9]{5,20}"),
            Post(_FACEBOOK, r"/(?:permalink|story)\.php", "story_fbid", r"\w{5,120}"),
            Post(_hosts("fb.watch", www=False), r"/[\w-]{5,20}/?"),
        ),
    ),
    Platform(
        pgettext_lazy("platform", "Instagram"),
        (Post(_hosts("instagram.com"), r"/(?:[\w.]+/)?(?:p|reel|tv)/[\w-]{5,40}/?"),),
    ),
    Platform(
        pgettext_lazy("platform", "TikTok"),
        (
            Post(_TIKTOK, r"/@[\w.]+/(?:video|photo)/[0-9]{6,25}/?"),
            Post(_hosts("vm.tiktok.com", "vt.tiktok.com", www=False), r"/\w{6,12}/?"),
        ),
    ),
    Platform(
        pgettext_lazy("platform", "Telegram"),
        (Post(_hosts("t.me", "telegram.me", www=False), r"/\w{4,40}/[0-9]{1,12}/?"),),
    ),
    Platform(
        pgettext_lazy("platform", "SoundCloud"),
        (
            Post(_SOUND, r"/[\w-]+/(?:sets/)?[\w-]+/?"),
            Post(_hosts("on.soundcloud.com", www=False), r"/\w{5,20}/?"),
        ),
    ),
)


def lone_link(block: Node) -> Embed | None:
    """The post that a paragraph is about which holds nothing but a link to it, or its address as it was pasted."""
    if block.tag != "p":
        return None
    pieces = [piece for piece in block.children if not (isinstance(piece, str) and not piece.strip(_BLANK))]
    match pieces:
        case [Node(tag="a") as link] if all(isinstance(piece, str) for piece in link.children):
            return recognise(link.attributes.get("href", ""), link.text.strip(_BLANK))
        case [str() as text]:
            return recognise(text.strip(_BLANK))
    return None


def recognise(address: str, words: str = "") -> Embed | None:
    """The post at an address; None for anything that is not exactly one of a platform of the table."""
    parts = _plain(address)
    if parts is None:
        return None
    for platform in PLATFORMS:
        for post in platform.posts:
            if (found := _id(post, parts)) is not None:
                player = platform.player.format(found) if found and platform.player else ""
                return Embed(platform, address, "" if _is_address(words, address) else words, player)
    return None


def _plain(address: str) -> SplitResult | None:
    """The parts of a web address in which nothing can be read in two ways."""
    if not (address.isascii() and address.isprintable()) or "\\" in address or " " in address:
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or port is not None or "@" in parts.netloc:
        return None
    return parts


def _id(post: Post, parts: SplitResult) -> str | None:
    """The id of a player, "" for a post without one, None for another address."""
    path = re.fullmatch(post.path, parts.path, re.ASCII)
    if parts.hostname not in post.hosts or path is None:
        return None
    if not post.parameter:
        return path[1] if path.re.groups else ""
    try:
        values = parse_qs(parts.query, max_num_fields=20).get(post.parameter, [])
    except ValueError:
        return None
    value = re.fullmatch(post.value, values[0], re.ASCII) if len(values) == 1 else None
    if value is None:
        return None
    return value[1] if value.re.groups else ""


def _is_address(words: str, address: str) -> bool:
    """Whether a link shows nothing but where it leads, perhaps cut or without the scheme."""
    shown = re.sub(r"^https?://(?:www\.)?", "", words.strip().rstrip("…./"), flags=re.IGNORECASE)
    is_like_one = not shown or "." in shown
    return is_like_one and re.sub(r"^https?://(?:www\.)?", "", address, flags=re.IGNORECASE).startswith(shown)
