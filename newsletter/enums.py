from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SubscriptionStatus(models.TextChoices):
    """Pending until the owner of the address has pressed the button; only confirmed ones are ever mailed."""

    PENDING = "pending", _("waiting for confirmation")
    CONFIRMED = "confirmed", _("confirmed")
    UNSUBSCRIBED = "unsubscribed", _("unsubscribed")


class Frequency(models.TextChoices):
    """How many issues of a list a reader takes at most."""

    EACH = "each", _("every issue")
    DAILY = "daily", _("one a day at most")
    WEEKLY = "weekly", _("one a week at most")


class EndReason(models.TextChoices):
    """Why a subscription ended. The first ones are what readers choose from; '' when nobody said."""

    TOO_MANY = "too_many", _("Too many messages")
    NOT_INTERESTED = "not_interested", _("The content does not interest me")
    NOT_ME = "not_me", _("I did not subscribe")
    OTHER = "other", _("Another reason")
    BOUNCED = "bounced", _("the address does not exist any more")
    COMPLAINED = "complained", _("marked as spam")
    DESK = "desk", _("ended by the newsroom")


class ConsentAction(models.TextChoices):
    REQUESTED = "requested", _("asked to subscribe")
    CONFIRMED = "confirmed", _("confirmed the subscription")
    CHANGED = "changed", _("changed the settings")
    UNSUBSCRIBED = "unsubscribed", _("ended the subscription")
    REFUSED = "refused", _("said: that was not me")
    IMPORTED = "imported", _("came with an older list")
    ERASED = "erased", _("had the data erased")


class ConsentPlace(models.TextChoices):
    """Where the reader acted; together with the wording it makes the record a proof."""

    SIGN_UP_FORM = "sign_up_form", _("sign-up form")
    CONFIRMATION_PAGE = "confirmation_page", _("confirmation page")
    PREFERENCES_PAGE = "preferences_page", _("page of preferences")
    UNSUBSCRIBE_PAGE = "unsubscribe_page", _("unsubscribe page")
    ONE_CLICK = "one_click", _("button of the mail program")
    MAIL_PROVIDER = "mail_provider", _("report of a mail provider")
    IMPORT = "import", _("import of an older list")
    DESK = "desk", _("the newsroom")


class SuppressionReason(models.TextChoices):
    HARD_BOUNCE = "hard_bounce", _("the address does not exist")
    SOFT_BOUNCES = "soft_bounces", _("refused too many times in a row")
    COMPLAINT = "complaint", _("marked as spam")
    NOT_ME = "not_me", _("never asked for it")
    MANUAL = "manual", _("added by the newsroom")
    IMPORT = "import", _("came with a list of addresses to leave alone")


class DigestEvery(models.TextChoices):
    DAY = "day", _("every day")
    WEEK = "week", _("every week")


class DigestMode(models.TextChoices):
    DRAFT = "draft", _("as a draft for the newsletter desk")
    SEND = "send", _("sent by itself")


class Tracking(models.TextChoices):
    """What is counted of opens and clicks. Only `individual` says who."""

    OFF = "off", _("count nothing")
    AGGREGATE = "aggregate", _("count, without saying who")
    INDIVIDUAL = "individual", _("note who opened what")


class DeliveryPolicy(models.TextChoices):
    """What becomes of a message of which nobody knows whether the mail server took it (RFC 5321 §6.1)."""

    RESEND = "resend", _("send it again: a copy is better than nothing")
    HOLD = "hold", _("hold it until a person decides: nobody gets it twice")


class IssueKind(models.TextChoices):
    EDITION = "edition", _("edition")
    DIGEST = "digest", pgettext_lazy("issue", "automatic digest")
    BREAKING = "breaking", _("breaking news")
    CORRECTION = "correction", _("correction")


class IssueState(models.TextChoices):
    """draft → scheduled → preparing → sending ⇄ paused → finished; cancelled from any of the middle ones."""

    DRAFT = "draft", _("draft")
    SCHEDULED = "scheduled", pgettext_lazy("issue", "scheduled")
    PREPARING = "preparing", _("preparing")
    SENDING = "sending", _("being sent")
    PAUSED = "paused", _("paused")
    FINISHED = "finished", _("sent")
    CANCELLED = "cancelled", _("cancelled")


class ItemKind(models.TextChoices):
    ARTICLE = "article", _("article")
    TEXT = "text", _("own text")


class DeliveryState(models.IntegerChoices):
    """pending → claimed → sent, failed, skipped or uncertain; back to pending for another attempt.

    Numbers, because there are millions of rows.
    """

    PENDING = 0, _("waiting")
    CLAIMED = 1, _("in the hands of a sender")
    SENT = 2, _("sent")
    FAILED = 3, _("failed")
    SKIPPED = 4, _("skipped")
    UNCERTAIN = 5, _("uncertain")


class SkipReason(models.TextChoices):
    """Why somebody on the list gets no message: excluded when it was prepared, or skipped before it was sent."""

    UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
    SUPPRESSED = "suppressed", _("on the list of addresses to leave alone")
    PAUSED = "paused", _("paused by the reader")
    FREQUENCY = "frequency", _("has had enough issues for the day or the week")
    ERASED = "erased", _("had the data erased")
    CANCELLED = "cancelled", _("the issue was cancelled")


class EventKind(models.TextChoices):
    """What came back about a message. The words of django-anymail, which joins those of the providers."""

    DELIVERED = "delivered", _("delivered")
    DEFERRED = "deferred", _("delayed")
    HARD_BOUNCE = "hard_bounce", _("hard bounce")
    SOFT_BOUNCE = "soft_bounce", _("soft bounce")
    COMPLAINED = "complained", _("complaint")
    REJECTED = "rejected", _("refused by the provider")
    UNSUBSCRIBED = "unsubscribed", _("unsubscribed at the provider")
    OPENED = "opened", _("opened")
    CLICKED = "clicked", _("clicked")


class ImportState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished")
    FAILED = "failed", _("failed")
