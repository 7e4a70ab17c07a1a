"""Bodies of one page: their pictures, boxes for links to other platforms, and what the policy must then allow."""

from collections.abc import Iterable, Mapping, Sequence

from django.template.loader import render_to_string

from articles.models import LiveUpdate
from images.in_bodies import BodyPicture, body_pictures
from richtext.embeds import Embed
from richtext.figures import picture_addresses
from richtext.render import render_body


class Embedding:
    """Renders the bodies of one page and collects whose players it may be asked to show.

    `with_players=False` is for what is put into a page that is open already: its policy cannot be widened.
    """

    def __init__(self, *, with_players: bool = True) -> None:
        self.with_players = with_players
        self.frame_sources: set[str] = set()
        self.pictures: dict[str, BodyPicture] = {}

    def fetch_pictures(self, bodies: Iterable[str]) -> None:
        """Learn of the pictures in these bodies before they are rendered: one query, none where there are none."""
        self.pictures |= body_pictures(address for body in bodies for address in picture_addresses(body))

    def blocks(self, html: str, insertions: Mapping[int, Sequence[str]] | None = None) -> Sequence[str]:
        return render_body(html, insertions, embed_box=self.box, pictures=self.pictures)

    def show(self, updates: Iterable[LiveUpdate]) -> None:
        """Render the bodies of updates whose pictures are fetched."""
        for update in updates:
            update.shown_body = self.blocks(update.body)

    def box(self, embed: Embed) -> str:
        player = embed.player if self.with_players else ""
        if player:
            self.frame_sources.add(embed.platform.player_host)
        return render_to_string("components/embed.html", {"embed": embed, "player": player})
