"""A story and a live coverage as schema.org describes them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from articles.enums import BylineRole, Origin, SourceKind
from articles.models import Article, Attribution, Byline, LiveUpdate
from articles.printed_credits import credit_text
from articles.structured_data.people import author_reference, source_reference
from articles.structured_data.pictures import image_objects
from pages.current import Site
from pages.structured_data import (
    LANGUAGE,
    Data,
    absolute,
    document,
    organization_reference,
    website_reference,
    without_empty,
)
from pages.templatetags.printing import iso_time
from richtext.render import to_text, word_count
from richtext.summary import shorten, summary

# What roles are to schema.org; writers and editors have properties of their own, the others contributed.
_ROLES = {
    BylineRole.WRITING: "author",
    BylineRole.TRANSLATION: "translator",
    BylineRole.EDITING: "editor",
}
_REPUBLISHED = {Origin.AGENCY, Origin.TRANSLATED}


def news_article(article: Article, site: Site, *, updates: Sequence[LiveUpdate] = ()) -> Data:
    """The block of a story that ArticleQuerySet.for_page fetched; `updates` are those that the page shows."""
    kind, kind_fields = _kind(article, updates)
    fields = {
        **_words(article),
        **_times(article, updates),
        **_people(article, site),
        **_origin(article),
        **kind_fields,
        "mainEntityOfPage": {"@type": "WebPage", "@id": absolute(article.get_absolute_url())},
        "isPartOf": website_reference(site),
        "publisher": organization_reference(site),
        "isAccessibleForFree": True,
    }
    return document(kind, **fields)


def description_of(article: Article) -> str:
    """A sentence or two about it, also for search results and shared links."""
    return article.standfirst or summary(article.body)


def _kind(article: Article, updates: Sequence[LiveUpdate]) -> tuple[str, dict[str, Any]]:
    """The type of a story, and what only this type has."""
    if not article.is_coverage:
        return "OpinionNewsArticle" if article.is_opinion else "NewsArticle", {"dateline": article.dateline}
    return "LiveBlogPosting", {
        "coverageStartTime": _iso(article.coverage_started_at),
        "coverageEndTime": _iso(article.coverage_ended_at),
        "contentLocation": {"@type": "Place", "name": article.dateline} if article.dateline else None,
        "liveBlogUpdate": [_update(update) for update in updates],
    }


def _words(article: Article) -> dict[str, Any]:
    image = article.lead_image
    return {
        "headline": article.headline,
        "alternativeHeadline": article.promo_headline,
        "description": description_of(article),
        "url": absolute(article.get_absolute_url()),
        "image": image_objects(image, caption=article.caption) if image else [],
        "inLanguage": LANGUAGE,
        "articleSection": article.section.name if article.section else "",
        "keywords": [tag.name for tag in article.tags.all()],
        "wordCount": word_count(article.body),
        "correction": [
            {
                "@type": "CorrectionComment",
                "name": row.get_kind_display(),
                "text": row.note,
                "datePublished": iso_time(row.at),
            }
            for row in article.corrections.all()
        ],
    }


def _times(article: Article, updates: Iterable[LiveUpdate]) -> dict[str, Any]:
    """The times that readers see: an update too small to be shown is none."""
    changed = article.updated_at if article.shows_update else article.published_at
    posted = [update.changed_at or update.posted_at for update in updates]
    return {
        "datePublished": _iso(article.published_at),
        "dateModified": _iso(max(filter(None, (changed, *posted)), default=None)),
    }


def _people(article: Article, site: Site) -> dict[str, Any]:
    """Who made it; a story that nobody signed is by the newsroom."""
    people: dict[str, list[Data]] = {"author": []}
    for byline in article.bylines.all():
        role = _ROLES.get(BylineRole(byline.role))
        person = author_reference(byline.author)
        people.setdefault(role or "contributor", []).append(person if role else _contribution(byline, person))
    return people | {"author": people["author"] or [organization_reference(site)], "creditText": credit_text(article)}


def _contribution(byline: Byline, person: Data) -> Data:
    """schema.org/Role: a part in it that has no property of its own, by the name that readers know."""
    return {"@type": "Role", "roleName": byline.get_role_display(), "contributor": person}


def _origin(article: Article) -> dict[str, Any]:
    """Where a story came from: what it repeats (`isBasedOn`) or only refers to (`citation`)."""
    taken = [row for row in article.attributions.all() if row.source.kind != SourceKind.OWN]
    works = [_work(row) for row in taken if row.url]
    if article.canonical_url and article.canonical_url not in {row.url for row in taken}:
        works.append({"@type": "CreativeWork", "url": article.canonical_url})
    republished = article.origin in _REPUBLISHED or bool(article.canonical_url)
    return {
        "isBasedOn" if republished else "citation": works,
        "sourceOrganization": [source_reference(row.source) for row in taken] if republished else [],
    }


def _work(attribution: Attribution) -> Data:
    return {"@type": "CreativeWork", "url": attribution.url, "publisher": source_reference(attribution.source)}


def _update(update: LiveUpdate) -> Data:
    text = to_text(update.body)
    return without_empty(
        {
            "@type": "BlogPosting",
            "url": absolute(update.get_absolute_url()),
            "headline": update.headline or shorten(text),
            "datePublished": _iso(update.posted_at),
            "dateModified": _iso(update.changed_at),
            "articleBody": text,
        }
    )


def _iso(moment: datetime | None) -> str:
    return iso_time(moment) if moment else ""
