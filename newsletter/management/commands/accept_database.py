from typing import Any

from django.core.management.base import BaseCommand

from newsletter.sending.identity import accept_database, reason_to_refuse


class Command(BaseCommand):
    help = (
        "Let a restored or copied database send newsletters again. Whatever was being sent in it is paused, since it "
        "does not know what went out after the copy was made."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        reason = reason_to_refuse()
        if not reason:
            self.stdout.write("Nothing to do: this database may send.")
            return
        paused = accept_database()
        self.stdout.write(f"Accepted. Issues that were paused: {paused}.")
