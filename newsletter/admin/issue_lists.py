"""The first step of a new issue: for which list."""

from dataclasses import dataclass

from django import forms
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from newsletter.enums import IssueState, SubscriptionStatus
from newsletter.models import Issue, MailingList


class ListForm(forms.Form):
    mailing_list = forms.ModelChoiceField(
        label=_("mailing list"),
        queryset=MailingList.objects.all(),
        error_messages={"required": _("Choose the mailing list of the issue.")},
    )


@dataclass(frozen=True)
class Choice:
    """A list, how many readers have confirmed, and what they got last; `drafts` wait for somebody to go on."""

    mailing_list: MailingList
    readers: int
    last: Issue | None
    drafts: list[Issue]


def choices() -> list[Choice]:
    confirmed = Count("subscriptions", filter=Q(subscriptions__status=SubscriptionStatus.CONFIRMED))
    lists = MailingList.objects.annotate(readers=confirmed).order_by("position", "id")
    return [Choice(each, each.readers, _last(each), _drafts(each)) for each in lists]


def _last(mailing_list: MailingList) -> Issue | None:
    return mailing_list.issues.filter(started_at__isnull=False).order_by("-started_at").first()


def _drafts(mailing_list: MailingList) -> list[Issue]:
    return list(mailing_list.issues.filter(state=IssueState.DRAFT).order_by("-id")[:3])
