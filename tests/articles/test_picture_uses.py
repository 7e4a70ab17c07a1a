from importlib import import_module

import pytest
from django.apps import apps
from django.db.models import ProtectedError

from accounts.roles import Role
from articles import revisions
from articles.changes import open_changes
from articles.covering import change_update, post_update, start_coverage
from articles.models import Article, PictureUse
from articles.picture_uses import note_pictures
from images.models import Image
from images.storing import discard
from images.uses import PictureInUse, is_used, public_keys, use_counts, uses_of
from pages.models import Page
from tests.factories import make_article, make_author, make_image, make_user

pytestmark = pytest.mark.django_db


def body_with(*images: Image) -> str:
    shown = "".join(f'<figure><img src="{image.url(640)}" alt=""></figure>' for image in images)
    return f"<p>افتتحت البلدية حديقة.</p>{shown}"


def noted(article: Article) -> set[Image]:
    return {row.image for row in PictureUse.objects.filter(article=article)}


def test_a_text_that_is_recorded_says_which_pictures_stand_in_it() -> None:
    first, second = make_image(), make_image()
    article = make_article(body=body_with(first, second, first))
    revisions.record(article, by=None)
    assert noted(article) == {first, second}
    article.body = body_with(second)
    revisions.record(article, by=None)
    assert noted(article) == {second}


def test_nothing_is_asked_of_a_text_without_pictures(django_assert_max_num_queries) -> None:
    article = make_article()
    revisions.record(article, by=None)
    with django_assert_max_num_queries(1):
        note_pictures(article)
    assert noted(article) == set()


def test_updates_of_a_coverage_belong_to_their_story() -> None:
    editor, first, second = make_user(Role.EDITOR), make_image(), make_image()
    story = start_coverage(make_article(), by=editor)
    update = post_update(story, by=editor, headline="وصل", body=body_with(first))
    assert noted(story) == {first}
    change_update(update, by=editor, headline="وصل", body=body_with(second), is_key=False)
    assert noted(story) == {second}
    revisions.record(story, by=editor)
    assert noted(story) == {second}


def test_changes_of_a_published_story_have_pictures_of_their_own() -> None:
    editor, image = make_user(Role.EDITOR), make_image()
    story = make_article(lead_image=image, body=body_with(image))
    revisions.record(story, by=editor)
    copy = open_changes(story, by=editor)
    revisions.record(copy, by=editor)
    assert noted(copy) == {image}
    assert use_counts([image]) == {image.pk: 1}
    assert {use.place for use in uses_of([image], editor)[image.pk]} == {
        "الصورة الرئيسية", "النص", "الصورة الرئيسية، في التعديلات", "النص، في التعديلات"
    }  # fmt: skip


def test_titles_are_for_those_who_may_see_the_article() -> None:
    image, reporter, chief = make_image(), make_user(Role.REPORTER), make_user(Role.CHIEF_EDITOR)
    make_article("خبر سري", published=False, lead_image=image)
    own = make_article("خبري", published=False, lead_image=image, created_by=reporter)
    public = make_article("خبر منشور", body=body_with(image))
    revisions.record(public, by=None)
    assert use_counts([image]) == {image.pk: 3}
    assert {use.title for use in uses_of([image], chief)[image.pk]} == {"خبر سري", "خبري", "خبر منشور"}
    assert {use.title for use in uses_of([image], reporter)[image.pk]} == {"خبري", "خبر منشور"}
    assert uses_of([image], make_user())[image.pk] == []
    assert f"/admin/articles/article/{own.pk}/change/" in {use.address for use in uses_of([image], chief)[image.pk]}


def test_portraits_and_pages_are_uses() -> None:
    image, chief = make_image(), make_user(Role.CHIEF_EDITOR)
    make_author("سلمى عطار", portrait=image)
    page = Page.objects.create(title="من نحن", slug="about", body=body_with(image), is_public=False)
    assert use_counts([image]) == {image.pk: 2}
    assert {(use.title, use.place) for use in uses_of([image], chief)[image.pk]} == {
        ("من نحن", "صفحة"), ("سلمى عطار", "صورة شخصية")
    }  # fmt: skip
    Page.objects.filter(pk=page.pk).update(body="")
    assert use_counts([image]) == {image.pk: 1}


def test_as_many_questions_for_thirty_as_for_one(django_assert_num_queries) -> None:
    chief, images = make_user(Role.CHIEF_EDITOR), [make_image() for _number in range(30)]
    for image in images:
        revisions.record(make_article(lead_image=image, body=body_with(image)), by=None)
    chief.has_perm("x")
    with django_assert_num_queries(4) as one:
        use_counts(images[:1])
    with django_assert_num_queries(len(one)):
        use_counts(images)
    with django_assert_num_queries(4):
        found = uses_of(images, chief)
    assert {len(places) for places in found.values()} == {2}


def test_the_used_and_the_unused() -> None:
    led, told, shown, unused = (make_image() for _number in range(4))
    revisions.record(make_article(lead_image=led, body=body_with(told)), by=None)
    make_author(portrait=shown)
    make_article()
    assert set(Image.objects.filter(is_used())) == {led, told, shown}
    assert set(Image.objects.exclude(is_used())) == {unused}


def test_what_readers_see_now() -> None:
    public, told, draft, portrait = (make_image() for _number in range(4))
    revisions.record(make_article(lead_image=public, body=body_with(told)), by=None)
    make_article(published=False, lead_image=draft)
    make_author(portrait=portrait)
    assert public_keys([public, told, draft, portrait]) == {public.pk, told.pk, portrait.pk}


def test_a_picture_in_use_is_not_discarded() -> None:
    image, reporter = make_image(), make_user(Role.REPORTER)
    make_article("خبر سري", published=False, lead_image=image)
    public = make_article("خبر منشور", body=body_with(image))
    revisions.record(public, by=None)
    with pytest.raises(PictureInUse) as refusal:
        discard(image, by=reporter)
    assert refusal.value.count == 2
    sentence = str(refusal.value.message)
    assert "خبر منشور" in sentence
    assert "سري" not in sentence
    assert image.storage.exists(image.file_name)


def test_the_database_is_the_net_below() -> None:
    image = make_image()
    revisions.record(make_article(body=body_with(image)), by=None)
    with pytest.raises(ProtectedError):
        image.delete()


def test_the_migration_notes_what_older_texts_hold() -> None:
    editor, first, second, third = make_user(Role.EDITOR), make_image(), make_image(), make_image()
    rendition = first.storage.url(first.rendition_name(640, "avif"))
    story = start_coverage(make_article(body=f'<p>أ</p><img src="{rendition}" alt=""><img src="/x.jpg">'), by=editor)
    post_update(story, by=editor, headline="وصل", body=body_with(second))
    draft = make_article(published=False, body=body_with(third, first, third))
    PictureUse.objects.all().delete()
    migration = import_module("articles.migrations.0008_older_texts")
    for _twice in range(2):
        migration.note_older_texts(apps, None)
    assert (noted(story), noted(draft)) == ({first, second}, {first, third})
