from django.contrib.auth.management.commands import createsuperuser
from django.utils.translation import gettext

from accounts.models import User
from accounts.name_keys import user_key
from newsroom.lib.hygiene import clean_line


class Command(createsuperuser.Command):
    """Django's, which knows of nothing but the name itself: a name that looks like another one is taken too."""

    def _validate_username(self, username: str, verbose_field_name: str, database: str) -> str | None:
        error: str | None = super()._validate_username(username, verbose_field_name, database)  # type: ignore[misc]
        if not error and User.objects.using(database).filter(name_key=user_key(clean_line(username))).exists():
            return gettext("A name like this exists, perhaps spelled a little differently.")
        return error
