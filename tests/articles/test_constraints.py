"""The database itself refuses what no code should write: both engines, past every form and deed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.enums import Status
from articles.models import (
    Article,
    Attribution,
    Author,
    Byline,
    Correction,
    ImportRecord,
    RelatedLink,
    Revision,
    Source,
    Tag,
    TagAlias,
)
from articles.revisions import record
from images.models import Image
from pages.models import NavigationItem, Redirect, SiteSettings
from tests.factories import make_article, make_author, make_image, make_page, make_section, make_site, make_source

pytestmark = pytest.mark.django_db


def assert_refused(constraint: str, write: Callable[[], Any]) -> None:
    """The write fails, and for the reason that is meant: PostgreSQL and SQLite both name a check constraint."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()


def assert_twin_refused(write: Callable[[], Any]) -> None:
    """The write fails as a duplicate; SQLite names the columns and not the constraint."""
    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        write()


@pytest.mark.parametrize("status", [Status.APPROVED, Status.WITHDRAWN])
def test_working_copy_is_never_public(status: Status) -> None:
    live = make_article()
    now = timezone.now()
    assert_refused(
        "article_working_copy_never_public",
        lambda: make_article(working_copy_of=live, status=status, publish_at=now, published_at=now, withdrawn_at=now),
    )
    assert make_article(published=False, working_copy_of=live).working_copy_of == live


def test_article_has_one_working_copy_and_is_not_its_own() -> None:
    live = make_article()
    make_article(published=False, working_copy_of=live)
    assert_twin_refused(lambda: make_article(published=False, working_copy_of=live))
    draft = make_article(published=False)
    assert_refused(
        "article_working_copy_of_another",
        lambda: Article.objects.filter(pk=draft.pk).update(working_copy_of=draft),
    )


@pytest.mark.parametrize("lacking", [{"headline": ""}, {"section": None}])
def test_approved_article_has_headline_and_section(lacking: dict[str, Any]) -> None:
    article = make_article()
    assert_refused("article_approved_is_complete", lambda: Article.objects.filter(pk=article.pk).update(**lacking))


def test_public_article_has_its_first_time() -> None:
    article = make_article()
    assert_refused(
        "article_public_has_first_time",
        lambda: Article.objects.filter(pk=article.pk).update(published_at=None),
    )


def test_publication_waits_for_the_embargo() -> None:
    article = make_article()
    later = timezone.now() + timedelta(hours=1)
    assert_refused(
        "article_waits_for_embargo", lambda: Article.objects.filter(pk=article.pk).update(embargo_until=later)
    )


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("article_status_known", {"status": "published"}),
        ("article_origin_known", {"origin": "rumour"}),
        ("article_withdrawn_has_time", {"status": Status.WITHDRAWN}),
    ],
)
def test_article_states_are_known(constraint: str, values: dict[str, Any]) -> None:
    article = make_article(published=False)
    assert_refused(constraint, lambda: Article.objects.filter(pk=article.pk).update(**values))


def test_import_reference_is_unique_but_may_be_missing() -> None:
    make_article(published=False)
    make_article(published=False, import_ref="a")
    assert_twin_refused(lambda: make_article(published=False, import_ref="a"))


def test_same_bytes_are_recorded_once() -> None:
    ImportRecord.objects.create(article=make_article(), file_name="a.txt", encoding="utf-8", sha256="a")
    assert_twin_refused(
        lambda: ImportRecord.objects.create(article=make_article(), file_name="b.txt", encoding="utf-8", sha256="a")
    )


def test_version_of_an_article_is_kept_once() -> None:
    article = make_article()
    revision = record(article, by=None)
    assert (revision.version, article.version) == (1, 1)
    assert_twin_refused(lambda: Revision.objects.create(article=article, version=1, data={}))


@pytest.mark.parametrize(
    "make_twins",
    [
        lambda: [Author.objects.create(name="أحمد"), Author(name="احمد", slug="another")],
        lambda: [Source.objects.create(name="وكالة الساحل"), Source(name="وكاله السّاحل", slug="another")],
        lambda: [Tag.objects.create(name="غزّة"), Tag(name="غـــزة", slug="another")],
    ],
)
def test_two_spellings_are_one_name(make_twins: Callable[[], list[Any]]) -> None:
    assert_twin_refused(make_twins()[1].save)


def test_alias_names_one_tag() -> None:
    tag = Tag.objects.create(name="سوريا")
    TagAlias.objects.create(tag=tag, name="سورية")
    assert_twin_refused(lambda: TagAlias.objects.create(tag=tag, name="سوريه"))


def test_author_has_a_role_once() -> None:
    article, author = make_article(), make_author()
    Byline.objects.create(article=article, author=author)
    Byline.objects.create(article=article, author=author, role="editing")
    assert_twin_refused(lambda: Byline.objects.create(article=article, author=author))


def test_source_is_named_once() -> None:
    article, source = make_article(), make_source()
    Attribution.objects.create(article=article, source=source)
    assert_twin_refused(lambda: Attribution.objects.create(article=article, source=source))


def test_related_link_leads_to_one_place() -> None:
    article, other = make_article(), make_article()
    assert_refused(
        "related_link_one_target",
        lambda: RelatedLink.objects.create(article=article, target=other, url="https://madar.example/"),
    )
    assert_refused("related_link_says_something", lambda: RelatedLink.objects.create(article=article))
    assert_refused("related_link_not_to_itself", lambda: RelatedLink.objects.create(article=article, target=article))


def test_correction_says_something() -> None:
    article = make_article()
    assert_refused("correction_note_not_empty", lambda: Correction.objects.create(article=article, note=""))


def test_section_and_tag_need_a_name_in_the_address() -> None:
    assert_refused("section_(slug|name)_not_empty", lambda: make_section("؟؟؟"))
    assert_refused("tag_name_not_empty", lambda: Tag.objects.create(name="😀", slug="smile"))


def test_same_picture_is_kept_once() -> None:
    image = make_image()
    assert_twin_refused(lambda: make_image(sha256=image.sha256))


def test_picture_is_credited_to_one_and_has_its_focus_inside() -> None:
    image = make_image()
    assert_refused(
        "image_has_source_or_author",
        lambda: Image.objects.filter(pk=image.pk).update(source=make_source(), author=make_author()),
    )
    assert_refused("image_focal_point_is_inside", lambda: Image.objects.filter(pk=image.pk).update(focal_x=1.5))


def test_site_has_one_row_of_settings() -> None:
    make_site()
    assert_refused("site_settings_is_one_row", lambda: SiteSettings.objects.create(id=2, name="أخرى"))
    assert_refused("site_settings_digits_known", lambda: SiteSettings.objects.update(digits="roman"))


def test_navigation_item_has_one_target() -> None:
    make_site()
    page = make_page()
    create = NavigationItem.objects.create
    assert_refused("navigation_item_has_one_target", lambda: create(place="header", label="س"))
    assert_refused("navigation_item_has_one_target", lambda: create(place="header", label="س", page=page, path="/a/"))


def test_redirect_goes_elsewhere() -> None:
    assert_refused("redirect_goes_elsewhere", lambda: Redirect.objects.create(old_path="/a/", new_path="/a/"))
