"""The saved versions of a story: listed, shown, compared two and two, restored.

A version is asked for by its number within one story, never by a key of its own: that would be a way into the
versions of other stories (compare CVE-2026-44197).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts.models import User
from articles.admin.staff import member, seen_version
from articles.approvals import SEEN_BY_READERS
from articles.comparing import changed_fields, compare, describe, label
from articles.enums import RevisionAction
from articles.mending import told
from articles.models import Article, Revision
from articles.permissions import may_edit, may_open_changes, may_see_papers
from articles.publishing import NotReady, WrongState
from articles.restoring import restore_version
from audit.models import AuditEntry
from newsroom.lib.mended_forms import Told
from pages.templatetags.printing import print_digits
from richtext.render import blocks

PAGE_SIZE = 50
MOST_DEEDS = 50


@dataclass(frozen=True)
class Entry:
    """A line of the history. `changed` holds labels of fields; `previous` is the version they are counted from."""

    revision: Revision
    changed: list[str]
    previous: int | None
    mended: list[Told]


def history_page(request: HttpRequest, article: Article, site: AdminSite) -> HttpResponse:
    """The versions of a story, the newest first, with what each changed; two of them can be chosen."""
    story = _story(request, article)
    page = Paginator(story.revisions.select_related("by").order_by("-version"), PAGE_SIZE).get_page(
        request.GET.get("p")
    )
    shown = list(page.object_list)
    context = _context(request, story, site, _("Versions of the article")) | {
        "page": page,
        "page_numbers": page.paginator.get_elided_page_range(page.number),
        "entries": _entries(shown, _before(story, shown)),
        "newest": shown[0].version if shown else None,
        "chosen": _chosen(shown),
        "deeds": AuditEntry.objects.about(story)[:MOST_DEEDS] if page.number == 1 else (),
    }
    return TemplateResponse(request, "admin/articles/article/history.html", context)


def compare_page(request: HttpRequest, article: Article, site: AdminSite) -> HttpResponse:
    """Two versions side by side: `?old=3&new=7`, in whichever order."""
    story = _story(request, article)
    versions = list(story.revisions.order_by("version").values_list("version", flat=True))
    asked = _two(request, versions)
    if asked is None:
        messages.error(request, _("Choose two different versions of this article to compare."))
        return redirect("admin:articles_article_history", story.pk)
    found = {revision.version: revision for revision in story.revisions.filter(version__in=asked).select_related("by")}
    old, new = (found[version] for version in asked)
    steps = list(pairwise(versions))
    title = _("Version %(new)s compared with version %(old)s") % {
        "old": print_digits(old.version),
        "new": print_digits(new.version),
    }
    context = _context(request, story, site, title) | {
        "old": old,
        "new": new,
        "changes": compare(old.data, new.data, by=member(request)),
        "earlier": next((step for step in steps if step[1] == old.version), None),
        "later": next((step for step in steps if step[0] == new.version), None),
    }
    return TemplateResponse(request, "admin/articles/article/compare.html", context)


def revision_page(request: HttpRequest, article: Article, site: AdminSite, version: int) -> HttpResponse:
    """One version, to read."""
    story = _story(request, article)
    revision = get_object_or_404(story.revisions.select_related("by"), version=version)
    neighbours = story.revisions.values_list("version", flat=True)
    title = _("Version %(version)s") % {"version": print_digits(version)}
    context = _context(request, story, site, title) | {
        "revision": revision,
        "mended": told(revision.mended),
        "fields": describe(revision.data, by=member(request)),
        "body": blocks(revision.data.get("body", "")),
        "earlier": neighbours.filter(version__lt=version).order_by("-version").first(),
        "later": neighbours.filter(version__gt=version).order_by("version").first(),
    }
    return TemplateResponse(request, "admin/articles/article/revision.html", context)


def restore_page(request: HttpRequest, article: Article, site: AdminSite, version: int) -> HttpResponse:
    """Say what a restored version replaces and ask; POST restores it."""
    story = _story(request, article)
    if not _may_restore(member(request), story):
        raise PermissionDenied
    revision = get_object_or_404(story.revisions.select_related("by"), version=version)
    if request.method == "POST":
        return _restore(request, story, version)
    context = _context(request, story, site, _("Restore version %(version)s?") % {"version": print_digits(version)}) | {
        "revision": revision,
        "changes": Article.objects.filter(working_copy_of=story).first(),
        "differs": _differences(story, revision),
    }
    return TemplateResponse(request, "admin/articles/article/restore.html", context)


def _story(request: HttpRequest, article: Article) -> Article:
    """The story of a page. Whoever may read an article may not read its older versions for that."""
    if not may_see_papers(member(request), article):
        raise PermissionDenied
    return article.story


def _may_restore(user: User, story: Article) -> bool:
    """A published story is restored into its changes; those that are open must be one's own to write in."""
    if not story.is_published:
        return may_edit(user, story)
    changes = Article.objects.filter(working_copy_of=story).first()
    return may_open_changes(user, story) and (changes is None or may_edit(user, changes))


def _restore(request: HttpRequest, story: Article, version: int) -> HttpResponseRedirect:
    try:
        restored, lost = restore_version(story, version, by=member(request), seen=seen_version(request))
    except (NotReady, WrongState) as error:
        messages.error(request, str(error))
        return redirect("admin:articles_article_history", story.pk)
    said = _("Version %(version)s is restored. Read it before you go on.") % {"version": print_digits(version)}
    messages.success(request, said)
    for sentence in lost:
        messages.warning(request, sentence)
    return redirect("admin:articles_article_change", restored.pk)


def _context(request: HttpRequest, story: Article, site: AdminSite, title: str) -> dict[str, Any]:
    return site.each_context(request) | {
        "title": title,
        "opts": Article._meta,
        "story": story,
        "may_restore": _may_restore(member(request), story),
    }


def _two(request: HttpRequest, versions: Sequence[int]) -> list[int] | None:
    """The two versions that were asked for, the older first; None unless this story has both."""
    try:
        asked = sorted({int(request.GET.get(name, "")[:10]) for name in ("old", "new")})
    except ValueError:
        return None
    return asked if len(asked) == 2 and set(asked) <= set(versions) else None


def _chosen(shown: Sequence[Revision]) -> tuple[int, ...]:
    """The versions that are chosen at first: what readers saw before, and what they saw since; else the newest two."""
    seen = [revision.version for revision in shown if revision.action in SEEN_BY_READERS][:2]
    newest = [revision.version for revision in shown[:2]]
    return tuple(sorted(seen if len(seen) == 2 else newest))


def _entries(shown: Sequence[Revision], before: Sequence[Revision]) -> list[Entry]:
    entries = []
    for place, revision in enumerate(shown):
        previous = _previous(revision, [*shown[place + 1 :], *before])
        changed = changed_fields(previous.data, revision.data) if previous else []
        labels = [label(name) for name in changed]
        entries.append(Entry(revision, labels, previous.version if previous else None, told(revision.mended)))
    return entries


def _previous(revision: Revision, earlier: Iterable[Revision]) -> Revision | None:
    """What a version was made from: the story from the story, changes from changes or from what readers saw."""
    of_story = None
    for other in earlier:
        if other.is_of_changes == revision.is_of_changes:
            return other
        if revision.is_of_changes:
            of_story = of_story or other
            if other.action == RevisionAction.CHANGES_PUBLISHED:
                break
    return of_story


def _before(story: Article, shown: Sequence[Revision]) -> list[Revision]:
    """The newest versions of both kinds before those of a page, for what its last lines changed."""
    if not shown:
        return []
    earlier = story.revisions.filter(version__lt=shown[-1].version).order_by("-version")
    found = [earlier.filter(is_of_changes=is_of_changes).first() for is_of_changes in (False, True)]
    return sorted((revision for revision in found if revision), key=lambda revision: -revision.version)


def _differences(story: Article, revision: Revision) -> list[str]:
    """Labels of what restoring changes in the newest version."""
    newest = story.revisions.order_by("-version").first()
    names = changed_fields(newest.data, revision.data) if newest else []
    return [label(name) for name in names if name not in {"status", "publish_at"}]
