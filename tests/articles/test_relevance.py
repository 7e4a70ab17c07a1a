"""The search against the relevance sets: no wrong answer, and nearly nothing missed."""

import pytest

from tests.articles.relevance import SETS, judge, load

pytestmark = pytest.mark.django_db

RECALL = 0.96


@pytest.mark.parametrize("name", SETS)
def test_the_relevance_sets_are_answered(name: str) -> None:
    report = judge(load(name), name)
    assert len(report.judgements) >= 60
    assert [(fault.typed, fault.wrong) for fault in report.faults if fault.wrong] == []
    assert report.recall >= RECALL, [(fault.typed, fault.missed) for fault in report.faults]
