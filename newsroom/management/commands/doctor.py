import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from newsroom.checkup import Finding, Level, run, worst


class Command(BaseCommand):
    help = "Look whether everything that the site needs is there and well, and say what to do. Changes nothing."
    # What it is for may be what would keep it from starting.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="as a list of objects, for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(None):  # who runs commands reads English
            found = run()
            self.stdout.write(_as_json(found) if options["json"] else "\n".join(map(_line, found)))
        if worst(found) is Level.FAULT:
            sys.exit(1)


def _line(finding: Finding) -> str:
    line = f"{finding.level:<8} {finding.about:<24} {finding.text}"
    return f"{line} {finding.advised}" if finding.advised else line


def _as_json(found: list[Finding]) -> str:
    rows = [
        {"about": each.about, "level": each.level, "text": each.text, "advice": each.advised, "values": each.values}
        for each in found
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1, default=str)
