"""The lines that name who made a story and where it came from, one wording for every place that prints them.

«كتب أحمد ورنا، تصوير: سامر» and «المصدر: رويترز + فريق التحرير». Pages have markup of their own for the links and
take the words and their order from here; feeds, mails, machines and the form of the desk take whole lines.
The relations of the article must be fetched, or each line costs a query.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from articles.credit_labels import credit_label
from articles.enums import BylineRole, SourceKind
from articles.models import Article, Attribution, Author, Byline, Source
from newsroom.lib.bidi import runs, without_marks

# FSI and PDI (Unicode annex 9): a name keeps its own direction where there is no markup.
_ISOLATED = "\u2068{}\u2069"


@dataclass(frozen=True)
class Credit:
    """Those who had one role in a story, in their order."""

    role: BylineRole
    bylines: list[Byline]

    @property
    def label(self) -> str:
        return credit_label(self.role, [byline.author for byline in self.bylines])


@dataclass(frozen=True)
class PrintedSource:
    """A source as the line of sources names it. `joint` is what stands between it and the one before."""

    attribution: Attribution
    words: str
    joint: str

    @property
    def source(self) -> Source:
        return self.attribution.source

    @property
    def url(self) -> str:
        """The address of the original, perhaps ""."""
        return self.attribution.url


@dataclass(frozen=True)
class Piece:
    """Words of a line; a name has whom it names, other words have nobody."""

    words: str
    names: Author | PrintedSource | None = None


def credits_of(article: Article) -> list[Credit]:
    """The names of a story by role; roles come in the order of BylineRole, writers first."""
    order = list(BylineRole)
    bylines = sorted(article.bylines.all(), key=lambda byline: order.index(BylineRole(byline.role)))
    return [Credit(BylineRole(role), list(group)) for role, group in groupby(bylines, lambda byline: byline.role)]


def printed_sources(attributions: Iterable[Attribution]) -> list[PrintedSource]:
    """The sources in the order of the line: those from elsewhere, joined as Arabic joins names, then the newsroom.

    Beside others the newsroom is called what it is there, its team, unless other words are to be printed.
    """
    rows = list(attributions)
    others = [row for row in rows if row.source.kind != SourceKind.OWN]
    own = [row for row in rows if row.source.kind == SourceKind.OWN]
    joints = ["", *[_(", and ")] * (len(others) - 1)] if others else []
    told = [PrintedSource(row, str(row), joint) for row, joint in zip(others, joints, strict=True)]
    for row in own:
        words = row.printed_as or (team() if others else row.source.name)
        told.append(PrintedSource(row, words, _between_kinds() if told else ""))
    return told


def team() -> str:
    """Who made a story that nobody signed, and who had a part in what others told first."""
    return _("Editorial team")


def credit_joint() -> str:
    """What stands between one role and the next."""
    return pgettext("list", ", ")


def authors_line(article: Article) -> str:
    """«كتب أحمد ورنا، تصوير: سامر» as plain text; Latin names in it are isolated."""
    return _as_text(_authors(article))


def sources_line(article: Article) -> str:
    """«المصدر: رويترز، وسانا + فريق التحرير» as plain text, "" for a story without sources."""
    return _as_text(_sources(article))


def authors_html(article: Article, address_of: Callable[[str], str] | None = None) -> str:
    """The same line in HTML with each name set apart; linked where `address_of` makes addresses of paths."""
    return _as_html(_authors(article), address_of)


def sources_html(article: Article, address_of: Callable[[str], str] | None = None) -> str:
    """The same, with links to the originals where they are known; "" for a story without sources."""
    return _as_html(_sources(article), address_of)


def credit_text(article: Article) -> str:
    """Both lines in one for machines, without marks of direction: schema.org/creditText."""
    return without_marks(" · ".join(filter(None, [authors_line(article), sources_line(article)])))


def _authors(article: Article) -> Iterator[Piece]:
    credits = credits_of(article)
    if not credits or credits[0].role != BylineRole.WRITING:
        yield Piece(team())
    for number, credit in enumerate(credits):
        if number or credit.role != BylineRole.WRITING:
            yield Piece(credit_joint())
        yield Piece(f"{credit.label} ")
        yield from _names(credit.bylines)


def _names(bylines: Sequence[Byline]) -> Iterator[Piece]:
    for number, byline in enumerate(bylines):
        if number:
            yield Piece(_(" and "))
        yield Piece(byline.author.name, byline.author)


def _sources(article: Article) -> Iterator[Piece]:
    for number, source in enumerate(printed_sources(article.attributions.all())):
        yield Piece(source.joint if number else _("Source:") + " ")
        yield Piece(source.words, source)


def _between_kinds() -> str:
    return pgettext("between agencies and this newsroom", " + ")


def _as_text(pieces: Iterable[Piece]) -> str:
    return "".join(_isolated(piece.words) if piece.names else piece.words for piece in pieces)


def _isolated(name: str) -> str:
    """A name in Arabic letters has the direction of its line already."""
    return _ISOLATED.format(name) if any(element for element, _piece in runs(name)) else name


def _as_html(pieces: Iterable[Piece], address_of: Callable[[str], str] | None) -> str:
    return format_html_join("", "{}", ((_piece_html(piece, address_of),) for piece in pieces))


def _piece_html(piece: Piece, address_of: Callable[[str], str] | None) -> str:
    if piece.names is None:
        return format_html("{}", piece.words)
    name = format_html("<bdi>{}</bdi>", piece.words)
    if address_of is None:
        return name
    if isinstance(piece.names, Author):
        address = address_of(piece.names.get_absolute_url())
    else:
        address = piece.names.url or address_of(piece.names.source.get_absolute_url())
    return format_html('<a href="{}">{}</a>', address, name)
