import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.coverage_page import PER_PAGE
from articles.models import Article, LiveUpdate
from tests.factories import make_article, make_site, make_withdrawn

pytestmark = pytest.mark.django_db

VIDEO = '<p><a href="https://youtu.be/aB3_d-fG7hI">https://youtu.be/aB3_d-fG7hI</a></p>'


def make_coverage(count: int = 0, **fields: Any) -> Article:
    """A live story with updates a minute apart, «تحديث 1» the oldest."""
    now = timezone.now()
    story = make_article(**{"coverage_started_at": now - timedelta(days=1), "updated_at": now} | fields)
    LiveUpdate.objects.bulk_create(
        LiveUpdate(
            article=story,
            headline=f"تحديث {number}",
            body=f"<p>نص {number}</p>",
            posted_at=now - timedelta(minutes=count - number),
        )
        for number in range(1, count + 1)
    )
    return story


def page_of(client: Client, story: Article, query: str = "") -> str:
    make_site()
    response = client.get(story.get_absolute_url() + query)
    assert response.status_code == 200
    return response.content.decode()


def headlines(html: str) -> list[str]:
    return re.findall(r"<h3>(?:<bdi[^>]*>)?تحديث (\d+)", re.sub(r'<bdi dir="ltr">(\d+)</bdi>', r"\1", html))


def ask(client: Client, story: Article, after: object) -> Any:
    make_site()
    return client.get(f"/news/{story.pk}/updates/?after={after}")


def test_a_live_story_says_so_and_shows_its_updates_newest_first(client: Client) -> None:
    story = make_coverage(3)
    html = page_of(client, story)
    assert html.count(f'<span class="label-hot">{_("Live")}</span>') == 2  # above the headline and above the updates
    assert headlines(html) == ["3", "2", "1"]
    for update in story.live_updates.all():
        assert f'<li id="update-{update.pk}"' in html
    assert _("Refresh the page") in html
    assert "http-equiv" not in html


def test_a_coverage_that_has_ended_is_not_asked_for_news(client: Client) -> None:
    html = page_of(client, make_coverage(1, coverage_ended_at=timezone.now()))
    assert _("The coverage has ended") in html
    assert "label-hot" not in html
    assert "data-updates" not in html
    assert _("Refresh the page") not in html
    assert headlines(html) == ["1"]


def test_only_a_running_coverage_leads_from_its_head_to_the_updates(client: Client) -> None:
    jump = f'href="#updates">{_("Go to the latest updates")}</a>'
    assert jump in page_of(client, make_coverage(1))
    assert jump not in page_of(client, make_coverage(1, coverage_ended_at=timezone.now()))
    assert jump not in page_of(client, make_article())


def test_a_live_page_is_kept_for_seconds_only(client: Client) -> None:
    make_site()
    live, ended = make_coverage(1), make_coverage(1, coverage_ended_at=timezone.now())
    assert client.get(live.get_absolute_url())["Cache-Control"] == "public, max-age=10"
    assert "max-age=10" not in client.get(ended.get_absolute_url()).get("Cache-Control", "")


def test_a_story_that_is_no_coverage_has_none_of_it(client: Client) -> None:
    story = make_article()
    LiveUpdate.objects.create(article=story, headline="تحديث 1")
    html = page_of(client, story)
    assert "update-" not in html
    assert "live-" not in html


def test_withdrawn_updates_are_nowhere(client: Client) -> None:
    story = make_coverage(2)
    gone = story.live_updates.first()
    assert gone
    LiveUpdate.objects.filter(pk=gone.pk).update(withdrawn_at=timezone.now(), is_key=True)
    html = page_of(client, story)
    assert headlines(html) == ["1"]
    assert f"update-{gone.pk}" not in html
    assert ask(client, story, 0).json()["count"] == 1


def test_key_events_lead_to_their_updates_on_whatever_page_they_are(client: Client) -> None:
    story = make_coverage(PER_PAGE + 5)
    oldest, newest = story.live_updates.last(), story.live_updates.first()
    assert oldest
    assert newest
    story.live_updates.filter(pk__in=[oldest.pk, newest.pk]).update(is_key=True)
    html = page_of(client, story)
    assert f'href="#update-{newest.pk}"' in html
    assert f'href="{oldest.get_absolute_url()}"' in html
    assert f'id="update-{oldest.pk}"' not in html
    page = page_of(client, story, f"?update={oldest.pk}")
    assert f'id="update-{oldest.pk}"' in page
    assert f'href="{newest.get_absolute_url()}"' in page


def test_a_long_coverage_has_pages_and_each_shows_other_updates(client: Client) -> None:
    story = make_coverage(2 * PER_PAGE + 1)
    first, second, third = (page_of(client, story, query) for query in ("", "?page=2", "?page=3"))
    numbers = [int(number) for page in (first, second, third) for number in headlines(page)]
    assert numbers == list(range(2 * PER_PAGE + 1, 0, -1))
    assert len(headlines(first)) == PER_PAGE
    assert f'href="{story.get_absolute_url()}?page=2#updates"' in first
    assert "data-updates" in first
    assert "data-updates" not in second


@pytest.mark.parametrize("query", ["?page=3", "?page=0", "?page=x", "?page=", "?page=٢", "?page=999999999999999999999"])
def test_a_page_that_is_not_there_leads_to_the_story(client: Client, query: str) -> None:
    story = make_coverage(PER_PAGE + 1)
    story.live_updates.update(is_key=True)
    make_site()
    response = client.get(story.get_absolute_url() + query)
    assert response.status_code == 302
    assert response["Location"] == story.get_absolute_url()


@pytest.mark.parametrize("query", ["?update=0", "?update=x", "?update=", "?update=999999999", f"?update={10**22}"])
def test_an_update_that_is_not_there_leads_to_the_newest(client: Client, query: str) -> None:
    assert headlines(page_of(client, make_coverage(2), query)) == ["2", "1"]


def test_the_address_of_an_update_survives_a_new_slug(client: Client) -> None:
    story = make_coverage(1)
    make_site()
    response = client.get(f"/news/{story.pk}/old-name/?update=7")
    assert response.status_code == 301
    assert response["Location"] == f"{story.get_absolute_url()}?update=7"


def test_a_coverage_costs_one_query_whatever_its_size(client: Client) -> None:
    def queries(story: Article) -> int:
        page_of(client, story)
        with CaptureQueriesContext(connection) as captured:
            page_of(client, story)
        return len(captured)

    plain = queries(make_article())
    small, large = make_coverage(1), make_coverage(3 * PER_PAGE)
    large.live_updates.update(is_key=True)
    assert queries(small) == queries(large) == plain + 1


def test_a_page_of_five_hundred_updates_stays_light(client: Client) -> None:
    assert len(page_of(client, make_coverage(500))) < len(page_of(client, make_coverage(PER_PAGE))) + 2000


def test_news_are_what_is_newer_than_the_reader_knows(client: Client) -> None:
    story = make_coverage(4)
    oldest = story.live_updates.last()
    assert oldest
    response = ask(client, story, oldest.pk + 1)
    answer = response.json()
    assert (answer["count"], answer["whole"], answer["ended"]) == (2, True, False)
    assert headlines(answer["html"]) == ["4", "3"]
    assert answer["said"] == ngettext("%(number)s new update", "%(number)s new updates", 2) % {"number": "٢"}
    assert not response.cookies
    assert response["Cache-Control"] == "public, max-age=10"
    newest = story.live_updates.first()
    assert newest
    assert ask(client, story, newest.pk).json() == {"count": 0, "said": "", "html": "", "whole": True, "ended": False}


def test_more_news_than_a_page_are_counted_and_cut(client: Client) -> None:
    answer = ask(client, make_coverage(PER_PAGE + 3), 0).json()
    assert (answer["count"], answer["whole"]) == (PER_PAGE + 3, False)
    assert len(headlines(answer["html"])) == PER_PAGE


def test_who_has_the_answer_already_gets_none(client: Client) -> None:
    story = make_coverage(1)
    first = ask(client, story, 0)
    again = client.get(f"/news/{story.pk}/updates/?after=0", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_news_cost_the_same_for_one_and_for_many(client: Client) -> None:
    def queries(story: Article) -> int:
        ask(client, story, 0)
        with CaptureQueriesContext(connection) as captured:
            ask(client, story, 0)
        return len(captured)

    assert queries(make_coverage(1)) == queries(make_coverage(3))


def test_nothing_is_told_of_what_readers_do_not_see(client: Client) -> None:
    began = timezone.now()
    hidden = [
        make_article(published=False, coverage_started_at=began),
        make_withdrawn(coverage_started_at=began),
        make_article(at=began + timedelta(days=1), coverage_started_at=began),
        make_article(),
    ]
    for story in hidden:
        LiveUpdate.objects.create(article=story, headline="تحديث 1")
        response = ask(client, story, 0)
        assert response.status_code == (410 if story.withdrawn_at else 404)
        assert "تحديث 1" not in response.content.decode()
    assert ask(client, make_coverage(1), "x").status_code == 404
    assert ask(client, make_coverage(1), -1).status_code == 404


def test_a_story_may_be_called_updates(client: Client) -> None:
    story = make_article(slug="updates")
    make_site()
    assert client.get(f"/news/{story.pk}/updates/").status_code == 200
    other = make_article()
    assert client.get(f"/news/{other.pk}/updates/")["Location"] == other.get_absolute_url()


def test_frames_are_allowed_on_pages_that_offer_a_player_alone(client: Client) -> None:
    make_site()

    def policy(story: Article) -> str:
        return client.get(story.get_absolute_url())["Content-Security-Policy"]

    assert "frame-src https://www.youtube-nocookie.com;" in policy(make_article(body=VIDEO)) + ";"
    coverage = make_coverage()
    assert "frame-src" not in policy(coverage)
    LiveUpdate.objects.create(article=coverage, headline="كلمة", body=VIDEO)
    assert "frame-src https://www.youtube-nocookie.com" in policy(coverage)
    post = VIDEO.replace("https://youtu.be/aB3_d-fG7hI", "https://t.me/some_channel/12")
    for other in (make_article(body=post), make_article()):
        assert "frame-src" not in policy(other)
    assert "frame-src" not in client.get("/")["Content-Security-Policy"]


def test_a_page_that_is_confirmed_by_304_keeps_its_players(client: Client) -> None:
    """Browsers put the policy of the 304 in the place of the one that the page came with."""
    make_site()
    path = make_article(body=VIDEO).get_absolute_url()
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_a_video_is_offered_and_not_loaded(client: Client) -> None:
    html = page_of(client, make_article(body=VIDEO))
    assert "<iframe" not in html
    assert 'data-embed="https://www.youtube-nocookie.com/embed/aB3_d-fG7hI"' in html
    assert '<a class="button" href="https://youtu.be/aB3_d-fG7hI" rel="noopener">' in html


def test_news_offer_no_player_because_the_open_page_forbids_frames(client: Client) -> None:
    story = make_coverage()
    LiveUpdate.objects.create(article=story, headline="كلمة", body=VIDEO)
    answer = ask(client, story, 0)
    assert "data-embed" not in answer.json()["html"]
    assert "https://youtu.be/aB3_d-fG7hI" in answer.json()["html"]
    assert json.loads(answer.content)["count"] == 1
