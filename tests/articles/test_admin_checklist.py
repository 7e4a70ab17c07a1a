from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from articles.comparing import compare
from articles.enums import RevisionAction, Strictness
from articles.models import Article, AvoidedWord, CheckLevel
from articles.revisions import record
from audit.enums import Action
from audit.models import AuditEntry
from newsroom.lib.diffing import Row
from tests.articles.desk import add_url, change_url, form_data, messages_of, publish, publish_url
from tests.factories import BODY, make_article, make_image, make_site, make_user

pytestmark = pytest.mark.django_db

FAULTY = f'{BODY}<p>قال الوزير, إن الأمر انتهى؟ وقال "نعم".</p>'.replace("</p><p>", "</p>\n<p>")


def sign_in(client: Client, role: str) -> User:
    user = make_user(role)
    client.force_login(user)
    return user


def mend_url(article: Article) -> str:
    return reverse("admin:articles_article_mend", args=[article.pk])


def check_url(article: Article) -> str:
    return reverse("admin:articles_article_check", args=[article.pk])


def test_the_form_shows_what_is_left_with_links_to_the_fields(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article(published=False, without_picture=False, body=FAULTY)
    page = client.get(change_url(article) + "?check=1").content.decode()
    assert 'href="#id_lead_image"' in page
    assert "بقي شرط واحد قبل النشر" in page
    assert 'name="_mend" value="latin_signs"' in page


def test_the_form_opens_without_the_list_and_says_where_it_is_asked_for(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article(published=False, without_picture=False, body=FAULTY)
    page = client.get(change_url(article) + "?_changelist_filters=o%3D1").content.decode()
    assert f'data-check="{check_url(article)}"' in page
    assert "data-asks-later" in page.partition('id="checklist"')[2].partition("</section>")[0]
    assert 'href="?_changelist_filters=o%3D1&amp;check=1#checklist"' in page
    assert "checklist-count" not in page


def test_a_form_that_comes_back_brings_its_list(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article(published=False, without_picture=False, body=FAULTY)
    data = form_data(client, change_url(article)) | {"section": "999", "_continue": "1"}
    answer = client.post(change_url(article), data)
    assert answer.status_code == 200
    assert 'name="_mend" value="latin_signs"' in answer.content.decode()


def test_who_only_reads_gets_no_list(client: Client) -> None:
    sign_in(client, Role.NEWSLETTER_EDITOR)
    assert 'id="checklist"' not in client.get(change_url(make_article())).content.decode()


def test_the_list_follows_the_form_and_writes_nothing(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article(published=False, without_picture=False)
    data = form_data(client, change_url(article))
    page = client.post(check_url(article), data | {"without_picture": "on", "section": ""}).content.decode()
    assert 'href="#id_section"' in page
    assert 'href="#id_lead_image"' not in page
    article.refresh_from_db()
    assert (article.section_id is not None, article.revisions.count()) == (True, 0)


def test_an_article_that_is_not_stored_yet_is_checked_too(client: Client) -> None:
    sign_in(client, Role.REPORTER)
    data = form_data(client, add_url()) | {"headline": "قال, ثم", "body": FAULTY}
    page = client.post(reverse("admin:articles_article_check_new"), data).content.decode()
    assert 'value="latin_signs"' in page
    assert reverse("admin:articles_article_mend_new") in page
    assert not Article.objects.exists()


def test_a_hidden_article_is_neither_checked_nor_mended(client: Client) -> None:
    sign_in(client, Role.REPORTER)
    article = make_article(published=False, created_by=make_user(Role.REPORTER))
    assert client.post(check_url(article), {}).status_code == 404
    assert client.post(mend_url(article), {"_mend": "all"}).status_code == 404


def test_checking_and_mending_are_asked_by_post(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article(published=False)
    assert [client.get(url(article)).status_code for url in (check_url, mend_url)] == [405, 405]


def test_what_readers_see_is_not_mended_in_place(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    assert client.post(mend_url(make_article()), {"_mend": "all"}).status_code == 403


def test_mending_is_shown_first_and_then_saved_as_a_version_with_its_reason(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article(published=False, body=FAULTY)
    data = form_data(client, change_url(article)) | {"kicker": "لم تُحفظ بعد"}
    shown = client.post(mend_url(article), data | {"_mend": "latin_signs"})
    article.refresh_from_db()
    assert (shown.status_code, article.body, article.kicker) == (200, FAULTY, "")
    assert "<del>" in shown.content.decode()
    sent = dict(shown.context["sent"]) | {"_mended": shown.context["reason"], "_continue": "1"}
    assert client.post(change_url(article), sent).status_code == 302
    article.refresh_from_db()
    assert (article.body, article.kicker) == (FAULTY.replace(",", "،"), "لم تُحفظ بعد")
    newest = article.revisions.get(version=article.version)
    assert newest.action == RevisionAction.SAVED
    assert newest.reason


def test_all_that_has_a_fix_is_mended_at_once(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article(published=False, body=FAULTY)
    data = form_data(client, change_url(article)) | {"_mend": "all"}
    shown = client.post(mend_url(article), data, headers={"X-Requested-With": "fetch"})
    assert dict(shown.context["values"]) == {"body": FAULTY.replace(",", "،").replace('"نعم"', "«نعم»")}
    assert 'data-field="body"' in shown.content.decode()
    assert "csrfmiddlewaretoken" not in shown.content.decode()


def test_nothing_to_mend_is_said(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article(published=False)
    shown = client.post(mend_url(article), form_data(client, change_url(article)) | {"_mend": ["all", "nonsense"]})
    assert shown.context["values"] == []


def test_a_reason_that_names_no_check_is_none(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article(published=False)
    data = form_data(client, change_url(article)) | {"kicker": "ثقافة", "_mended": "x,<b>", "_continue": "1"}
    client.post(change_url(article), data)
    assert [revision.reason for revision in article.revisions.all()] == [""]


def test_an_editor_sees_what_keeps_from_publishing_and_no_button(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article(published=False, lead_image=make_image(credit=""))
    page = client.get(publish_url(article))
    assert [item.check for item in page.context["checklist"].keeps] == ["picture_credit"]
    assert 'name="override"' not in page.content.decode()
    assert 'class="button default"' not in page.content.decode()
    answer = publish(client, article, override="سبب")
    article.refresh_from_db()
    assert (answer.status_code, article.is_published) == (409, False)


def test_a_chief_editor_publishes_it_nevertheless_and_says_why(client: Client) -> None:
    chief = sign_in(client, Role.CHIEF_EDITOR)
    article = make_article(published=False, lead_image=make_image(credit=""))
    assert publish(client, article, override=" ").status_code == 409
    publish(client, article, override="أرسلها صاحبها")
    article.refresh_from_db()
    assert article.is_published
    entry = AuditEntry.objects.get(action=Action.CHECKS_OVERRIDDEN)
    assert (entry.actor_id, entry.note) == (chief.pk, "picture_credit: أرسلها صاحبها")


def test_a_reason_that_was_typed_is_there_again(client: Client) -> None:
    sign_in(client, Role.CHIEF_EDITOR)
    article = make_article(published=False, lead_image=make_image(credit=""))
    answer = publish(client, article, override="أرسلها صاحبها", version="99")
    assert answer.status_code == 409
    assert 'value="أرسلها صاحبها"' in answer.content.decode()


def test_without_a_picture_is_ticked_and_unticked_in_the_form(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article(published=False)
    data = form_data(client, change_url(article))
    assert data.pop("without_picture") == "on"
    client.post(change_url(article), data | {"_continue": "1"})
    article.refresh_from_db()
    assert not article.without_picture
    assert not article.revisions.get(version=article.version).data["without_picture"]


def test_a_tick_that_somebody_else_took_away_is_seen_in_a_conflict(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article(published=False)
    record(article, by=None)
    mine = form_data(client, change_url(article))
    Article.objects.filter(pk=article.pk).update(without_picture=False, kicker="ثقافة")
    record(Article.objects.get(pk=article.pk), by=make_user(Role.EDITOR))
    answer = client.post(change_url(article), mine | {"headline": "عنوان آخر", "_continue": "1"})
    assert answer.status_code == 409
    assert {one.name: one.side for one in answer.context["settled"]} == {
        "headline": "mine", "kicker": "newest", "without_picture": "newest",
    }  # fmt: skip


def test_versions_say_in_words_whether_there_is_meant_to_be_a_picture() -> None:
    (change,) = compare({"without_picture": False}, {"without_picture": True}, by=make_user())
    (row,) = change.rows
    assert isinstance(row, Row)
    assert [piece.text for piece in row.new] == ["نعم"]
    assert row.kind == "added"


def style_url() -> str:
    return reverse("admin:articles_checklevel_changelist")


def test_the_house_style_is_one_page_that_keeps_only_what_differs(client: Client) -> None:
    chief = sign_in(client, Role.CHIEF_EDITOR)
    data = form_data(client, style_url())
    client.post(style_url(), data | {"tags": "blocks", "picture_credit": "warns"})
    kept = dict(CheckLevel.objects.values_list("check_name", "strictness"))
    assert kept == {"tags": Strictness.BLOCKS, "picture_credit": Strictness.WARNS}
    entries = AuditEntry.objects.filter(action=Action.CHANGED, subject_title="tags")
    assert [(entry.actor_id, entry.before, entry.after) for entry in entries] == [(chief.pk, "warns", "blocks")]
    client.post(style_url(), form_data(client, style_url()) | {"tags": "warns"})
    assert list(CheckLevel.objects.values_list("check_name", flat=True)) == ["picture_credit"]


def test_a_choice_that_is_none_changes_nothing(client: Client) -> None:
    sign_in(client, Role.CHIEF_EDITOR)
    data = form_data(client, style_url())
    assert client.post(style_url(), data | {"tags": "forbidden"}).status_code == 200
    assert not CheckLevel.objects.exists()


def test_an_editor_reads_the_house_style_and_changes_nothing(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    page = client.get(style_url())
    assert page.status_code == 200
    assert 'type="submit" class="default"' not in page.content.decode()
    assert client.post(style_url(), {"tags": "blocks"}).status_code == 403
    assert not CheckLevel.objects.exists()


def test_the_settings_of_the_site_lead_to_the_house_style(client: Client) -> None:
    sign_in(client, Role.ADMINISTRATOR)
    site = make_site()
    page = client.get(reverse("admin:pages_sitesettings_change", args=[site.pk])).content.decode()
    assert style_url() in page


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"word": "، !"}, "word"),
        ({"word": "إرهابي", "instead": "ارهابي"}, "instead"),
        ({"word": "إرهابي", "instead": "مسلح إرهابي"}, "instead"),
    ],
)
def test_an_avoided_word_is_a_word_and_not_its_own_replacement(
    client: Client, data: dict[str, Any], field: str
) -> None:
    sign_in(client, Role.CHIEF_EDITOR)
    answer = client.post(reverse("admin:articles_avoidedword_add"), {"instead": "", "note": ""} | data)
    assert list(answer.context["adminform"].form.errors) == [field]
    assert not AvoidedWord.objects.exists()


def test_the_same_avoided_word_stands_once(client: Client) -> None:
    sign_in(client, Role.CHIEF_EDITOR)
    url = reverse("admin:articles_avoidedword_add")
    for word in ("إرهابي", "ارهابى"):
        answer = client.post(url, {"word": word, "instead": "مسلح", "note": ""}, follow=True)
    assert AvoidedWord.objects.count() == 1
    assert not messages_of(answer)
