from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from newsletter.enums import IssueState, SubscriptionStatus


class MailingListQuerySet(models.QuerySet):
    def in_box(self) -> MailingListQuerySet:
        """What the box on the site stands for: the lists marked so, or the first one when none is marked."""
        marked = self.filter(is_default=True)
        first = self.order_by("position", "id").values("pk")[:1]
        return marked if marked.exists() else self.filter(pk__in=first)

    def offered(self) -> MailingListQuerySet:
        return self.filter(is_offered=True)


class SubscriptionQuerySet(models.QuerySet):
    def wanted(self) -> SubscriptionQuerySet:
        return self.exclude(status=SubscriptionStatus.UNSUBSCRIBED)


class ConfirmationRequestQuerySet(models.QuerySet):
    def asked_after(self, moment: datetime) -> ConfirmationRequestQuerySet:
        return self.filter(created_at__gt=moment)

    def asked_by(self, moment: datetime) -> ConfirmationRequestQuerySet:
        return self.filter(created_at__lte=moment)

    def with_mail(self) -> ConfirmationRequestQuerySet:
        """Those that somebody got a mail for: about subscriptions, or with a link to one's own data."""
        about_subscriptions = self.model._default_manager.filter(pk=OuterRef("pk"), subscriptions__isnull=False)
        return self.filter(Exists(about_subscriptions) | Q(sent_at__isnull=False))

    def without_mail(self) -> ConfirmationRequestQuerySet:
        """About no subscription: only there so that a page can answer, or to be counted."""
        return self.filter(subscriptions__isnull=True)

    def unsent(self, *, patience: timedelta, at_most: timedelta) -> ConfirmationRequestQuerySet:
        """Mails promised within `at_most`, not sent, and that nobody has tried to send within `patience`.

        Without those of readers who have unsubscribed since: they asked for silence.
        """
        now = timezone.now()
        wanted = [SubscriptionStatus.PENDING, SubscriptionStatus.CONFIRMED]
        overdue = self.asked_after(now - at_most).filter(sent_at__isnull=True, attempted_at__lte=now - patience)
        return overdue.filter(subscriptions__status__in=wanted).distinct()


class SuppressionQuerySet(models.QuerySet):
    def in_force(self) -> SuppressionQuerySet:
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()))


class IssueQuerySet(models.QuerySet):
    def public(self) -> IssueQuerySet:
        """What the archive shows: issues that have begun to reach readers.

        Also those that were cancelled on their way, since the copies that went out lead to it.
        """
        begun = Q(state__in=[IssueState.SENDING, IssueState.PAUSED, IssueState.FINISHED])
        left = Q(sent_count__gt=0) | Q(uncertain_count__gt=0)
        broken_off = Q(left, state=IssueState.CANCELLED, compiled_at__isnull=False)
        return self.filter(begun | broken_off, started_at__isnull=False, mailing_list__has_archive=True)
