"""The sample newsroom: fills an empty database from fixtures/newsroom, with times relative to the moment of loading.

It takes the same ways as editors do: texts come in through the importer, pictures through the upload deed, and
articles.publishing makes stories public.
"""

import re
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.html import escape

from accounts.models import User
from articles import publishing, revisions
from articles.changes import open_changes
from articles.commenting import comment
from articles.enums import CorrectionKind
from articles.importing import import_text
from articles.models import (
    Article,
    Attribution,
    Author,
    Byline,
    FrontSlot,
    RelatedLink,
    Section,
    Source,
    Tag,
    TagAlias,
)
from articles.tagging import get_or_make_tags
from images.models import Image
from images.preparing import make_files
from images.renditions import WIDTHS
from images.storing import take_in
from newsletter.models import MailingList
from newsroom.lib.names import name_key
from newsroom.sample_coverage import add_coverage
from newsroom.sample_reads import add_reads
from pages.enums import NavigationPlace
from pages.models import NavigationItem, Page, SiteSettings
from richtext.sanitise import sanitise

FOLDER: Path = settings.BASE_DIR / "fixtures" / "newsroom"


def is_empty() -> bool:
    """True for a database that nobody has worked in yet."""
    return not (SiteSettings.objects.exists() or Article.objects.exists() or Section.objects.exists())


@transaction.atomic
def load_sample(*, by: User) -> int:
    """Load everything, or nothing when a file is wrong. Returns the number of articles."""
    now = timezone.now().replace(second=0, microsecond=0)  # people plan on whole minutes
    _load_site()
    _load_sections_and_people()
    _load_lists()
    pictures = _load_pictures(by=by)
    _load_navigation()
    stories = {path: _read(path) for path in sorted((FOLDER / "articles").glob("*.toml"))}
    articles = {path.stem.partition("-")[2]: _write_story(story, pictures, by=by) for path, story in stories.items()}
    texts = _read(FOLDER / "texts" / "texts.toml")["text"]
    articles |= {Path(text["file"]).stem: _import_story(text, pictures, by=by) for text in texts}
    for story, article in zip(stories.values(), articles.values(), strict=False):
        _relate(article, story.get("related", []), articles)
    for story, article in zip([*stories.values(), *texts], articles.values(), strict=True):
        _bring_to_status(article, story, now=now, by=by)
    _join_read_also()
    _fill_front(articles, by=by)
    add_coverage(_read(FOLDER / "coverage.toml"), articles, now=now, by=by)
    _lay_on_the_desk(articles, now=now, by=by)
    add_reads(now=now)
    return len(articles)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _load_site() -> None:
    for page in _read(FOLDER / "pages.toml")["page"]:
        Page.objects.create(slug=page["slug"], title=page["title"], body=sanitise(page["body"]))
    site = _read(FOLDER / "site.toml")["site"]
    pages = {name: Page.objects.get(slug=site.pop(name)) for name in ("principles_page", "corrections_page")}
    SiteSettings.objects.create(id=SiteSettings.SINGLETON, **site, **pages)


def _load_lists() -> None:
    """Without readers: an address in a sample would be consent that nobody gave."""
    sections = Section.objects.in_bulk(field_name="slug")
    for position, row in enumerate(_read(FOLDER / "lists.toml")["list"]):
        section = sections[row.pop("section")] if "section" in row else None
        MailingList.objects.create(**row, section=section, position=position)


def _load_navigation() -> None:
    site = _read(FOLDER / "site.toml")
    sections = Section.objects.in_bulk(field_name="slug")
    for position, item in enumerate(site["header"]):
        path = sections[item["section"]].get_absolute_url()
        NavigationItem.objects.create(place=NavigationPlace.HEADER, position=position, label=item["label"], path=path)
    for position, item in enumerate(site["footer"]):
        page = Page.objects.get(slug=item["page"]) if "page" in item else None
        NavigationItem.objects.create(
            place=NavigationPlace.FOOTER, position=position, label=item["label"], page=page, path=item.get("url", "")
        )


def _load_sections_and_people() -> None:
    for section in _read(FOLDER / "sections.toml")["section"]:
        Section.objects.create(**{"position" if key == "order" else key: value for key, value in section.items()})
    for author in _read(FOLDER / "authors.toml")["author"]:
        links = "\n".join(link["url"] for link in author.pop("socials", []))
        Author.objects.create(social_links=links, **author)
    for source in _read(FOLDER / "sources.toml")["source"]:
        Source.objects.create(**source)
    for tag in _read(FOLDER / "tags.toml")["tag"]:
        row = Tag.objects.create(name=tag["name"], description=tag.get("description", ""))
        TagAlias.objects.bulk_create(TagAlias(tag=row, name=alias) for alias in tag.get("aliases", []))


def _load_pictures(*, by: User) -> dict[str, Image]:
    pictures = {}
    for picture in _read(FOLDER / "pictures.toml")["picture"]:
        key, file = picture.pop("key"), picture.pop("file")
        upload = ContentFile((FOLDER / "pictures" / file).read_bytes(), name=file)
        pictures[key] = take_in(upload, by=by, **picture)
        make_files(pictures[key])  # the first page that somebody sees is to be as light as all others
    return pictures


def _write_story(story: dict[str, Any], pictures: dict[str, Image], *, by: User) -> Article:
    written = ("headline", "promo_headline", "kicker", "standfirst", "key_points", "slug", "dateline", "lead_caption")
    article = Article.objects.create(
        **{name: story.get(name, "") for name in written},
        body=sanitise(_with_pictures(story["body"], pictures)),
        section=Section.objects.get(slug=story["section"]),
        origin=story["origin"],
        lead_image=pictures.get(story.get("picture", "")),
        without_picture=not story.get("picture"),
        created_by=by,
    )
    for position, author in enumerate(story.get("authors", [])):
        row = Author.objects.get(slug=author["slug"])
        Byline.objects.create(article=article, author=row, role=author["role"], position=position)
    for position, source in enumerate(story.get("sources", [])):
        Attribution.objects.create(
            article=article,
            source=Source.objects.get(slug=source["slug"]),
            url=source.get("url", ""),
            printed_as=source.get("printed", ""),
            position=position,
        )
    article.tags.set(get_or_make_tags(story["tags"]))
    revisions.record(article, by=by)
    return article


def _with_pictures(body: str, pictures: dict[str, Image]) -> str:
    """Put the pictures in that a body of the sample names: <img src="picture:harbour">."""

    def tag(match: re.Match[str]) -> str:
        image = pictures[match[1]]
        return f'<img src="{image.address_in_texts(WIDTHS[-1])}" alt="{escape(image.alt_text)}">'

    return re.sub(r'<img src="picture:(\w+)">', tag, body)


def _import_story(text: dict[str, Any], pictures: dict[str, Image], *, by: User) -> Article:
    """A raw text through the importer, then what an editor adds by hand. Raises ValueError when it is refused."""
    section = Section.objects.get(slug=text["section"])
    raw = (FOLDER / "texts" / text["file"]).read_bytes()
    result = import_text(raw, file_name=text["file"], by=by, section=section)
    if result.article_id is None:
        raise ValueError(f"{text['file']} was refused: {', '.join(result.warnings)}")
    article = Article.objects.get(pk=result.article_id)
    for name in ("headline", "standfirst", "dateline", "lead_caption", "origin"):
        if name in text:
            setattr(article, name, text[name])
    article.lead_image = pictures.get(text.get("picture", ""))
    article.without_picture = article.lead_image is None
    article.save()
    article.tags.add(*get_or_make_tags(text.get("tags", [])))
    revisions.record(article, by=by)
    return article


def _relate(article: Article, related: list[dict[str, Any]], articles: dict[str, Article]) -> None:
    for position, link in enumerate(related):
        RelatedLink.objects.create(
            article=article,
            target=articles.get(link.get("article", "")),
            url=link.get("url", ""),
            title=link.get("title", ""),
            after_block=link.get("after"),
            position=position,
        )


def _bring_to_status(article: Article, story: dict[str, Any], *, now: datetime, by: User) -> None:
    status = story["status"]
    if story.get("breaking"):
        article.breaking_until = now + timedelta(hours=story["breaking_for_hours"])
        article.save(update_fields=["breaking_until"])
    if status == "in_review":
        publishing.submit(article, by=by)
    if status in {"published", "scheduled", "withdrawn"}:
        publishing.publish(article, by=by, at=_ago(now, story))
    # The deeds stamp the present; the sample tells of the past.
    if updated := story.get("updated_hours_ago"):
        Article.objects.filter(pk=article.pk).update(updated_at=now - timedelta(hours=updated))
    if correction := story.get("correction"):
        row = publishing.correct(article, by=by, kind=CorrectionKind(correction["kind"]), note=correction["note"])
        row.at = _ago(now, correction)
        row.save(update_fields=["at"])
        Article.objects.filter(pk=article.pk).update(updated_at=row.at)
    if withdrawn := story.get("withdrawn"):
        publishing.withdraw(article, by=by, note=withdrawn["reason"])
        Article.objects.filter(pk=article.pk).update(withdrawn_at=_ago(now, withdrawn))
        article.corrections.filter(kind=CorrectionKind.RETRACTION).update(at=_ago(now, withdrawn))


def _fill_front(articles: dict[str, Article], *, by: User) -> None:
    for position, slot in enumerate(_read(FOLDER / "site.toml")["front"]):
        FrontSlot.objects.create(place=slot["place"], position=position, article=articles[slot["article"]], set_by=by)


def _lay_on_the_desk(articles: dict[str, Article], *, now: datetime, by: User) -> None:
    desk = _read(FOLDER / "desk.toml")
    for row in desk["changes"]:
        copy = open_changes(articles[row.pop("story")], by=by)
        reason = row.pop("reason")
        for name, value in row.items():
            setattr(copy, name, value)
        copy.save(update_fields=row)
        revisions.record(copy, by=by, reason=reason)
    for row in desk["work"]:
        article = articles[row["story"]]
        article.assigned_to = by
        article.deadline = now + timedelta(hours=row["deadline_in_hours"])
        article.planned_for = (now + timedelta(days=row["planned_in_days"])).date()
        article.save(update_fields=["assigned_to", "deadline", "planned_for"])
    for row in desk["comment"]:
        comment(articles[row["story"]], by=by, text=row["text"], to=by)


def _ago(now: datetime, story: dict[str, Any]) -> datetime:
    return now - timedelta(hours=story["hours_ago"])


def _join_read_also() -> None:
    """A "read also" that names the headline of another sample story leads there."""
    by_headline = {article.headline_key: article for article in Article.objects.exclude(headline="")}
    for link in RelatedLink.objects.filter(target=None, url=""):
        if target := by_headline.get(name_key(link.title)):
            link.target = target
            link.save(update_fields=["target"])
