"""A form that is older than the text: nothing is overwritten, nothing is thrown away, nobody is asked without need."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from time_machine import Traveller

from accounts.models import User
from accounts.roles import Role
from articles import changes, planning, presence, publishing
from articles.models import Article, Byline, UnsavedText
from articles.revisions import record
from richtext.merging import chunks
from tests.articles.desk import _Form, change_url, form_data, inline_row, messages_of, publish_url
from tests.factories import BODY, make_article, make_author, make_section, make_source, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def sara() -> User:
    return make_user(Role.EDITOR, username="sara", first_name="سارة")


@pytest.fixture
def samer(client: Client) -> User:
    user = make_user(Role.EDITOR, username="samer", first_name="سامر")
    client.force_login(user)
    return user


def p(*texts: str) -> str:
    return "\n".join(f"<p>{text}</p>" for text in texts)


def make_draft(by: User, **fields: Any) -> Article:
    """A draft with its first version."""
    article = make_article(published=False, created_by=by, **{"headline": "العنوان", "body": p("أ", "ب", "ج")} | fields)
    record(article, by=by)
    article.refresh_from_db()
    return article


def save_past_the_form(article: Article, by: User, **fields: Any) -> None:
    """What somebody else saves meanwhile."""
    row = Article.objects.get(pk=article.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    record(row, by=by)


def send(client: Client, article: Article, data: dict[str, Any], button: str = "_continue", **changes: Any) -> Any:
    return client.post(change_url(article), data | changes | {button: "1"})


def page_of(response: Any) -> dict[str, Any]:
    """What the form on a page would send."""
    form = _Form()
    form.feed(response.content.decode())
    return {name: value for name, value in form.data.items() if "__prefix__" not in name}


def now(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def asked(response: Any) -> list[str]:
    return [one.name for one in response.context["asked"]]


def test_a_stale_form_is_not_written_and_not_thrown_away(
    client: Client, samer: User, sara: User, clock: Traveller
) -> None:
    article = make_draft(sara)
    mine = form_data(client, change_url(article))
    save_past_the_form(article, sara, headline="عنوان سارة")
    response = send(client, article, mine, headline="عنوان سامر", kicker="ثقافة")
    assert response.status_code == 409
    assert now(article).headline == "عنوان سارة"
    text = response.content.decode()
    assert "عنوان سارة" in text
    assert "عنوان سامر" in text
    assert [(str(by), time) for by, time in response.context["saves"]] == [("سارة", "٩:٤٠ صباحًا")]
    kept = UnsavedText.objects.get(user=samer)
    assert (kept.article, kept.base_version, kept.data["headline"]) == (article, 1, ["عنوان سامر"])
    assert asked(response) == ["headline"]
    assert [(one.name, one.side) for one in response.context["settled"]] == [("kicker", "mine")]


@pytest.mark.parametrize("version", ["", "0", "1", "99", "-1", "x", "٢", "9" * 30])
def test_no_version_number_lets_an_old_text_through(client: Client, samer: User, sara: User, version: str) -> None:
    article = make_draft(sara)
    mine = form_data(client, change_url(article))
    save_past_the_form(article, sara, headline="عنوان سارة")
    response = send(client, article, mine, headline="عنوان سامر", version=version)
    assert response.status_code == 409
    assert now(article).headline == "عنوان سارة"


def test_a_form_without_a_version_changes_nothing(client: Client, samer: User, sara: User) -> None:
    article = make_draft(sara)
    mine = form_data(client, change_url(article))
    del mine["version"]
    assert send(client, article, mine, headline="عنوان سامر").status_code == 409
    assert now(article).headline == "العنوان"


@pytest.mark.parametrize(
    ("choice", "headline"),
    [
        ({"pick-headline": "newest"}, "عنوان سارة"),
        ({"pick-headline": "mine"}, "عنوان سامر"),
        ({"pick-headline": "merged", "merged-headline": "عنوان الاثنين"}, "عنوان الاثنين"),
        ({"merged-headline": "عنوان الاثنين"}, "عنوان الاثنين"),
        ({"pick-headline": "mine", "merged-headline": "عنوان الاثنين"}, "عنوان الاثنين"),
        ({"pick-headline": "newest", "merged-headline": "عنوان الاثنين"}, "عنوان سارة"),
    ],
)
def test_the_choice_is_saved(client: Client, samer: User, sara: User, choice: dict[str, str], headline: str) -> None:
    article = make_draft(sara)
    mine = form_data(client, change_url(article))
    save_past_the_form(article, sara, headline="عنوان سارة", standfirst="مقدمة سارة")
    page = page_of(send(client, article, mine, headline="عنوان سامر", kicker="ثقافة"))
    response = send(client, article, page, "_merge", **choice)
    assert response.status_code == 302
    saved = now(article)
    assert (saved.headline, saved.kicker, saved.standfirst) == (headline, "ثقافة", "مقدمة سارة")
    assert saved.version == 3
    assert not UnsavedText.objects.exists()


def test_nothing_is_saved_before_everything_is_chosen(client: Client, samer: User, sara: User) -> None:
    article = make_draft(sara)
    mine = form_data(client, change_url(article))
    save_past_the_form(article, sara, headline="عنوان سارة", dateline="حلب")
    page = page_of(send(client, article, mine, headline="عنوان سامر", dateline="حمص"))
    response = send(client, article, page, "_merge", **{"pick-dateline": "mine"})
    assert response.status_code == 409
    assert [one.name for one in response.context["asked"] if one.is_undecided] == ["headline"]
    again = page_of(response)
    assert again["pick-dateline"] == "mine"
    assert send(client, article, again, "_merge", **{"pick-headline": "mine"}).status_code == 302
    assert (now(article).headline, now(article).dateline) == ("عنوان سامر", "حمص")


def test_what_is_written_into_the_box_stays_while_one_chooses(client: Client, samer: User, sara: User) -> None:
    article = make_draft(sara)
    mine = form_data(client, change_url(article))
    save_past_the_form(article, sara, headline="عنوان سارة", dateline="حلب")
    page = page_of(send(client, article, mine, headline="عنوان سامر", dateline="حمص"))
    again = page_of(send(client, article, page, "_merge", **{"merged-headline": "عنوان الاثنين"}))
    assert again["merged-headline"] == "عنوان الاثنين"


def test_a_second_save_meanwhile_asks_again_and_loses_nothing(client: Client, samer: User, sara: User) -> None:
    article = make_draft(sara)
    mine = form_data(client, change_url(article))
    save_past_the_form(article, sara, headline="عنوان سارة")
    page = page_of(send(client, article, mine, headline="عنوان سامر", kicker="ثقافة"))
    save_past_the_form(article, sara, headline="عنوان سارة الثاني", dateline="حلب")
    response = send(client, article, page, "_merge", **{"pick-headline": "mine"})
    assert response.status_code == 409
    assert now(article).headline == "عنوان سارة الثاني"
    assert asked(response) == ["headline"]
    assert send(client, article, page_of(response), "_merge", **{"pick-headline": "mine"}).status_code == 302
    saved = now(article)
    assert (saved.headline, saved.kicker, saved.dateline) == ("عنوان سامر", "ثقافة", "حلب")


def test_the_merged_text_can_be_looked_over_in_the_form_first(client: Client, samer: User, sara: User) -> None:
    article = make_draft(sara)
    mine = form_data(client, change_url(article))
    save_past_the_form(article, sara, headline="عنوان سارة", standfirst="مقدمة سارة")
    page = page_of(send(client, article, mine, headline="عنوان سامر"))
    response = send(client, article, page, "_review", **{"pick-headline": "mine"})
    assert response.status_code == 200
    assert now(article).headline == "عنوان سارة"
    form = page_of(response)
    assert (form["headline"], form["standfirst"], form["version"]) == ("عنوان سامر", "مقدمة سارة", "2")
    assert send(client, article, form).status_code == 302
    assert now(article).headline == "عنوان سامر"


def test_paragraphs_changed_in_different_places_come_together(client: Client, samer: User, sara: User) -> None:
    article = make_draft(sara)
    mine = form_data(client, change_url(article))
    save_past_the_form(article, sara, body=p("أ سارة", "ب", "ج"))
    response = send(client, article, mine, body=p("أ", "ب", "ج سامر"))
    assert response.status_code == 409
    assert asked(response) == []
    assert send(client, article, page_of(response), "_merge").status_code == 302
    assert now(article).body == p("أ سارة", "ب", "ج سامر")


@pytest.mark.parametrize(
    ("pick", "second"), [("newest", ["ب سارة"]), ("mine", ["ب سامر"]), ("both", ["ب سارة", "ب سامر"])]
)
def test_a_paragraph_that_both_changed_is_picked(
    client: Client, samer: User, sara: User, pick: str, second: list[str]
) -> None:
    article = make_draft(sara)
    mine = form_data(client, change_url(article))
    save_past_the_form(article, sara, body=p("أ سارة", "ب سارة", "ج"))
    response = send(client, article, mine, body=p("أ", "ب سامر", "ج سامر"))
    assert asked(response) == ["body"]
    page = page_of(response)
    assert send(client, article, page, "_merge").status_code == 409
    number = next(place.number for place in response.context["asked"][0].places if place.chunk.kind == "both")
    assert send(client, article, page, "_merge", **{f"pick-body-{number}": pick}).status_code == 302
    assert now(article).body == p("أ سارة", *second, "ج سامر")


def test_a_body_that_one_side_changed_can_still_be_refused(client: Client, samer: User, sara: User) -> None:
    article = make_draft(sara)
    mine = form_data(client, change_url(article))
    save_past_the_form(article, sara, body=p("كل شيء جديد"), headline="عنوان سارة")
    page = page_of(send(client, article, mine, headline="عنوان سامر"))
    assert page["pick-body"] == "newest"
    send(client, article, page, "_merge", **{"pick-headline": "mine", "pick-body": "mine"})
    assert now(article).body == p("أ", "ب", "ج")


# Rows and tags


@pytest.mark.parametrize(("pick", "names"), [("newest", ["ليلى", "هدى"]), ("mine", ["ليلى", "يزن"])])
def test_bylines_that_both_changed_are_picked_as_a_group(
    client: Client, samer: User, sara: User, pick: str, names: list[str]
) -> None:
    first, second, third = (make_author(name) for name in ("ليلى", "هدى", "يزن"))
    article = make_draft(sara, authors=(first,))
    mine = form_data(client, change_url(article))
    Byline.objects.create(article=article, author=second, position=1)
    record(article, by=sara)
    row = inline_row("bylines", 1, author=third.pk, role="writing", position=1)
    response = send(client, article, mine, **row)
    assert asked(response) == ["bylines"]
    assert send(client, article, page_of(response), "_merge", **{"pick-bylines": pick}).status_code == 302
    assert list(article.bylines.values_list("author__name", flat=True)) == names


def test_rows_whose_keys_died_are_saved_all_the_same(client: Client, samer: User, sara: User) -> None:
    """Restoring a version or publishing changes makes new rows for the same words."""
    source = make_source("وكالة")
    article = make_draft(sara, sources=(source,))
    mine = form_data(client, change_url(article))
    article.attributions.all().delete()
    article.attributions.create(source=source)
    record(article, by=sara)
    assert send(client, article, mine, kicker="ثقافة").status_code == 302
    assert now(article).kicker == "ثقافة"
    assert article.attributions.count() == 1


def test_tags_of_both_sides_can_be_merged(client: Client, samer: User, sara: User) -> None:
    article = make_draft(sara)
    mine = form_data(client, change_url(article))
    article.tags.add("مدن")
    record(article, by=sara)
    page = page_of(send(client, article, mine, tags="كأس العالم"))
    send(client, article, page, "_merge", **{"pick-tags": "merged", "merged-tags": "مدن، كأس العالم"})
    assert sorted(article.tags.names()) == ["كأس العالم", "مدن"]


# No false alarm


def test_the_same_form_sent_twice_is_no_conflict(client: Client, samer: User) -> None:
    article = make_draft(samer)
    mine = form_data(client, change_url(article))
    assert send(client, article, mine, headline="عنوان سامر").status_code == 302
    assert send(client, article, mine, headline="عنوان سامر").status_code == 302


def test_only_the_state_changed_meanwhile(client: Client, samer: User, sara: User) -> None:
    article = make_draft(sara, body=BODY)
    mine = form_data(client, change_url(article))
    publishing.approve(article, by=sara)
    assert send(client, article, mine, kicker="ثقافة").status_code == 302
    assert (now(article).kicker, now(article).status) == ("ثقافة", "approved")


def test_who_typed_nothing_is_shown_the_newest(client: Client, samer: User, sara: User) -> None:
    article = make_draft(sara)
    mine = form_data(client, change_url(article))
    save_past_the_form(article, sara, headline="عنوان سارة")
    response = client.post(change_url(article), mine | {"_publish": "1"}, follow=True)
    assert len(messages_of(response)) == 1
    assert (now(article).headline, now(article).version, now(article).status) == ("عنوان سارة", 2, "draft")


def test_two_windows_of_one_person_come_together_unless_they_contradict(client: Client, samer: User) -> None:
    article = make_draft(samer)
    one, other = form_data(client, change_url(article)), form_data(client, change_url(article))
    assert send(client, article, one, headline="عنوان جديد", body=p("أ", "ب", "ج جديدة")).status_code == 302
    assert send(client, article, other, kicker="ثقافة", body=p("أ جديدة", "ب", "ج")).status_code == 302
    saved = now(article)
    assert (saved.headline, saved.kicker, saved.body) == ("عنوان جديد", "ثقافة", p("أ جديدة", "ب", "ج جديدة"))
    assert send(client, article, other, headline="عنوان ثالث").status_code == 409


# The row is gone, or closed


def test_words_for_changes_that_were_published_meanwhile_are_kept(client: Client, samer: User, sara: User) -> None:
    story = make_article(section=make_section())
    record(story, by=sara)
    copy = changes.open_changes(story, by=sara)
    mine = form_data(client, change_url(copy))
    changes.publish_changes(copy, by=sara)
    response = send(client, copy, mine, headline="عنوان سامر")
    assert response.status_code == 409
    assert "عنوان سامر" in response.content.decode()
    assert UnsavedText.objects.get().article == story
    copy = changes.open_changes(story, by=samer)
    ((offered, _time),) = client.get(change_url(copy)).context["words"]["texts"]
    response = client.post(change_url(copy), form_data(client, change_url(copy)) | {"_bring_back": str(offered.pk)})
    assert response.status_code == 200
    assert send(client, copy, page_of(response)).status_code == 302
    assert now(copy).headline == "عنوان سامر"
    assert not UnsavedText.objects.filter(article=story).exists()


def test_words_for_a_draft_that_was_published_meanwhile_are_kept(client: Client, samer: User, sara: User) -> None:
    article = make_draft(sara, section=make_section(), body=BODY)
    mine = form_data(client, change_url(article))
    publishing.publish(article, by=sara)
    response = send(client, article, mine, headline="عنوان سامر")
    assert response.status_code == 403
    assert response.context["offers_edit"]
    assert "عنوان سامر" in response.content.decode()
    assert now(article).headline == "العنوان"


def test_publishing_twice_with_one_form_is_no_loss(client: Client, samer: User, sara: User) -> None:
    article = make_draft(sara, section=make_section(), body=BODY)
    mine = form_data(client, change_url(article))
    publishing.publish(article, by=samer)
    assert send(client, article, mine).status_code == 302
    assert not UnsavedText.objects.exists()


def test_words_for_a_deleted_draft_are_kept_and_offered_to_a_new_article(
    client: Client, samer: User, sara: User
) -> None:
    article = make_draft(sara)
    mine = form_data(client, change_url(article))
    article.delete()
    response = client.post(f"/admin/articles/article/{mine['story']}/change/", mine | {"headline": "عنوان سامر"})
    assert response.status_code == 409
    assert "عنوان سامر" in response.content.decode()
    assert UnsavedText.objects.get().article is None
    assert len(client.get("/admin/articles/article/add/").context["words"]["texts"]) == 1


def test_a_reporter_whose_draft_was_taken_over_keeps_his_words(client: Client, sara: User) -> None:
    reporter = make_user(Role.REPORTER)
    client.force_login(reporter)
    article = make_draft(reporter)
    mine = form_data(client, change_url(article))
    publishing.submit(article, by=reporter)
    response = send(client, article, mine, headline="عنوان المراسل")
    assert response.status_code == 403
    assert "عنوان المراسل" in response.content.decode()
    assert now(article).headline == "العنوان"


def test_what_was_typed_is_escaped(client: Client, samer: User, sara: User) -> None:
    article = make_draft(sara)
    mine = form_data(client, change_url(article))
    save_past_the_form(article, sara, headline="عنوان سارة")
    attack = "</textarea><script>alert(1)</script>\"'"
    response = send(client, article, mine, headline=attack, **{'x"><script>': attack})
    assert response.status_code == 409
    assert "<script>alert" not in response.content.decode()
    assert '"><script>' not in response.content.decode()


def test_a_time_that_is_none_is_shown_as_it_was_typed(client: Client, samer: User, sara: User) -> None:
    article = make_draft(sara)
    mine = form_data(client, change_url(article))
    save_past_the_form(article, sara, headline="عنوان سارة")
    response = send(client, article, mine, headline="عنوان سامر", embargo_until_0="2026-13-45", section="abc")
    assert response.status_code == 409
    assert "2026-13-45" in response.content.decode()


def test_blocks_are_aligned_by_what_both_kept() -> None:
    kinds = [chunk.kind for chunk in chunks(p(*"أبجد"), p("أ", "س", "ب", "ج", "د"), p("أ", "ب", "ج"))]
    assert kinds == ["same", "newest", "same", "mine"]
    assert [chunk.kind for chunk in chunks(None, p("أ", "ب"), p("أ", "ج"))] == ["same", "both"]
    assert chunks(p("أ"), p("ب"), p("ب"))[0].kind == "same"


def test_a_reason_typed_beside_a_stale_form_is_not_lost(client: Client, samer: User, sara: User) -> None:
    article = make_draft(sara)
    publishing.submit(article, by=sara)
    mine = form_data(client, change_url(article)) | {"return_reason": "أضف مصدرًا"}
    save_past_the_form(now(article), sara, headline="عنوان سارة")
    response = send(client, article, mine, "_return")
    assert response.status_code == 200
    form = page_of(response)
    assert (form["return_reason"], form["headline"]) == ("أضف مصدرًا", "عنوان سارة")
    assert now(article).status == "in_review"
    assert send(client, article, form, "_return").status_code == 302
    assert now(article).status == "draft"


@pytest.mark.parametrize(
    "changed",
    [
        {"deadline_0": "0001-01-01", "deadline_1": "00:00"},  # no moment in UTC
        {"deadline_0": "2021-03-26", "deadline_1": "00:30"},  # the clocks of Damascus jumped from 0:00 to 1:00
        {"section": "9" * 40},
    ],
)
def test_values_that_no_row_can_hold_are_shown_as_they_were_typed(
    client: Client, samer: User, sara: User, changed: dict[str, str]
) -> None:
    article = make_draft(samer)
    mine = form_data(client, change_url(article)) | changed
    assert send(client, article, mine, headline="عنوان سامر").status_code == 200
    save_past_the_form(article, sara, headline="عنوان سارة")
    response = send(client, article, mine, headline="عنوان سامر")
    assert response.status_code == 409
    assert next(iter(changed.values())) in response.content.decode()


def test_a_day_that_came_back_with_an_error_is_still_known_as_mine(client: Client, samer: User, sara: User) -> None:
    article = make_draft(samer)
    mine = form_data(client, change_url(article)) | {"planned_for": "2026-12-01"}
    form = page_of(send(client, article, mine, section="999"))
    save_past_the_form(article, sara, kicker="ثقافة")
    response = send(client, article, form, section=str(article.section_id))
    assert response.status_code == 409
    assert ("planned_for", "mine") in [(one.name, one.side) for one in response.context["settled"]]


def planned_meanwhile(article: Article, by: User) -> None:
    planning.plan(article, by=by, day=date(2026, 12, 9))


def test_a_day_that_somebody_else_set_stays_and_nobody_is_asked(client: Client, samer: User, sara: User) -> None:
    article = make_draft(samer, planned_for=date(2026, 12, 1))
    mine = form_data(client, change_url(article))
    planned_meanwhile(article, sara)
    assert send(client, article, mine, headline="عنوان سامر").status_code == 302
    saved = now(article)
    assert (saved.headline, saved.planned_for) == ("عنوان سامر", date(2026, 12, 9))


def test_a_day_that_both_set_is_asked_for(client: Client, samer: User, sara: User) -> None:
    article = make_draft(samer, planned_for=date(2026, 12, 1))
    mine = form_data(client, change_url(article))
    planned_meanwhile(article, sara)
    response = send(client, article, mine, planned_for="2026-12-05", headline="عنوان سامر")
    assert response.status_code == 409
    assert asked(response) == ["planned_for"]
    assert now(article).planned_for == date(2026, 12, 9)
    page = page_of(response)
    assert asked(send(client, article, page, "_merge")) == ["planned_for"]
    assert send(client, article, page, "_merge", **{"pick-planned_for": "mine"}).status_code == 302
    assert (now(article).headline, now(article).planned_for) == ("عنوان سامر", date(2026, 12, 5))


def test_a_day_that_is_set_while_somebody_chooses_is_asked_for_anew(client: Client, samer: User, sara: User) -> None:
    article = make_draft(samer, planned_for=date(2026, 12, 1))
    mine = form_data(client, change_url(article))
    planned_meanwhile(article, sara)
    page = page_of(send(client, article, mine, planned_for="2026-12-05"))
    planning.plan(article, by=sara, day=date(2026, 12, 20))
    response = send(client, article, page, "_merge", **{"pick-planned_for": "mine"})
    assert (response.status_code, asked(response)) == (409, ["planned_for"])
    assert now(article).planned_for == date(2026, 12, 20)


def test_a_deed_is_done_whatever_day_somebody_else_set(client: Client, samer: User, sara: User) -> None:
    article = make_draft(samer, planned_for=date(2026, 12, 1))
    mine = form_data(client, change_url(article))
    planned_meanwhile(article, sara)
    assert send(client, article, mine, "_publish")["Location"] == publish_url(article)
    assert now(article).planned_for == date(2026, 12, 9)


def test_opening_a_form_stays_within_its_queries(
    client: Client, samer: User, sara: User, django_assert_max_num_queries: Any
) -> None:
    article = make_draft(sara)
    form_data(client, change_url(article))
    presence.beat(sara, article)
    with django_assert_max_num_queries(22):
        client.get(change_url(article))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_save_one_version_at_once_one_wins_and_the_others_are_asked() -> None:
    users = [make_user(Role.EDITOR, username=f"editor{number}") for number in range(6)]
    article = make_draft(users[0])
    forms: list[tuple[Client, dict[str, Any]]] = []
    for user in users:
        client = Client()
        client.force_login(user)
        forms.append((client, form_data(client, change_url(article)) | {"headline": f"عنوان {user}"}))

    def post(form: tuple[Client, dict[str, Any]]) -> int:
        try:
            return int(send(form[0], article, form[1]).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(forms)) as pool:
        codes = sorted(pool.map(post, forms))
    assert codes == [302, 409, 409, 409, 409, 409]
    assert now(article).version == 2
    assert UnsavedText.objects.count() == 5
