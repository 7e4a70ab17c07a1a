import pytest

from images.models import Image
from newsletter.mails.compiling import reasons_against
from newsletter.models import Issue, IssueItem
from tests.factories import make_article, make_issue, make_site


@pytest.fixture(autouse=True)
def public_site(settings) -> None:
    settings.SITE_URL, settings.LOOPBACK = "https://news.example.org", False


def levels(issue: Issue) -> list[tuple[str, str]]:
    return [(problem.level, problem.field) for problem in reasons_against(issue)]


def test_nothing_is_said_against_a_good_issue(issue) -> None:
    assert levels(issue) == []


def test_empty_issue_is_stopped(mailing_list) -> None:
    assert ("block", "items") in levels(make_issue(mailing_list))


def test_issue_of_unpublished_articles_is_stopped(mailing_list) -> None:
    issue = make_issue(mailing_list, articles=(make_article("سرّي", published=False),))
    assert levels(issue).count(("block", "items")) == 1
    assert ("warn", "items") in levels(issue)


@pytest.mark.parametrize(("typed", "said"), [("", "٥"), ("عنوان كُتب في العدد", "عنوان كُتب في العدد")])
def test_unpublished_article_is_told_of_and_its_words_are_not(issue, typed: str, said: str) -> None:
    article = make_article("لم تُنشر بعد", published=False)
    IssueItem.objects.create(issue=issue, article=article, position=9, headline=typed)
    told = "\n".join(problem.text for problem in reasons_against(issue))
    assert said in told
    assert "لم تُنشر بعد" not in told


def test_issue_without_subject_is_stopped(issue) -> None:
    issue.subject = " "
    assert ("block", "subject") in levels(issue)


def test_issue_needs_the_postal_address(issue) -> None:
    make_site(postal_address="")
    assert ("block", "") in levels(issue)


def test_mail_that_gmail_would_cut_is_stopped(mailing_list) -> None:
    issue = make_issue(mailing_list, articles=(make_article(),))
    assert ("block", "items") not in levels(issue)
    IssueItem.objects.create(issue=issue, kind="text", summary="كلمة " * 12_000)
    assert ("block", "items") in levels(issue)


def test_picture_without_words_is_noted(issue) -> None:
    Image.objects.update(alt_text="")
    assert ("warn", "items") in levels(issue)


def test_links_that_lead_nowhere_are_noted(mailing_list) -> None:
    issue = make_issue(
        mailing_list, articles=(make_article(),), text="انظر http://localhost:8000/x و https://example.org/"
    )
    assert levels(issue) == [("warn", "items")]
    assert "localhost" in str(reasons_against(issue)[0].text)


def test_site_on_this_machine_alone_is_noted(issue, settings) -> None:
    settings.LOOPBACK = True
    assert ("warn", "") in levels(issue)
