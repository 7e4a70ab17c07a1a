from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import second_factor
from accounts.models import User


class Command(BaseCommand):
    help = "Remove the phone and the recovery codes of a member of staff who lost both, and end all their sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="the name that the member signs in with")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = User.objects.get(username=options["username"])
            second_factor.remove(user, by=None)
        except User.DoesNotExist as error:
            raise CommandError(f"There is no member of staff named {options['username']!r}.") from error
        except second_factor.NoDevice as error:
            raise CommandError(f"{user.username} has no second factor.") from error
        self.stdout.write(f"The second factor of {user.username} was removed; all sessions were ended.")
