"""The page of the front desk: buttons without JavaScript, saving, taking back, the look at another moment."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from articles.enums import SlotPlace
from articles.front_desk import arrange, set_breaking, stored_layout
from articles.front_layout import Pin, as_text, fingerprint, from_text
from articles.front_page import front_page
from articles.models import Article, FrontChange, FrontSlot
from articles.publishing import withdraw
from tests.articles.desk import form_data, messages_of
from tests.factories import make_article, make_image, make_indexed, make_section, make_site, make_user

pytestmark = pytest.mark.django_db

PAGE = "/admin/articles/frontslot/"
PREVIEW, FRAME = f"{PAGE}preview/", f"{PAGE}page/"
LEAD, SECOND, PICK = SlotPlace.LEAD, SlotPlace.SECOND, SlotPlace.PICK


@pytest.fixture
def chief(client: Client) -> Any:
    make_site()
    user = make_user(Role.CHIEF_EDITOR, username="samer", first_name="سامر")
    client.force_login(user)
    return user


def pin(article: Article, place: SlotPlace = LEAD, position: int = 0, **fields: Any) -> FrontSlot:
    return FrontSlot.objects.create(article=article, place=place, position=position, **fields)


def press(client: Client, op: str, data: dict[str, Any] | None = None, **typed: Any) -> Any:
    """A button of the page as it was opened, or as an earlier answer showed it (`data`)."""
    return client.post(PAGE, (data or form_data(client, PAGE)) | typed | {"op": op})


def draft_in(response: Any) -> tuple[Pin, ...]:
    return from_text(response.context["pins"])


def data_in(response: Any) -> dict[str, Any]:
    """What the page that came back would send."""
    return {"pins": response.context["pins"], "seen": response.context["draft"].seen}


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", response.content.decode())))


# The picture


def test_page_shows_what_stands_where_and_why(client: Client, chief: Any) -> None:
    pinned = make_article("خبر مثبّت")
    newest = make_article("أحدث خبر", lead_image=make_image())
    opinion = make_article("رأي", origin="opinion")
    pin(pinned, set_by=chief)
    zones = client.get(PAGE).context["board"].zones
    assert [(cell.article, bool(cell.pin)) for zone in zones for cell in zone.cells] == [
        (pinned, True),
        (newest, False),
    ]
    assert zones[0].cells[0].slot.set_by == chief
    assert client.get(PAGE).context["board"].page.opinions == [opinion]


@pytest.mark.parametrize(
    ("fields", "why", "is_struck"),
    [
        ({"hours": 2}, "scheduled", False),
        ({"withdrawn": True}, "withdrawn", True),
        ({"published": False}, "not_public", True),
        ({"breaking": True}, "in_bar", False),
    ],
)
def test_a_pin_that_does_not_stand_in_its_place_says_why(
    client: Client, chief: Any, fields: dict[str, Any], why: str, is_struck: bool
) -> None:
    now = timezone.now()
    make_article("خبر يملأ المكان")
    story = make_article(
        "خبر ينتظر",
        published=fields.get("published", True),
        at=now + timedelta(hours=fields.get("hours", -1)),
        breaking_until=now + timedelta(hours=1) if "breaking" in fields else None,
    )
    pin(story, PICK)
    if "withdrawn" in fields:
        withdraw(story, by=chief, note="سُحبت لأسباب التحقق")
    response = client.get(PAGE)
    waiting = [row for zone in response.context["board"].zones for row in zone.waiting]
    assert [(row.article, row.why, row.is_struck) for row in waiting] == [(story, why, is_struck)]
    assert ("<s>" in response.content.decode()) == is_struck


def test_a_pin_that_has_ended_is_no_part_of_the_arrangement(client: Client, chief: Any) -> None:
    story = make_article()
    pin(story, PICK, ends_at=timezone.now() - timedelta(minutes=1))
    response = client.get(PAGE)
    assert (draft_in(response), response.context["is_changed"]) == ((), False)


def test_a_fourth_breaking_story_is_told_apart(client: Client, chief: Any) -> None:
    until = timezone.now() + timedelta(hours=1)
    stories = [make_article(breaking_until=until, at=timezone.now() - timedelta(hours=n + 1)) for n in range(4)]
    response = client.get(PAGE)
    assert (response.context["board"].bar, response.context["board"].other_breaking) == (stories[:3], stories[3:])
    assert "عاجلة أيضًا" in text_of(response) or "Breaking too" in text_of(response)


# Buttons, without saving


def test_a_story_is_pinned_where_it_stands(client: Client, chief: Any) -> None:
    stories = [make_article(lead_image=make_image(), at=timezone.now() - timedelta(hours=n + 1)) for n in range(3)]
    response = press(client, f"put:{stories[2].pk}:second:1")
    assert draft_in(response) == (Pin(SECOND, 1, stories[2].pk),)
    assert [cell.article for cell in response.context["board"].zones[1].cells] == stories[1:]
    assert response.context["is_changed"]
    assert not FrontSlot.objects.exists()


def test_a_pinned_story_moves_and_the_page_says_so(client: Client, chief: Any) -> None:
    story = make_article()
    pin(story, PICK)
    response = press(client, f"to:{story.pk}", **{f"to-{story.pk}": "lead:0"})
    assert draft_in(response) == (Pin(LEAD, 0, story.pk),)
    assert [str(place.label) in response.context["draft"].said for place in (PICK, LEAD)] == [True, True]


def test_pins_step_up_and_down_and_come_off(client: Client, chief: Any) -> None:
    one, two = make_article(), make_article()
    pin(one, PICK, 0)
    pin(two, PICK, 1)
    down = press(client, f"down:{one.pk}")
    assert [row.article_id for row in draft_in(down)] == [two.pk, one.pk]
    up = press(client, f"up:{one.pk}", data_in(down))
    assert [row.article_id for row in draft_in(up)] == [one.pk, two.pk]
    assert [row.article_id for row in draft_in(press(client, f"off:{one.pk}", data_in(up)))] == [two.pk]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("1h", timedelta(hours=1)),
        ("3h", timedelta(hours=3)),
        ("midnight", timedelta(hours=14, minutes=20)),  # the clock of the newsroom says 9:40
        ("at", timedelta(hours=8, minutes=20)),
        ("none", None),
    ],
)
def test_a_pin_lasts_as_long_as_somebody_chooses(
    client: Client, chief: Any, clock: Any, choice: str, expected: timedelta | None
) -> None:
    story = make_article()
    pin(story, ends_at=timezone.now() + timedelta(minutes=5))
    typed = {f"at-{story.pk}_0": "2026-11-20", f"at-{story.pk}_1": "١٨:٠٠"}
    response = press(client, f"until:{story.pk}:{choice}", **typed)
    assert draft_in(response)[0].ends_at == (timezone.now() + expected if expected else None)


@pytest.mark.parametrize("typed", [("", ""), ("2026-11-20", "09:00"), ("2999-01-01", "10:00"), ("غدًا", "10:00")])
def test_a_moment_that_cannot_be_is_refused(client: Client, chief: Any, clock: Any, typed: tuple[str, str]) -> None:
    story = make_article()
    pin(story)
    boxes = {f"at-{story.pk}_{part}": text for part, text in enumerate(typed)}
    response = press(client, f"until:{story.pk}:at", **boxes)
    assert (response.status_code, draft_in(response)[0].ends_at) == (409, None)
    assert response.context["refusal"]


@pytest.mark.parametrize("op", ["", "nonsense", "put:x:lead:0", "put:1:hero:0", "put:1:lead:x", "choose:", "off:²"])
def test_a_request_that_no_page_sends_changes_nothing(client: Client, chief: Any, op: str) -> None:
    story = make_article()
    pin(story)
    response = press(client, op)
    assert (response.status_code, draft_in(response)) == (409, (Pin(LEAD, 0, story.pk),))


def test_an_arrangement_that_cannot_be_read_leads_back(client: Client, chief: Any) -> None:
    response = client.post(PAGE, {"pins": "lead.lead.lead.", "seen": "x", "op": "save"}, follow=True)
    assert len(messages_of(response)) == 1


@pytest.mark.parametrize("end", ["253402300799", "4133980800"])
def test_a_pin_does_not_last_beyond_the_years_of_the_site(client: Client, chief: Any, end: str) -> None:
    """The end of the year 9999 is none in Damascus: the page could not show it."""
    data = form_data(client, PAGE) | {"pins": f"lead.0.{make_article().pk}.{end}"}
    assert press(client, "save", data)["Location"] == PAGE
    assert (FrontSlot.objects.count(), client.get(PAGE).status_code) == (0, 200)


def test_a_pin_that_lasts_longer_than_a_page_can_show_has_no_end(client: Client, chief: Any) -> None:
    """A row of the time before such an end was refused."""
    story, end = make_article(), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    pin(story, ends_at=end)
    row = {"place": "lead", "position": 0, "article_id": story.pk, "ends_at": end.isoformat()}
    FrontChange.objects.create(before={"slots": []}, after={"slots": [row]}, by=chief)
    assert draft_in(client.get(PAGE)) == (Pin(LEAD, 0, story.pk),)
    assert client.get(PREVIEW).status_code == client.get("/").status_code == 200
    assert press(client, f"off:{story.pk}", None).status_code == 200
    press(client, "save", form_data(client, PAGE) | {"pins": ""})
    assert not FrontSlot.objects.exists()


def test_search_finds_published_and_scheduled_in_any_spelling(client: Client, chief: Any) -> None:
    public = make_indexed("افتتاح المكتبة الكبرى")
    coming = make_indexed("إفتتاح المدرسه", at=timezone.now() + timedelta(hours=3))
    make_indexed("افتتاح لم يُنشر", published=False)
    response = press(client, "find", q="افتتاح")
    assert set(response.context["draft"].found) == {public, coming}
    nothing = press(client, "find", q="لا شيء كهذا")
    assert (nothing.context["draft"].found, bool(nothing.context["draft"].said)) == ([], True)


def test_a_draft_is_not_put_in_by_its_number(client: Client, chief: Any) -> None:
    draft = make_article("مسودة سرية", published=False)
    for response in (press(client, f"put:{draft.pk}:lead:0"), press(client, f"choose:{draft.pk}")):
        assert (response.status_code, draft_in(response)) == (409, ())
        assert "مسودة سرية" not in response.content.decode()
    assert "مسودة سرية" not in client.get(f"{PAGE}?put={draft.pk}").content.decode()


def test_an_article_is_put_in_from_its_page(client: Client, chief: Any) -> None:
    story = make_article("خبر من صفحته")
    page = client.get(f"/admin/articles/article/{story.pk}/change/").content.decode()
    assert f'href="{PAGE}?put={story.pk}"' in page
    response = client.get(f"{PAGE}?put={story.pk}")
    assert response.context["draft"].chosen == story
    assert not FrontSlot.objects.exists()


# Saving


def test_what_is_saved_is_what_readers_see(client: Client, chief: Any) -> None:
    make_article(lead_image=make_image())
    story = make_article("خبر مختار")
    drafted = press(client, f"put:{story.pk}:lead:0")
    response = client.post(PAGE, data_in(drafted) | {"op": "save"}, follow=True)
    assert (response.status_code, front_page().lead, FrontSlot.objects.get().set_by) == (200, story, chief)
    assert not response.context["is_changed"]


def test_two_editors_see_both_arrangements_and_one_decides(client: Client, chief: Any) -> None:
    mine, theirs = make_article("ترتيبي"), make_article("ترتيبهم")
    drafted = press(client, f"put:{mine.pk}:lead:0")
    arrange([Pin(LEAD, 0, theirs.pk)], by=make_user(Role.EDITOR), seen=fingerprint(()))
    refused = client.post(PAGE, data_in(drafted) | {"op": "save"})
    assert (refused.status_code, front_page().lead) == (409, theirs)
    both = refused.content.decode()
    assert both.index("ترتيبهم") < both.index("ترتيبي")
    client.post(PAGE, data_in(refused) | {"op": "save"})
    assert front_page().lead == mine


def test_who_may_not_arrange_sees_nothing(client: Client) -> None:
    make_site()
    story = make_article("خبر مثبّت")
    pin(story)
    for role in (Role.REPORTER, Role.NEWSLETTER_EDITOR):
        client.force_login(make_user(role))
        answers = [client.get(path) for path in (PAGE, PREVIEW, FRAME)] + [client.post(PAGE, {"op": "save"})]
        assert [answer.status_code for answer in answers] == [403] * 4
        assert PAGE not in client.get("/admin/").content.decode()


def test_front_desk_stands_in_the_menu_of_who_may_arrange(client: Client, chief: Any) -> None:
    assert PAGE in client.get("/admin/").content.decode()


# The bar


def test_a_story_breaks_at_once_and_ends_by_hand(client: Client, chief: Any, clock: Any) -> None:
    story = make_article("حريق")
    chosen = press(client, f"choose:{story.pk}")
    typed = {f"break-{story.pk}-until": "30m", f"break-{story.pk}-text": "حريق في السوق"}
    client.post(PAGE, data_in(chosen) | typed | {"op": f"break:{story.pk}"})
    assert [(each.card_headline, each.breaking_until) for each in front_page().breaking] == [
        ("حريق في السوق", timezone.now() + timedelta(minutes=30))
    ]
    press(client, f"unbreak:{story.pk}")
    assert front_page().breaking == []


def test_the_bar_changes_and_the_unsaved_arrangement_stays(client: Client, chief: Any) -> None:
    story, hot, _lead = (make_article() for _number in range(3))
    drafted = press(client, f"put:{story.pk}:pick:0")
    response = client.post(PAGE, data_in(drafted) | {"op": f"break:{hot.pk}", f"break-{hot.pk}-until": "1h"})
    assert (response.status_code, draft_in(response)) == (200, (Pin(PICK, 0, story.pk),))
    saved = client.post(PAGE, data_in(response) | {"op": "save"})
    assert (saved.status_code, front_page().breaking, front_page().picks) == (302, [hot], [story])


# Taking back


def test_one_click_takes_the_last_change_back(client: Client, chief: Any) -> None:
    story = make_article("خبر مختار")
    arrange([Pin(LEAD, 0, story.pk)], by=chief, seen=fingerprint(()))
    page = client.get(PAGE)
    assert "سامر" in text_of(page)
    change = FrontChange.objects.get()
    client.post(f"{PAGE}undo/{change.pk}/")
    assert not FrontSlot.objects.exists()
    assert client.get(PAGE).context["history"][1].is_undone


def test_taking_an_older_change_back_asks_first(client: Client, chief: Any) -> None:
    one, two = make_article(), make_article("خبر جاء بعده")
    arrange([Pin(LEAD, 0, one.pk)], by=chief, seen=fingerprint(()))
    first = FrontChange.objects.get()
    arrange([Pin(LEAD, 0, one.pk), Pin(PICK, 0, two.pk)], by=chief, seen=fingerprint(stored_layout()))
    asked = client.post(f"{PAGE}undo/{first.pk}/")
    assert (asked.status_code, FrontSlot.objects.count()) == (409, 2)
    assert "خبر جاء بعده" in text_of(asked)
    client.post(f"{PAGE}undo/{first.pk}/", {"seen": asked.context["seen"]})
    assert not FrontSlot.objects.exists()


def test_taking_back_is_no_link(client: Client, chief: Any) -> None:
    arrange([Pin(LEAD, 0, make_article().pk)], by=chief, seen=fingerprint(()))
    address = f"{PAGE}undo/{FrontChange.objects.get().pk}/"
    assert client.get(address).status_code == 405
    assert FrontSlot.objects.exists()


# The look at another moment


def test_preview_at_six_shows_the_scheduled_story(client: Client, chief: Any, clock: Any) -> None:
    make_article("خبر الصباح", lead_image=make_image())
    make_article("خبر المساء", lead_image=make_image(), at=timezone.now() + timedelta(hours=5))
    page = client.get(PREVIEW, {"at_0": "2026-11-20", "at_1": "18:00"})
    events = [(event.happening, str(event.article)) for event in page.context["events"]]
    assert events == [("published", "خبر المساء")]
    frame = client.get(page.context["frame"])
    assert "خبر المساء" in frame.content.decode()
    now = client.get(client.get(PREVIEW).context["frame"]).content.decode()
    assert ("خبر الصباح" in now, "خبر المساء" in now) == (True, False)


def test_frame_is_sealed(client: Client, chief: Any) -> None:
    make_article(lead_image=make_image())
    response = client.get(client.get(PREVIEW, {"scheme": "dark"}).context["frame"])
    html = response.content.decode()
    assert response.headers["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in response.headers["Cache-Control"]
    assert 'data-theme="dark"' in html
    assert re.findall(r"<script|<a\b[^>]* href=|rel=\"manifest\"", html) == []


def test_preview_shows_what_nobody_has_saved_and_keeps_nothing(client: Client, chief: Any) -> None:
    make_article("خبر تلقائي", lead_image=make_image())
    story = make_article("خبر مختار", at=timezone.now() - timedelta(hours=9))
    data = {"pins": as_text([Pin(LEAD, 0, story.pk)]), "seen": fingerprint(())}
    page = client.post(PREVIEW, data)
    assert page.context["is_unsaved"]
    html = client.get(page.context["frame"]).content.decode()
    assert "card-lead" in html
    assert html.index("خبر مختار") < html.index("خبر تلقائي")
    assert not FrontSlot.objects.exists()


def test_timeline_tells_what_changes_by_itself(client: Client, chief: Any, clock: Any) -> None:
    now = timezone.now()
    hot, pinned = make_article("عاجل"), make_article("مثبّت")
    make_article("مجدول", at=now + timedelta(hours=3))
    make_article("بعد ذلك", at=now + timedelta(hours=30))
    set_breaking(hot, now + timedelta(hours=1), by=chief)
    pin(pinned, ends_at=now + timedelta(hours=2))
    events = client.get(PREVIEW, {"at_0": "2026-11-20", "at_1": "18:00"}).context["events"]
    assert [(event.happening, str(event.article)) for event in events] == [
        ("breaking_ends", "عاجل"), ("pin_ends", "مثبّت"), ("published", "مجدول"),
    ]  # fmt: skip


def test_what_is_no_breaking_news_by_then_does_not_say_so(client: Client, chief: Any, clock: Any) -> None:
    make_article("خبر", lead_image=make_image(), breaking_until=timezone.now() + timedelta(hours=1))
    soon = client.get(client.get(PREVIEW).context["frame"]).content.decode()
    later = client.get(client.get(PREVIEW, {"at_0": "2026-11-20", "at_1": "18:00"}).context["frame"]).content.decode()
    assert ("breaking-strip" in soon, "breaking-strip" in later, "label-hot" in later) == (True, False, False)


@pytest.mark.parametrize("query", ["", "?at=nonsense", "?at=2026-11-20T10:00", "?at=9999-01-01T00:00:00Z"])
def test_frame_of_no_moment_is_refused(client: Client, chief: Any, query: str) -> None:
    assert client.get(FRAME + query).status_code == 400


# How much it asks


def test_more_changes_and_stories_ask_no_more_questions(
    client: Client, chief: Any, django_assert_max_num_queries: Any
) -> None:
    asked = []
    section = make_section()
    for more in (3, 12):
        for _number in range(more):
            story = make_article(section=section, lead_image=make_image())
            pin(story, PICK, FrontSlot.objects.count(), set_by=chief)
            after = {"slots": [{"place": "pick", "position": 0, "article_id": story.pk, "ends_at": None}]}
            FrontChange.objects.create(before={"slots": []}, after=after, by=chief)
            make_article(breaking_until=timezone.now() + timedelta(hours=1), section=section)
        client.get(PAGE)
        with django_assert_max_num_queries(28) as questions:
            assert client.get(PAGE).status_code == 200
        asked.append(len(questions))
    assert asked[0] == asked[1]


def test_who_may_not_see_every_text_arranges_nothing(client: Client) -> None:
    """The page names drafts too, where somebody writes their keys into its form."""
    make_site()
    draft = make_article("سر لم ينشر بعد", published=False)
    user = make_user(Role.REPORTER)
    user.user_permissions.add(Permission.objects.get(codename="arrange_front"))
    client.force_login(user)
    answer = client.post(PAGE, {"pins": f"lead:0:{draft.pk}", "op": "find", "q": "س"})
    assert answer.status_code == 403
    assert "سر" not in answer.content.decode()
