"""A reason or a note that no deed took along comes back."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from articles import publishing
from articles.enums import Status
from articles.models import Article
from articles.revisions import record
from tests.articles.desk import change_url, form_data
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
NOTE = "الرقم الصحيح عشرون"


@pytest.fixture
def editor(client: Client) -> User:
    user = make_user(Role.EDITOR)
    client.force_login(user)
    return user


def stored(by: User, **fields: Any) -> Article:
    article = make_article(**fields)
    record(article, by=by)
    return article


def press(client: Client, article: Article, button: str, **words: str) -> Any:
    return client.post(change_url(article), form_data(client, change_url(article)) | words | {button: "1"})


def test_a_reason_beside_another_button_comes_back_unfolded(client: Client, editor: User) -> None:
    article = stored(editor, published=False, status=Status.IN_REVIEW)
    press(client, article, "_continue", return_reason=NOTE)
    response = client.get(change_url(article))
    fieldset = next(one for one in response.context["adminform"] if "return_reason" in one.fields)
    assert NOTE in response.content.decode()
    assert "collapse" not in fieldset.classes
    assert NOTE not in client.get(change_url(article)).content.decode()


def test_a_note_beside_a_deed_that_was_refused_comes_back(client: Client, editor: User) -> None:
    story = stored(editor)
    press(client, story, "_withdraw", correction_note=NOTE)
    assert form_data(client, change_url(story))["correction_note"] == NOTE
    assert not story.corrections.exists()


def test_words_that_were_taken_along_do_not_come_back(client: Client, editor: User) -> None:
    story = stored(editor)
    press(client, story, "_correct", correction_note=NOTE)
    assert story.corrections.get().note == NOTE
    assert form_data(client, change_url(story))["correction_note"] == ""


def test_a_note_for_a_story_that_was_withdrawn_meanwhile_is_shown_and_its_text_stays(
    client: Client, editor: User
) -> None:
    story = stored(editor)
    data = form_data(client, change_url(story)) | {"correction_note": NOTE, "_correct": "1"}
    publishing.withdraw(story, by=make_user(Role.EDITOR), note="سبب")
    before = story.body
    response = client.post(change_url(story), data, follow=True)
    assert response.redirect_chain
    assert NOTE in response.content.decode()
    story.refresh_from_db()
    assert (story.body, story.status) == (before, Status.WITHDRAWN)
    assert form_data(client, change_url(story))["headline"] == story.headline


def test_who_lost_his_rights_gets_the_note_back(client: Client, editor: User) -> None:
    story = stored(editor)
    data = form_data(client, change_url(story)) | {"correction_note": NOTE, "_correct": "1"}
    editor.groups.set(make_user(Role.REPORTER).groups.all())
    response = client.post(change_url(story), data)
    assert response.status_code == 403
    assert NOTE in response.content.decode()
