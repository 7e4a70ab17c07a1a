from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from newsletter.addresses import MAX_LENGTH, clean_address, validate_address
from newsletter.models import MailingList


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
        self.mailing_lists = list(MailingList.objects.all())
        cast(forms.MultipleChoiceField, self.fields["lists"]).choices = [
            (item.slug, item.name) for item in self.mailing_lists
        ]

    @property
    def has_choice(self) -> bool:
        return len(self.mailing_lists) > 1

    def offered_lists(self) -> list[tuple[MailingList, bool]]:
        """Each list and whether its box is ticked."""
        ticked = self["lists"].value() or [item.slug for item in self.mailing_lists if item.is_default]
        return [(item, item.slug in ticked) for item in self.mailing_lists]

    def chosen_lists(self) -> list[MailingList]:
        return [item for item in self.mailing_lists if item.slug in self.cleaned_data["lists"]]
