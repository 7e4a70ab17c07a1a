"""Two editors write for the readers of the same changes: the page that publishes loses the words of neither."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from articles.admin import publishing_page
from articles.enums import ChangeKind
from articles.models import Article
from articles.revisions import record
from tests.articles.desk import controls, form_data, publish_url
from tests.articles.test_publish_page import NOTE, changes_of
from tests.factories import make_article, make_site, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def editor(client: Client) -> User:
    make_site(months="levant")
    editor = make_user(Role.EDITOR)
    client.force_login(editor)
    return editor


@pytest.fixture
def written_meanwhile(client: Client, editor: User) -> tuple[Article, dict[str, Any]]:
    """Changes with the note of a colleague, and what the page sends that was opened before he wrote it."""
    copy = changes_of(make_article("عنوان"), editor)
    opened = form_data(client, publish_url(copy))
    colleague = Client()
    colleague.force_login(make_user(Role.EDITOR, first_name="رنا"))
    theirs = form_data(colleague, publish_url(copy)) | {"kind": "correction", "change_note": NOTE, "_show": "1"}
    assert colleague.post(publish_url(copy), theirs).status_code == 200
    return copy, opened


@pytest.mark.parametrize("button", ["", "_show", "_now", "_template"])
@pytest.mark.parametrize("typed", [("wording", ""), ("update", "كلمات أخرى للقراء"), ("correction", "")])
def test_a_colleagues_note_is_neither_published_past_nor_written_over(
    client: Client, written_meanwhile: tuple[Article, dict[str, Any]], button: str, typed: tuple[str, str]
) -> None:
    copy, opened = written_meanwhile
    kind, note = typed
    sent = opened | {"kind": kind, "shown_kind": kind, "change_note": note} | ({button: "update"} if button else {})
    response = client.post(publish_url(copy), sent)
    assert response.status_code == 409
    copy.refresh_from_db()
    assert (copy.change_kind, copy.change_note) == (ChangeKind.CORRECTION, NOTE)
    assert f"<b>{ChangeKind.CORRECTION.label}</b>" in response.content.decode()
    assert f'<q dir="auto">{NOTE}</q>' in response.content.decode()
    assert response.context["form"]["kind"].value() == ("update" if button == "_template" else kind)
    assert response.context["form"]["change_note"].value().startswith(note)


def test_who_has_read_the_colleagues_note_may_write_another(
    client: Client, written_meanwhile: tuple[Article, dict[str, Any]]
) -> None:
    copy, opened = written_meanwhile
    sent = opened | {"kind": "update", "shown_kind": "update", "change_note": "كلمات أخرى للقراء"}
    again = controls(client.post(publish_url(copy), sent).content.decode())
    assert again["change_note"] == "كلمات أخرى للقراء"
    client.post(publish_url(copy), again)
    assert copy.story.corrections.get().note == "كلمات أخرى للقراء"


def test_the_note_stays_where_the_page_is_older_than_the_text(
    client: Client, editor: User, written_meanwhile: tuple[Article, dict[str, Any]]
) -> None:
    copy, opened = written_meanwhile
    Article.objects.filter(pk=copy.pk).update(kicker="ثقافة")
    copy.refresh_from_db()
    record(copy, by=editor)
    response = client.post(publish_url(copy), opened | {"kind": "wording", "shown_kind": "wording"})
    copy.refresh_from_db()
    assert (response.status_code, copy.change_note) == (409, NOTE)
    assert response.context["differences"][0].title == "ما تغيّر منذ فتحت هذه الصفحة"


def test_a_page_without_the_fingerprint_knows_no_note(
    client: Client, editor: User, written_meanwhile: tuple[Article, dict[str, Any]]
) -> None:
    copy, opened = written_meanwhile
    del opened["seen_note"]
    assert client.post(publish_url(copy), opened | {"kind": "update", "_show": "1"}).status_code == 409
    Article.objects.filter(pk=copy.pk).update(change_note="")
    assert client.post(publish_url(copy), opened | {"kind": "update", "_show": "1"}).status_code == 200
    copy.refresh_from_db()
    assert copy.change_kind == ChangeKind.UPDATE


def test_the_same_page_sent_twice_is_no_other_note(client: Client, editor: User) -> None:
    copy = changes_of(make_article(), editor)
    sent = form_data(client, publish_url(copy)) | {"kind": "correction", "change_note": NOTE, "_show": "1"}
    assert [client.post(publish_url(copy), sent).status_code for _time in range(2)] == [200, 200]


def test_a_note_between_the_page_and_the_lock_is_not_published_past(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = changes_of(make_article(), editor)
    data = form_data(client, publish_url(copy)) | {"kind": "wording", "shown_kind": "wording"}
    carry_out = publishing_page._carry_out

    def write_first(request: Any, article: Article) -> Article:
        Article.objects.filter(pk=copy.pk).update(change_kind=ChangeKind.CORRECTION, change_note=NOTE)
        return carry_out(request, article)

    monkeypatch.setattr(publishing_page, "_carry_out", write_first)
    response = client.post(publish_url(copy), data)
    copy.refresh_from_db()
    assert (response.status_code, copy.change_note) == (409, NOTE)
    assert NOTE in response.content.decode()
