"""Raw text files to drafts."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from articles.importing import ImportResult, ImportStatus, import_batch
from articles.models import Section
from newsroom.lib.decoding import MAX_BYTES
from newsroom.lib.hygiene import clean_line

BAR_WIDTH = 30


class Command(BaseCommand):
    help = (
        "Import raw text files as drafts. Folders are read with their sub-folders; hidden files and "
        ".json files in them are passed over. Exit status: 0 all handled, 1 some refused, 2 wrong usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a text file or a folder of them")
        parser.add_argument("--section", metavar="SLUG", help="the section that the drafts belong to")
        parser.add_argument("--dry-run", action="store_true", help="report what would be imported, write nothing")
        parser.add_argument("--json", metavar="FILE", help="write the report here; - means standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        section = _section(options["section"])
        files = list(self._files(options["paths"]))
        report = _open_report(options["json"], files)
        # The machine-readable report may have standard output for itself.
        self._said_to = self.stderr if options["json"] == "-" else self.stdout
        batch = import_batch(_read(files), section=section, dry_run=options["dry_run"])
        results = list(_with_progress(batch, len(files)))
        if report is not None:
            report.write(json.dumps([result.report() for result in results], ensure_ascii=False, indent=1) + "\n")
            if report is not sys.stdout:
                report.close()
        self._summarise(results)

    def _files(self, paths: list[Path]) -> Iterator[Path]:
        for path in paths:
            try:
                is_folder, is_file = path.is_dir(), path.is_file()
            except OSError as error:
                raise CommandError(f"{path} cannot be looked at: {error.strerror}.", returncode=2) from error
            if not is_folder and not is_file:
                raise CommandError(f"There is no file {path}.", returncode=2)
            yield from self._files_in(path) if is_folder else [path]

    def _files_in(self, folder: Path) -> Iterator[Path]:
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            # A link in a folder may lead anywhere, out of the folder too.
            if hidden or path.is_symlink() or path.suffix == ".json":
                self.stderr.write(f"Passed over: {clean_line(str(path))}")
            else:
                yield path

    def _summarise(self, results: list[ImportResult]) -> None:
        for result in results:
            if result.status != ImportStatus.OK:
                notes = ", ".join(result.warnings)
                name = clean_line(result.file)  # a name may hold what moves a terminal's cursor
                self._said_to.write(f"{name}: {result.status.value}" + (f" ({notes})" if notes else ""))
        counts = Counter(result.status for result in results)
        line = ", ".join(f"{status.value} {counts[status]}" for status in ImportStatus if counts[status])
        self._said_to.write(line or "Nothing to import.")
        refused = sum(result.is_refused for result in results)
        if refused:
            raise CommandError(f"Refused: {refused} of {len(results)} files.", returncode=1)


def _section(slug: str | None) -> Section | None:
    if slug is None:
        return None
    section = Section.objects.filter(slug=slug).first()
    if section is None:
        raise CommandError(f"There is no section {slug}.", returncode=2)
    return section


def _open_report(target: str | None, files: list[Path]) -> TextIO | None:
    """Opened before the import begins: a report that can't be written must not be found out afterwards."""
    if target is None:
        return None
    if target == "-":
        return sys.stdout
    if Path(target).resolve() in {path.resolve() for path in files}:
        raise CommandError(f"The report would overwrite {target}, which is to be imported.", returncode=2)
    try:
        return Path(target).open("w", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"The report cannot be written to {target}: {error.strerror}.", returncode=2) from error


def _read(files: list[Path]) -> Iterator[tuple[str, bytes | None]]:
    for path in files:
        try:
            with path.open("rb") as file:
                # One byte more than is allowed is enough to know that a file is too large.
                yield str(path), file.read(MAX_BYTES + 1)
        except OSError:
            yield str(path), None


def _with_progress(results: Iterator[ImportResult], total: int) -> Iterator[ImportResult]:
    """Draw a bar on a terminal, nothing into a pipe."""
    shown = sys.stderr.isatty()
    for done, result in enumerate(results, start=1):
        if shown:
            filled = BAR_WIDTH * done // max(1, total)
            sys.stderr.write(f"\r[{'=' * filled}{' ' * (BAR_WIDTH - filled)}] {done}/{total}")
            sys.stderr.flush()
        yield result
    if shown and total:
        sys.stderr.write("\n")
