from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsletter.delivering import send_pending_confirmations
from newsletter.forgetting import forget_requests_without_mail


class Command(BaseCommand):
    help = (
        "Send the confirmation mails that were promised to readers and that the mail server did not take; "
        "delete the rows of requests past the daily limit once their page has ended."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        forget_requests_without_mail()
        sent = failed = 0
        try:
            for went_out in send_pending_confirmations():
                sent += went_out
                failed += not went_out
        except OSError as error:
            raise CommandError(f"The mail server does not answer: {error}") from error
        self.stdout.write(f"{sent} sent, {failed} failed")
