"""The sentences a reader agrees to. Pages print them from here and the consent record keeps them, so that the
record says what was shown. It keeps them without the address, which a page puts in.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from newsletter.enums import ConsentPlace, Frequency

# LRI and PDI (Unicode annex 9): an address keeps its own direction inside an Arabic sentence, on a page, in a
# record and in a plain-text mail alike.
_ISOLATED = "\u2066{}\u2069"
# Where a page puts the address; a record keeps it as it stands here.
PLACEHOLDER = "{email}"


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
    return _put_in(_confirming(), masked_email)


def unsubscribing(masked_email: str) -> str:
    return _put_in(_unsubscribing(), masked_email)


def refusing(masked_email: str) -> str:
    return _put_in(_refusing(), masked_email)


def refusing_unnamed() -> str:
    """For an address that we have forgotten meanwhile."""
    return _("We will never again send a message to this address.")


def choosing(masked_email: str) -> str:
    return _put_in(_choosing(), masked_email)


def shown(place: ConsentPlace) -> str:
    """What a reader had in view when acting at `place`; '' where nothing of ours was shown."""
    match place:
        case ConsentPlace.SIGN_UP_FORM:
            return f"{offer()}\n{promise()}"
        case ConsentPlace.CONFIRMATION_PAGE:
            return _confirming()
        case ConsentPlace.UNSUBSCRIBE_PAGE:
            return _unsubscribing()
        case ConsentPlace.PREFERENCES_PAGE:
            return _choosing()
        case _:
            return ""


def came_back() -> str:
    """What the button on the page after unsubscribing says."""
    return _("Subscribe again")


def how_often(frequency: Frequency) -> str:
    return f"{_choosing()}\n{frequency.label}"


def paused(until: datetime | None) -> str:
    """The day in numbers, for a record: no reader sees it."""
    return f"{_choosing()}\n" + (
        _("No message until %(day)s") % {"day": f"{until:%Y-%m-%d}"} if until else _("No pause")
    )


def renamed() -> str:
    """Not which name: a record outlives the data of a subscriber."""
    return f"{_choosing()}\n{_('Your name')}"


def erased() -> str:
    return _("Erase my data for good")


def _confirming() -> str:
    return _("Press the button to receive the newsletter at {email}.")


def _unsubscribing() -> str:
    return _("We will no longer send the newsletter to {email}.")


def _refusing() -> str:
    return _("We will never again send a message to {email}.")


def _choosing() -> str:
    return _("What you choose here holds at once for {email}.")


def _put_in(sentence: str, masked_email: str) -> str:
    return sentence.replace(PLACEHOLDER, _ISOLATED.format(masked_email))
