"""Pages of the tags: proposals while one is typed, tags that resemble each other, and making one of two."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from articles.admin.staff import member
from articles.models import Tag, TagAlias
from articles.near_tags import similar_tags
from articles.tag_merging import CannotMerge, counts, may_merge, merge
from articles.tag_uses import uses_of
from articles.templatetags.counting import article_count
from newsroom.lib.arabic import fold
from newsroom.lib.keys import read_key
from newsroom.lib.names import name_filter, name_key

MOST_WORDS = 10
# Tags that one page of similar ones looks at, newest first.
LOOKED_AT = 50


@dataclass(frozen=True)
class Used:
    tag: Tag
    uses: int


def words(desk: Any, request: HttpRequest) -> HttpResponse:
    """Known tags for what is being typed: their names, how often they are used, and the alias that was meant."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    term = request.GET.get("term", "")
    found, _may_repeat = desk.get_search_results(request, desk.get_queryset(request), term)
    tags = list(found[:MOST_WORDS])
    uses = uses_of(tags)
    said = TagAlias.objects.filter(name_filter(term), tag__in=tags).order_by("-pk").values_list("tag", "name")
    aliases = dict(said)
    results = [
        {"text": tag.name, "uses": article_count(uses[tag.pk]), "alias": aliases.get(tag.pk, "")} for tag in tags
    ]
    return JsonResponse({"results": results})


def near_of(form: Any) -> dict[str, Any] | None:
    """What a form asks about its name: the tags that it resembles, and the name that would be a new one."""
    near = getattr(form, "near", [])
    if not near:
        return None
    name = str(form.data.get("name", ""))
    return {"tags": _used(near), "name": name, "key": fold(name)}


def merge_selected(request: HttpRequest, chosen: QuerySet) -> HttpResponse | None:
    """From the list to the page that asks: what is used less goes into what is used more."""
    tags = list(chosen[:3])
    if len(tags) != 2:
        messages.warning(request, _("Choose exactly two tags to merge."))
        return None
    into, tag = sorted(_used(tags), key=lambda one: (-one.uses, one.tag.pk))
    return HttpResponseRedirect(_merge_address(tag.tag, into.tag))


def merge_page(request: HttpRequest, object_id: int, site: AdminSite) -> HttpResponse:
    """GET asks which tag, then says what will happen; POST does it."""
    if not may_merge(member(request)):
        raise PermissionDenied
    tag = get_object_or_404(Tag, pk=object_id)
    if request.method == "POST":
        return _merge(request, tag)
    typed = request.GET.get("into", "").strip()
    into = _said(typed)
    if typed and (into is None or into == tag):
        messages.warning(request, _("Choose another tag that exists."))
        into = None
    context = site.each_context(request) | {
        "title": _("Merge a tag into another"),
        "opts": Tag._meta,
        "tag": tag,
        "into": into,
        "typed": typed,
        "counts": counts(tag, into) if into else None,
        "other_way": _merge_address(into, tag) if into else "",
    }
    return TemplateResponse(request, "admin/articles/tag/merge.html", context)


def similar_page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Tags that resemble another, the newest first; each page looks at so many of them."""
    if not may_merge(member(request)):
        raise PermissionDenied
    before = read_key(request.GET.get("before", ""))
    rows = Tag.objects.order_by("-pk")
    looked_at = list((rows.filter(pk__lt=before) if before else rows)[:LOOKED_AT])
    context = site.each_context(request) | {
        "title": _("Similar tags"),
        "opts": Tag._meta,
        "pairs": _pairs(looked_at),
        "next": looked_at[-1].pk if len(looked_at) == LOOKED_AT else None,
    }
    return TemplateResponse(request, "admin/articles/tag/similar.html", context)


def _merge(request: HttpRequest, tag: Tag) -> HttpResponse:
    into = get_object_or_404(Tag, pk=read_key(request.POST.get("into", "")))
    if into == tag:
        return redirect("admin:articles_tag_merge", tag.pk)
    try:
        merge(tag, into=into, by=member(request))
    except CannotMerge as error:
        messages.error(request, str(error))
        return redirect("admin:articles_tag_changelist")
    messages.success(request, _("“%(tag)s” is “%(into)s” now.") % {"tag": tag, "into": into})
    return redirect("admin:articles_tag_change", into.pk)


def _pairs(tags: list[Tag]) -> list[tuple[Used, Used, str]]:
    """(used less, used more, address of the page that merges them), each pair once."""
    by_name = {tag.name: tag for tag in tags}
    similar = similar_tags(tags)
    near = {frozenset((by_name[name], other)) for name, others in similar.items() for other in others}
    used = {one.tag: one for one in _used({tag for pair in near for tag in pair})}
    pairs = [sorted(pair, key=lambda tag: (used[tag].uses, -tag.pk)) for pair in near]
    pairs.sort(key=lambda pair: -max(tag.pk for tag in pair))
    return [(used[less], used[more], _merge_address(less, more)) for less, more in pairs]


def _used(tags: Any) -> list[Used]:
    uses = uses_of(tags)
    return [Used(tag, uses[tag.pk]) for tag in tags]


def _merge_address(tag: Tag, into: Tag) -> str:
    return f"{reverse('admin:articles_tag_merge', args=[tag.pk])}?{urlencode({'into': into.name})}"


def _said(typed: str) -> Tag | None:
    """The tag that was typed, by its name or an alias."""
    key = name_key(typed.rstrip("،, "))
    if not key:
        return None
    alias = TagAlias.objects.filter(name_key=key).select_related("tag").first()
    return Tag.objects.filter(name_key=key).first() or (alias.tag if alias else None)
