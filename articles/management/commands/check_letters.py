from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.letters import count_missing, described


class Command(BaseCommand):
    help = (
        "List the letters of published texts that the fonts of the site lack, the most frequent first, with the number "
        "of rows and one of them; status 1 if there are any. Readers see such letters in a font of their own device. "
        "`make fonts` makes fonts with more letters."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = count_missing()
        for letter, missing in sorted(found.items(), key=lambda item: (-item[1].rows, item[0])):
            self.stdout.write(f"{missing.rows:>8}  {described(letter)[0]}  ({missing.example})")
        if found:
            raise CommandError(f"{len(found)} letters are in no font of the site.", returncode=1)
        self.stdout.write("The fonts have every letter.")
