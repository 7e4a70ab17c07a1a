from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from newsletter import limits
from newsletter.addresses import MAX_LENGTH, clean_address, validate_address
from newsletter.enums import Frequency
from newsletter.models import MailingList, Subscriber
from newsletter.preferences import Wish, choices
from newsletter.typing_errors import meant_domain
from newsroom.lib.dates import format_date, format_digits
from newsroom.lib.forms import LineField
from newsroom.lib.site_style import site_style

# A field that no reader sees and programs fill in. No browser keeps a value for it.
BAIT = "website"
LONGEST_STAMP = 100


class AddressField(forms.CharField):
    """An e-mail address by our own rules, which are narrower than those of forms.EmailField."""

    default_validators = [validate_address]
    default_error_messages = {"required": _("Enter your e-mail address.")}

    def to_python(self, value: Any) -> str:
        # Cut first: whatever is longer is wrong, and cleaning a megabyte for nobody takes time.
        return clean_address((super().to_python(value) or "")[: 2 * MAX_LENGTH])


class SignUpForm(forms.Form):
    """An address and, where there is a choice, the lists it asks for.

    The box on every page sends the address alone, which stands for the lists of the box.
    """

    email = AddressField()
    lists = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": _("This newsletter is no longer offered.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mailing_lists = list(MailingList.objects.offered())
        cast(forms.MultipleChoiceField, self.fields["lists"]).choices = [
            (item.slug, item.name) for item in self.mailing_lists
        ]
        # The whole address as it was probably meant, and the one that is sent all the same when nothing is changed.
        self.suggestion = self.kept = ""

    def clean_email(self) -> str:
        """A domain that looks mistyped is asked about once; who sends it again means it."""
        email: str = self.cleaned_data["email"]
        meant = meant_domain(email)
        if meant and clean_address(self._sent("kept", 2 * MAX_LENGTH)) != email:
            self.kept, self.suggestion = email, f"{email.rpartition('@')[0]}@{meant}"
            raise forms.ValidationError(_("Did you mean %(domain)s?"), code="mistyped", params={"domain": meant})
        return email

    def refuse(self, refusal: limits.TooManyRequests) -> None:
        """Say it where a mistake would be said, with what was typed."""
        self.add_error("email", too_many_requests(refusal))

    @property
    def is_by_machine(self) -> bool:
        return bool(self._sent(BAIT, 1)) or limits.is_hasty(self._sent("stamp", LONGEST_STAMP))

    @property
    def stamp(self) -> str:
        """When the form was first shown: correcting a mistake may be quick. A page that is kept has none."""
        return self._sent("stamp", LONGEST_STAMP) if self.is_bound else limits.new_stamp()

    @property
    def has_choice(self) -> bool:
        return len(self.mailing_lists) > 1

    def offered_lists(self) -> list[tuple[MailingList, bool]]:
        """Each list and whether its box is ticked."""
        ticked = self["lists"].value() or [item.slug for item in self.mailing_lists if item.is_default]
        return [(item, item.slug in ticked) for item in self.mailing_lists]

    def chosen_lists(self) -> list[MailingList]:
        return [item for item in self.mailing_lists if item.slug in self.cleaned_data["lists"]]

    def _sent(self, name: str, longest: int) -> str:
        """Not fields: what is wrong in them is no mistake of a reader's that a page could show."""
        return str(self.data.get(name, ""))[:longest]


class PreferencesForm(forms.Form):
    """A choice for each list, a pause and a name. What is missing in a post stays as it is."""

    OFF = "off"
    PAUSES = [("1", _("for one week")), ("2", _("for two weeks")), ("4", _("for four weeks"))]

    your_name = LineField(label=_("Your name"), max_length=80, required=False)
    pause = forms.ChoiceField(label=_("Pause the messages"), required=False)

    def __init__(self, data: Any = None, *, subscriber: Subscriber) -> None:
        super().__init__(data, initial={"your_name": subscriber.name})
        self.subscriber = subscriber
        self.wishes = choices(subscriber)
        cast(forms.ChoiceField, self.fields["pause"]).choices = [*self._now(), *self.PAUSES]
        for wish in self.wishes:
            self.fields[self._name(wish)] = forms.ChoiceField(
                choices=[(self.OFF, _("not at all")), *Frequency.choices],
                initial=wish.frequency or self.OFF,
                required=False,
            )

    def list_fields(self) -> list[tuple[MailingList, forms.BoundField]]:
        return [(wish.mailing_list, self[self._name(wish)]) for wish in self.wishes]

    def chosen(self) -> list[Wish]:
        """Only what was sent: a list may have been added since the page was opened."""
        sent = [(wish.mailing_list, self.cleaned_data[self._name(wish)]) for wish in self.wishes]
        return [Wish(item, None if value == self.OFF else Frequency(value)) for item, value in sent if value]

    def chosen_name(self) -> str:
        return str(self.cleaned_data["your_name"]) if "your_name" in self.data else self.subscriber.name

    def chosen_pause(self) -> timedelta | None:
        weeks = self.cleaned_data["pause"]
        return timedelta(weeks=int(weeks)) if weeks else None

    def _now(self) -> list[tuple[str, Any]]:
        until = self.subscriber.paused_until
        if until is None or until <= timezone.now():
            return [("", _("no pause"))]
        day = format_date(timezone.localtime(until), site_style())
        return [("", gettext("until %(day)s, as it is now") % {"day": day}), ("0", _("end the pause now"))]

    @staticmethod
    def _name(wish: Wish) -> str:
        return f"list-{wish.mailing_list.pk}"


def too_many_requests(refusal: limits.TooManyRequests) -> str:
    sentence = ngettext(
        "You have tried many times. Try again in %(minutes)s minute.",
        "You have tried many times. Try again in %(minutes)s minutes.",
        refusal.minutes,
    )
    return sentence % {"minutes": format_digits(refusal.minutes, site_style())}
