"""What every address that answers readers has in common: nothing that is not public, nothing of the reader, no way for
words to become markup."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.roles import Role
from articles.changes import open_changes
from articles.enums import SlotPlace, Status
from articles.models import (
    Article,
    Attribution,
    Byline,
    Correction,
    FrontSlot,
    LiveUpdate,
    MostRead,
    PartnerFeed,
    RelatedLink,
)
from articles.preview_links import path_of, revoke, share
from articles.share_card import share_card_address
from articles.sitemaps import FEWEST_STORIES
from newsletter.enums import IssueState
from newsletter.models import Issue, IssueItem
from pages.models import NavigationItem, SiteSettings
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_issue,
    make_mailing_list,
    make_page,
    make_section,
    make_site,
    make_source,
    make_tag,
    make_user,
    make_withdrawn,
)

pytestmark = pytest.mark.django_db

# In everything that readers may not see, and nowhere else.
SECRET = "zqxsecret"
# In everything that readers see: it ends what it stands in, wherever that is.
HOSTILE = "</title></script>\"'>]]><img src=x>&amp;\u2028ك"
WAYS_OUT = ("<img src=x", "</title></script>", "]]><")


@pytest.fixture
def world() -> dict[str, Any]:
    """A newspaper with hostile words in every public text, and with everything that is not public."""
    make_site(
        name=f"N {HOSTILE}", tagline=HOSTILE, description=HOSTILE, feeds_full_text=True, contact_email="a@b.example"
    )
    section = make_section(f"S {HOSTILE}", description=HOSTILE)
    author = make_author(f"A {HOSTILE}", biography=HOSTILE, job_title=HOSTILE, languages="ar en")
    source = make_source(f"W {HOSTILE}")
    tag = make_tag(f"T {HOSTILE}", description=HOSTILE)
    image = make_image(alt_text=HOSTILE, caption=HOSTILE, credit=HOSTILE)
    texts = {"kicker": HOSTILE, "standfirst": HOSTILE, "key_points": HOSTILE, "dateline": "x"}
    about: dict[str, Any] = {"section": section, "authors": (author,), "sources": (source,), "tags": (tag,)}
    stories = [make_article(f"{n} {HOSTILE}", lead_image=image, **texts, **about) for n in range(FEWEST_STORIES)]
    story = stories[0]
    Correction.objects.create(article=story, note=HOSTILE, at=timezone.now())
    now = timezone.now()
    Article.objects.filter(pk=story.pk).update(coverage_started_at=now - timedelta(hours=2))
    LiveUpdate.objects.create(article=story, headline=HOSTILE, body=f"<p>{'ك'}</p>", is_key=True)
    gone = LiveUpdate.objects.create(
        article=story, headline=SECRET, body=f"<p>{SECRET}</p>", withdrawn_at=now, is_key=True
    )
    hidden = [
        make_article(f"{SECRET} draft", published=False, **about),
        make_article(f"{SECRET} scheduled", at=now + timedelta(hours=1), **about),
        make_withdrawn(headline=f"{SECRET} withdrawn", note="x", breaking_until=now + timedelta(hours=1), **about),
        make_article(f"{SECRET} approved", status=Status.APPROVED, publish_at=None, published=False, **about),
    ]
    copy = open_changes(stories[1], by=make_user(Role.EDITOR))
    Article.objects.filter(pk=copy.pk).update(headline=f"{SECRET} copy")
    for place, article in enumerate([*hidden, copy], start=1):
        MostRead.objects.create(article=article, rank=place, score=9)
        FrontSlot.objects.create(article=article, place=SlotPlace.PICK, position=place)
        RelatedLink.objects.create(article=story, target=article, position=place)
        Correction.objects.create(article=article, note=SECRET, at=now)
        LiveUpdate.objects.create(article=article, headline=SECRET)
    only_hidden = make_author(f"{SECRET} author"), make_tag(f"{SECRET} tag"), make_source(f"{SECRET} source")
    Byline.objects.create(article=hidden[0], author=only_hidden[0], position=5)
    Attribution.objects.create(article=hidden[0], source=only_hidden[2], position=5)
    hidden[0].tags.add(only_hidden[1])
    page = make_page(f"{SECRET} page", body=f"<p>{SECRET}</p>", slug=f"{SECRET}-page", is_public=False)
    SiteSettings.objects.update(principles_page=page, corrections_page=page)
    NavigationItem.objects.create(label=f"{SECRET} link", page=page, place="header")
    PartnerFeed.objects.create(name=f"{SECRET} partner", note=SECRET, key=f"{SECRET}-closed", is_active=False)
    partner = PartnerFeed.objects.create(name=f"{SECRET} partner", note=SECRET, key="open-key", own_only=False)
    issues, mailing_lists = _issues(story, [*hidden, copy])
    return {
        "story": story, "stories": stories, "hidden": [*hidden, copy], "section": section, "author": author, "tag": tag,
        "source": source, "partner": partner, "gone": gone, "only_hidden": only_hidden, "page": page,
        "shown_page": make_page(f"P {HOSTILE}"), "issues": issues, "mailing_lists": mailing_lists,
        "previews": _previews(hidden[0], lead_image=image, **texts, **about),
    }  # fmt: skip


def _previews(hidden: Article, **texts: Any) -> list[str]:
    """Of a hostile draft that somebody may look at, and of a hidden one whose link is revoked."""
    editor = make_user(Role.EDITOR)
    shown = make_article(f"D {HOSTILE}", published=False, **texts)
    links = [share(article, by=editor, reader=HOSTILE) for article in (shown, hidden)]
    revoke(links[1], by=editor)
    return [path_of(link) for link in links]


def _issues(story: Article, hidden: list[Article]) -> tuple[list[Issue], list[Any]]:
    """One that was sent, with what has been withdrawn since, and those that no reader may look at."""
    lists = [make_mailing_list(f"L {HOSTILE}", description=HOSTILE), make_mailing_list(SECRET, has_archive=False)]
    now = timezone.now()
    sent = {"started_at": now, "snapshot_at": now, "compiled_at": now, "finished_at": now}
    words = {"subject": HOSTILE, "preheader": HOSTILE}
    secret = {"subject": SECRET, "preheader": SECRET}
    issues = [
        make_issue(lists[0], articles=(story, *hidden), text=HOSTILE, state=IssueState.FINISHED, **sent, **words),
        make_issue(lists[0], articles=(story,), text=SECRET, **secret),
        make_issue(lists[0], state=IssueState.CANCELLED, text=SECRET, **sent, **secret),
        make_issue(lists[1], state=IssueState.FINISHED, text=SECRET, **sent, **secret),
    ]
    for item in IssueItem.objects.exclude(article=None).select_related("article"):
        item.headline, item.summary, item.url = item.article.headline, item.article.headline, "https://x.example/n/1"
        item.save()
    return issues, lists


def paths_of(world: dict[str, Any]) -> Iterator[str]:
    """Every public address of GET, filled with what is public and with what is not."""
    for route in sorted(set(_routes(get_resolver()))):
        if route.startswith(("admin/", "media/")) or route == "reads/":
            continue
        # The others are about one reader: tests.newsletter.
        if route.startswith("newsletter/") and not route.startswith(("newsletter/issues/", "newsletter/archive/")):
            continue
        yield from _filled(f"/{route}", world)


def _routes(resolver: Any, before: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _routes(each, route)
        elif isinstance(each, URLPattern):
            yield route


def _filled(route: str, world: dict[str, Any]) -> Iterator[str]:
    if "<" not in route:
        yield route
        return
    if "article_id" in route:
        for article in [world["story"], *world["hidden"]]:
            if "digest" in route:
                yield share_card_address(article)
                yield f"/cards/{article.pk}-{'0' * 20}.jpg"
            elif "<str:slug>" in route:
                yield re.sub(r"/news/.*", article.get_absolute_url(), route)
            else:
                path = route.replace("<int:article_id>", str(article.pk))
                yield path
                yield f"{path}?after=0"
                yield f"{path}?update={world['gone'].pk}"
    elif "issue_id" in route:
        for issue in world["issues"]:
            yield route.replace("<int:issue_id>", str(issue.pk))
    elif "<yyyy" in route:
        now = timezone.now()
        for each in (now, now + timedelta(days=60)):
            yield (
                route.replace("<yyyy:year>", f"{each:%Y}")
                .replace("<mm:month>", f"{each:%m}")
                .replace("<mm:day>", f"{each:%d}")
            )
    elif "<str:token>" in route:
        for path in [*world["previews"], "/preview/nobody/"]:
            yield path
    elif "<str:key>" in route:
        for key in ("open-key", f"{SECRET}-closed", "nobody"):
            yield route.replace("<str:key>", key)
    elif "<str:name>" in route:
        month = f"{timezone.now():%Y-%m}"
        for name in (
            "pages",
            "sections",
            "tags-1",
            "authors-1",
            "sources-1",
            f"articles-{month}",
            "articles-2999-12-9999",
        ):
            yield route.replace("<str:name>", name)
    elif "<str:slug>" in route:
        author, tag, source = world["only_hidden"]
        rows = {
            "authors": (world["author"], author), "tags": (world["tag"], tag), "sources": (world["source"], source),
            "sections": (world["section"],), "p": (world["shown_page"], world["page"]),
            "archive": tuple(world["mailing_lists"]),
        }  # fmt: skip
        for kind, found in rows.items():
            if f"/{kind}/" in route:
                for row in found:
                    path = route.replace("<str:slug>", row.slug)
                    yield from (path, f"{path}?page=1", f"{path}?before=1-1", f"{path}?before=zzzzzzzzzzz-1")
    else:
        raise AssertionError(f"tell this test how to fill {route}")


def test_no_public_answer_tells_what_is_not_public(client: Client, world: dict[str, Any]) -> None:
    asked = list(paths_of(world))
    assert len(asked) > 100
    for path in asked:
        response = client.get(path)
        assert response.status_code in {200, 301, 302, 404, 410}, path
        told = re.sub(rb"[?&]q=[^\"]*|value=\"[^\"]*\"", b"", response.content)
        assert SECRET.encode() not in told, path
        assert SECRET not in str(response.headers), path
        assert path.startswith("/partners/") or b"open-key" not in response.content, path
        assert b"csrfmiddlewaretoken" not in response.content, path


def test_staff_get_what_readers_get(client: Client, world: dict[str, Any], clock: Any) -> None:
    """A cache that stands in front may keep the answer to either for both."""
    staff = Client()
    staff.force_login(make_user(Role.CHIEF_EDITOR))
    for path in paths_of(world):
        if path == "/styleguide/":
            continue
        theirs, ours = client.get(path), staff.get(path)
        assert (theirs.status_code, theirs.content) == (ours.status_code, ours.content), path
        assert not theirs.cookies | ours.cookies, path
        assert "cookie" not in f"{theirs.get('Vary')} {ours.get('Vary')}".lower(), path


@pytest.mark.parametrize("number", ["0", "9" * 18, "9" * 19, "9" * 30, "9" * 5000])
def test_number_that_no_row_has_is_not_there(client: Client, number: str) -> None:
    """Neither database takes every number that an address can hold."""
    make_site()
    for before in ("news/", "n/", "lite/news/"):
        for after in ("", "/", "/x/", "/updates/", "/updates/?after=0"):
            assert client.get(f"/{before}{number}{after}", follow=True).status_code == 404
    assert client.get(f"/cards/{number}-{'0' * 20}.jpg").status_code == 404
    story = make_article()
    Article.objects.filter(pk=story.pk).update(coverage_started_at=timezone.now())
    assert client.get(f"/news/{story.pk}/updates/?after={number}").status_code in {200, 404}
    assert client.get(f"/newsletter/issues/{number}/").status_code == 404
    for query in ("update", "page"):
        assert client.get(story.get_absolute_url() + f"?{query}={number}").status_code in {200, 302}
    for name in ("tags", "articles-2026-11"):
        assert client.get(f"/sitemaps/{name}-{number}.xml").status_code == 404


def test_hostile_words_stay_words(client: Client, world: dict[str, Any]) -> None:
    for path in paths_of(world):
        response = client.get(path, follow=True)
        if response.status_code != 200:
            continue
        kind = response["Content-Type"].partition(";")[0]
        text = response.content.decode(errors="replace")
        if kind.endswith("xml"):
            ET.fromstring(response.content)
        elif kind.endswith("json"):
            json.loads(text)
        elif kind == "text/html":
            assert not [way for way in WAYS_OUT if way in text], path
            for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL):
                json.loads(block)
