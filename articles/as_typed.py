"""The article that a form describes, held in memory: for previews and for whatever looks at a text while it is written.

Nothing is written, and no row need be there: relations stand in the caches in which prefetch_related puts them, so that
templates, articles.reading, cards and structured data work on it as on a stored one.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import User
from articles.enums import BylineRole, Origin
from articles.models import Article, Attribution, Author, Byline, RelatedLink, Section, Source, Tag, TagAlias
from articles.typed import GROUPS, TIMES, Sent, Text, last, rows_of, text_of
from images.models import Image
from newsroom.lib.fields import KeyField
from newsroom.lib.names import name_key
from newsroom.lib.slugs import slugify
from newsroom.lib.web_addresses import WEB_ADDRESS
from richtext.fields import RichTextFormField

# More are refused by the form (articles.tagging.MAX_TAGS); so many are looked up.
MOST_TAGS = 50
_BODY = RichTextFormField(required=False)
_DATES = ("planned_for",)
_RELATED = ("section_id", "lead_image_id")
# Who has the article in hand decides who may do what with it: that is never believed from a form.
_NOT_BELIEVED = ("assigned_to_id",)


def article_as_typed(data: QueryDict, *, base: Article | None, user: User) -> Article:
    """The form as it was sent, as an Article with its relations; pk of `base`, the stored row, or 0 for a new one.

    What the form does not show is that of `base`. What a field refuses is there as it was typed, where that is
    harmless: a body that cannot be sanitised is empty, an address that is none, an unknown key and a time that cannot
    be read are left out. Links to articles that `user` may not see say nothing about them.
    """
    sent = dict(data.lists())
    article = _copy_of(base, user)
    text = _text(sent)
    for name, value in text.items():
        if name not in GROUPS and name != "tags" and name not in _NOT_BELIEVED:
            setattr(article, name, _value(name, value, article))
    _keep_related(article)
    _keep_slug(article, base)
    for field in article._meta.concrete_fields:
        if isinstance(field, KeyField):
            field.pre_save(article, add=False)
    _hold_relations(article, sent, text, base, user)
    return article


def hold(article: Article, name: str, rows: Sequence[models.Model]) -> None:
    """Put `rows` where prefetch_related would: `article.<name>.all()` is these, without a query."""
    manager: Any = getattr(article, name)
    article._prefetched_objects_cache = getattr(article, "_prefetched_objects_cache", {})  # type: ignore[attr-defined]
    article._prefetched_objects_cache.pop(name, None)  # type: ignore[attr-defined]
    queryset = manager.all()  # bound to this article, should somebody filter it further
    queryset._result_cache, queryset._prefetch_done = list(rows), True
    article._prefetched_objects_cache[name] = queryset  # type: ignore[attr-defined]


def _copy_of(base: Article | None, user: User) -> Article:
    if base is None:
        article = Article(pk=0, created_by=user)
    else:
        article = Article(**{f.attname: getattr(base, f.attname) for f in Article._meta.concrete_fields})
        article._state.adding, article._state.db = False, base._state.db
        article.working_copy_of = base.working_copy_of
    article._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    return article


def _text(sent: Sent) -> Text:
    """articles.typed.text_of, but a body that is refused is none: text_of gives it back as it was typed."""
    text = text_of({name: values for name, values in sent.items() if name != "body"})
    if "body" in sent:
        try:
            text["body"] = _BODY.to_python(last(sent, "body") or "")
        except ValidationError:
            text["body"] = ""
    return text


def _value(name: str, value: Any, article: Article) -> Any:
    if name in TIMES:
        return _moment(value)
    if name in _DATES:
        return _day(value)
    if name == "origin":
        return value if value in Origin.values else Origin.OWN
    if name == "canonical_url":
        return _address(value)
    if name in _RELATED:
        return value if isinstance(value, int) else None
    return "" if value is None else value


def _moment(value: Any) -> datetime | None:
    try:
        moment = parse_datetime(str(value)) if value else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _address(value: Any) -> str:
    """No address that a click would not survive: `javascript:` and the like."""
    try:
        WEB_ADDRESS(value)
    except ValidationError:
        return ""
    return str(value)


def _keep_related(article: Article) -> None:
    """Fetch what two columns name, as for_page does; what is not there is not chosen."""
    article.section = Section.objects.filter(pk=article.section_id).first() if article.section_id else None
    pictures = Image.objects.select_related("source", "author")
    article.lead_image = pictures.filter(pk=article.lead_image_id).first() if article.lead_image_id else None


def _keep_slug(article: Article, base: Article | None) -> None:
    """The name in the address as saving would make it (ArticleForm, SlugFromField)."""
    follows = base is not None and not base.story.was_published and article.slug == base.slug == slugify(base.headline)
    if follows:
        article.slug = ""
    field: Any = article._meta.get_field("slug")
    field.pre_save(article, add=False)


def _hold_relations(article: Article, sent: Sent, text: Text, base: Article | None, user: User) -> None:
    hold(article, "tags", _tags(text["tags"]) if "tags" in text else list(base.tags.all()) if base else [])
    bylines = _bylines(article, sent) if "bylines" in text else _stored(base, "bylines", "author__portrait")
    hold(article, "bylines", bylines)
    attributions = _attributions(article, sent) if "attributions" in text else _stored(base, "attributions", "source")
    hold(article, "attributions", attributions)
    hold(article, "related_links", _links(article, sent if "related_links" in text else None, base, user))
    hold(article, "corrections", list(base.story.corrections.all()) if base else [])
    article.card_bylines = [row for row in bylines if row.role == BylineRole.WRITING]  # type: ignore[attr-defined]


def _stored(base: Article | None, name: str, *related: str) -> list[Any]:
    return list(getattr(base, name).select_related(*related)) if base else []


def _tags(names: Sequence[str]) -> list[Tag]:
    """The tag of each name, by its folded name or alias as articles.tagging finds it; a new one is not stored."""
    keys = {name_key(name): name for name in names[:MOST_TAGS]}
    found = {row.name_key: row.tag for row in TagAlias.objects.filter(name_key__in=keys).select_related("tag")}
    found |= {tag.name_key: tag for tag in Tag.objects.filter(name_key__in=keys)}
    tags = [found.get(key) or _new_tag(name) for key, name in keys.items()]
    once = {tag.name_key: tag for tag in tags}.values()
    return sorted(once, key=lambda tag: tag.sort_key)


def _new_tag(name: str) -> Tag:
    tag = Tag(name=name, slug=slugify(name) or "-")
    for field in tag._meta.concrete_fields:
        if isinstance(field, KeyField):
            field.pre_save(tag, add=True)
    return tag


def _bylines(article: Article, sent: Sent) -> list[Byline]:
    rows = _rows("bylines", sent)
    authors = Author.objects.select_related("portrait").in_bulk([row["author_id"] for _pk, row in rows])
    return [
        Byline(
            pk=pk,
            article=article,
            author=authors[row["author_id"]],
            role=row["role"] if row["role"] in BylineRole.values else BylineRole.WRITING,
            position=row["position"],
        )
        for pk, row in rows
        if row["author_id"] in authors
    ]


def _attributions(article: Article, sent: Sent) -> list[Attribution]:
    rows = _rows("attributions", sent)
    sources = Source.objects.in_bulk([row["source_id"] for _pk, row in rows])
    return [
        Attribution(
            pk=pk,
            article=article,
            source=sources[row["source_id"]],
            url=_address(row["url"]),
            printed_as=row["printed_as"],
            position=row["position"],
        )
        for pk, row in rows
        if row["source_id"] in sources
    ]


def _links(article: Article, sent: Sent | None, base: Article | None, user: User) -> list[RelatedLink]:
    """Rows of the form, or without one those that are stored; of an article that `user` may not see its key alone."""
    own = {link.pk: link for link in base.related_links.all()} if base else {}
    rows = _rows("related_links", sent) if sent is not None else [(pk, _row_of(link)) for pk, link in own.items()]
    targets = Article.objects.visible_to(user).stories().defer("body")
    visible = targets.in_bulk([row["target_id"] for _pk, row in rows if row["target_id"]])
    links = []
    for pk, row in rows:
        target, stored = visible.get(row["target_id"]), own.get(pk or 0)
        if row["target_id"] and target is None:
            # Somebody else's link may stay in this article; nobody learns of an article by naming its key.
            if stored is None or stored.target_id != row["target_id"]:
                continue
            target = Article(pk=stored.target_id, headline=_("an article that you may not see"))
        if target is not None or row["title"]:
            columns = {name: row[name] for name in ("title", "after_block", "position")}
            links.append(RelatedLink(pk=pk, article=article, target=target, url=_address(row["url"]), **columns))
    return links


def _row_of(link: RelatedLink) -> dict[str, Any]:
    return {name: getattr(link, name) for name in ("target_id", *GROUPS["related_links"].fields)}


def _rows(group: str, sent: Sent) -> list[tuple[int | None, dict[str, Any]]]:
    """The rows of an inline in the order of their positions; numbers that are none count as nothing."""
    rows = rows_of(group, sent)
    for _pk, row in rows:
        for name in ("position", "after_block"):
            if name in row and not isinstance(row[name], int):
                row[name] = 0 if name == "position" else None
    return sorted(rows, key=lambda each: each[1]["position"])
