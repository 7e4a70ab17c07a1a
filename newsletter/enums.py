from django.db import models
from django.utils.translation import gettext_lazy as _


class SubscriptionStatus(models.TextChoices):
    """Pending until the owner of the address has pressed the button; only confirmed ones are ever mailed."""

    PENDING = "pending", _("waiting for confirmation")
    CONFIRMED = "confirmed", _("confirmed")
    UNSUBSCRIBED = "unsubscribed", _("unsubscribed")


class ConsentAction(models.TextChoices):
    REQUESTED = "requested", _("asked to subscribe")
    CONFIRMED = "confirmed", _("confirmed the subscription")
    UNSUBSCRIBED = "unsubscribed", _("ended the subscription")


class ConsentPlace(models.TextChoices):
    """Where the reader acted; together with the wording it makes the record a proof."""

    SIGN_UP_FORM = "sign_up_form", _("sign-up form")
    CONFIRMATION_PAGE = "confirmation_page", _("confirmation page")
    UNSUBSCRIBE_PAGE = "unsubscribe_page", _("unsubscribe page")
    ONE_CLICK = "one_click", _("button of the mail program")
