"""What may be a link to another site."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

WEB_ADDRESS = URLValidator(schemes=["http", "https"])


def validate_address_lines(value: str) -> None:
    """One web address a line; anything else could become a `javascript:` link on a public page."""
    for line in value.split():
        try:
            WEB_ADDRESS(line)
        except ValidationError as error:
            raise ValidationError(_("Not a web address: %(line)s"), params={"line": line}) from error
