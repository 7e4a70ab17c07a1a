"""Which fields the form shows, by where the article stands and who looks at it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from articles.enums import Status
from articles.models import Article
from articles.permissions import may_edit, may_publish
from articles.staffing import may_assign
from articles.stages import Stage, stage_of
from newsroom.lib.admin_dates import day_column, moment_column, number_column
from newsroom.lib.zones import city_of
from pages.current import current_site

Fieldset = tuple[Any, dict[str, Any]]
Name = str | Callable[[Article], str]

_TEXT: Fieldset = (
    pgettext_lazy("fieldset", "Text"),
    {"fields": ("kicker", "headline", "standfirst", "key_points", "dateline", "body")},
)
_TEXT_TO_READ: Fieldset = (
    _TEXT[0],
    {"fields": ("kicker", "headline", "standfirst", "key_points", "dateline", "shown_body")},
)
_PAPERS: Fieldset = (
    pgettext_lazy("fieldset", "Section, tags and picture"),
    {"fields": ("section", "tags", "origin", "lead_image", "lead_caption", "without_picture")},
)
_MORE: Fieldset = (
    pgettext_lazy("fieldset", "More"),
    {
        "classes": ("collapse",),
        "fields": (
            "promo_headline",
            "slug",
            "canonical_url",
            "created_by",
            "created_at",
            "saved_at",
            "version",
        ),
    },
)
_WORK: Fieldset = (
    pgettext_lazy("fieldset", "Work"),
    {"fields": ("assigned_to", "deadline", "planned_for")},
)
_CORRECTION: Fieldset = (
    pgettext_lazy("fieldset", "Correct"),
    {"fields": ("correction_kind", "correction_note")},
)
_WITHDRAWAL: Fieldset = (
    pgettext_lazy("fieldset", "Withdraw"),
    {"fields": ("withdrawal_reason",)},
)
_RETURN: Fieldset = (
    pgettext_lazy("fieldset", "Return to draft"),
    {"fields": ("return_reason",)},
)
_WORDS_OF_DEEDS = {"correction_kind", "correction_note", "withdrawal_reason", "return_reason"}
_MACHINERY = ("stage", "created_by", "created_at", "saved_at", "version")


def _named(field: str) -> Any:
    return Article._meta.get_field(field).verbose_name  # type: ignore[union-attr]


@admin.display(description=_named("tags"))
def tags(article: Article) -> str:
    return "، ".join(sorted(tag.name for tag in article.tags.all())) or "—"


# What is only read is printed as the site prints it: Django's Arabic has other digits, and commas of Latin.
_PRINTED: dict[str, Callable[[Article], str]] = {
    **{
        name: moment_column(name, _named(name))
        for name in ("publish_at", "embargo_until", "breaking_until", "deadline", "created_at", "saved_at")
    },
    "planned_for": day_column("planned_for", _named("planned_for")),
    "version": number_column("version", _named("version")),
    "tags": tags,
}


def fieldsets_for(article: Article | None, user: User) -> list[Fieldset]:
    """With what prints a field in the place of one that is only read."""
    read = set(_readonly(article, user))
    return [
        (title, options | {"fields": tuple(_printed(name) if name in read else name for name in options["fields"])})
        for title, options in _fieldsets(article, user)
    ]


def readonly_for(article: Article | None, user: User) -> tuple[Name, ...]:
    return tuple(map(_printed, _readonly(article, user)))


def _printed(name: str) -> Name:
    return _PRINTED.get(name, name)


def _fieldsets(article: Article | None, user: User) -> list[Fieldset]:
    if article and not may_edit(user, article):
        shown = [_TEXT_TO_READ, _PAPERS, _times(article)]
    else:
        shown = [_TEXT, _PAPERS, _times(article)]
    if not (article and article.is_published) and (article or may_assign(user)):
        shown += [_WORK]
    if article and may_publish(user):
        match stage_of(article):
            case Stage.PUBLISHED:
                shown += [_CORRECTION, _WITHDRAWAL]
            case Stage.IN_REVIEW:
                shown += [_RETURN]
    return [*shown, _MORE]


def _times(article: Article | None) -> Fieldset:
    zone = city_of(current_site().settings.time_zone)
    # Changes have no time of their own but that of their schedule.
    is_copy = article is not None and article.is_working_copy
    times = ("embargo_until", "breaking_until") if is_copy else ("publish_at", "embargo_until", "breaking_until")
    return (
        pgettext_lazy("fieldset", "Publication"),
        {
            "fields": ("stage", *times),
            "description": _("Times in the time zone of the site: %(zone)s") % {"zone": zone},
        },
    )


def _readonly(article: Article | None, user: User) -> tuple[str, ...]:
    """What readers see is only read here; words of deeds stay open.

    The time of an approved article is chosen on the page that publishes, work is given by those who may.
    """
    if article is None or may_edit(user, article):
        settled = ("publish_at",) if article and article.status == Status.APPROVED else ()
        return (*_MACHINERY, *settled, *(() if may_assign(user) else _WORK[1]["fields"]))
    shown = _fieldsets(article, user)
    names = {name for _title, options in shown for name in options["fields"]} - _WORDS_OF_DEEDS
    return (*_MACHINERY, *sorted(names - set(_MACHINERY)))
