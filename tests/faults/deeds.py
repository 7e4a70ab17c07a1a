"""What the desk does in a house, for `manage.py shell`: each prints one line of JSON."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Section
from articles.publishing import publish
from articles.revisions import snapshot, write
from newsletter.models import Issue
from newsletter.sending import lifecycle
from pages.models import SiteSettings
from tests.faults.house import House
from tests.newsletter import killing, mailroom

# Told to the shell that calls one of these; what it prints last is the answer.
CALL = "from tests.faults import deeds; deeds.{name}(**{arguments!r})"


def done(house: House, name: str, **arguments: Any) -> dict[str, Any]:
    """Do it in a process of its own, in the environment of the house."""
    command = CALL.format(name=name, arguments=arguments)
    said = house.there.site().manage("shell", "--no-imports", "--command", command)
    return dict(json.loads(said.splitlines()[-1]))


def tell(**answer: Any) -> None:
    print(json.dumps(answer))  # noqa: T201 - whoever called the shell reads it


def schedule(headline: str, like: int, seconds: float = 0, moment: str = "") -> None:
    """A story that is like another and is public in so many seconds, or at a moment (ISO 8601).

    `at` in seconds since 1970. What begins to count here has waited until this process was there.
    """
    story = another(headline, like)
    at = datetime.fromisoformat(moment) if moment else timezone.now() + timedelta(seconds=seconds)
    publish(story, by=chief(), at=at, override="تجربة")
    story = Article.objects.get(pk=story.pk)
    tag = story.tags.all()[0]
    lists = {
        "section": story.section.get_absolute_url(),
        "tag": tag.get_absolute_url(),
        "feed": reverse("articles:feed_rss"),
        "feed of the tag": reverse("articles:tag_rss", args=[tag.slug]),
    }
    tell(pk=story.pk, path=story.get_absolute_url(), at=at.timestamp(), lists=lists)


def draft(headline: str, like: int) -> None:
    tell(pk=another(headline, like).pk)


def another(headline: str, like: int) -> Article:
    """A draft with the text, the section and the tags of a story."""
    data = snapshot(Article.objects.get(pk=like)) | {"headline": headline, "slug": ""}
    story = Article.objects.create(headline=headline, section=Section.objects.all()[0], created_by=chief())
    write(story, data)
    return story


def chief() -> User:
    return User.objects.get(username="chief")


def move(time_zone: str) -> None:
    """The newspaper to another place."""
    site = SiteSettings.objects.get()
    site.time_zone = time_zone
    site.save()
    tell(time_zone=time_zone)


def send_newsletter(readers: int, policy: str) -> None:
    """Begin to send an issue to so many readers of a new list."""
    issue = mailroom.fill(readers, policy=policy, name=f"نشرة الصباح {timezone.now():%H%M%S}")
    lifecycle.send_now(issue, by=None, expected_count=lifecycle.candidate_count(issue.mailing_list)[0])
    tell(pk=issue.pk)


def look_at_newsletter(pk: int, log: str) -> None:
    """What became of it, by the rows and by the log of the mail server (tests.newsletter.killing.Outcome)."""
    outcome = killing.compare(Issue.objects.get(pk=pk), killing.Outcome(), log=Path(log))
    tell(**vars(outcome))
