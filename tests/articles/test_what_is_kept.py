"""After every deed that readers can see, each page that was kept is what it would be if it were made anew."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from time_machine import Traveller

from accounts.models import User
from accounts.roles import Role
from articles import covering, front_desk, publishing, related_choices
from articles.changes import open_changes, publish_changes
from articles.enums import ChangeKind, CorrectionKind, SlotPlace
from articles.front_layout import Pin, fingerprint
from articles.models import Article, RelatedLink
from articles.tag_merging import merge
from articles.turns import TURNS
from newsroom import page_cache
from newsroom.lib.keeping import parts, stories
from newsroom.page_cache import PageCache
from pages.clock import Clock
from pages.enums import NavigationPlace
from pages.models import NavigationItem
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_page,
    make_section,
    make_site,
    make_source,
    make_tag,
    make_user,
)
from tests.newsroom.test_page_cache import ask

pytestmark = pytest.mark.django_db(transaction=True)


class World:
    """A small newspaper of two sections, and whoever may do anything."""

    def __init__(self, time: Traveller) -> None:
        self.time = time
        # Asks for every page; set by the test.
        self.warm: Callable[[], None] = lambda: None
        make_site()
        self.chief: User = make_user(Role.CHIEF_EDITOR, is_superuser=True)
        self.section, self.other_section = make_section("سياسة"), make_section("ثقافة")
        self.author, self.source = make_author("رنا", portrait=make_image()), make_source("وكالة الأفق")
        self.tag, self.other_tag = make_tag("زيتون"), make_tag("زيت")
        self.image = make_image()
        common = {"authors": (self.author,), "sources": (self.source,), "tags": (self.tag,), "section": self.section}
        self.story = make_article("افتتاح المكتبة", lead_image=self.image, **common)
        self.second = make_article("موسم الزيتون", **common)
        self.third = make_article("معرض الكتاب", section=self.other_section, tags=(self.other_tag,))
        self.stories = [self.story, self.second, self.third]
        RelatedLink.objects.create(article=self.second, target=self.story)
        self.page = make_page()

    def addresses(self) -> list[str]:
        rows = [*self.stories, self.section, self.other_section, self.tag, self.other_tag]
        rows += [self.author, self.source, self.page]
        at = timezone.localtime(self.second.published_at)
        lists = ["/", "/archive/", f"/archive/{at:%Y/%m}/", f"/archive/{at:%Y/%m/%d}/", "/corrections/", "/most-read/"]
        machines = [
            "/feeds/rss.xml",
            "/feeds/atom.xml",
            "/feeds/feed.json",
            "/sitemap.xml",
            "/sitemap-news.xml",
            "/llms.txt",
        ]
        light = ["/lite/", f"/lite{self.story.get_absolute_url()}", f"/lite{self.section.get_absolute_url()}"]
        about = [
            reverse("articles:section_rss", args=[self.section.slug]),
            reverse("articles:tag_rss", args=[self.tag.slug]),
        ]
        return [*(row.get_absolute_url() for row in rows), *lists, *machines, *light, *about, "/robots.txt"]

    def changes(self, story: Article, kind: ChangeKind = ChangeKind.UPDATE, note: str = "", **fields: Any) -> None:
        copy = open_changes(story, by=self.chief)
        for name, value in fields.items():
            setattr(copy, name, value)
        copy.save()
        publish_changes(copy, by=self.chief, kind=kind, note=note)


def _clock_of_the_site() -> Clock:
    clock = Clock()
    for turn in TURNS:
        clock.watch(turn)
    return clock


@pytest.fixture
def world(clock: Traveller, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(page_cache, "YOUNG", 0.0)
    settings.PAGE_CACHE = "on"
    parts.clear()
    stories.clear()
    return World(clock)


def _headline(world: World) -> None:
    world.changes(world.story, headline="افتتاح المكتبة الوطنية")


def _correction(world: World) -> None:
    publishing.correct(world.story, by=world.chief, kind=CorrectionKind.CORRECTION, note="كان الرقم خطأ.")


def _publication(world: World) -> None:
    draft = make_article("خبر جديد", published=False, section=world.section, tags=(world.tag,), authors=(world.author,))
    publishing.publish(draft, by=world.chief, override="للتجربة")


def _withdrawal(world: World) -> None:
    publishing.withdraw(world.story, by=world.chief, note="نُشر خطأ.")


def _move_to_another_section(world: World) -> None:
    world.changes(world.story, section=world.other_section)


def _live_update(world: World) -> None:
    covering.start_coverage(world.story, by=world.chief)
    covering.post_update(world.story, by=world.chief, headline="وصول الضيوف", body="<p>وصل الضيوف.</p>")


def _a_pin(world: World) -> None:
    layout = [Pin(SlotPlace.LEAD, 0, world.third.pk)]
    front_desk.arrange(layout, by=world.chief, seen=fingerprint(front_desk.stored_layout()))


def _breaking(world: World) -> None:
    front_desk.set_breaking(world.third, timezone.now() + timedelta(hours=1), by=world.chief)


def _related_banned(world: World) -> None:
    related_choices.ban(world.story, world.second.pk, by=world.chief)


def _tag_merged(world: World) -> None:
    world.tag = merge(world.other_tag, into=world.tag, by=world.chief)


def _tag_renamed(world: World) -> None:
    world.tag.name = "زيتون الساحل"
    world.tag.save()


def _author_renamed(world: World) -> None:
    world.author.name = "رنا سليم"
    world.author.save()


def _source_renamed(world: World) -> None:
    world.source.name = "وكالة الأفق الجديد"
    world.source.save()


def _section_renamed(world: World) -> None:
    world.section.name = "شؤون السياسة"
    world.section.save()


def _tag_taken_off(world: World) -> None:
    copy = open_changes(world.second, by=world.chief)
    copy.tags.clear()
    publish_changes(copy, by=world.chief, kind=ChangeKind.UPDATE)


def _new_section(world: World) -> None:
    make_section("رياضة")


def _picture_described(world: World) -> None:
    world.image.alt_text = "قاعة القراءة"
    world.image.save()


def _site_renamed(world: World) -> None:
    make_site(name="مدار الغد")


def _new_link_in_the_header(world: World) -> None:
    NavigationItem.objects.create(place=NavigationPlace.HEADER, label="اتصل بنا", path="/p/contact/")


def _page_changed(world: World) -> None:
    world.page.title = "من نحن وكيف نعمل"
    world.page.save()


def _time_of_a_scheduled_story(world: World) -> None:
    draft = make_article("خبر الظهيرة", published=False, section=world.section, tags=(world.tag,))
    publishing.publish(draft, by=world.chief, at=timezone.now() + timedelta(minutes=5), override="للتجربة")
    world.warm()
    world.time.shift(timedelta(minutes=5, seconds=1))


def _end_of_breaking(world: World) -> None:
    _breaking(world)
    world.warm()
    world.time.shift(timedelta(hours=1, seconds=1))


def _end_of_a_pin(world: World) -> None:
    layout = [Pin(SlotPlace.LEAD, 0, world.third.pk, timezone.now() + timedelta(minutes=30))]
    front_desk.arrange(layout, by=world.chief, seen=fingerprint(front_desk.stored_layout()))
    world.warm()
    world.time.shift(timedelta(minutes=31))


def _midnight(world: World) -> None:
    world.time.shift(timedelta(hours=15))


DEEDS: list[Callable[[World], None]] = [
    _headline,
    _correction,
    _publication,
    _withdrawal,
    _move_to_another_section,
    _live_update,
    _a_pin,
    _breaking,
    _related_banned,
    _tag_merged,
    _tag_renamed,
    _author_renamed,
    _source_renamed,
    _section_renamed,
    _tag_taken_off,
    _new_section,
    _picture_described,
    _site_renamed,
    _new_link_in_the_header,
    _page_changed,
    _time_of_a_scheduled_story,
    _end_of_breaking,
    _end_of_a_pin,
    _midnight,
]


# Beside other stories a new one appears within a minute: otherwise each would put the pages of a whole section away.
APPEARS_BESIDE_LATER = {_publication, _time_of_a_scheduled_story, _tag_taken_off}


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__.strip("_"))
def test_kept_pages_are_what_they_would_be_if_they_were_made_anew(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch, deed: Callable[[World], None]
) -> None:
    monkeypatch.setattr(page_cache, "clock", _clock_of_the_site())
    django = WSGIHandler()
    site = PageCache(django, 50_000_000)
    addresses = world.addresses()
    seen: list[dict[str, Any]] = []
    world.warm = lambda: seen.append({address: ask(site, unquote(address)) for address in addresses})
    world.warm()
    assert {address: answer.status for address, answer in seen[0].items()} == dict.fromkeys(addresses, 200)
    deed(world)
    world.warm()
    before, kept = seen[-2:]
    settings.PAGE_CACHE = "off"
    fresh = {address: ask(django, unquote(address)) for address in addresses}
    different = {a for a in addresses if (kept[a].status, kept[a].body) != (fresh[a].status, fresh[a].body)}
    later = {story.get_absolute_url() for story in world.stories} if deed in APPEARS_BESIDE_LATER else set()
    assert different - later == set()
    assert any(kept[address].body != before[address].body for address in addresses)


def test_what_readers_of_a_live_coverage_ask_for_is_kept_until_the_next_update(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_cache, "clock", _clock_of_the_site())
    covering.start_coverage(world.story, by=world.chief)
    seen: list[str] = []
    django = WSGIHandler()

    def counting(environ: dict[str, Any], start_response: Any) -> Any:
        seen.append(environ["QUERY_STRING"])
        return django(environ, start_response)

    site = PageCache(counting, 1_000_000)
    address = f"/news/{world.story.pk}/updates/"
    answers = [ask(site, address, f"after=0&t={number}") for number in range(3)]
    assert seen == ["after=0"]
    assert "s-maxage=5" in answers[0]["Cache-Control"]
    covering.post_update(world.story, by=world.chief, headline="وصول الضيوف", body="<p>وصل الضيوف.</p>")
    assert "وصول الضيوف" in ask(site, address, "after=0").body.decode()
