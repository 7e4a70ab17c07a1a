"""Tags at the desk: what is asked about a new one, chips, proposals while typing, merging."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from articles.enums import Status
from articles.models import Article, Tag, TagAlias
from articles.tag_doubts import decided
from articles.tagging import MAX_LENGTH, parse_tags
from tests.articles.desk import add_url, change_url, errors_of, form_data, messages_of, save
from tests.factories import make_article, make_section, make_site, make_tag, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> User:
    make_site()
    make_section()
    user = make_user(Role.CHIEF_EDITOR)
    client.force_login(user)
    return user


@pytest.fixture
def draft(editor: User) -> Article:
    return make_article("موسم الزيتون", published=False, created_by=editor)


def names(article: Article) -> list[str]:
    return sorted(article.tags.names())


def asked(response: Any) -> list[tuple[str, list[str]]]:
    return [(one.name, [choice.tag.name for choice in one.choices]) for one in response.context["tag_questions"]]


def test_a_new_tag_that_resembles_another_is_asked_about_and_the_text_is_saved(client: Client, draft: Article) -> None:
    make_tag("كأس العالم")
    response = save(client, draft, tags="كاس العالمم، زيتون", headline="عنوان آخر")
    draft.refresh_from_db()
    assert (draft.headline, names(draft)) == ("عنوان آخر", ["زيتون"])
    assert asked(response) == [("كاس العالمم", ["كأس العالم"])]
    assert "كاس العالمم" in form_data(client, change_url(draft))["tags"]
    assert not Tag.objects.filter(name="كاس العالمم").exists()


def test_the_tag_that_exists_is_taken_where_that_was_meant(client: Client, draft: Article) -> None:
    make_tag("كأس العالم")
    save(client, draft, tags="كاس العالمم")
    response = save(client, draft)
    assert (names(draft), asked(response)) == (["كأس العالم"], [])


def test_a_new_tag_is_made_where_that_was_meant(client: Client, draft: Article) -> None:
    make_tag("العراق")
    save(client, draft, tags="العراقي")
    response = save(client, draft, **{"tag_use-0": ""})
    assert (names(draft), asked(response)) == (["العراقي"], [])


def test_who_goes_on_without_an_answer_is_asked_again_and_loses_nothing(client: Client, draft: Article) -> None:
    make_tag("العراق")
    save(client, draft, tags="العراقي")
    data = form_data(client, change_url(draft))
    without = {name: value for name, value in data.items() if not name.startswith("tag_")}
    response = client.post(change_url(draft), without | {"_continue": "1"}, follow=True)
    assert asked(response) == [("العراقي", ["العراق"])]


def test_who_takes_the_name_out_is_asked_no_more(client: Client, draft: Article) -> None:
    make_tag("العراق")
    save(client, draft, tags="العراقي")
    response = save(client, draft, tags="")
    assert (names(draft), asked(response)) == ([], [])


def test_a_new_article_is_kept_while_its_tag_is_asked_about(client: Client, editor: User) -> None:
    make_tag("العراق")
    data = form_data(client, add_url()) | {"headline": "مادة جديدة", "tags": "العراقي", "_save": "1"}
    response = client.post(add_url(), data, follow=True)
    article = Article.objects.get(headline="مادة جديدة")
    assert response.redirect_chain[-1][0] == change_url(article)
    assert asked(response) == [("العراقي", ["العراق"])]


def test_a_deed_waits_for_the_answer(client: Client) -> None:
    make_site()
    reporter = make_user(Role.REPORTER)
    client.force_login(reporter)
    draft = make_article("عنوان", published=False, created_by=reporter)
    make_tag("العراق")
    save(client, draft, button="_submit", tags="العراقي")
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT
    save(client, draft, button="_submit")
    draft.refresh_from_db()
    assert (draft.status, names(draft)) == (Status.IN_REVIEW, ["العراق"])


def test_a_known_tag_and_an_alias_are_not_asked_about(client: Client, draft: Article) -> None:
    TagAlias.objects.create(tag=make_tag("سوريا"), name="سورية")
    make_tag("سوريون")
    response = save(client, draft, tags="سوريه، سوريون")
    assert (names(draft), asked(response)) == (["سوريا", "سوريون"], [])


def test_the_tags_that_the_text_names_stand_below_the_box_when_asked_for(client: Client, draft: Article) -> None:
    make_tag("الزيتون")
    button = 'name="_add_tag" value="الزيتون"'
    assert button in client.get(change_url(draft), {"suggest": "1"}).content.decode()
    assert button not in client.get(change_url(draft)).content.decode()


def test_a_proposed_tag_is_added_by_its_button_and_the_text_is_saved(client: Client, draft: Article) -> None:
    make_tag("الزيتون")
    data = form_data(client, change_url(draft)) | {"headline": "موسم الزيتون الجديد", "_add_tag": "الزيتون"}
    response = client.post(change_url(draft), data, follow=True)
    draft.refresh_from_db()
    assert (draft.headline, names(draft)) == ("موسم الزيتون الجديد", ["الزيتون"])
    assert response.redirect_chain[-1][0] == change_url(draft)


def test_unsaved_text_is_answered_with_proposals_and_nothing_is_written(client: Client, draft: Article) -> None:
    make_tag("القمح")
    data = form_data(client, change_url(draft)) | {"headline": "حصاد القمح"}
    answer = client.post(reverse("admin:articles_article_suggest", args=[draft.pk]), data).json()
    assert "القمح" in answer["tags"]
    draft.refresh_from_db()
    assert draft.headline == "موسم الزيتون"


def test_a_new_text_is_answered_too(client: Client, editor: User) -> None:
    make_tag("القمح")
    data = form_data(client, add_url()) | {"headline": "حصاد القمح"}
    answer = client.post(reverse("admin:articles_article_suggest_new"), data)
    assert "القمح" in answer.json()["tags"]
    assert Article.objects.count() == 0


def test_only_who_may_edit_asks_for_proposals(client: Client, draft: Article) -> None:
    client.force_login(make_user(Role.REPORTER))
    address = reverse("admin:articles_article_suggest", args=[draft.pk])
    assert client.post(address, {"headline": "x"}).status_code == 404
    assert client.get(address).status_code == 405


def test_proposals_while_typing_say_how_often_and_by_which_alias(client: Client, editor: User) -> None:
    TagAlias.objects.create(tag=make_tag("سوريا"), name="سورية")
    make_article(tags=("سوريا",))
    answer = client.get(reverse("admin:articles_tag_words"), {"term": "سوريه"}).json()
    assert [(one["text"], one["alias"]) for one in answer["results"]] == [("سوريا", "سورية")]
    assert answer["results"][0]["uses"]


def test_the_form_of_a_tag_asks_about_a_name_like_another(client: Client, editor: User) -> None:
    make_tag("كأس العالم")
    address = reverse("admin:articles_tag_add")
    data = form_data(client, address) | {"name": "كاس العالمم", "_save": "1"}
    response = client.post(address, data)
    assert "name" in errors_of(response)
    assert response.context["near"]["tags"][0].tag.name == "كأس العالم"
    client.post(address, data | {"_make_new": response.context["near"]["key"]})
    assert Tag.objects.filter(name="كاس العالمم").exists()


def test_merging_asks_first_and_says_how_much_it_moves(client: Client, editor: User) -> None:
    old, into = make_tag("المونديال"), make_tag("كأس العالم")
    make_article(tags=(old,))
    address = reverse("admin:articles_tag_merge", args=[old.pk])
    response = client.get(address, {"into": "كأس العالم"})
    assert response.context["counts"].articles == 1
    assert Tag.objects.filter(pk=old.pk).exists()
    response = client.post(address, {"into": into.pk}, follow=True)
    assert not Tag.objects.filter(pk=old.pk).exists()
    assert len(messages_of(response)) == 1


def test_two_tags_of_the_list_lead_to_the_page_that_merges(client: Client, editor: User) -> None:
    often, seldom = make_tag("كأس العالم"), make_tag("المونديال")
    make_article(tags=(often,))
    data = {"action": "merge_selected", "_selected_action": [often.pk, seldom.pk]}
    response = client.post(reverse("admin:articles_tag_changelist"), data)
    assert response.url.startswith(reverse("admin:articles_tag_merge", args=[seldom.pk]))
    one = client.post(reverse("admin:articles_tag_changelist"), data | {"_selected_action": [often.pk]}, follow=True)
    assert len(messages_of(one)) == 1


def test_who_may_not_delete_tags_merges_none(client: Client) -> None:
    make_site()
    client.force_login(make_user(Role.EDITOR))
    old, into = make_tag("المونديال"), make_tag("كأس العالم")
    address = reverse("admin:articles_tag_merge", args=[old.pk])
    assert client.get(address).status_code == 403
    assert client.post(address, {"into": into.pk}).status_code == 403
    assert client.get(reverse("admin:articles_tag_similar")).status_code == 403
    assert "merge_selected" not in client.get(reverse("admin:articles_tag_changelist")).content.decode()
    assert Tag.objects.filter(pk=old.pk).exists()


def test_similar_tags_stand_beside_each_other_once(client: Client, editor: User) -> None:
    make_tag("كأس العالم")
    make_tag("كأس العالمم")
    make_tag("الزيتون")
    pairs = client.get(reverse("admin:articles_tag_similar")).context["pairs"]
    assert [{less.tag.name, more.tag.name} for less, more, _address in pairs] == [{"كأس العالم", "كأس العالمم"}]


@pytest.mark.parametrize("forged", ["س" * 300, "\x00وسم، وآخر", "، \u202e"])
@pytest.mark.parametrize("box", ["tag_use-0", "_add_tag"])
def test_no_button_brings_a_tag_that_the_box_would_not_take(forged: str, box: str) -> None:
    names = decided(["دمشقق"], {"tag_new-0": "دمشقق", "tag_use-0": "", box: forged})
    assert all(0 < len(name) <= MAX_LENGTH and name == parse_tags(name)[0] for name in names)
