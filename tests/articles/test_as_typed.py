from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from django.utils.http import urlencode
from pytest_django import DjangoAssertNumQueries

from accounts.roles import Role
from articles import reading
from articles.as_typed import article_as_typed
from articles.cards import card
from articles.changes import open_changes
from articles.embedding import Embedding
from articles.enums import BylineRole, CorrectionKind, Origin
from articles.models import Article, Attribution, Byline, Correction, RelatedLink, Tag, TagAlias
from articles.structured_data.stories import news_article
from articles.typed import text_in, text_of
from pages.current import current_site
from richtext.sanitise import sanitise
from tests.articles.desk import add_url, change_url, form_data, inline_row
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_section,
    make_source,
    make_tag,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def sent(data: dict[str, Any]) -> QueryDict:
    return QueryDict(urlencode(data, doseq=True))


def full_article() -> Article:
    """A draft in which every field and relation says something."""
    article = make_article(
        "افتتاح مكتبة الحي",
        published=False,
        body="<p>تفتح المكتبة غدا.</p>",
        kicker="ثقافة",
        standfirst="تفتح أبوابها كل يوم.",
        key_points="عشرون ألف كتاب",
        dateline="حلب",
        promo_headline="مكتبة الحي",
        lead_image=make_image(),
        lead_caption="قاعة المطالعة",
        origin=Origin.AGENCY,
        canonical_url="https://example.org/story",
        publish_at=datetime(2026, 11, 25, 6, tzinfo=UTC),
        embargo_until=datetime(2026, 11, 24, 6, tzinfo=UTC),
        breaking_until=datetime(2026, 11, 26, 6, tzinfo=UTC),
        authors=(make_author(), make_author()),
        sources=(make_source(),),
        tags=("مكتبات", "حلب"),
    )
    RelatedLink.objects.create(article=article, target=make_article("خبر سابق"), after_block=1)
    return article


def form_of(client: Client, article: Article | None, role: Role = Role.EDITOR) -> tuple[dict[str, Any], Any]:
    user = make_user(role)
    client.force_login(user)
    return form_data(client, change_url(article) if article else add_url()), user


def test_an_untouched_form_is_the_article_that_is_stored(client: Client) -> None:
    article = full_article()
    data, user = form_of(client, article)
    with timezone.override(current_site().settings.time_zone):  # as in the admin
        typed = article_as_typed(sent(data), base=article, user=user)
    columns = [f.attname for f in Article._meta.concrete_fields]
    assert {name: getattr(typed, name) for name in columns} == {name: getattr(article, name) for name in columns}
    for name in ("tags", "bylines", "attributions", "related_links"):
        assert list(getattr(typed, name).all()) == list(getattr(article, name).all())


def test_every_field_is_as_it_was_typed(client: Client) -> None:
    article = full_article()
    data, user = form_of(client, article)
    section, picture = make_section("علوم"), make_image()
    words = {
        "headline": "عنوان آخر",
        "promo_headline": "آخر",
        "kicker": "سطر",
        "standfirst": "مقدمة أخرى",
        "key_points": "نقطة",
        "dateline": "حمص",
        "lead_caption": "شرح",
        "origin": "opinion",
        "canonical_url": "https://example.net/other",
    }
    changed = words | {"body": "<p>متن آخر.</p>", "section": section.pk, "lead_image": picture.pk, "slug": "its-name"}
    typed = article_as_typed(
        sent(data | changed | {"publish_at_0": "2026-12-01", "publish_at_1": "08:00"}), base=article, user=user
    )
    assert {name: getattr(typed, name) for name in words} == words
    assert (typed.body, typed.section, typed.lead_image, typed.slug) == (
        "<p>متن آخر.</p>",
        section,
        picture,
        "its-name",
    )
    assert f"{typed.publish_at:%Y-%m-%d}" == "2026-12-01"
    article.refresh_from_db()
    assert article.headline == "افتتاح مكتبة الحي"


def test_rows_that_are_new_changed_and_struck_out(client: Client) -> None:
    article = full_article()
    data, user = form_of(client, article)
    third = make_author("رنا")
    data |= {"bylines-0-DELETE": "on", "bylines-1-role": "editing", "bylines-1-position": "5"}
    data |= inline_row("bylines", 2, author=third.pk, role="photography", position="٢")
    typed = article_as_typed(sent(data), base=article, user=user)
    kept = article.bylines.last()
    assert kept is not None
    assert [(row.pk, row.author, row.role) for row in typed.bylines.all()] == [
        (None, third, BylineRole.PHOTOGRAPHY),
        (kept.pk, kept.author, BylineRole.EDITING),
    ]
    assert article.bylines.count() == 2


def test_what_is_not_there_is_left_out(client: Client) -> None:
    article = full_article()
    data, user = form_of(client, article)
    data |= {"section": "99999", "lead_image": "x", "origin": "moon", "publish_at_0": "غدا", "body": "<b" * 20000}
    data |= inline_row("bylines", 2, author="99999", role="writing", position="0")
    data |= inline_row("attributions", 1, source=make_source().pk, url="javascript:alert(1)", position="-")
    data |= {"bylines-0-role": "moon", "canonical_url": "javascript:alert(1)"}
    typed = article_as_typed(sent(data), base=article, user=user)
    assert (typed.section, typed.lead_image, typed.origin, typed.publish_at, typed.body) == (
        None,
        None,
        "own",
        None,
        "",
    )
    assert [row.role for row in typed.bylines.all()] == ["writing", "writing"]
    assert [row.url for row in typed.attributions.all()] == ["", ""]
    assert typed.canonical_url == ""


def test_tags_that_exist_are_found_and_new_ones_are_not_stored(client: Client) -> None:
    known = make_tag("سوريا")
    TagAlias.objects.create(tag=known, name="سورية")
    data, user = form_of(client, None)
    typed = article_as_typed(sent(data | {"tags": "سورية، سُوريا، زراعة، ؟"}), base=None, user=user)
    tags = list(typed.tags.all())
    assert [(tag.name, tag.pk) for tag in tags] == [("زراعة", None), ("سوريا", known.pk)]
    assert all(tag.get_absolute_url() for tag in tags)
    assert Tag.objects.count() == 1


def test_a_new_article_has_no_row_and_its_page_needs_none(client: Client) -> None:
    data, user = form_of(client, None)
    author, source = make_author(), make_source()
    data |= {"headline": "خبر جديد", "body": "<p>متن.</p>", "tags": "وسم جديد", "section": make_section().pk}
    data |= inline_row("bylines", 0, author=author.pk, role="writing", position="0")
    data |= inline_row("attributions", 0, source=source.pk, printed_as="وكالة", url="", position="0")
    typed = article_as_typed(sent(data), base=None, user=user)
    assert (typed.pk, typed.slug, typed.created_by, typed.story) == (0, "خبر-جديد", user, typed)
    page = reading.page_of(typed, Embedding(with_players=False))
    assert [byline.author for byline in page["writers"]] == [author]
    assert news_article(typed, current_site())["headline"] == "خبر جديد"
    assert "خبر جديد" in card(typed)
    assert not Article.objects.exists()
    assert not Byline.objects.exists()
    assert not Attribution.objects.exists()


def test_a_body_goes_through_the_one_sanitiser(client: Client) -> None:
    data, user = form_of(client, None)
    hostile = (
        '<p onclick="x()">نص<script>alert(1)</script><img src=x onerror=alert(1)></p><iframe src="//evil"></iframe>'
    )
    typed = article_as_typed(sent(data | {"body": hostile}), base=None, user=user)
    assert typed.body == sanitise(hostile)
    assert "onclick" not in typed.body
    assert "script" not in typed.body


def test_changes_of_a_published_story(client: Client) -> None:
    story = make_article("خبر منشور", authors=(make_author(),))
    Correction.objects.create(article=story, kind=CorrectionKind.CORRECTION, note="كان الرقم خطأ.")
    copy = open_changes(story, by=make_user(Role.EDITOR))
    data, user = form_of(client, copy)
    typed = article_as_typed(sent(data | {"headline": "خبر معدّل"}), base=copy, user=user)
    assert (typed.pk, typed.story, typed.is_working_copy) == (copy.pk, story, True)
    assert [row.note for row in typed.corrections.all()] == ["كان الرقم خطأ."]
    assert typed.slug == story.slug


def test_a_form_without_text_is_the_stored_article(client: Client) -> None:
    """A published story shows its text and no boxes."""
    story = make_article("خبر منشور", authors=(make_author(),), tags=("وسم",))
    typed = article_as_typed(QueryDict("version=1"), base=story, user=make_user(Role.EDITOR))
    assert (typed.headline, typed.body) == (story.headline, story.body)
    assert list(typed.bylines.all()) == list(story.bylines.all())
    assert list(typed.tags.all()) == list(story.tags.all())


def test_a_link_tells_nothing_of_an_article_that_one_may_not_see(client: Client) -> None:
    reporter = make_user(Role.REPORTER)
    secret = make_article("سر لم يُنشر", published=False)
    own = make_article(published=False, created_by=reporter)
    set_by_editor = RelatedLink.objects.create(article=own, target=secret)
    elsewhere = RelatedLink.objects.create(article=make_article(published=False), target=secret)
    client.force_login(reporter)
    data = form_data(client, change_url(own))
    del data["related_links-0-target"]  # shown disabled, which no browser sends
    data |= inline_row("related_links", 1, target=secret.pk, title="تخمين", position="0")
    data |= inline_row("related_links", 2, id=elsewhere.pk, title="تخمين", position="0")
    typed = article_as_typed(sent(data), base=own, user=reporter)
    links = list(typed.related_links.all())
    assert [link.pk for link in links] == [set_by_editor.pk]
    assert links[0].target is not None
    assert links[0].target.headline != secret.headline
    assert reading.public_links(typed) == []


def test_whom_it_is_given_to_is_not_believed(client: Client) -> None:
    """Rights follow from it."""
    article = make_article(published=False, assigned_to=make_user(Role.REPORTER))
    data, user = form_of(client, article)
    typed = article_as_typed(sent(data | {"assigned_to": user.pk}), base=article, user=user)
    assert typed.assigned_to_id == article.assigned_to_id


def test_the_name_in_the_address_follows_the_headline_as_saving_it_would(client: Client) -> None:
    article = make_article("عنوان قديم", published=False)
    data, user = form_of(client, article)
    typed = article_as_typed(sent(data | {"headline": "عنوان جديد"}), base=article, user=user)
    assert typed.slug == "عنوان-جديد"


def test_what_is_typed_is_what_is_compared(client: Client) -> None:
    """One reading of a form: articles.typed."""
    article = full_article()
    data, user = form_of(client, article)
    typed = article_as_typed(sent(data), base=article, user=user)
    text = text_of({name: [str(value)] for name, value in data.items()})
    assert text["headline"] == typed.headline == text_in(article)["headline"]


def test_few_queries_however_many_rows(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    article = full_article()
    data, user = form_of(client, article)
    user.has_perm("articles.view_article")
    one = Article.objects.get(pk=article.pk)
    with django_assert_num_queries(9):
        article_as_typed(sent(data), base=one, user=user)
    for number in range(2, 8):
        data |= inline_row("bylines", number, author=make_author().pk, role="writing", position="0")
    with django_assert_num_queries(9):
        article_as_typed(sent(data), base=one, user=user)


def test_relations_answer_without_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    data, user = form_of(client, full_article())
    typed = article_as_typed(sent(data), base=None, user=user)
    with django_assert_num_queries(0):
        shown = [typed.bylines.count(), typed.tags.exists(), len(typed.attributions.all()), typed.section]
    assert shown[:3] == [2, True, 1]
