"""How well the search answers the relevance sets of fixtures/search, with every fault.

Run it from the repository: `python -m benchmarks.relevance` (SQLite) and `python -m benchmarks.relevance --postgres`.
Its status is 1 where an answer is wrong or less than 96 % is found.
"""

import argparse
import sys

from benchmarks.measuring import main, say

RECALL = 0.96


def run(arguments: argparse.Namespace) -> int:
    from django.core.management import call_command  # noqa: PLC0415 - the environment comes first

    from articles.models import Article  # noqa: PLC0415
    from tests.articles.relevance import SETS, judge, load  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    is_good = True
    for name in SETS:
        keys = load(name)
        report = judge(keys, name)
        right = len(report.judgements) - len(report.faults)
        say(f"{name}: {len(keys)} texts, {len(report.judgements)} queries")
        say(f"  found {report.recall:.1%} of {report.wanted}, {report.wrong} wrong, {right} queries without a fault")
        say("  " + ", ".join(f"{kind} {good}/{count}" for kind, (count, good) in report.by_kind().items()))
        for fault in report.faults:
            say(f"  {fault.kind}: {fault.typed}  missed {fault.missed}  wrong {fault.wrong}")
        is_good &= report.recall >= RECALL and not report.wrong
        Article.objects.all().delete()
    return int(not is_good)


if __name__ == "__main__":
    sys.exit(main("benchmarks.relevance", argparse.ArgumentParser(), run))
