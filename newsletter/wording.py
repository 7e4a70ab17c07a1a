"""The sentences a reader agrees to. Pages print them from here and the consent record keeps them, so that the
record says what was shown.
"""

from django.utils.translation import gettext as _

from newsletter.enums import ConsentPlace

# LRI and PDI (Unicode annex 9): an address keeps its own direction inside an Arabic sentence, on a page, in a
# record and in a plain-text mail alike.
_ISOLATED = "\u2066{}\u2069"


def offer() -> str:
    """What the box and the form say the newsletter is."""
    return _(
        "The day's main news in one message that reaches you at seven in the morning. "
        "You can unsubscribe whenever you like, with one click."
    )


def promise() -> str:
    """What they say will happen to the address."""
    return _("We will send you a message to confirm the subscription, and we will not share your address with anyone.")


def confirming(masked_email: str) -> str:
    return _("Press the button to receive the newsletter at {email}.").format(email=_ISOLATED.format(masked_email))


def unsubscribing(masked_email: str) -> str:
    return _("We will no longer send the newsletter to {email}.").format(email=_ISOLATED.format(masked_email))


def shown(place: ConsentPlace, masked_email: str) -> str:
    """What a reader had in view when acting at `place`; '' where nothing of ours was shown."""
    match place:
        case ConsentPlace.SIGN_UP_FORM:
            return f"{offer()}\n{promise()}"
        case ConsentPlace.CONFIRMATION_PAGE:
            return confirming(masked_email)
        case ConsentPlace.UNSUBSCRIBE_PAGE:
            return unsubscribing(masked_email)
        case ConsentPlace.ONE_CLICK:
            return ""
