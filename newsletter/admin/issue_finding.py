"""Articles that an issue could be made of: found by words, or pulled from a section and the last hours."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.admin import widgets
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Section
from articles.search import LONGEST, current_vocabulary, find, parse
from newsletter.composing import earlier_issues
from newsletter.models import Issue
from newsletter.picking import candidates
from newsroom.lib.forms import LineField

MOST_FOUND = 30
SHORTEST = 24  # hours
HOURS = (
    (24, _("the last 24 hours")),
    (48, _("the last 48 hours")),
    (72, _("the last three days")),
    (168, _("the last week")),
)


class FindForm(forms.Form):
    """`q` for words; `section` and `hours` for a pull."""

    q = LineField(
        label=_("Words of an article"),
        required=False,
        max_length=LONGEST,
        widget=widgets.AdminTextInputWidget(attrs={"dir": "rtl", "autocomplete": "off"}),
    )
    section = forms.ModelChoiceField(
        label=_("From the section"), required=False, queryset=Section.objects.all(), empty_label=_("all sections")
    )
    hours = forms.ChoiceField(label=_("published in"), required=False, choices=HOURS)
    fresh = forms.BooleanField(label=_("without what an earlier issue had"), required=False)


@dataclass(frozen=True)
class Hit:
    """An article on offer. `issue` had it before; `is_in` says that this one has it."""

    article: Article
    issue: Issue | None
    is_in: bool
    is_ticked: bool


@dataclass(frozen=True)
class Offer:
    """What was asked for, and the answer; `hits` is None where nothing was asked for."""

    form: FindForm
    hits: list[Hit] | None = None
    is_pull: bool = False
    is_more: bool = False


def address_of(data: Any, *, pull: bool) -> str:
    """What the boxes of the page ask for, as a query: the answer is a page that can be loaded again."""
    names = ("section", "hours", "fresh") if pull else ("q",)
    asked = {name: value for name in names if (value := data.get(f"find-{name}", "")[:LONGEST])}
    return urlencode(asked | ({"pull": "1"} if pull else {}))


def offer(issue: Issue, query: Any) -> Offer:
    """`query` is that of the address (request.GET)."""
    is_pull = "pull" in query
    if not is_pull and not query.get("q"):
        return Offer(
            FindForm(
                initial={"section": issue.mailing_list.section_id, "hours": SHORTEST, "fresh": True}, prefix="find"
            )
        )
    data = {f"find-{name}": query.get(name, "") for name in ("q", "section", "hours", "fresh")}
    form = FindForm(data, prefix="find")
    if not form.is_valid():
        return Offer(form, [], is_pull)
    found = _pulled(issue, form.cleaned_data) if is_pull else _found(form.cleaned_data["q"])
    return Offer(form, _hits(issue, found[:MOST_FOUND]), is_pull, is_more=len(found) > MOST_FOUND)


def _pulled(issue: Issue, asked: dict[str, Any]) -> list[Article]:
    mailing_list = copy(issue.mailing_list)
    mailing_list.section = asked["section"]
    since = timezone.now() - timedelta(hours=int(asked["hours"] or SHORTEST))
    articles = candidates(mailing_list=mailing_list, since=since, leaves_out_sent=asked["fresh"])
    return list(articles.select_related("section").defer("body")[: MOST_FOUND + 1])


def _found(typed: str) -> list[Article]:
    words = current_vocabulary()
    ids = find(parse(typed, words.analyser, words.synonyms, is_unfinished=True)).ids[: MOST_FOUND + 1]
    articles = Article.objects.published().select_related("section").defer("body").in_bulk(ids)
    return [articles[pk] for pk in ids if pk in articles]


def _hits(issue: Issue, articles: Sequence[Article]) -> list[Hit]:
    ids = [article.pk for article in articles]
    earlier = earlier_issues(issue, ids)
    here = set(issue.items.filter(article__in=ids).values_list("article_id", flat=True))
    # What nobody has had yet, as many as an issue of this list usually has.
    fresh = [pk for pk in ids if pk not in earlier and pk not in here][: issue.mailing_list.digest_most]
    return [Hit(each, earlier.get(each.pk), each.pk in here, each.pk in fresh) for each in articles]
