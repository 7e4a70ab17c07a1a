"""What readers may not see is told by no address, feed, count, header or kept copy (D1-D6)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.roles import Role
from articles import publishing
from articles.enums import Status
from articles.feeds import writing
from articles.models import Article, Correction, LiveUpdate, RelatedLink
from articles.search.indexing import index
from articles.share_card import share_card_address
from newsroom import page_cache
from newsroom.kept_answer import PUBLIC
from newsroom.lib.keeping import parts
from newsroom.lib.keeping import stories as kept_stories
from newsroom.page_cache import PageCache
from tests.articles.desk import change_url, form_data
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_section,
    make_site,
    make_source,
    make_tag,
    make_user,
    make_withdrawn,
)
from tests.house.test_public_answers import paths_of, world  # noqa: F401 - world is a fixture
from tests.newsroom.test_page_cache import ask
from tests.security.hidden import STATES, hide, texts, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

# How one article may be asked for: {pk} and {slug} are its own.
ADDRESSES = """
    /news/{pk}/ /news/{pk}/{slug}/ /news/{pk}/{slug} /news/{pk} /n/{pk} /n/{pk}/ /{slug}/ /{slug} /news/{slug}/
    /news/{pk}.json /news/{pk}/{slug}.json /news/{pk}/{slug}/amp/ /news/{pk}/{slug}/print/ /news/{pk}/{slug}/og.png
    /news/{pk}/{slug}/x.css /news/{pk}/{slug}/?format=json /news/{pk}/updates/ /lite/news/{pk}/ /lite/news/{pk}/{slug}/
    /cards/{pk}-00000000000000000000.jpg /p/{slug}/ /tags/{slug}/ /amp/{pk}/ /print/{pk}/ /api/articles/{pk}/
    /admin/r/1/{pk}/ /preview/{pk}/ /preview/{slug}/
""".split()
# The number in the words of a story that was withdrawn; hidden ones begin at 0.
WITHDRAWN = 77
# What somebody may send along to be shown more.
PLEAS = (
    {"QUERY_STRING": "preview=1"},
    {"QUERY_STRING": "status=draft&_preview=1&draft=true"},
    {"QUERY_STRING": "p=1&post_status=draft"},
    {"HTTP_X_PREVIEW": "1"},
    {"HTTP_X_GHOST_PREVIEW": "1"},
    {"HTTP_X_ORIGINAL_URL": "/admin/"},
    {"HTTP_X_REWRITE_URL": "/admin/"},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "PUT"},
    {"HTTP_AUTHORIZATION": "Bearer x"},
    {"HTTP_COOKIE": "preview=1; sessionid=x"},
    {"HTTP_IF_NONE_MATCH": "*"},
    {"HTTP_IF_MODIFIED_SINCE": "Fri, 01 Jan 2100 00:00:00 GMT"},
    {"HTTP_RANGE": "bytes=0-10"},
    {"HTTP_ACCEPT": "application/json"},
    {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
)


@pytest.fixture
def newspaper() -> dict[str, Any]:
    """What is public, and what hidden articles are to be about too; nothing is kept of another test's rows."""
    for shelf in (parts, kept_stories, writing._shelf):
        shelf.clear()
    make_site(feeds_full_text=True)
    about = {
        "section": make_section("محليات"),
        "authors": (make_author("ليلى"),),
        "sources": (make_source("وكالة الحي"),),
        "tags": (make_tag("حدائق"),),
    }
    stories = [make_article(f"خبر منشور {number}", **about) for number in range(3)]
    return {"stories": stories, "about": about}


def test_no_address_knows_a_hidden_article(client: Client, newspaper: dict[str, Any]) -> None:
    """The answer is that to a number that no article ever had: same status, same page, same headers."""
    hidden = hide(newspaper["stories"], **newspaper["about"])
    assert set(hidden) == set(STATES)
    for state, article in hidden.items():
        for address in ADDRESSES:
            found = client.get(address.format(pk=article.pk, slug=article.slug))
            nothing = client.get(address.format(pk=987_654, slug="zq9999nothing"))
            assert found.status_code == nothing.status_code, (state, address)
            if address.startswith("/admin"):
                assert told(found) == []
            elif "{pk}" in address and "/updates/" not in address:
                assert found.status_code in {301, 404}, (state, address)
            assert plain(found, article) == plain(nothing, article), (state, address)
        card = client.get(share_card_address(article))
        assert card.status_code == 404, state


def test_no_address_tells_a_word_of_a_withdrawn_story(client: Client, world: dict[str, Any]) -> None:  # noqa: F811
    """Its own addresses answer 410 and say why it is gone; what it said stands nowhere."""
    section, author, source, tag = (world[name] for name in ("section", "author", "source", "tag"))
    about = {"section": section, "authors": (author,), "sources": (source,), "tags": (tag,)}
    image = make_image(alt_text=f"zq{WITHDRAWN}lead", caption=f"zq{WITHDRAWN}note")
    coverage = {"coverage_started_at": timezone.now(), "breaking_until": timezone.now() + timedelta(hours=1)}
    story = make_withdrawn(**texts(WITHDRAWN), lead_image=image, **about, **coverage)
    LiveUpdate.objects.create(article=story, headline=f"zq{WITHDRAWN}title", body=f"<p>zq{WITHDRAWN}body</p>")
    Correction.objects.create(article=story, note=f"zq{WITHDRAWN}note", at=timezone.now())
    RelatedLink.objects.create(article=world["stories"][0], target=story, position=9, after_block=1)
    index([story.pk])
    own = [address.format(pk=story.pk, slug=story.slug) for address in ADDRESSES]
    for part in ("title", "body", "lead", "note"):
        word, nothing = words(WITHDRAWN, part)
        for path in ("/search/", "/search/suggest/"):
            found, none = (client.get(path, {"q": each}).content.decode() for each in (word, nothing))
            assert found.replace(word, nothing) == none, (path, part)
    for path in sorted({*paths_of(world), *own}):
        answer = client.get(path)
        in_the_address = set(re.findall(r"zq\d+slug", path))
        assert set(told(answer)) <= in_the_address, path
    for address in (f"/news/{story.pk}/", f"/news/{story.pk}/{story.slug}/", f"/lite/news/{story.pk}/"):
        answer = client.get(address, follow=True)
        assert answer.status_code == 410, address
        assert "نُشرت المادة قبل اكتمال التحقق." in answer.content.decode(), address


def plain(answer: Any, article: Article) -> tuple[str, dict[str, str]]:
    """An answer without what was asked for: the words of a lost address are proposed for the search."""
    names = (quote(article.slug), article.slug, "zq9999nothing", "987654", str(article.pk))
    anything = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, names))})(?![\w-])")
    # The tag is made of the page, in which the words of the address stand.
    told_apart = {"Content-Length", "ETag", "X-Request-ID"}
    headers = {name: anything.sub("ASKED", value) for name, value in answer.headers.items() if name not in told_apart}
    return anything.sub("ASKED", answer.content.decode(errors="replace")), headers


def test_nothing_that_a_request_says_opens_a_hidden_article(client: Client, newspaper: dict[str, Any]) -> None:
    hidden = hide(newspaper["stories"], **newspaper["about"])
    for state, article in hidden.items():
        path = f"/news/{article.pk}/{article.slug}/"
        for plea in PLEAS:
            for method in ("get", "head"):
                answer = getattr(client, method)(path, **plea)
                assert answer.status_code == 404, (state, plea, method)
                assert told(answer) == [], (state, plea, method)
                assert "Last-Modified" not in answer.headers, (state, plea)
        assert client.get(f"/news/{article.pk}/").get("ETag") == client.get("/news/987654/").get("ETag"), state
        for method in ("post", "put", "patch", "delete", "options"):
            answer = getattr(client, method)(path)
            assert answer.status_code in {403, 404, 405}, (state, method)
            assert told(answer) == [], (state, method)
            assert answer.status_code == getattr(client, method)("/news/987654/zq9999nothing/").status_code


def public_answers(client: Client, newspaper: dict[str, Any]) -> dict[str, Any]:
    """Every public page, feed, map and count, with what a copy is named by."""
    story, about = newspaper["stories"][0], newspaper["about"]
    month = f"{timezone.localtime():%Y/%m}"
    paths = [
        "/", "/lite/", "/most-read/", "/corrections/", "/archive/", f"/archive/{month}/", f"/archive/{month}/20/",
        "/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json", "/sitemap.xml", "/sitemap-news.xml", "/llms.txt",
        "/search/?q=خبر", "/search/?q=خبر&sort=newest", "/search/suggest/?q=خبر", "/saved/", "/newsletter/archive/",
        "/sitemaps/tags-1.xml", "/sitemaps/authors-1.xml", "/sitemaps/sources-1.xml", "/sitemaps/sections.xml",
        f"/sitemaps/articles-{month.replace('/', '-')}.xml", "/offline/",
        *(row.get_absolute_url() for row in newspaper["stories"]),
        f"/lite{story.get_absolute_url()}",
    ]  # fmt: skip
    leading = [f"/n/{story.pk}", f"/lite/news/{story.pk}/"]
    for row in (about["section"], about["authors"][0], about["sources"][0], about["tags"][0]):
        own = row.get_absolute_url()
        paths.append(own)
        leading += [f"{own}?page=1", f"{own}?before=zzzzzzz-1"]
        if row != about["sources"][0]:
            paths += [own + name for name in ("rss.xml", "atom.xml", "feed.json")]
    found = {}
    for path in [*paths, *leading]:
        answer = client.get(path)
        assert answer.status_code in ({301, 302} if path in leading else {200}), path
        headers = {name: answer.get(name) for name in ("Surrogate-Key", "Location")}
        found[path] = (answer.status_code, answer.content, headers)
    return found


def test_the_newspaper_is_the_same_whatever_is_hidden(client: Client, newspaper: dict[str, Any], clock: Any) -> None:
    """Not a byte of any page, count, feed, map or header moves when drafts are made, saved, planned and deleted."""
    clock.shift(3600)
    before = public_answers(client, newspaper)
    clock.shift(60)
    draft = make_article(published=False, **texts(0), **newspaper["about"])
    states = (Status.IN_REVIEW, Status.APPROVED)
    hidden = [make_article(published=False, status=state, **newspaper["about"]) for state in states]
    client_of_desk = Client()
    client_of_desk.force_login(make_user(Role.EDITOR))
    data = form_data(client_of_desk, change_url(draft)) | {"headline": "خبر zq1title آخر", "_continue": "1"}
    assert client_of_desk.post(change_url(draft), data).status_code == 302
    hidden[0].delete()
    assert sum(before[path][0] == 200 for path in before) > 30
    after = public_answers(client, newspaper)
    assert [path for path in before if before[path] != after[path]] == []


@pytest.mark.parametrize("part", ["title", "body", "lead", "slug", "note"])
def test_a_search_answers_as_to_a_word_that_nobody_wrote(client: Client, newspaper: dict[str, Any], part: str) -> None:
    hidden = hide(newspaper["stories"], **newspaper["about"])
    for number in range(len(hidden)):
        for path in ("/search/", "/search/suggest/"):
            secret, nothing = (client.get(path, {"q": word}).content.decode() for word in words(number, part))
            assert secret.replace(words(number, part)[0], words(number, part)[1]) == nothing, (number, path)


def words(number: int, part: str) -> tuple[str, str]:
    """One that stands in a hidden article, and one that looks like it and stands nowhere."""
    return f"zq{number}{part}", f"zq{number}{part[::-1]}"


def test_no_public_answer_tells_a_word_of_a_hidden_article(client: Client, world: dict[str, Any]) -> None:  # noqa: F811
    """Over every address of the URL configuration."""
    section, author, source, tag = (world[name] for name in ("section", "author", "source", "tag"))
    about = {"section": section, "authors": (author,), "sources": (source,), "tags": (tag,)}
    world["hidden"] += hide(world["stories"], **about).values()
    asked = sorted(set(paths_of(world)))
    assert len(asked) > 150
    for path in asked:
        for method in ("get", "head"):
            answer = getattr(client, method)(path)
            assert answer.status_code < 500, path
            own = re.findall(r"zq\d+slug", path)
            assert [word for word in told(answer) if word not in own] == [], (method, path)


def test_an_answer_to_a_hidden_article_is_kept_by_nobody(client: Client, newspaper: dict[str, Any]) -> None:
    for state, article in hide(newspaper["stories"], **newspaper["about"]).items():
        answer = client.get(f"/news/{article.pk}/{article.slug}/")
        assert answer["Cache-Control"] == client.get("/news/987654/x/")["Cache-Control"], state
        assert "max-age=0" in answer["Cache-Control"] or "no-" in answer["Cache-Control"], state


@pytest.fixture
def kept_pages(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[PageCache]:
    settings.PAGE_CACHE = "on"
    # A page of this second may be shown once more.
    monkeypatch.setattr(page_cache, "YOUNG", 0)
    parts.clear()
    kept_stories.clear()
    yield PageCache(WSGIHandler(), 100_000_000)
    parts.clear()
    kept_stories.clear()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", ["withdrawn", "back to the desk", "planned anew"])
def test_no_kept_copy_outlives_a_story(kept_pages: PageCache, newspaper: dict[str, Any], end: str) -> None:
    """Readers have filled every copy; then the story is taken away, and everything is asked for again."""
    story = make_article(**texts(1), lead_image=make_image(alt_text="zq1lead"), **newspaper["about"])
    newspaper["stories"].append(story)
    card = share_card_address(story)
    paths = [quote(path, safe="/?=&%").partition("?")[::2] for path in public_answers(Client(), newspaper)]
    paths = [(unquote(path), query) for path, query in paths]
    paths += [(f"/news/{story.pk}/updates/", ""), (card, ""), (f"/lite/news/{story.pk}/{story.slug}/", "")]
    first = {asked: ask(kept_pages, *asked) for asked in paths}
    telling = [asked for asked, answer in first.items() if "zq1" in answer.body.decode(errors="replace")]
    assert len(telling) > 15
    assert sum(answer["Cache-Control"] == PUBLIC for answer in first.values()) > 15
    take_away(story, end)
    for asked in paths:
        answer = ask(kept_pages, *asked)
        in_the_address = set(re.findall(r"zq\d+slug", asked[0]))
        assert set(told(answer)) <= in_the_address, asked
    status = ask(kept_pages, story.get_absolute_url()).status
    assert status == (410 if end == "withdrawn" else 404)


def take_away(story: Article, end: str) -> None:
    editor = make_user(Role.EDITOR)
    if end == "withdrawn":
        publishing.withdraw(story, by=editor, note="نُشرت المادة قبل اكتمال التحقق.")
        return
    # No deed leads there; rows may come to it by hand, and the signals of the rows must be enough.
    if end == "back to the desk":
        story.status, story.publish_at, story.published_at = Status.DRAFT, None, None
    else:
        story.publish_at = story.published_at = timezone.now() + timedelta(days=1)
    story.save()


def test_saving_a_draft_moves_no_validator(
    clock: Any, client: Client, newspaper: dict[str, Any], django_capture_on_commit_callbacks: Any
) -> None:
    """Neither ETag nor Last-Modified: who asks again and again would know by them that the desk is at work."""

    def told_by(path: str) -> tuple[int, str | None, str | None]:
        answer = client.get(path)
        return answer.status_code, answer.headers.get("ETag"), answer.headers.get("Last-Modified")

    paths = ["/", "/archive/", "/sitemap.xml", *(story.get_absolute_url() for story in newspaper["stories"][:2])]
    clock.shift(100)
    for path in paths:  # what was seen for the first time within this second is not vouched for
        told_by(path)
    clock.shift(100)
    before = {path: told_by(path) for path in paths}
    with django_capture_on_commit_callbacks(execute=True):
        draft = make_article(**texts(7), published=False, **newspaper["about"])
        draft.headline = "عنوان آخر"
        draft.save()
    clock.shift(100)
    assert {path: told_by(path) for path in paths} == before
    assert all(status == 200 and tag and changed for status, tag, changed in before.values()), before
