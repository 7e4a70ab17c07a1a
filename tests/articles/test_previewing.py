"""The preview of what stands in the form of an article."""

from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from articles.changes import open_changes
from articles.enums import CorrectionKind
from articles.models import Article, Correction, Tag
from articles.previews.documents import KINDS, print_styles
from articles.revisions import record
from newsroom.lib import style_sheets
from tests.articles.desk import add_url, change_url, form_data, inline_row
from tests.factories import make_article, make_author, make_image, make_section, make_site, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def preview_url(article: Article | None, kind: str = "page", scheme: str = "light") -> str:
    name = "admin:articles_article_preview" if article else "admin:articles_article_preview_new"
    return f"{reverse(name, args=[article.pk] if article else [])}?as={kind}&scheme={scheme}"


def preview(client: Client, article: Article | None, kind: str = "page", scheme: str = "light", **changes: Any) -> Any:
    data = form_data(client, change_url(article) if article else add_url()) | changes
    return client.post(preview_url(article, kind, scheme), data)


@pytest.fixture
def editor_client(client: Client) -> Client:
    client.force_login(make_user(Role.EDITOR))
    return client


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_shows_what_is_typed_and_keeps_nothing(editor_client: Client, kind: str) -> None:
    make_site()
    article = make_article("العنوان المحفوظ", published=False, lead_image=make_image())
    page = preview(editor_client, article, kind, headline="العنوان المكتوب الآن", tags="وسم جديد")
    text = page.content.decode()
    assert page.status_code == 200
    assert "العنوان المكتوب الآن" in text
    assert "معاينة غير منشورة" in text or "Unpublished preview" in text
    article.refresh_from_db()
    assert article.headline == "العنوان المحفوظ"
    assert not Tag.objects.exists()
    assert not default_storage.exists(f"cards/{article.pk}")


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_article_has_a_preview_too(editor_client: Client, kind: str) -> None:
    page = preview(editor_client, None, kind)
    assert page.status_code == 200
    assert not Article.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_the_document_is_sealed(editor_client: Client, kind: str, settings: Any) -> None:
    settings.PICTURE_ORIGINS = ["https://pictures.example"]
    page = preview(editor_client, make_article(published=False), kind)
    policy = page["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-same-origin; default-src 'none'")
    assert "script" not in policy
    assert "frame-ancestors 'self'" in policy
    assert " data: https://pictures.example;" in policy.partition("img-src ")[2]
    assert (page["X-Frame-Options"], page["Referrer-Policy"]) == ("SAMEORIGIN", "no-referrer")
    assert "no-store" in page["Cache-Control"]
    assert "<script src" not in page.content.decode()
    assert 'name="robots" content="noindex' in page.content.decode()


def test_hostile_text_stays_text(editor_client: Client) -> None:
    hostile = "</title><script>alert(1)</script>"
    article = make_article(published=False)
    for kind in KINDS:
        text = preview(
            editor_client, article, kind, headline=hostile, standfirst=hostile, body=hostile
        ).content.decode()
        assert "<script>alert" not in text


def test_day_and_night_are_those_that_are_asked_for(editor_client: Client) -> None:
    article = make_article(published=False)
    assert 'data-theme="dark"' in preview(editor_client, article, scheme="dark").content.decode()
    assert 'data-theme="light"' in preview(editor_client, article, scheme="moon").content.decode()
    assert 'data-theme="light"' in preview(editor_client, article, "print", scheme="dark").content.decode()


def test_what_is_missing_is_named(editor_client: Client) -> None:
    article = make_article(published=False)
    text = preview(editor_client, article, headline="", standfirst="", section="").content.decode()
    notice = text.partition('class="preview-notice"')[2].partition("</aside>")[0]
    for name in ("headline", "standfirst", "section"):
        assert str(Article._meta.get_field(name).verbose_name) in notice  # type: ignore[union-attr]
    full = preview(editor_client, article, standfirst="مقدمة").content.decode()
    assert str(Article._meta.get_field("headline").verbose_name) not in full.partition("preview-notice")[2][:300]  # type: ignore[union-attr]


def test_relations_as_they_are_typed(editor_client: Client) -> None:
    article = make_article(published=False)
    row = inline_row("bylines", 0, author=make_author("ريم الحلبي").pk, role="writing", position="0")
    text = preview(editor_client, article, tags="زراعة", section=make_section("علوم").pk, **row).content.decode()
    assert all(word in text for word in ("ريم الحلبي", "زراعة", "علوم"))


def test_changes_stand_in_the_place_of_their_story(editor_client: Client) -> None:
    story = make_article("خبر منشور")
    Correction.objects.create(article=story, kind=CorrectionKind.CORRECTION, note="كان الرقم خطأ.")
    copy = open_changes(story, by=make_user(Role.EDITOR))
    text = preview(editor_client, copy, headline="خبر معدّل").content.decode()
    assert "كان الرقم خطأ." in text
    assert story.get_short_url() in text
    assert copy.get_short_url() not in text


def test_what_readers_have_not_seen_has_no_date_of_publication(editor_client: Client) -> None:
    make_site()
    said = "نُشر:"
    assert said not in preview(editor_client, make_article(published=False)).content.decode()
    story = make_article()
    copy = open_changes(story, by=make_user(Role.EDITOR))
    assert said in preview(editor_client, copy).content.decode()


def test_players_stay_closed(editor_client: Client) -> None:
    body = '<p>نص.</p><p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">https://www.youtube.com/watch?v=dQw4w9WgXcQ</a></p>'
    page = preview(editor_client, make_article(published=False), body=body)
    assert "<iframe" not in page.content.decode()
    assert "data-player" not in page.content.decode()


def test_paper_has_its_rules_on_the_screen(editor_client: Client) -> None:
    styles = editor_client.get(reverse("admin:articles_article_print_styles"))
    assert styles["Content-Type"] == "text/css; charset=utf-8"
    assert "@media print" not in styles.content.decode()
    assert "@media all" in styles.content.decode()
    text = preview(editor_client, make_article(published=False), "print").content.decode()
    assert reverse("admin:articles_article_print_styles") in text
    assert "css/site.css" not in text


def test_addresses_in_the_rules_for_paper_lead_to_files() -> None:
    addresses = [part.split('"')[0] for part in print_styles().split('url("')[1:] if not part.startswith("data:")]
    assert addresses
    assert [address for address in addresses if not finders.find(address.removeprefix("/static/"))] == []


def test_a_sheet_is_moved_with_its_addresses() -> None:
    css = style_sheets.with_addresses('a{b:url("../fonts/x.woff2")}', "css", lambda name: f"/s/{name}")
    assert css == 'a{b:url("/s/fonts/x.woff2")}'


def test_nothing_is_shown_to_a_link_that_was_followed(editor_client: Client) -> None:
    article = make_article(published=False)
    assert editor_client.get(preview_url(article)).status_code == 405
    assert editor_client.head(preview_url(article)).status_code == 405


def test_another_reporters_text_is_not_there(client: Client) -> None:
    client.force_login(make_user(Role.REPORTER))
    secret = make_article("سر لم يُنشر", published=False)
    answer = client.post(preview_url(secret), {"headline": "س"})
    assert answer.status_code == 404
    assert "سر" not in answer.content.decode()


def test_a_published_story_of_another_is_no_way_to_a_preview(client: Client) -> None:
    client.force_login(make_user(Role.REPORTER))
    assert client.post(preview_url(make_article()), {"headline": "س"}).status_code == 403


def test_the_newsletter_editor_writes_no_articles(client: Client) -> None:
    client.force_login(make_user(Role.NEWSLETTER_EDITOR))
    assert client.post(preview_url(None), {"headline": "س"}).status_code == 403


def test_the_form_has_its_pane(editor_client: Client) -> None:
    article = make_article(published=False)
    record(article, by=None)
    for address in (change_url(article), add_url()):
        text = editor_client.get(address).content.decode()
        assert 'formtarget="_blank"' in text
        assert 'data-kind="share"' in text
    story = editor_client.get(change_url(make_article())).content.decode()
    assert "preview-pane" not in story


def test_whoever_is_signed_out_is_told_in_the_frame(client: Client) -> None:
    answer = client.post(preview_url(make_article("سر لم يُنشر", published=False)), {"headline": "س"})
    assert answer.status_code == 401
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "data-refused" in answer.content.decode()
    assert "سر" not in answer.content.decode()
