import re

import pytest

from newsletter import hits
from newsletter.enums import Tracking
from newsletter.mails.compiling import compile_issue
from newsletter.mails.rendering import render_issue
from newsletter.mails.uncounting import uncounted
from newsletter.models import Issue
from pages.mailing import absolute

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("tracking", list(Tracking))
def test_mail_of_a_compiled_issue_is_looked_at_without_being_counted(issue: Issue, tracking: Tracking) -> None:
    issue.tracking = tracking
    issue.save()
    compile_issue(issue)
    mail = render_issue(issue)
    for text in (mail.html, mail.text):
        assert not re.search(r"/newsletter/[co]/", text)
    # What the links lead to, written as each text needs it.
    assert 'href="https://example.org/a?b=1&amp;c=2"' in mail.html
    assert "\nhttps://example.org/a?b=1&c=2\n" in mail.text
    article = issue.items.exclude(url="").first()
    assert article is not None
    assert f'href="{article.url}"' in mail.html


def test_picture_and_links_of_others_are_left_alone() -> None:
    html = (
        '<img src="/newsletter/o/x.gif"><img src="https://cdn.example/a.gif">'
        '<a href="https://elsewhere.example/newsletter/c/x/">'
    )
    assert uncounted(html, html) == (html, html)


def test_link_of_an_issue_that_is_gone_stays_as_it_was(db) -> None:
    link = absolute(f"/newsletter/c/{hits.click_token(99, 'a', 1)}/")
    forged = absolute("/newsletter/c/1a1.0000000000000000/")
    assert uncounted(f'<a href="{link}">', f"{link} {forged}") == (f'<a href="{link}">', f"{link} {forged}")
