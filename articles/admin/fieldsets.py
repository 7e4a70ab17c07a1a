"""Which fields the form shows, by where the article stands and who looks at it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from articles.admin.stages import Stage, stage_of
from articles.models import Article
from articles.permissions import may_edit, may_publish
from pages.current import current_site

Fieldset = tuple[Any, dict[str, Any]]

_TEXT: Fieldset = (
    pgettext_lazy("fieldset", "Text"),
    {"fields": ("kicker", "headline", "standfirst", "dateline", "body")},
)
_TEXT_TO_READ: Fieldset = (
    _TEXT[0],
    {"fields": ("kicker", "headline", "standfirst", "dateline", "shown_body")},
)
_PAPERS: Fieldset = (
    pgettext_lazy("fieldset", "Section, tags and picture"),
    {"fields": ("section", "tags", "origin", "lead_image", "lead_caption")},
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
_CHANGE: Fieldset = (pgettext_lazy("fieldset", "This change"), {"fields": ("change_kind",)})
_CORRECTION: Fieldset = (
    pgettext_lazy("fieldset", "Correct"),
    {"classes": ("collapse",), "fields": ("correction_kind", "correction_note")},
)
_WITHDRAWAL: Fieldset = (
    pgettext_lazy("fieldset", "Withdraw"),
    {"classes": ("collapse",), "fields": ("withdrawal_reason",)},
)
_RETURN: Fieldset = (
    pgettext_lazy("fieldset", "Return to draft"),
    {"classes": ("collapse",), "fields": ("return_reason",)},
)
_MACHINERY = ("stage", "created_by", "created_at", "saved_at", "version")


def fieldsets_for(article: Article | None, user: User) -> list[Fieldset]:
    if article and not may_edit(user, article):
        return [_TEXT_TO_READ, _PAPERS, _times(), _MORE]
    shown = [_TEXT, _PAPERS, _times()]
    if article and may_publish(user):
        match stage_of(article):
            case Stage.PUBLISHED:
                shown += [_CHANGE, _CORRECTION, _WITHDRAWAL]
            case Stage.IN_REVIEW:
                shown += [_RETURN]
    return [*shown, _MORE]


def _times() -> Fieldset:
    zone = current_site().settings.time_zone
    return (
        pgettext_lazy("fieldset", "Publication"),
        {
            "fields": ("stage", "publish_at", "embargo_until", "breaking_until"),
            "description": _("Times in the time zone of the site: %(zone)s") % {"zone": zone},
        },
    )


def readonly_for(article: Article | None) -> tuple[str, ...]:
    """Of a published article the time is settled: it is withdrawn and published again, never moved."""
    return (*_MACHINERY, "publish_at") if article and article.is_published else _MACHINERY
