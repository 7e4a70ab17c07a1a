"""Make one tag of two: what carried the one carries the other, and old addresses and words lead there."""

from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from articles.feeds.urls import FILES
from articles.models import Article, PartnerFeed, Tag, TagAlias, TaggedArticle
from articles.publishing import NotAllowed
from articles.search.indexing import forget
from audit.enums import Action
from audit.recording import log
from newsroom.lib.addresses import read_address
from newsroom.lib.generations import bump
from newsroom.lib.scopes import STORIES, stories_of
from pages.models import NavigationItem, Redirect

MERGE = "articles.delete_tag"


class CannotMerge(Exception):
    """The two are one already, or one of them is not there any more. The message is for people."""


@dataclass(frozen=True)
class Counts:
    """What a merge moves."""

    articles: int  # working copies among them
    in_both: int
    aliases: int
    feeds: int


def counts(tag: Tag, into: Tag) -> Counts:
    both = TaggedArticle.objects.filter(tag=into, content_object__tagged_items__tag=tag)
    return Counts(
        articles=tag.tagged_articles.count(),
        in_both=both.count(),
        aliases=tag.aliases.count(),
        feeds=PartnerFeed.objects.filter(tags=tag).count(),
    )


def may_merge(user: User) -> bool:
    """A tag goes for good, and its page leads elsewhere: the right to delete tags."""
    return user.has_perm(MERGE) and user.has_perm("articles.change_tag")


@transaction.atomic
def merge(tag: Tag, *, into: Tag, by: User) -> Tag:
    """Put everything of `tag` on `into`; its name and aliases become aliases, its page and feeds redirects.

    Versions hold names: restored ones find the survivor by the alias. The articles' search documents are made anew
    within a minute. It cannot be undone. Returns the survivor. Raises NotAllowed, CannotMerge.
    """
    if not may_merge(by):
        raise NotAllowed
    rows = {row.pk: row for row in Tag.objects.select_for_update().filter(pk__in=[tag.pk, into.pk]).order_by("pk")}
    if len(rows) < 2:
        raise CannotMerge(_("Choose two tags that are there."))
    tag, into = rows[tag.pk], rows[into.pk]
    moved = counts(tag, into)
    forget(Article.objects.filter(tagged_items__tag=tag))
    _move_articles(tag, into)
    _move_feeds(tag, into)
    _move_words(tag, into)
    _lead_on(tag, into)
    note = _("articles: %(articles)s, aliases: %(aliases)s") % {"articles": moved.articles, "aliases": moved.aliases}
    log(Action.MERGED, by=by, subject=into, before=tag.name, after=into.name, note=note)
    Tag.objects.filter(pk=tag.pk).delete()
    transaction.on_commit(partial(bump, STORIES, stories_of(Tag, into.pk)))
    return into


def _move_articles(tag: Tag, into: Tag) -> None:
    """No article carries a tag twice."""
    has_both = TaggedArticle.objects.filter(tag=into).values("content_object")
    tag.tagged_articles.filter(content_object__in=has_both).delete()
    tag.tagged_articles.update(tag=into)


def _move_feeds(tag: Tag, into: Tag) -> None:
    through = PartnerFeed.tags.through.objects
    through.filter(tag=tag, partnerfeed__in=through.filter(tag=into).values("partnerfeed")).delete()
    through.filter(tag=tag).update(tag=into)


def _move_words(tag: Tag, into: Tag) -> None:
    tag.aliases.filter(name_key=into.name_key).delete()
    tag.aliases.update(tag=into)
    if not TagAlias.objects.filter(name_key=tag.name_key).exists():
        TagAlias.objects.create(tag=into, name=tag.name)


def _lead_on(tag: Tag, into: Tag) -> None:
    """For good, in one step: what led to the old address leads to the new one."""
    for old, new in zip(_addresses(tag), _addresses(into), strict=True):
        path = read_address(old)
        Redirect.objects.filter(old_path__in={new, read_address(new)}).delete()  # the survivor lives there
        for redirect in Redirect.objects.filter(new_path__in={old, path}):
            redirect.new_path = read_address(new)
            redirect.save(update_fields=["new_path", "words_key"])
        row = Redirect.objects.filter(old_path__in={old, path}).first() or Redirect(old_path=path)
        row.new_path = read_address(new)
        row.save()
        for item in NavigationItem.objects.filter(path__in={old, path}):
            item.path = new
            item.save(update_fields=["path"])


def _addresses(tag: Tag) -> list[str]:
    """Of its page and its feeds."""
    return [tag.get_absolute_url(), *(reverse(f"articles:tag_{form}", args=[tag.slug]) for form in FILES)]
