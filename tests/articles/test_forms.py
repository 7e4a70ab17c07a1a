from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from articles import publishing
from articles.changes import open_changes
from articles.enums import Origin, Status
from articles.forms import TagsField
from articles.models import Article, Author, Tag, TagAlias
from tests.articles.desk import add_url, change_url, errors_of, form_data, inline_row, save
from tests.factories import make_article, make_author, make_image, make_site, make_source, make_tag, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_user(Role.EDITOR))
    return client


def draft(**fields: Any) -> Article:
    return make_article(published=False, **fields)


def approved(**fields: Any) -> Article:
    return draft(status=Status.APPROVED, **fields)


def test_what_is_typed_is_cleaned(desk: Client) -> None:
    article = draft()
    save(
        desk,
        article,
        headline="  افتتـــاح\u200f  المكتبة\u200b ",
        standfirst="سطر\u202e أول\r\nسطر ثان",
        body="<p onclick='x()'>نص<script>alert(1)</script></p>",
    )
    article.refresh_from_db()
    assert article.headline == "افتتاح المكتبة"
    assert article.standfirst == "سطر أول\nسطر ثان"
    assert article.body == "<p>نص</p>"


@pytest.mark.parametrize(("day", "hour"), [("٢٠٢٦-١١-٢٠", "٠٩:٤٠"), ("۲۰/۱۱/۲۰۲۶", "۹:۴۰"), ("20.11.2026", "9:40")])
def test_dates_are_read_in_any_digits_and_in_the_time_zone_of_the_site(desk: Client, day: str, hour: str) -> None:
    make_site(time_zone="Asia/Damascus")
    article = draft()
    save(desk, article, publish_at_0=day, publish_at_1=hour)
    article.refresh_from_db()
    assert article.publish_at == datetime(2026, 11, 20, 6, 40, tzinfo=UTC)


def test_a_number_is_read_in_arabic_digits(desk: Client) -> None:
    article = draft()
    row = inline_row("related_links", title="تقرير سابق", after_block="٣", position="٢")
    save(desk, article, **row)
    link = article.related_links.get()
    assert (link.after_block, link.position) == (3, 2)


def test_a_day_without_an_hour_is_refused_in_words(desk: Client) -> None:
    article = draft()
    response = save(desk, article, publish_at_0="2026-11-20")
    assert "publish_at" in errors_of(response)


def test_a_body_beyond_the_bounds_is_an_error_and_not_lost(desk: Client) -> None:
    article = draft()
    response = save(desk, article, body="<p>" + "كلمة " * 30_000 + "</p>")
    assert "body" in errors_of(response)
    assert response.content.decode().count("كلمة ") >= 30_000


def test_tags_are_made_as_they_are_typed(desk: Client) -> None:
    known = make_tag("إدلب")
    article = draft()
    save(desk, article, tags="ادلب، كأس العالم؛ مدن")
    assert set(article.tags.names()) == {known.name, "كأس العالم", "مدن"}
    assert form_data(desk, change_url(article))["tags"].split("، ") == [t.name for t in article.tags.all()]


def test_an_alias_finds_its_tag(desk: Client) -> None:
    tag = make_tag("سوريا")
    TagAlias.objects.create(tag=tag, name="سورية")
    article = draft()
    save(desk, article, tags="سورية")
    assert list(article.tags.all()) == [tag]


@pytest.mark.parametrize(
    "typed",
    ["، ".join(f"وسم {n}" for n in range(13)), "و" * 41, "دمشق، 🎉", "؟!"],
    ids=["too many", "too long", "a picture", "punctuation"],
)
def test_bad_tags_are_refused_and_kept_in_the_box(desk: Client, typed: str) -> None:
    article = draft()
    response = save(desk, article, tags=typed)
    assert "tags" in errors_of(response)
    assert not Tag.objects.exists()
    assert typed in response.content.decode()


def test_twelve_tags_of_forty_letters_are_accepted() -> None:
    names = [f"{n:02}" + "و" * 38 for n in range(12)]
    assert TagsField().clean("،".join(names)) == names


def test_the_address_follows_the_headline_until_readers_know_it(desk: Client) -> None:
    article = draft(headline="عنوان أول")
    save(desk, article, headline="عنوان ثان")
    article.refresh_from_db()
    assert article.slug == "عنوان-ثان"
    changes = open_changes(make_article("عنوان منشور"), by=make_user(Role.EDITOR))
    save(desk, changes, headline="عنوان معدل")
    changes.refresh_from_db()
    assert (changes.headline, changes.slug) == ("عنوان معدل", "عنوان-منشور")


def test_a_written_address_stays(desk: Client) -> None:
    article = draft(headline="عنوان أول")
    save(desk, article, slug="اسم خاص")
    save(desk, article, headline="عنوان ثان")
    article.refresh_from_db()
    assert article.slug == "اسم-خاص"


def test_an_approved_article_stays_complete(desk: Client) -> None:
    article = approved()
    response = save(desk, article, headline="", section="", body="<p> </p>")
    assert set(errors_of(response)) == {"headline", "section", "body"}
    article.refresh_from_db()
    assert article.headline


def test_an_approved_agency_story_keeps_its_source(desk: Client) -> None:
    article = approved(origin=Origin.AGENCY, sources=(make_source(),))
    save(desk, article, **{"attributions-0-DELETE": "on"})
    assert article.attributions.count() == 1
    own = approved()
    save(desk, own, origin=Origin.TRANSLATED)
    own.refresh_from_db()
    assert own.origin == Origin.OWN


def test_an_embargo_after_the_publication_is_refused(desk: Client) -> None:
    article = approved(publish_at=timezone.now() + timedelta(days=1), published_at=timezone.now() + timedelta(days=1))
    response = save(desk, article, embargo_until_0="2090-01-01", embargo_until_1="10:00")
    assert "embargo_until" in errors_of(response)


def test_a_second_spelling_of_an_author_is_a_sentence_and_no_crash(desk: Client) -> None:
    make_author("رنا الأحمد")
    address = "/admin/articles/author/add/"
    response = desk.post(address, form_data(desk, address) | {"name": "رَنا الاحمد"})
    assert response.status_code == 200
    assert errors_of(response)
    assert Author.objects.count() == 1
    assert desk.post(address, form_data(desk, address) | {"name": "رنا أحمد"}).status_code == 302
    assert Author.objects.get(name="رنا أحمد").slug == "رنا-أحمد"


@pytest.mark.parametrize("model", ["author", "source", "tag", "section"])
def test_a_name_without_letters_is_refused_in_words(client: Client, model: str) -> None:
    client.force_login(make_user(Role.CHIEF_EDITOR))
    address = f"/admin/articles/{model}/add/"
    response = client.post(address, form_data(client, address) | {"name": "🎉 ؟"})
    assert response.status_code == 200
    assert "name" in errors_of(response)


def test_two_authors_of_one_address_are_refused_in_words(desk: Client) -> None:
    make_author("سلمى", slug="مراسلة")
    address = "/admin/articles/author/add/"
    response = desk.post(address, form_data(desk, address) | {"name": "هدى", "slug": "مراسلة"})
    assert "slug" in errors_of(response)


def test_an_alias_never_equals_a_tag(desk: Client) -> None:
    make_tag("سوريا")
    other = make_tag("الشام")
    address = f"/admin/articles/tag/{other.pk}/change/"
    data = form_data(desk, address)
    response = desk.post(address, data | inline_row("aliases", name="سُوريا"))
    assert response.status_code == 200
    assert not TagAlias.objects.exists()
    twice = inline_row("aliases", 0, name="بلاد الشام") | inline_row("aliases", 1, name="بلاد الشّام")
    assert desk.post(address, data | twice).status_code == 200
    assert desk.post(address, data | inline_row("aliases", name="بلاد الشام")).status_code == 302
    assert TagAlias.objects.get().tag == other


def test_a_tag_never_equals_an_alias(desk: Client) -> None:
    TagAlias.objects.create(tag=make_tag("سوريا"), name="سورية")
    address = "/admin/articles/tag/add/"
    response = desk.post(address, form_data(desk, address) | {"name": "سوريه"})
    assert "name" in errors_of(response)


def test_an_author_twice_in_one_role_is_refused_in_words(desk: Client) -> None:
    author = make_author()
    article = draft(authors=(author,))
    row = inline_row("bylines", 1, author=author.pk, role="writing", position="0")
    response = save(desk, article, **row)
    assert response.status_code == 200
    assert article.bylines.count() == 1


def test_a_link_needs_one_target(desk: Client) -> None:
    article, other = draft(), make_article()
    for row in (
        inline_row("related_links", target=other.pk, url="https://example.org/", position="0"),
        inline_row("related_links", title="", position="1"),
        inline_row("related_links", target=article.pk, position="0"),
    ):
        assert save(desk, article, **row).status_code == 200
    assert not article.related_links.exists()


def test_nothing_in_an_address_fills_the_form(desk: Client) -> None:
    response = desk.get(add_url(), {"headline": "عنوان من رابط", "publish_at": "x"})
    assert response.status_code == 200
    assert "عنوان من رابط" not in response.content.decode()


@pytest.mark.parametrize(
    ("zone", "name", "day"),
    [
        ("Asia/Damascus", "publish_at", "0001-01-01"),
        ("America/New_York", "publish_at", "9999-12-31"),
        ("Asia/Damascus", "publish_at", "٩٩٩٩-١٢-٣١"),
        ("America/New_York", "embargo_until", "1021-01-01"),
        ("Asia/Damascus", "embargo_until", "0001-01-01"),
        ("America/New_York", "breaking_until", "۰۰۰۱-۰۱-۰۱"),
    ],
)
def test_a_year_far_off_is_refused_in_words(desk: Client, zone: str, name: str, day: str) -> None:
    make_site(time_zone=zone)
    when = {f"{name}_0": day, f"{name}_1": "00:00"}
    # The time of an approved article is chosen on the page that publishes.
    others = [draft(status=Status.APPROVED)] if name != "publish_at" else []
    for article, button in (
        (article, button) for article in (draft(), *others) for button in ("_continue", "_publish")
    ):
        response = save(desk, article, button, **when)
        assert response.status_code == 200
        assert errors_of(response).keys() == {name}
        article.refresh_from_db()
        assert getattr(article, name) is None


def test_an_approved_story_keeps_what_the_deed_asked_for(desk: Client) -> None:
    """The form and articles.publishing say the same about the same values."""
    speechless = make_image(alt_text="")
    picture = f'<figure><img src="{speechless.url(320)}" alt="x"></figure>'
    for changes, field in (
        ({"body": "<p>؟ …</p>"}, "body"),
        ({"body": picture}, "body"),
        ({"lead_image": speechless.pk}, "lead_image"),
        ({"section": ""}, "section"),
        ({"headline": ""}, "headline"),
    ):
        article = approved()
        refused = errors_of(save(desk, article, **changes))
        assert refused.keys() == {field}, changes
        Article.objects.filter(pk=article.pk).update(status=Status.DRAFT)
        save(desk, article, **changes)
        article.refresh_from_db()
        assert publishing.missing(article) == {name: str(lines[0]) for name, lines in refused.items()}


@pytest.mark.parametrize("title", ["", "تقرير سابق"])
def test_a_link_to_an_article_that_one_may_not_see_stays_and_tells_nothing(client: Client, title: str) -> None:
    secret = draft(headline="عنوان سري لم يُنشر")
    reporter = make_user(Role.REPORTER)
    own = draft(created_by=reporter)
    link = own.related_links.create(target=secret, title=title)
    client.force_login(reporter)
    assert secret.headline not in client.get(change_url(own)).content.decode()
    refused = save(client, own, **{"related_links-0-url": "javascript:alert(1)"})
    assert secret.headline not in refused.content.decode()
    saved = save(client, own, headline="عنوان معدل", **{"related_links-0-title": "عنوان للرابط"})
    assert secret.headline not in saved.content.decode()
    own.refresh_from_db()
    link.refresh_from_db()
    assert (own.headline, link.target, link.title) == ("عنوان معدل", secret, "عنوان للرابط")


def test_the_hidden_target_of_a_link_cannot_be_exchanged(client: Client) -> None:
    secret, public = draft(), make_article()
    reporter = make_user(Role.REPORTER)
    own = draft(created_by=reporter)
    link = own.related_links.create(target=secret)
    client.force_login(reporter)
    save(client, own, **{"related_links-0-target": public.pk})
    link.refresh_from_db()
    assert link.target == secret


@pytest.mark.parametrize("model", ["author", "source", "tag", "section"])
@pytest.mark.parametrize("name", ["", "؟!", "و" * 300])
def test_a_name_that_fails_brings_no_sentence_of_the_database(client: Client, model: str, name: str) -> None:
    client.force_login(make_user(Role.CHIEF_EDITOR))
    address = f"/admin/articles/{model}/add/"
    response = client.post(address, form_data(client, address) | {"name": name})
    assert errors_of(response).keys() == {"name"}
    assert len(errors_of(response)["name"]) == 1


def test_a_tag_whose_address_has_no_letters_is_refused_in_words(desk: Client) -> None:
    address = "/admin/articles/tag/add/"
    response = desk.post(address, form_data(desk, address) | {"name": "مدن", "slug": "؟!"})
    assert errors_of(response).keys() == {"slug"}


def test_an_alias_is_another_word_than_its_new_tag(desk: Client) -> None:
    address = "/admin/articles/tag/add/"
    data = form_data(desk, address) | {"name": "وسم باء"}
    assert desk.post(address, data | inline_row("aliases", name="وَسم باء")).status_code == 200
    assert not Tag.objects.exists()


def test_a_renamed_tag_may_keep_its_old_name_as_an_alias(desk: Client) -> None:
    tag = make_tag("بلاد الشام")
    address = f"/admin/articles/tag/{tag.pk}/change/"
    data = form_data(desk, address) | {"name": "الشام"} | inline_row("aliases", name="بلاد الشام")
    assert desk.post(address, data).status_code == 302
    tag.refresh_from_db()
    assert (tag.name, tag.aliases.get().name) == ("الشام", "بلاد الشام")
