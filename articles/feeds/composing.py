"""From articles to a feed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from django.templatetags.static import static

from articles.enums import BylineRole, SourceKind
from articles.feeds.entries import Entry, Feed, Manner, Named, Picture, Subject, Written, absolute
from articles.feeds.texts import full_text, summary, summary_with_note, updates_of
from articles.models import Article, Byline
from articles.printed_credits import credit_text, printed_sources
from images.in_bodies import BodyPicture, body_pictures
from images.models import Image
from newsroom.lib.bidi import plain_title
from pages.current import current_site
from pages.days import site_zone
from richtext.figures import picture_addresses
from richtext.render import render_elsewhere

# px. The large picture that readers of feeds and cards of networks ask for.
PICTURE_WIDTH = 1200
LOGO, ICON = "img/logo-512.png", "img/icon.svg"


def feed_of(entries: list[Written], subject: Subject) -> Feed:
    site = current_site().settings
    return Feed(
        title=f"{site.name}: {subject.name}" if subject.name else site.name,
        description=subject.description or site.description or site.tagline or site.name,
        home=absolute(subject.home),
        url=absolute(subject.url),
        site=site_named(),
        logo=absolute(static(LOGO)),
        icon=absolute(static(ICON)),
        entries=entries,
    )


def site_named() -> Named:
    return Named(current_site().settings.name, absolute("/"))


def entries_of(articles: Sequence[Article], manner: Manner) -> list[Entry]:
    """What a feed tells of articles that `for_feeds` fetched."""
    pictures = _pictures_in(articles) if manner.is_full_text else {}
    return [entry_of(article, manner, pictures) for article in articles]


def _pictures_in(articles: Iterable[Article]) -> dict[str, BodyPicture]:
    """What is known of the pictures in these texts: one query, none where there are none."""
    bodies = [body for article in articles for body in (article.body, *(each.body for each in updates_of(article)))]
    return body_pictures(address for body in bodies for address in picture_addresses(body))


def entry_of(article: Article, manner: Manner, pictures: Mapping[str, BodyPicture]) -> Entry:
    url = absolute(article.get_absolute_url())
    published = _local(article.published_at or article.saved_at)
    picture = _picture(article, manner)
    others = {address for address, each in pictures.items() if each.is_of_others} if manner.is_ours_alone else set()
    body = partial(render_elsewhere, page=url, pictures=pictures, left_out=others)
    return Entry(
        guid=absolute(article.get_short_url()),
        url=url,
        title=plain_title(article.headline) if manner.is_shown else article.headline,
        summary=summary(article) if manner.is_full_text else summary_with_note(article),
        html=full_text(article, body, picture) if manner.is_full_text else "",
        published=published,
        updated=_local(article.updated_at) if article.updated_at and article.shows_update else published,
        authors=_named(article, writing=True),
        contributors=_named(article, writing=False),
        categories=_categories(article),
        picture=picture,
        canonical_url=article.canonical_url,
        sources=[Named(each.words, each.url) for each in printed_sources(article.attributions.all())],
        credit=credit_text(article),
    )


def _local(moment: datetime) -> datetime:
    return moment.astimezone(site_zone()).replace(microsecond=0)


def _named(article: Article, *, writing: bool) -> list[Named]:
    """Each once, in their order."""
    bylines: list[Byline] = [each for each in article.bylines.all() if (each.role == BylineRole.WRITING) is writing]
    authors = dict.fromkeys(byline.author for byline in bylines)
    return [Named(author.name, absolute(author.get_absolute_url())) for author in authors]


def _categories(article: Article) -> list[str]:
    section = [article.section.name] if article.section else []
    return list(dict.fromkeys([*section, *(tag.name for tag in article.tags.all())]))


def _picture(article: Article, manner: Manner) -> Picture | None:
    image = article.lead_image
    if image is None or (manner.is_ours_alone and not _is_ours(image)):
        return None
    widths = image.widths("jpeg")
    width = next((each for each in widths if each >= PICTURE_WIDTH), widths[-1] if widths else image.width)
    return Picture(
        url=absolute(image.url(PICTURE_WIDTH, "jpeg")),
        width=width,
        height=max(1, round(image.height * width / image.width)),
        alt_text=image.alt_text,
        caption=article.caption,
        credit=image.printed_credit,
    )


def _is_ours(image: Image) -> bool:
    """Whether no agency and no other outlet has its rights."""
    return image.source is None or image.source.kind == SourceKind.OWN
