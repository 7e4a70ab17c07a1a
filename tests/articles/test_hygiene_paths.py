"""Whatever way a text takes into the database, it ends clean; and what was changed is told."""

import json
import re
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from articles import publishing
from articles.commenting import comment
from articles.enums import CorrectionKind, RevisionAction
from articles.importing import import_text
from articles.models import Article, Author, Comment, RelatedLink, Revision, Section, Source, Tag, UnsavedText
from articles.restoring import restore_version
from articles.revisions import record
from articles.unsaved import keep
from newsroom.lib.fields import BodyField, CleanCharField, CleanTextField
from newsroom.lib.hygiene import clean_line, clean_markup
from pages.models import Page
from tests.articles.desk import change_url, form_data, messages_of
from tests.factories import make_article, make_author, make_section, make_site, make_source, make_tag, make_user

pytestmark = pytest.mark.django_db

DIRTY, CLEAN = "\u200fکتـــاب\u202e ﻓﻲ\u200b البيت\u00a0", "كتاب في البيت"
DIRTY_BODY = "<p>کتـــاب\u202e ﻓﻲ\u200b البيت ي\u0654</p>"
# A Cyrillic letter in quotation marks.
ODD = re.compile("[«“]\u2068?е\u2069?[»”]")
CLEAN_BODY = "<p>كتاب في البيت ئ</p>"


def headline_of(article: Article) -> str:
    return Article.objects.values_list("headline", flat=True).get(pk=article.pk)


# The fields themselves


# Machinery: words of the program, addresses with cleaners of their own, copies that must not change.
EXACT = {
    "articles.Article": {"slug", "origin", "change_kind", "status", "schedule_error", "import_ref", "form_key"},
    "articles.Attribution": set(),
    "articles.CalendarFeed": {"key"},
    "articles.CheckLevel": {"check_name", "strictness"},
    "articles.LinkCheck": {"address", "problem"},
    "articles.Author": {"slug", "gender", "email", "languages"},
    "articles.Byline": {"role"},
    "articles.Correction": {"kind"},
    "articles.DroppedLine": {"reason"},
    "articles.FrontSlot": {"place"},
    "articles.PartnerFeed": {"key"},
    "articles.PreviewLink": {"key"},
    "articles.ImportRecord": {"encoding", "sha256", "original_text"},
    "articles.Section": {"slug", "color"},
    "articles.Source": {"slug", "kind"},
    "articles.Tag": {"slug"},
    "articles.Revision": {"action"},
    "articles.UnsavedText": {"window"},
    "articles.Presence": {"window"},
    "accounts.User": {"password", "email"},
    "accounts.RecoveryCode": {"digest"},
    "accounts.StaffSession": {"auth_hash", "address", "browser", "system"},
    "accounts.FailureCount": {"key"},
    "audit.AuditEntry": {"action", "subject_type", "subject_id", "address"},
    "images.Image": {"kind", "file", "sha256"},
    "newsletter.MailingList": {
        "slug",
        "from_email",
        "reply_to",
        "policy",
        "tracking",
        "digest_every",
        "digest_mode",
    },
    "newsletter.Issue": {"kind", "state", "policy", "tracking", "paused_reason"},
    "newsletter.IssueItem": {"kind", "url", "image_url", "image_alt"},
    "newsletter.CompiledMail": {"variant", "sha256"},
    "newsletter.LinkTarget": {"url"},
    "newsletter.HitCount": {"variant"},
    "newsletter.Subscriber": {"email", "email_normal", "address_hash", "domain"},
    "newsletter.Subscription": {"status", "frequency", "end_reason"},
    "newsletter.ConfirmationRequest": {"network_hash", "token_hash"},
    "newsletter.ConsentRecord": {"address_hash", "action", "wording", "place", "network"},
    "newsletter.Suppression": {"address_hash", "reason"},
    "newsletter.Delivery": {"variant", "domain", "skip_reason", "owner", "enhanced_code", "reply"},
    "newsletter.DeliveryEvent": {"provider", "provider_event_id", "kind", "address_hash", "domain"},
    "newsletter.RawReport": {"provider", "body", "error"},
    "newsletter.SenderSlot": {"owner"},
    "newsletter.RateBucket": {"name"},
    "newsletter.SendingIdentity": {"site_url"},
    "newsletter.SenderCheck": {"domain"},
    "newsletter.SubscriberImport": {"content", "state", "error"},
    "newsletter.RefusedRow": {"text", "reason"},
    "pages.SiteSettings": {"digits", "months", "time_zone", "contact_email"},
    "pages.Page": {"slug"},
    "pages.NavigationItem": {"place", "path"},
    "pages.Redirect": {"old_path", "new_path"},
}


def test_every_typed_text_of_every_model_is_a_clean_field() -> None:
    """A new text field is clean, or stands here with its reason."""
    ours = {"accounts", "articles", "audit", "images", "newsletter", "pages"}
    unclean = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ours and model._meta.label not in {"articles.SearchDocument"}
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not hasattr(type(field), "cleaner")
        and not field.name.endswith("_key")
        and field.name not in EXACT.get(model._meta.label, set())
    }
    assert not unclean


def test_no_migration_is_needed_for_clean_fields() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
    assert CleanCharField(max_length=5).deconstruct()[1] == "django.db.models.CharField"
    assert {kind().deconstruct()[1] for kind in (CleanTextField, BodyField)} == {"django.db.models.TextField"}


def test_save_leaves_the_clean_text_in_the_instance_too() -> None:
    article = Article(headline=DIRTY, body=DIRTY_BODY)
    article.save()
    assert (article.headline, article.body, headline_of(article)) == (CLEAN, CLEAN_BODY, CLEAN)


def test_bulk_create_and_bulk_update_store_clean_texts() -> None:
    (section,) = Section.objects.bulk_create([Section(name=DIRTY, description=f"{DIRTY}\r\n{DIRTY}", slug="s")])
    section.refresh_from_db()
    assert (section.name, section.description) == (CLEAN, f"{CLEAN}\n{CLEAN}")
    section.name = f"{DIRTY} {DIRTY}"
    Section.objects.bulk_update([section], ["name"])
    assert Section.objects.get().name == f"{CLEAN} {CLEAN}"


def test_an_update_of_many_rows_stores_clean_texts() -> None:
    article = make_article()
    Article.objects.update(headline=DIRTY, body=DIRTY_BODY)
    article.refresh_from_db()
    assert (article.headline, article.body) == (CLEAN, CLEAN_BODY)


def test_rows_that_are_read_from_a_file_are_stored_clean() -> None:
    make_author("هالة")
    rows = json.loads(serializers.serialize("json", Author.objects.all()))
    rows[0]["fields"]["name"] = DIRTY
    for row in serializers.deserialize("json", json.dumps(rows)):
        row.save()
    assert Author.objects.get().name == CLEAN


@pytest.mark.parametrize(("text", "length"), [("ﻻ" * 200, 200), ("ﷲ\u200b" * 100, 200), ("\u0958" * 200, 200)])
def test_a_text_that_grows_is_stored_on_both_databases(text: str, length: int) -> None:
    """PostgreSQL refuses what is longer than its column; the letters are all there, some as a ligature."""
    article = Article.objects.create(headline=text)
    article.refresh_from_db()
    assert 0 < len(article.headline) <= length
    Article.objects.filter(pk=article.pk).update(headline=text)
    assert len(headline_of(article)) <= length


def test_a_form_says_that_a_text_has_grown_too_long() -> None:
    with pytest.raises(ValidationError) as raised:
        Article(headline="ﻻ" * 150).full_clean()
    assert "headline" in raised.value.message_dict


def test_what_no_database_stores_is_gone() -> None:
    article = Article.objects.create(headline="نص\x00\ud800 هنا", body='<p title="\x00">نص\udfff</p>')
    article.refresh_from_db()
    assert (article.headline, article.body) == ("نص هنا", '<p title="">نص</p>')


def test_cleaning_twice_leaves_a_stored_text() -> None:
    article = Article.objects.create(headline=DIRTY, body=DIRTY_BODY)
    article.refresh_from_db()
    assert clean_line(article.headline) == article.headline
    assert clean_markup(article.body) == article.body


# Deeds


def test_names_and_words_of_every_kind_are_stored_clean() -> None:
    site = make_site(name=DIRTY, tagline=DIRTY)
    user = make_user(Role.CHIEF_EDITOR, first_name=DIRTY)
    article = make_article(lead_caption=DIRTY, dateline=DIRTY, kicker=DIRTY, promo_headline=DIRTY)
    rows: list[tuple[models.Model, str]] = [
        (site, "name"),
        (site, "tagline"),
        (user, "first_name"),
        (article, "lead_caption"),
        (make_author(DIRTY), "name"),
        (make_source(DIRTY), "name"),
        (make_section(DIRTY), "name"),
        (make_tag(DIRTY), "name"),
        (RelatedLink.objects.create(article=article, title=DIRTY), "title"),
        (publishing.correct(article, kind=CorrectionKind.CORRECTION, note=DIRTY, by=user), "note"),
        (Page.objects.create(title=DIRTY, slug="p"), "title"),
    ]
    for row, name in rows:
        row.refresh_from_db()
        assert getattr(row, name) == CLEAN, row._meta.label
    comment(article, text=DIRTY, by=user)
    assert Comment.objects.get().text == CLEAN


def test_tags_are_one_tag_however_they_are_typed() -> None:
    article = make_article(tags=(DIRTY,))
    article.tags.add(CLEAN)
    assert list(Tag.objects.values_list("name", flat=True)) == [CLEAN]


def test_an_import_is_stored_clean_and_its_version_says_what_was_cleaned() -> None:
    text = "افتتاح مکتبة جديدة ﻓﻲ المدينة القديمة\n\nافتتحت البلدية\u202e مكتبة عامة صباح اليوم في وسط المدينة القديمة."
    result = import_text(text.encode(), file_name="a\u202etxt.exe")
    article = Article.objects.get(pk=result.article_id)
    assert article.headline == "افتتاح مكتبة جديدة في المدينة القديمة"
    assert article.body == "<p>افتتحت البلدية مكتبة عامة صباح اليوم في وسط المدينة القديمة.</p>"
    assert article.import_record.file_name == "atxt.exe"
    assert {row["kind"] for row in result.report()["mended"]} == {"direction", "forms", "persian"}
    assert Revision.objects.get().mended == list(result.mended)


def test_an_old_version_with_unclean_text_is_restored_clean() -> None:
    user, article = make_user(Role.EDITOR), make_article(published=False)
    old = record(article, by=user)
    Revision.objects.filter(pk=old.pk).update(data={**old.data, "headline": DIRTY, "body": DIRTY_BODY, "tags": [DIRTY]})
    restore_version(article, old.version, by=user)
    article.refresh_from_db()
    assert (article.headline, article.body, *article.tags.names()) == (CLEAN, CLEAN_BODY, CLEAN)
    restored = Revision.objects.get(action=RevisionAction.RESTORED)
    assert restored.data["headline"] == CLEAN
    assert {row["field"] for row in restored.mended} == {"headline", "body"}


# The desk


@pytest.fixture
def editor(client: Client) -> User:
    user = make_user(Role.EDITOR)
    client.force_login(user)
    return user


def send(client: Client, article: Article, **typed: Any) -> Any:
    data = form_data(client, change_url(article)) | typed
    return client.post(change_url(article), data, follow=True)


def test_a_saved_form_says_in_a_sentence_a_field_what_was_cleaned(client: Client, editor: User) -> None:
    article = make_article("عنوان", published=False, created_by=editor)
    response = send(client, article, headline=DIRTY, body=DIRTY_BODY)
    article.refresh_from_db()
    assert (article.headline, article.body) == (CLEAN, CLEAN_BODY)
    told = [message for message in messages_of(response) if str(message).startswith(("العنوان", "المتن"))]
    assert len(told) == 2
    newest = article.revisions.latest("version")
    assert {(row["field"], row["kind"]) for row in newest.mended} >= {
        ("headline", "persian"), ("headline", "direction"), ("headline", "tatweel"), ("body", "composed"),
    }  # fmt: skip
    assert "[RLO]" in json.dumps(newest.mended)


def test_the_version_and_the_history_show_what_was_cleaned(client: Client, editor: User) -> None:
    article = make_article("عنوان", published=False, created_by=editor)
    send(client, article, headline=DIRTY)
    version = article.revisions.latest("version").version
    page = client.get(reverse("admin:articles_article_revision", args=[article.pk, version])).content.decode()
    assert '<details class="mended" open>' in page
    assert '[<bdi dir="ltr">RLO</bdi>]' in page
    history = client.get(reverse("admin:articles_article_history", args=[article.pk])).content.decode()
    assert '<details class="mended">' in history


def test_every_page_of_the_admin_says_what_was_cleaned(client: Client) -> None:
    client.force_login(make_user(Role.CHIEF_EDITOR))
    address = reverse("admin:articles_author_add")
    response = client.post(address, form_data(client, address) | {"name": DIRTY, "biography": "نص\u200b"}, follow=True)
    assert len(messages_of(response)) == 3
    assert Author.objects.get().name == CLEAN


def test_nothing_is_said_where_only_spaces_at_the_ends_went(client: Client, editor: User) -> None:
    article = make_article("عنوان", published=False, created_by=editor)
    response = send(client, article, headline="  عنوان آخر ", standfirst="سطر \r\n آخر\r\n", body="<p> نص&nbsp; </p>")
    assert article.revisions.latest("version").mended == []
    assert len(messages_of(response)) == 1


def test_rows_of_the_form_are_told_too(client: Client, editor: User) -> None:
    article = make_article("عنوان", published=False, created_by=editor)
    RelatedLink.objects.create(article=article, title="رابط")
    send(client, article, **{"related_links-0-title": "رابـــط\u202e"})
    mended = article.revisions.latest("version").mended
    assert {row["field"] for row in mended} == {"related_links"}
    assert RelatedLink.objects.get().title == "رابط"


def test_a_headline_of_two_alphabets_is_saved_with_a_warning(client: Client, editor: User) -> None:
    article = make_article("عنوان", published=False, created_by=editor)
    response = send(client, article, headline="وكالة Rеuters تقول", tags="Rеuters")
    article.refresh_from_db()
    assert article.headline == "وكالة Rеuters تقول"
    assert sum(len(ODD.findall(str(message))) for message in messages_of(response)) == 2


@pytest.mark.parametrize("name", ["author", "source", "section"])
def test_a_name_of_two_alphabets_is_refused(client: Client, name: str) -> None:
    client.force_login(make_user(Role.CHIEF_EDITOR))
    address = reverse(f"admin:articles_{name}_add")
    response = client.post(address, form_data(client, address) | {"name": "Rеuters", "position": "١"})
    assert response.status_code == 200
    assert ODD.search(response.content.decode())


def test_a_name_in_cyrillic_that_reads_like_one_that_exists_is_refused(client: Client) -> None:
    make_source("BBC")
    client.force_login(make_user(Role.CHIEF_EDITOR))
    address = reverse("admin:articles_source_add")
    data = form_data(client, address)
    assert client.post(address, data | {"name": "ВВС"}).status_code == 200
    assert client.post(address, data | {"name": "Правда"}).status_code == 302
    assert Source.objects.count() == 2


def test_what_is_kept_unsaved_is_what_was_typed_and_clean_only_when_it_is_saved(client: Client, editor: User) -> None:
    article = make_article("عنوان", published=False, created_by=editor)
    keep(editor, {"headline": [DIRTY]}, story=article, window="0123456789")
    assert UnsavedText.objects.get().data["headline"] == [DIRTY]


def test_a_text_in_a_column_of_postgresql_is_cut_nowhere_else() -> None:
    """Too long from the beginning is the caller's mistake on PostgreSQL, as with every other field."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no length")
    with pytest.raises(Exception, match="too long"):
        Article.objects.create(headline="ب" * 300)


DRAWN = "BBC News ﻮﻤﻧ ﻦﻣ 35% ﺕﺪﻬﺷ 2024 ﻥﺇ (ﺪﻴﻌﺳ) ﻲﻔﺤﺼﻟﺍ ﺐﺘﻜﻤﻟﺍ ﺮﻳﺪﻣ ﻝﺎﻗ"


def test_a_reversed_text_is_warned_about_and_turned_on_request() -> None:
    result = import_text(DRAWN.encode(), file_name="a.txt", dry_run=True)
    assert "reversed" in result.warnings
    turned = import_text(f"{DRAWN}\n{DRAWN}.".encode(), file_name="a.txt", dry_run=True, turns=True)
    assert "reversed" not in turned.warnings
    assert any("قال مدير المكتب الصحفي (سعيد) إن 2024" in fate.text for fate in turned.recognised.fates)


def test_the_page_of_the_import_offers_to_turn_it(client: Client, editor: User) -> None:
    address = reverse("admin:articles_article_import")
    page = client.post(address, {"text": DRAWN, "_preview": "1"}).content.decode()
    assert 'name="turns" value="on"' in page
    page = client.post(address, {"text": DRAWN, "turns": "on"}).content.decode()
    assert '<button type="submit" class="button" name="turns"' not in page
