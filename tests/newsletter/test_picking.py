from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter.enums import IssueState
from newsletter.models import Issue
from newsletter.picking import candidates
from tests.conftest import NOW
from tests.factories import make_article, make_issue, make_mailing_list, make_section, make_withdrawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def test_what_readers_can_see_since_then_the_newest_first() -> None:
    old, second, first = (make_article(at=NOW - age) for age in (DAY, 3 * HOUR, HOUR))
    make_article(published=False)
    make_article(at=NOW + HOUR)
    make_withdrawn(publish_at=NOW - HOUR, published_at=NOW - HOUR)
    found = candidates(mailing_list=make_mailing_list(), since=NOW - DAY)
    assert list(found) == [first, second, old]
    assert list(candidates(mailing_list=make_mailing_list(), since=NOW - DAY + HOUR, until=NOW - HOUR)) == [second]


def test_a_list_of_a_section_has_its_articles_alone() -> None:
    sport, culture = make_section("رياضة"), make_section("ثقافة")
    match = make_article(section=sport)
    make_article(section=culture)
    assert list(candidates(mailing_list=make_mailing_list(section=sport), since=NOW - DAY)) == [match]


@pytest.mark.parametrize(
    ("state", "is_left_out"),
    [
        (IssueState.DRAFT, False),
        (IssueState.SCHEDULED, True),
        (IssueState.SENDING, True),
        (IssueState.PAUSED, True),
        (IssueState.FINISHED, True),
        (IssueState.CANCELLED, False),
    ],
)
def test_what_an_issue_of_the_list_brought_is_left_out(state: IssueState, is_left_out: bool) -> None:
    morning, evening, article = make_mailing_list(), make_mailing_list(), make_article()
    now = timezone.now()
    make_issue(
        morning, articles=(article,), state=state, send_at=now, compiled_at=now, snapshot_at=now, finished_at=now
    )
    assert list(candidates(mailing_list=morning, since=NOW - DAY)) == ([] if is_left_out else [article])
    assert list(candidates(mailing_list=morning, since=NOW - DAY, leaves_out_sent=False)) == [article]
    assert list(candidates(mailing_list=evening, since=NOW - DAY)) == [article]


def test_an_issue_that_was_cancelled_on_its_way_has_reached_readers() -> None:
    mailing_list, article = make_mailing_list(), make_article()
    make_issue(mailing_list, articles=(article,))
    Issue.objects.update(state=IssueState.CANCELLED, started_at=NOW)
    assert not candidates(mailing_list=mailing_list, since=NOW - DAY)
