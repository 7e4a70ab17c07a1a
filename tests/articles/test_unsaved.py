"""What is typed and not saved: kept, offered back, shown to nobody else; who is here; forms of the signed out."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import Traveller

from accounts.models import User
from accounts.roles import Role
from articles import presence, publishing, unsaved
from articles.models import Article, Presence, Revision, UnsavedText
from tests.articles.desk import add_url, change_url, form_data, inline_row
from tests.articles.test_conflict import make_draft, now, p, page_of, save_past_the_form, send
from tests.factories import BODY, make_article, make_author, make_user

pytestmark = pytest.mark.django_db

NEW = "/admin/articles/article/add/autosave/"
STRANGER = 401


@pytest.fixture
def sara() -> User:
    return make_user(Role.EDITOR, username="sara", first_name="سارة")


@pytest.fixture
def samer(client: Client) -> User:
    user = make_user(Role.EDITOR, username="samer", first_name="سامر")
    client.force_login(user)
    return user


def autosave(client: Client, article: Article, data: dict[str, Any], **changes: Any) -> Any:
    address = reverse("admin:articles_article_autosave", args=[article.pk])
    return client.post(address, data | {"_typed": "1", "_here": "1"} | changes)


def texts_offered(client: Client, address: str) -> list[UnsavedText]:
    return [text for text, _time in client.get(address).context["words"]["texts"]]


# Kept


def test_typed_words_are_kept_and_are_no_version(client: Client, samer: User, clock: Traveller) -> None:
    article = make_draft(samer)
    answer = autosave(client, article, form_data(client, change_url(article)), headline="عنوان سامر").json()
    assert answer["kept"] is True
    assert "٩:٤٠" in answer["status"]
    text = UnsavedText.objects.get()
    assert (text.user, text.article, text.base_version, text.data["headline"]) == (samer, article, 1, ["عنوان سامر"])
    assert "csrfmiddlewaretoken" not in text.data
    assert Revision.objects.count() == 1
    assert now(article).headline == "العنوان"


def test_a_window_has_one_text(client: Client, samer: User) -> None:
    article = make_draft(samer)
    data = form_data(client, change_url(article))
    autosave(client, article, data, headline="عنوان")
    autosave(client, article, data, headline="عنوان سامر")
    assert UnsavedText.objects.get().data["headline"] == ["عنوان سامر"]


def test_words_taken_back_are_forgotten(client: Client, samer: User) -> None:
    article = make_draft(samer)
    data = form_data(client, change_url(article))
    autosave(client, article, data, headline="عنوان سامر")
    assert autosave(client, article, data).json()["kept"] is False
    assert not UnsavedText.objects.exists()


def test_a_save_forgets_what_was_kept_of_it(client: Client, samer: User) -> None:
    article = make_draft(samer)
    data = form_data(client, change_url(article))
    autosave(client, article, data, headline="عنوان سامر")
    assert send(client, article, data, headline="عنوان سامر آخر").status_code == 302
    assert not UnsavedText.objects.exists()


def test_an_autosave_that_comes_after_the_save_alarms_nobody(client: Client, samer: User, sara: User) -> None:
    article = make_draft(samer)
    data = form_data(client, change_url(article))
    send(client, article, data, headline="عنوان سامر")
    save_past_the_form(article, sara, headline="عنوان سارة")
    assert autosave(client, article, data, headline="عنوان سامر").json()["kept"] is False
    assert texts_offered(client, change_url(article)) == []


def test_a_form_larger_than_any_article_is_not_kept(client: Client, samer: User) -> None:
    article = make_draft(samer)
    answer = autosave(client, article, form_data(client, change_url(article)), body="ا" * 1_100_000)
    assert answer.json()["kept"] is False
    assert answer.json()["status"]
    assert not UnsavedText.objects.exists()


def test_what_the_database_refuses_is_left_out(client: Client, samer: User) -> None:
    article = make_draft(samer)
    autosave(client, article, form_data(client, change_url(article)), headline="عنوان\x00سامر")
    assert UnsavedText.objects.get().data["headline"] == ["عنوانسامر"]


# Who may


def test_only_who_may_edit_keeps_words_at_an_article(client: Client, sara: User) -> None:
    client.force_login(make_user(Role.REPORTER))
    data = {"window": "0123456789abcdef", "headline": "عنوان", "version": "0", "_typed": "1", "_here": "1"}
    assert autosave(client, make_draft(sara), data).status_code == 404
    assert autosave(client, make_article(), data).status_code == 403
    assert not UnsavedText.objects.exists()
    assert not Presence.objects.exists()


def test_a_published_story_keeps_no_words(client: Client, samer: User) -> None:
    article = make_article()
    answer = autosave(client, article, {"window": "0123456789abcdef", "headline": "عنوان", "version": "0"})
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/json"


def test_reading_changes_nothing(client: Client, samer: User) -> None:
    article = make_draft(samer)
    assert client.get(reverse("admin:articles_article_autosave", args=[article.pk])).status_code == 405
    client.get(change_url(article))
    assert not Presence.objects.exists()
    assert not UnsavedText.objects.exists()


def test_a_signed_out_page_is_told_so(client: Client, samer: User) -> None:
    article = make_draft(samer)
    data = form_data(client, change_url(article))
    client.logout()
    answer = autosave(client, article, data, headline="عنوان سامر")
    assert (answer.status_code, answer.headers["Content-Type"]) == (STRANGER, "application/json")


def test_unsaved_words_are_nobody_elses(client: Client, samer: User, sara: User) -> None:
    article = make_draft(samer)
    autosave(client, article, form_data(client, change_url(article)), headline="سر سامر")
    text = UnsavedText.objects.get()
    client.force_login(sara)
    assert texts_offered(client, change_url(article)) == []
    assert client.get(reverse("admin:articles_article_unsaved", args=[article.pk, text.pk])).status_code == 404
    data = form_data(client, change_url(article))
    for button in ("_bring_back", "_discard_text"):
        response = client.post(change_url(article), data | {button: str(text.pk)})
        assert "سر سامر" not in response.content.decode()
    assert UnsavedText.objects.filter(user=samer).count() == 1


# Brought back


def test_unsaved_words_are_offered_and_come_back_into_the_form(client: Client, samer: User, sara: User) -> None:
    author = make_author("ليلى")
    article = make_draft(samer)
    data = form_data(client, change_url(article))
    row = inline_row("bylines", author=author.pk, role="writing", position=0)
    autosave(client, article, data, headline="عنوان سامر", body=p("نص جديد"), tags="مدن", **row)
    (text,) = texts_offered(client, change_url(article))
    fresh = form_data(client, change_url(article))
    response = client.post(change_url(article), fresh | {"_bring_back": str(text.pk)})
    assert response.status_code == 200
    assert now(article).version == 1
    form = page_of(response)
    assert (form["headline"], form["body"], form["tags"]) == ("عنوان سامر", p("نص جديد"), "مدن")
    assert form["bylines-0-author"] == str(author.pk)
    assert send(client, article, form).status_code == 302
    saved = now(article)
    assert (saved.headline, saved.body, saved.bylines.get().author) == ("عنوان سامر", p("نص جديد"), author)
    assert not UnsavedText.objects.exists()


def test_what_a_field_refuses_comes_back_too(client: Client, samer: User) -> None:
    article = make_draft(samer)
    autosave(client, article, form_data(client, change_url(article)), headline="ع" * 300, deadline_0="غدا")
    (text,) = texts_offered(client, change_url(article))
    response = client.post(change_url(article), form_data(client, change_url(article)) | {"_bring_back": str(text.pk)})
    assert page_of(response)["headline"] == "ع" * 300
    assert "headline" in response.context["adminform"].form.errors


def test_words_on_an_older_version_come_back_beside_the_newer(client: Client, samer: User, sara: User) -> None:
    article = make_draft(samer)
    autosave(client, article, form_data(client, change_url(article)), headline="عنوان سامر")
    save_past_the_form(article, sara, headline="عنوان سارة")
    (text,) = texts_offered(client, change_url(article))
    response = client.post(change_url(article), form_data(client, change_url(article)) | {"_bring_back": str(text.pk)})
    assert response.status_code == 409
    assert send(client, article, page_of(response), "_merge", **{"pick-headline": "mine"}).status_code == 302
    assert now(article).headline == "عنوان سامر"
    assert texts_offered(client, change_url(article)) == []


def test_older_words_are_not_put_over_words_that_cannot_be_kept(client: Client, samer: User) -> None:
    article = make_draft(samer)
    data = form_data(client, change_url(article))
    autosave(client, article, data, headline="عنوان قديم")
    typed = {"window": "b" * 32, "standfirst": "س" * (unsaved.MOST_LETTERS + 1)}
    button = {"_bring_back": str(UnsavedText.objects.get().pk)}
    response = client.post(change_url(article), data | typed | button)
    assert response.context["adminform"].form["standfirst"].value() == typed["standfirst"]


def test_a_key_that_is_none_of_a_window_keeps_nothing(client: Client, samer: User) -> None:
    article = make_draft(samer)
    data = form_data(client, change_url(article))
    assert autosave(client, article, data, headline="عنوان", window="window\0window").status_code == 400


def test_words_typed_before_asking_for_older_ones_stay(client: Client, samer: User) -> None:
    article = make_draft(samer)
    autosave(client, article, form_data(client, change_url(article)), headline="عنوان قديم")
    (text,) = texts_offered(client, change_url(article))
    fresh = form_data(client, change_url(article)) | {"headline": "عنوان جديد"}
    client.post(change_url(article), fresh | {"_bring_back": str(text.pk)})
    assert UnsavedText.objects.filter(window=fresh["window"]).get().data["headline"] == ["عنوان جديد"]


def test_a_text_is_thrown_away_and_the_form_stays_as_it_was_typed(client: Client, samer: User) -> None:
    article = make_draft(samer)
    autosave(client, article, form_data(client, change_url(article)), headline="عنوان قديم")
    (text,) = texts_offered(client, change_url(article))
    fresh = form_data(client, change_url(article)) | {"kicker": "ثقافة"}
    response = client.post(change_url(article), fresh | {"_discard_text": str(text.pk)})
    assert response.status_code == 200
    assert page_of(response)["kicker"] == "ثقافة"
    assert not UnsavedText.objects.exists()
    assert now(article).kicker == ""


def test_a_text_that_is_gone_brings_nothing_back_and_loses_nothing(client: Client, samer: User) -> None:
    article = make_draft(samer)
    fresh = form_data(client, change_url(article)) | {"kicker": "ثقافة", "_bring_back": "77"}
    response = client.post(change_url(article), fresh)
    assert page_of(response)["kicker"] == "ثقافة"
    assert now(article).kicker == ""


def test_one_may_look_at_unsaved_words(client: Client, samer: User) -> None:
    article = make_draft(samer)
    autosave(client, article, form_data(client, change_url(article)), headline="عنوان سامر")
    text = UnsavedText.objects.get()
    response = client.get(reverse("admin:articles_article_unsaved", args=[article.pk, text.pk]))
    assert response.status_code == 200
    assert [one.name for one in response.context["differences"]] == ["headline"]
    assert "عنوان سامر" in response.content.decode()


# A new article


def test_a_new_article_is_kept_and_comes_back(client: Client, samer: User) -> None:
    data = form_data(client, add_url())
    assert client.post(NEW, data | {"_typed": "1", "headline": "مادة جديدة"}).json()["kept"] is True
    (text,) = texts_offered(client, add_url())
    response = client.post(add_url(), form_data(client, add_url()) | {"_bring_back": str(text.pk)})
    form = page_of(response)
    assert form["headline"] == "مادة جديدة"
    assert not Article.objects.exists()
    assert client.post(add_url(), form | {"_continue": "1"}).status_code == 302
    assert Article.objects.get().headline == "مادة جديدة"
    assert not UnsavedText.objects.exists()


def test_an_empty_new_article_is_nothing(client: Client, samer: User) -> None:
    assert client.post(NEW, form_data(client, add_url()) | {"_typed": "1"}).json()["kept"] is False


def test_a_new_article_that_was_saved_is_not_offered(client: Client, samer: User) -> None:
    data = form_data(client, add_url()) | {"headline": "مادة جديدة"}
    assert client.post(add_url(), data | {"_continue": "1"}).status_code == 302
    assert client.post(NEW, data | {"_typed": "1"}).json()["kept"] is False
    assert texts_offered(client, add_url()) == []


# No false alarm


def test_a_form_that_nobody_changed_is_never_kept(client: Client, samer: User) -> None:
    author = make_author()
    article = make_draft(
        samer, authors=(author,), tags=("مدن", "كأس العالم"), embargo_until=timezone.now(), standfirst="أ\nب"
    )
    assert autosave(client, article, form_data(client, change_url(article))).json()["kept"] is False


def test_what_was_saved_in_another_window_is_not_offered(client: Client, samer: User, sara: User) -> None:
    article = make_draft(samer)
    one, other = form_data(client, change_url(article)), form_data(client, change_url(article))
    autosave(client, article, one, headline="عنوان سامر")
    send(client, article, other, headline="عنوان سامر")
    assert not UnsavedText.objects.exists()
    save_past_the_form(article, sara, headline="عنوان سارة")
    assert texts_offered(client, change_url(article)) == []


# Who is here


def test_others_are_told_who_is_editing(client: Client, samer: User, sara: User, clock: Traveller) -> None:
    article = make_draft(samer)
    presence.beat(sara, article)
    response = client.get(change_url(article))
    assert "سارة" in response.context["words"]["others"]
    assert "٩:٤٠" in response.context["words"]["others"]
    assert "سارة" in autosave(client, article, form_data(client, change_url(article))).json()["others"]
    assert list(presence.others(sara, article).values_list("user", flat=True)) == [samer.pk]


def test_who_is_silent_is_gone(samer: User, sara: User, clock: Traveller) -> None:
    article = make_draft(samer)
    presence.beat(sara, article)
    clock.shift(44)
    assert presence.others(samer, article).exists()
    clock.shift(2)
    assert not presence.others(samer, article).exists()


def test_who_leaves_is_gone_at_once_and_who_only_saved_was_never_away(
    client: Client, samer: User, sara: User, clock: Traveller
) -> None:
    article = make_draft(samer)
    data = form_data(client, change_url(article))
    autosave(client, article, data)
    autosave(client, article, data, _leaving="1")
    assert not presence.others(sara, article).exists()
    since = Presence.objects.get().since
    clock.shift(5)
    presence.beat(samer, article)
    assert presence.others(sara, article).get().since == since
    clock.shift(600)
    presence.beat(samer, article)
    assert presence.others(sara, article).get().since > since


def test_a_newer_text_is_told_without_interrupting(client: Client, samer: User, sara: User, clock: Traveller) -> None:
    article = make_draft(samer)
    data = form_data(client, change_url(article))
    save_past_the_form(article, sara, headline="عنوان سارة")
    answer = autosave(client, article, data).json()
    assert "سارة" in answer["newer"]
    assert "٩:٤٠" in answer["newer"]


def test_a_newer_state_or_ones_own_save_is_no_news(client: Client, samer: User, sara: User) -> None:
    article = make_draft(samer, body=BODY)
    data = form_data(client, change_url(article))
    publishing.approve(article, by=sara)
    assert autosave(client, article, data).json()["newer"] == ""
    save_past_the_form(article, samer, kicker="ثقافة")
    assert autosave(client, article, form_data(client, change_url(article))).json()["newer"] == ""


def test_the_old_is_forgotten(samer: User, clock: Traveller) -> None:
    article = make_draft(samer)
    unsaved.keep(samer, {"headline": ["قديم"]}, story=article, window="window-old")
    presence.beat(samer, article)
    clock.shift(timedelta(days=29))
    unsaved.keep(samer, {"headline": ["جديد"]}, story=article, window="window-new")
    clock.shift(timedelta(days=1, seconds=1))
    assert unsaved.forget_old(timezone.now()) == 2
    assert UnsavedText.objects.get().window == "window-new"


# Signed out, or an old token


def strict_client(user: User | None = None) -> Client:
    client = Client(enforce_csrf_checks=True)
    if user:
        client.force_login(user)
    return client


def test_the_form_of_who_was_signed_out_comes_back_and_is_sent_again(samer: User) -> None:
    article = make_draft(samer)
    client = strict_client(samer)
    mine = form_data(client, change_url(article)) | {"headline": "عنوان سامر", "_continue": "1"}
    client.logout()
    client.cookies["csrftoken"] = mine["csrfmiddlewaretoken"]
    response = client.post(change_url(article), mine)
    assert response.status_code == STRANGER
    assert "عنوان سامر" in response.content.decode()
    assert "no-store" in response.headers.get("Cache-Control", "")
    page = page_of(response)
    client.force_login(samer)
    assert client.post(change_url(article), page).status_code == 302
    assert now(article).headline == "عنوان سامر"


def test_a_form_with_an_old_token_comes_back_to_our_own_page_alone(samer: User) -> None:
    article = make_draft(samer)
    client = strict_client(samer)
    mine = form_data(client, change_url(article)) | {"headline": "عنوان سامر", "_continue": "1"}
    client.cookies["csrftoken"] = "x" * 32
    ours = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
    response = client.post(change_url(article), mine, headers=ours)
    assert response.status_code == 403
    page = page_of(response)
    assert page["headline"] == "عنوان سامر"
    assert client.post(change_url(article), page, headers=ours).status_code == 302
    assert now(article).headline == "عنوان سامر"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.example"},
    ],
)
def test_another_site_never_gets_a_page_with_a_token_round_its_own_words(samer: User, headers: dict[str, str]) -> None:
    article = make_draft(samer)
    client = strict_client(samer)
    response = client.post(change_url(article), {"headline": "عنوان مزور", "_continue": "1"}, headers=headers)
    assert response.status_code == 403
    assert "عنوان مزور" not in response.content.decode()
    assert "csrfmiddlewaretoken" not in response.content.decode()


def test_no_other_form_comes_back(samer: User) -> None:
    client = strict_client(samer)
    ours = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
    for address in ("/admin/articles/section/", "/admin/articles/section/1/delete/", "/admin/password_change/"):
        response = client.post(address, {"name": "قسم مجهول", "old_password": "كلمة سر"}, headers=ours)
        assert response.status_code == 403
        assert "قسم مجهول" not in response.content.decode()
        assert "كلمة سر" not in response.content.decode()


def test_a_deed_is_not_sent_again_by_itself(samer: User) -> None:
    article = make_draft(samer)
    client = strict_client(samer)
    mine = form_data(client, change_url(article)) | {"_publish": "1"}
    client.cookies["csrftoken"] = "x" * 32
    ours = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
    assert "_publish" not in page_of(client.post(change_url(article), mine, headers=ours))
