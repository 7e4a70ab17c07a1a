"""The live coverage of the sample newsroom, posted by the deeds of the desk and then moved into the past."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from articles import covering
from articles.models import Article, LiveUpdate


def add_coverage(sample: dict[str, Any], articles: Mapping[str, Article], *, now: datetime, by: User) -> None:
    """`sample` is fixtures/newsroom/coverage.toml."""
    story = covering.start_coverage(articles[sample["story"]], by=by)
    moment = now
    for update in sample["update"]:
        moment = now - timedelta(minutes=update["minutes_ago"])
        _post(story, update, at=moment, by=by)
    began = now - timedelta(minutes=sample["began_minutes_ago"])
    Article.objects.filter(pk=story.pk).update(coverage_started_at=began, updated_at=moment)


def _post(story: Article, update: dict[str, Any], *, at: datetime, by: User) -> None:
    words = {"headline": update.get("headline", ""), "body": update["body"], "is_key": update.get("key", False)}
    first = words | {"headline": update.get("former_headline", words["headline"])}
    row = covering.change_update(covering.post_update(story, by=by, **first), by=by, **words)
    changed = at + timedelta(minutes=1) if row.changed_at else None
    LiveUpdate.objects.filter(pk=row.pk).update(posted_at=at, changed_at=changed)
